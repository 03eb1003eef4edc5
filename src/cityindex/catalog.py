"""The indices that ship with the package: their specs, their published tables, what their sources say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from cityindex.errors import NotFoundError, nearest
from cityindex.spec import load_spec
from cityindex.spec.model import Spec

__all__ = ["Entry", "folder", "list_indices", "load_index", "load_published", "open_spec", "published_tables"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One shipped index: its id, title, edition and source, how many nodes it has, and its published tables."""

    id: str
    title: str
    edition: str
    source: str
    indicators: int
    groups: int
    tables: tuple[str, ...]


@cache
def _root() -> Path:
    """The folder of the specs: inside the installed package, or at the top of a checkout."""
    here = Path(__file__).resolve().parent
    for place in (here / "specs", here.parents[1] / "specs"):
        if place.is_dir():
            return place
    raise NotFoundError("the shipped specs are not installed beside the package")


def _ids() -> list[str]:
    return sorted(path.parent.name for path in _root().glob("*/spec.yaml"))


def folder(index: str) -> Path:
    """The folder of a shipped index (spec.yaml, published/, README.md).

    Raises
    ------
    NotFoundError
        Where no index of that id ships; the nearest is named.
    """
    if index not in _ids():
        raise NotFoundError(f"no index {index!r} ships with cityindex.{nearest(index, _ids())}")
    return _root() / index


def list_indices() -> tuple[Entry, ...]:
    """Every shipped index, those of one source together, in the order of their ids."""
    entries = [_entry(index) for index in _ids()]
    first: dict[str, str] = {}
    for entry in entries:
        first.setdefault(entry.source, entry.id)
    return tuple(sorted(entries, key=lambda entry: (first[entry.source], entry.id)))


def _entry(index: str) -> Entry:
    spec = load_index(index)
    return Entry(
        id=index,
        title=str(spec.title or ""),
        edition=spec.edition or "",
        source="; ".join(map(str, spec.source)),
        indicators=len(spec.indicators),
        groups=len(spec.groups),
        tables=published_tables(index),
    )


def load_index(index: str) -> Spec:
    """The spec of a shipped index.

    >>> from cityindex import load_index
    >>> load_index("tech-capability-2021").index.id
    'score'
    """
    return load_spec(folder(index) / "spec.yaml")


def published_tables(index: str) -> tuple[str, ...]:
    """The names of the published tables that ship with an index."""
    return tuple(sorted(path.stem for path in (folder(index) / "published").glob("*.csv")))


def load_published(index: str) -> dict[str, pd.DataFrame]:
    """The published tables of a shipped index, by name; a column ``line`` says where in the source each row stands.

    Numbers are numbers, names and codes text; a cell that the source leaves out is missing.

    Raises
    ------
    NotFoundError
        Where no index of that id ships; the nearest is named.

    Examples
    --------
    >>> from cityindex import load_published
    >>> tables = load_published("tech-capability-2021")
    >>> tables["score"][["rank", "name", "score"]].head(1).to_dict("list")
    {'rank': [1], 'name': ['北京市'], 'score': [0.773]}
    """
    text = dict.fromkeys(("name", "code"), "str")
    place = folder(index) / "published"
    return {
        table: pd.read_csv(place / f"{table}.csv", dtype=text, keep_default_na=False, na_values=[""])
        for table in published_tables(index)
    }


def open_spec(source: str | Path) -> Spec:
    """A spec by the path of its file, or by the id of a shipped index.

    Raises
    ------
    NotFoundError
        Where it is neither.
    """
    path = Path(source)
    if path.is_file():
        return load_spec(path)
    if path.is_dir() and (path / "spec.yaml").is_file():
        return load_spec(path / "spec.yaml")
    if str(source) in _ids():
        return load_index(str(source))
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        doubled = path.with_name(f"{path.name}.txt")
        if doubled.is_file():  # what an editor on Windows makes of it, and its file manager hides
            raise NotFoundError(f"no file {str(source)!r}, but {str(doubled)!r}: take the .txt off its name")
        near = [other.name for other in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        raise NotFoundError(f"no file {str(source)!r}.{nearest(path.name, near)}")
    raise NotFoundError(f"{str(source)!r} is neither a file nor a shipped index.{nearest(str(source), _ids())}")
