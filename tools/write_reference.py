"""Write docs/reference/methods.md from the registered methods: options from signatures, words from docstrings.

Run: python tools/write_reference.py (or make docs); with --check it only says whether the page is as it would be.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import cityindex.methods  # registers the built-in methods
from cityindex._citations import source_of
from cityindex._registry import AGGREGATORS, MISSING, STEPS, TIERINGS, WEIGHTINGS, Method, Registry
from cityindex.spec.options import describe

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "methods.md"

SHORTER = {
    "a number or text": "a number or a word",
    "a list of a list of numbers": "a matrix of numbers",
    "a mapping of names to a mapping of names to numbers": "numbers by pairs of names",
    "a list of text or a mapping of names to another kind of value": "a list of weightings",
}

HEAD = """\
# Methods

Every method that a spec can name, from the registries: what it computes, its options, and its source. This page is
written by `make docs`; change the docstrings instead. How methods stand in a spec is told in [the spec
language](../spec-language.md#methods).

In the tables, *required* means that there is no default, and *none* that the option is not set. A *bare* option may
stand without its name: `{round: 1}` is `{round: {digits: 1}}`. A *word* is a number learned from the reference:
`min`, `max`, `mean`, `median`, or a percentile such as `p5` (linear between neighbours).
"""

KINDS = (
    (
        "Steps",
        STEPS,
        "A step changes one column, row by row, by what it learned from the reference. *Rising* keeps the order "
        "of the numbers, *falling* turns it round. A step that *turns* reflects its result where `direction: "
        "less` says so. A step that learns also takes `within: column`.",
    ),
    (
        "Aggregators",
        AGGREGATORS,
        "An aggregator makes one column of a group's children. All take `via: {from: [a, b], to: [c, d]}`, the "
        "linear axis to compute on. An average shares the weight of a missing child among those present; what is "
        "no average uses weights as they stand.",
    ),
    (
        "Weightings",
        WEIGHTINGS,
        "A weighting finds the weights of one group's children: `weights: {ahp: {…}}`. They are 0 or more and add"
        " up to 1.",
    ),
    (
        "Tierings",
        TIERINGS,
        "A tiering finds the cuts between tiers, learned from the scores of the reference. A unit on a cut is in "
        "the better tier. Labels stand beside it: `tiers: {equal: 3, labels: [A, B, C]}`.",
    ),
    (
        "Rules for missing children",
        MISSING,
        "A rule settles what happens to a unit that lacks a child of the group: `missing: reweight`.",
    ),
)

FOOT = '''\
## Your own methods

A function of yours becomes a method by the same decorators that the built-in ones use: `step`, `aggregator`,
`weighting`, `tiering`. Its options are its keyword-only parameters; their annotations and defaults are checked when a
spec is loaded. Register it before the spec is loaded.

```python
import numpy as np

import cityindex as ci


def learn_total(ref):
    return {"total": np.nansum(ref, axis=0)}


@ci.step("share_of_total", learn=learn_total, sign=+1)
def share_of_total(x, params, *, top: float = 100):
    """Each number as a share of the sum of the reference."""
    return top * x / params["total"]


result = ci.score(
    """
    cityindex: 1
    id: shares
    index: {id: score, children: [{id: jobs, steps: [{share_of_total: {top: 1}}]}]}
    """,
    {"city": ["x", "y"], "jobs": [30, 10]},
)
assert result.column().tolist() == [0.75, 0.25]
```

Columns stand on the last axis and units on the one before it; numbers are float64, `nan` is missing. `learn` returns
one entry per column under each name, in numbers, text or lists, so that a calibration can be saved. A step must not
mix rows: a unit's value has to be the same alone and among others. An aggregator is `(x, w, *, options)` with
children on the last axis, a weighting `(ref, *, options)` with ref units × children, a tiering `(ref, *, options)`
with one score a unit.
'''


def page() -> str:
    """The whole page."""
    parts = [HEAD, *(_kind(title, registry, text) for title, registry, text in KINDS), FOOT]
    return "\n".join(parts)


def _kind(title: str, registry: Registry, text: str) -> str:
    methods = [method for method in registry.values() if method.function.__module__.startswith("cityindex.methods")]
    listed = " · ".join(f"[{m.name}](#{_anchor(m)})" for m in methods)
    return "\n".join([f"## {title}\n", f"{text}\n", f"{listed}\n", *(_method(method) for method in methods)])


def _anchor(method: Method) -> str:
    return f"{method.kind}-{method.name}"


def _method(method: Method) -> str:
    summary, body, sections = _docstring(method)
    lines = [f'<a id="{_anchor(method)}"></a>', "", f"### {method.name}", "", summary, ""]
    lines += [f"{_with_formula(paragraph)}\n" for paragraph in body]
    facts = "; ".join(fact for fact in _facts(method) if fact)
    if facts:
        lines += [f"{facts[0].upper()}{facts[1:]}.", ""]
    if method.options:
        lines += [*_options(method, sections.get("Parameters", "")), ""]
    peers = peers_of(sections)
    if peers:
        lines += [peers, ""]
    source = source_of(method)
    if source:
        lines += [f"Source: {source}", ""]
    return "\n".join(lines)


# -- what the registry says -------------------------------------------------------------------------------------------


def _facts(method: Method) -> Iterator[str]:
    if method.kind == "step":
        yield _sign(method)
        yield "turns where `direction: less`" if method.turns else ""
        yield _learns(method)
        yield "what it moves is listed by `Result.treated()`" if method.treats else ""
        yield "uses the indicator's `goalposts`" if method.uses_goalposts else ""
    if method.kind == "aggregator":
        yield "an average" if method.averages and method.takes_weights else ""
        yield "takes no weights" if not method.takes_weights else ""
        yield "uses weights as they stand" if not method.averages else ""
        yield "compares units: the calibration keeps what it compares them with" if method.pooled else ""
        yield _parts(method)
    if method.kind == "weighting":
        yield "learns from the children's columns (takes `within: column`)" if method.from_data else ""
        yield "takes `on: raw`" if method.reads_raw else ""
    if method.kind == "missing" and "within" in method.reserved:
        yield "takes `within: column`"
    several = len(method.obvious) > 1
    shown = f"[{', '.join(method.obvious)}]" if several else "".join(method.obvious)
    yield f"bare option{'s' if several else ''}: `{shown}`" if shown else ""


def _parts(method: Method) -> str:
    if method.additive:
        return "contributions are weight times value"
    if method.parts is None:
        return "contributions in proportion to weight times value"
    return "contributions are its own exact parts" if method.pooled else "contributions by Euler's theorem"


def _sign(method: Method) -> str:
    if method.uses_goalposts:
        return "rising or falling, by the order of the goalposts and of `to`"
    words = {1: "rising", -1: "falling", 0: ""}
    return "rising or falling, by its options" if callable(method.sign) else words[method.sign]


def _learns(method: Method) -> str:
    if method.learn is None:
        return "learns nothing"
    words = any("a word" in _type(option.type) for option in method.options.values())
    return f"learns from the reference{', where an option is a word' if words else ''}"


def _type(annotation: object) -> str:
    """The type of an option in words; text beside a number is a word to be learned."""
    text = describe(annotation)
    for long, short in SHORTER.items():
        text = text.replace(long, short)
    return text


def _options(method: Method, parameters: str) -> Iterator[str]:
    meanings = _meanings(parameters)
    yield "| option | type | default | meaning |"
    yield "|---|---|---|---|"
    for option in method.options.values():
        default = "*required*" if option.required else _default(option.default)
        meaning = meanings.get(option.name, "").replace("|", "\\|")
        yield f"| `{option.name}` | {_type(option.type)} | {default} | {meaning} |"


def _default(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return f"`[{', '.join(f'{item:g}' if isinstance(item, float | int) else str(item) for item in value)}]`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


# -- what the docstring says ------------------------------------------------------------------------------------------


def _docstring(method: Method) -> tuple[str, list[str], dict[str, str]]:
    """Summary, the paragraphs that follow it, and the sections by name."""
    text = inspect.getdoc(method.function) or ""
    pieces = re.split(r"^(\w[\w ]*)\n-{3,}\n", text, flags=re.MULTILINE)
    paragraphs = [_prose(paragraph) for paragraph in re.split(r"\n\s*\n", pieces[0].strip())]
    return paragraphs[0], paragraphs[1:], dict(zip(pieces[1::2], pieces[2::2], strict=True))


def peers_of(sections: dict[str, str]) -> str:
    """What other packages do differently, and why this one does what it does: a paragraph of the notes."""
    paragraphs = re.split(r"\n\s*\n", sections.get("Notes", ""))
    found = next((_prose(paragraph) for paragraph in paragraphs if paragraph.strip().startswith("Peers:")), "")
    return f"*Peers.* {found.removeprefix('Peers:').strip()}" if found else ""


def _prose(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _with_formula(paragraph: str) -> str:
    """A paragraph that begins with a formula (y = …) has it set as one, as far as it goes."""
    if not paragraph.startswith("y = "):
        return paragraph
    depth = 0
    for place, sign in enumerate(paragraph):
        depth += (sign in "([") - (sign in ")]")
        if depth == 0 and sign in ",;." and paragraph[place + 1 : place + 2] in ("", " "):
            return f"`{paragraph[:place]}`{paragraph[place:]}"
    return f"`{paragraph}`"


def _meanings(parameters: str) -> dict[str, str]:
    """Option → what the docstring says of it."""
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\w)", parameters.strip()):
        names, _, meaning = entry.partition("\n")
        found.update({name.strip().rstrip("_"): _prose(meaning) for name in names.split(",")})
    return found


def main() -> int:
    """Write the page, or check it."""
    assert cityindex.methods.__all__  # the import is what registers
    text = page()
    if "--check" in sys.argv[1:]:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print(f"{PAGE.name}: {'as it should be' if same else 'out of date; run make docs'}")
        return 0 if same else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.name}: {text.count(chr(10) + '### ')} methods")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
