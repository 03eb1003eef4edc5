"""Reading of the spec and of the table that a command names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

__all__ = ["Reading", "open_with"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a table: the options that every command with DATA takes."""

    sheet: str | None
    encoding: str | None
    missing: list[str] | None
    alias: list[str] | None
    header: int

    @property
    def aliases(self) -> dict[str, str]:
        """Name in the spec → column."""
        pairs = [text.partition("=") for text in self.alias or ()]
        if not all(name and equals and column for name, equals, column in pairs):
            raise typer.BadParameter("--alias is written NAME=COLUMN")
        return {name: column for name, _, column in pairs}

    def table(self, path: Path) -> Any:
        from cityindex.table import read_table

        aliases = self.aliases
        table = read_table(
            path,
            sheet=self.sheet,
            encoding=self.encoding,
            missing=self.missing or (),
            aliases=aliases,
            header=self.header,
        )
        for name, column in aliases.items():
            if not table.names.find([column]).columns:
                typer.echo(f"note: --alias {name}={column}: {table.source} has no column {column!r}", err=True)
        return table

    def scored(
        self,
        spec: Any,
        data: Path,
        given: list[str] | None,
        *,
        calibration: Path | None = None,
        reference: Path | None = None,
    ) -> Any:
        """The result of a table, by a calibration saved before or by one learned of another table."""
        from cityindex.pipeline import calibrate, score

        if calibration and reference:
            raise typer.BadParameter("give --calibration or --reference, not both")
        known: Any = calibration
        if reference is not None:
            known = calibrate(spec, self.table(reference), given=given or ())
        return score(spec, self.table(data), calibration=known, given=given or ())


def open_with(spec: str, weights: Path | None) -> Any:
    """The spec that a command names, with the weights of a file in it."""
    from cityindex.catalog import open_spec
    from cityindex.spec import read_weights, with_weights

    opened = open_spec(spec)
    return opened if weights is None else with_weights(opened, read_weights(weights))
