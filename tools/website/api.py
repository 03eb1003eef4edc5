"""The Python reference: a page a topic, on which Sphinx sets the docstrings of the public names.

A name stands under the topic of the room that it comes from (`cityindex._homes`), so that new names appear by
themselves. A room without a topic stops the build and names what it holds.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

import cityindex
from cityindex._homes import HOMES, MODULES

FOLDER = "reference/api"


@dataclass(frozen=True)
class Topic:
    """A page of the reference: its file, title, first words, and the rooms whose public names it lists."""

    file: str
    title: str
    words: str
    rooms: tuple[str, ...]


TOPICS = (
    Topic("write", "Write an index", "Load, change, compare and save specs; methods of your own.",
          ("spec", "_registry", "catalog")),
    Topic("read", "Read data", "Tables as people write them, and what is done to them before scoring.", ("table",)),
    Topic("compute", "Compute", "Calibrate, score, save.", ("pipeline", "result", "calibration", "saved")),
    Topic("explain", "Explain", "Why a unit has its score.", ("explain", "contributions", "card")),
    Topic("describe", "Describe data", "Look before computing.", ("describing",)),
    Topic("weights", "Weights and judgements", "Reports on weights, judgements and treatments.",
          ("methods",)),
    Topic("rankings", "Rankings and tiers", "Rankings side by side, and how many tiers one bears.",
          ("rankings", "methods.agreement", "methods.rank_agreement", "methods.tier_choice", "methods.tier_stability")),
    Topic("audit", "Audit", "Does a published index hold, and what was not printed?", ("auditing",)),
    Topic("robustness", "Robustness", "How much of a ranking survives another choice.", ("robustness",)),
    Topic("compare", "Compare editions", "Two results or specs, and why scores changed.", ("comparing",)),
    Topic("gap", "Goals", "What has to change for a rank, a tier or a score.", ("gap",)),
    Topic("periods", "Periods", "Panels: index series, bases, chains.", ("periods",)),
    Topic("regions", "Regions", "Groups of units, dispersion, convergence.", ("regional",)),
    Topic("places", "Places", "Names of places, matched to codes.", ("places",)),
    Topic("scale", "Scale", "Tables larger than memory.", ("scale",)),
    Topic("views", "Views", "Reports, explorers, workbooks, figures and cards.", ("views",)),
    Topic("errors", "Errors", "What can go wrong. Every error tells all its problems at once, each with its place.",
          ("errors",)),
)  # fmt: skip


class TopicError(Exception):
    """Public names that no topic takes."""


def by_topic(homes: Mapping[str, tuple[str, ...]] = HOMES) -> dict[str, list[str]]:
    """The public names under the file of their topic; of several rooms that fit, the longest counts."""
    rooms = {room: topic.file for topic in TOPICS for room in topic.rooms}
    found: dict[str, list[str]] = {topic.file: [] for topic in TOPICS}
    lost = []
    for home, names in [*homes.items(), *((home, (name,)) for name, home in MODULES.items())]:
        fitting = [room for room in rooms if home == room or home.startswith(f"{room}.")]
        if fitting:
            found[rooms[max(fitting, key=len)]] += names
        else:
            lost += [f"{name} (of {home})" for name in names]
    if lost:
        raise TopicError(f"tools/website/api.py: no topic has a room for {', '.join(lost)}")
    return {file: sorted(names) for file, names in found.items()}


def pages() -> dict[str, str]:
    """The list of topics, then a page each, by their names. A topic without a name yet has no page."""
    names = {file: named for file, named in by_topic().items() if named}
    topics = [topic for topic in TOPICS if topic.file in names]
    first = "\n".join(_first(topics, names))
    return {
        f"{FOLDER}/index.rst": first,
        **{f"{FOLDER}/{topic.file}.rst": "\n".join(_page(topic, names[topic.file])) for topic in topics},
    }


def _first(topics: list[Topic], names: Mapping[str, list[str]]) -> Iterator[str]:
    yield from _title("Python", "=")
    yield "Every public name, by topic; ``import cityindex as ci`` has them all. Made from the docstrings.\n"
    yield ".. currentmodule:: cityindex\n"
    for topic in topics:
        yield f":doc:`{topic.title} <{topic.file}>`"
        yield f"    {topic.words}\n"
        yield "    " + " · ".join(_mention(name) for name in names[topic.file]) + "\n"
    yield f"This is version {cityindex.__version__}: ``ci.__version__``.\n"
    yield ".. toctree::\n   :hidden:\n"
    yield from (f"   {topic.file}" for topic in topics)
    yield ""


def _mention(name: str) -> str:
    kind = "mod" if inspect.ismodule(getattr(cityindex, name)) else "obj"
    return f":py:{kind}:`{name} <cityindex.{name}>`"


def _page(topic: Topic, names: list[str]) -> Iterator[str]:
    yield from _title(topic.title, "=")
    yield f"{topic.words}\n"
    if topic.file == "errors":
        yield "The tree:\n\n::\n"
        yield from (f"    {line}" for line in _tree())
        yield ""
    yield ".. currentmodule:: cityindex\n"
    functions = [name for name in names if inspect.isfunction(getattr(cityindex, name))]
    modules = [name for name in names if inspect.ismodule(getattr(cityindex, name))]
    classes = [name for name in names if name not in functions and name not in modules]
    yield ".. autosummary::\n   :nosignatures:\n"
    yield from (f"   {name}" for name in (*functions, *classes))
    yield ""
    yield from (f".. autofunction:: {name}\n" for name in functions)
    yield from (f".. autoclass:: {name}\n" for name in classes)
    for name in modules:
        yield from _module(name, getattr(cityindex, name))


def _module(name: str, module: ModuleType) -> Iterator[str]:
    """A public name that is a module, with its functions."""
    yield from _title(f"cityindex.{name}", "-")
    yield f".. py:module:: cityindex.{name}\n"
    yield f"{inspect.getdoc(module)}\n"
    yield from (f".. autofunction:: cityindex.{name}::{inner}\n" for inner in sorted(module.__all__))
    yield ".. py:currentmodule:: cityindex\n"


def _tree() -> list[str]:
    """The drawing in the docstring of the errors."""
    lines = (inspect.getdoc(cityindex.errors) or "").splitlines()
    return [line.removeprefix("    ") for line in lines if line.startswith("    ")]


def _title(text: str, mark: str) -> Iterator[str]:
    yield f"{text}\n{mark * len(text)}\n"
