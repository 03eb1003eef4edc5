"""Where a method comes from: what its docstring (or that of its module) cites."""

from __future__ import annotations

import inspect
import re

from cityindex._registry import Method

__all__ = ["source_of"]

HEADED = re.compile(r"^References\n-{3,}\n(.+?)(?=^\w[\w ]*\n-{3,}\n|\Z)", re.MULTILINE | re.DOTALL)
PARAGRAPH = re.compile(r"^Source(?: of the [^:\n]+)?: (.+?)(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
SHARED = ("aggregator", "weighting")  # kinds whose module cites for all of its methods


def source_of(method: Method) -> str:
    """Its references, a paragraph that begins with ``Source:``, or that of its module; one line, perhaps empty.

    >>> from cityindex.methods import aggregate
    >>> from cityindex._registry import AGGREGATORS
    >>> source_of(AGGREGATORS["geometric"])[:12]
    'OECD and JRC'
    """
    own = inspect.getdoc(method.function) or ""
    references = HEADED.search(own)
    if references:
        return re.sub(r"(https://doi\.org/\S+) (?=[A-Z])", r"\1; ", _line(references[1]))
    module = inspect.getmodule(method.function)
    for text in (own, (module.__doc__ or "") if module is not None and method.kind in SHARED else ""):
        paragraph = PARAGRAPH.search(text)
        if paragraph:
            return _line(paragraph[1])
    return ""


def _line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
