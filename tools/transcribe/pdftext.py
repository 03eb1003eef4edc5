"""Reading tables out of the text of a PDF: cells with the line they stand on, checks that are printed, tidy CSV."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"


class Cell(NamedTuple):
    """A piece of text and the line it stands on (from 1)."""

    text: str
    line: int

    @property
    def kind(self) -> str:
        """What a column of a ranking holds: rank, score, share or name."""
        if re.fullmatch(r"\d+", self.text):
            return "rank"
        if re.fullmatch(r"\d+\.\d+", self.text):
            return "score"
        return "share" if re.fullmatch(r"\d+(\.\d+)?%", self.text) else "name"


class Row(NamedTuple):
    """One line of a ranking; its three cells may stand on three lines."""

    rank: Cell
    name: Cell
    score: Cell


class Source:
    """The text of a source, read by lines numbered from 1."""

    def __init__(self, prefix: str) -> None:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
        found = sorted(folder.glob(f"{prefix}_*.txt"))
        if len(found) != 1:
            raise SystemExit(f"{folder} holds {len(found)} files {prefix}_*.txt; exactly one is wanted")
        self.lines = found[0].read_text(encoding="utf-8").split("\n")

    def cells(self, first: int, last: int) -> list[Cell]:
        """The lines from first to last (both included) that are not blank, trimmed."""
        numbered = enumerate(self.lines[first - 1 : last], start=first)
        return [Cell(text.strip(), line) for line, text in numbered if text.strip()]

    def cell(self, line: int, text: str) -> Cell:
        """A text that must stand on this line."""
        if text not in self.lines[line - 1]:
            raise SystemExit(f"line {line} reads {self.lines[line - 1]!r}, without {text!r}")
        return Cell(text, line)


def claim(what: str, holds: bool) -> None:
    """Print what was asserted; stop where it does not hold."""
    if not holds:
        raise SystemExit(f"FAILS  {what}")
    print(f"holds  {what}")


def runs(cells: Iterable[Cell]) -> list[tuple[str, list[Cell]]]:
    """Neighbouring cells of one kind, together."""
    return [(kind, list(group)) for kind, group in groupby(cells, key=lambda cell: cell.kind)]


def join_columns(ranks: Sequence[Cell], names: Sequence[Cell], scores: Sequence[Cell]) -> list[Row]:
    """Rows from three columns that run in the same order."""
    if not len(ranks) == len(names) == len(scores):
        raise SystemExit(f"line {ranks[0].line}: {len(ranks)} ranks, {len(names)} names, {len(scores)} scores")
    return [Row(*cells) for cells in zip(ranks, names, scores, strict=True)]


def check_ranking(what: str, rows: Sequence[Row], size: int) -> list[Row]:
    """The rows by rank, after the checks that every ranking must pass."""
    rows = sorted(rows, key=lambda row: int(row.rank.text))
    scores = [Decimal(row.score.text) for row in rows]
    claim(f"{what}: ranks run 1..{size}", [row.rank.text for row in rows] == [str(i) for i in range(1, size + 1)])
    claim(f"{what}: scores do not rise", all(a >= b for a, b in pairwise(scores)))
    claim(f"{what}: {size} different names", len({row.name.text for row in rows}) == size)
    return rows


def places(row: Row) -> dict[str, object]:
    """Where the cells of a row stand: `line` is that of the name."""
    return {"rank_line": row.rank.line, "line": row.name.line, "score_line": row.score.line}


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Tidy UTF-8, one header, LF; a missing value is blank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"wrote  {path.relative_to(ROOT).as_posix()}: {len(rows)} rows")
