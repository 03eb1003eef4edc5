"""Names in docstrings and signatures: public ones are links, wherever they are defined; all others are plain code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.domains.python import PyXRefRole
from sphinx.ext.napoleon import NumpyDocstring
from sphinx.util.nodes import make_refnode

from cityindex._homes import HOMES, MODULES
from cityindex._shown import Shown

PUBLIC = {f"cityindex.{home}.{name}": f"cityindex.{name}" for home, names in HOMES.items() for name in names}
PUBLIC |= {f"cityindex.{home}": f"cityindex.{name}" for name, home in MODULES.items()}
UNMISTAKABLE = {name for names in HOMES.values() for name in names if "_" in name}
NAME = re.compile(r"[A-Z]\w+(\.\w+)?(\(\))?|(ci\.|cityindex\.)?[a-z]\w+(\.\w+)?\(\)")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_role("name", _role)
    app.add_lexer("csv", TextLexer)
    app.connect("missing-reference", _public)
    app.connect("autodoc-process-docstring", _property, priority=400)  # before napoleon
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _role(name: str, raw: str, text: str, line: int, inliner: Any, options: Any = None, content: Any = ()) -> Any:
    """What stands between single backticks: a link where it reads like a name of ours, else code."""
    if NAME.fullmatch(text) or text in UNMISTAKABLE:
        target = text.removeprefix("ci.").removesuffix("()")
        return PyXRefRole()("py:obj", raw, f"{text} <{target}>", line, inliner, options or {}, content)
    return [nodes.literal(raw, text, classes=["code"])], []


def _property(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """The docstring of a property is read like that of a method.

    Napoleon takes what stands before a colon in the first line for a type; so that line is an empty comment.
    """
    if what in ("attribute", "property"):
        lines[:] = ["..", "", *NumpyDocstring(list(lines), app.config, app, "method", name, thing, options).lines()]


def _signature(app: Sphinx, what: str, name: str, thing: Any, options: Any, said: Any, given: Any) -> Any:
    """Records that the library makes have no signature: nobody calls them."""
    made = isinstance(thing, type) and (issubclass(thing, Shown) or "_" in {key[:1] for key in _fields(thing)})
    return ("", None) if made else None


def _fields(thing: type) -> Iterable[str]:
    return getattr(thing, "__dataclass_fields__", ())


def _public(app: Sphinx, env: Any, node: Any, content: nodes.Element) -> nodes.Element | None:
    """A name that Sphinx does not find: the public name of the same thing, or plain text."""
    if node.get("refdomain") != "py":
        return None
    python = env.domains["py"]
    target = node["reftarget"]
    for name in (PUBLIC.get(target), f"cityindex.{target}"):
        if name and name in python.objects:
            entry = python.objects[name]
            return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content)
    return content
