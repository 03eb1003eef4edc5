"""Where everything of a result stands in its workbook, and what it is called there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cityindex.result import Result
from cityindex.views.workbook.book import letter
from cityindex.views.workbook.words import Words

__all__ = ["Places"]


@dataclass(frozen=True, eq=False)
class Places:
    """The places of a result in its workbook.

    Rows are Excel's, from 1. Sheets of units have `lead` columns of key, label and period; the first unit stands in
    row 2 of results and ranks, in row 3 of calculation and contributions.
    """

    result: Result
    words: Words

    # -- columns and rows -------------------------------------------------------------------------------------------

    @cached_property
    def leads(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Key, label and period: name of the column and its cells."""
        result = self.result
        found = [(result.names["key"], result.units)]
        if result.labels is not None:
            found.append((result.names["label"], result.labels))
        if result.periods is not None:
            found.append((result.names["period"], result.periods))
        return tuple(found)

    @property
    def lead(self) -> int:
        return len(self.leads)

    @property
    def single(self) -> bool:
        """Whether one spec holds for every row (no editions): else there are no formulas."""
        return len(self.result.parts) == 1

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The columns of the calculation sheet: leaves, then groups, children of a group mostly side by side."""
        return self.result.parts[0].plan.ids if self.single else self.result.nodes

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {name: self.lead + place for place, name in enumerate(self.nodes)}

    def column_of(self, node: str) -> int:
        """The column of a node on the calculation sheet, from 0."""
        return self._place[node]

    def calculated(self, node: str) -> str:
        """The letter of a node's column on the calculation sheet."""
        return letter(self.column_of(node))

    @cached_property
    def weights(self) -> Any:
        """The table of weights, by path."""
        return self.result.weights

    @cached_property
    def edges(self) -> Mapping[tuple[str, str], int]:
        """(group, child) → the row of the weights sheet where its weight is written (the first of several)."""
        found: dict[tuple[str, str], int] = {}
        for place, (parent, node) in enumerate(zip(self.weights["parent"], self.weights["node"], strict=True)):
            found.setdefault((parent, node), place + 2)
        return found

    @cached_property
    def paths(self) -> Mapping[str, int]:
        """Path under the root → its row of the weights sheet."""
        return {path: row for (root, path), row in self._rows.items() if root == self.result.root}

    def above(self, root: str, path: str) -> int | None:
        """The row of the weights sheet where the path ends that this one goes on from (None: the root)."""
        parent = path.rpartition("/")[0]
        return self._rows[root, parent] if parent else None

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], int]:
        rows = zip(self.weights["root"], self.weights["path"], strict=True)
        return {(root, path): place + 2 for place, (root, path) in enumerate(rows)}

    # -- names ------------------------------------------------------------------------------------------------------

    def node(self, name: str) -> Any:
        for part in self.result.parts:
            if name in part.plan.spec.nodes:
                return part.plan.spec.nodes[name]
        return None  # pragma: no cover  # every name comes from the result

    def title(self, name: str) -> str:
        """The title of a node in the language, or its id."""
        title = getattr(self.node(name), "title", None)
        return name if title is None else str(title.shown(self.words.language))

    @property
    def name(self) -> str:
        """The title of the index."""
        title = self.result.spec.title
        return self.title(self.result.root) if title is None else title.shown(self.words.language)

    def titles(self, names: tuple[str, ...], taken: tuple[str, ...] = ()) -> list[str]:
        """Titles for headers: where two are alike, or one is taken, the id stands behind them."""
        plain = [self.title(name) for name in names]
        known = [*plain, *taken]
        return [
            f"{title} ({name})" if known.count(title) > 1 and title != name else title
            for title, name in zip(plain, names, strict=True)
        ]
