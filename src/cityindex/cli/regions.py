"""The command ``regions``: groups of units, such as provinces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cityindex.cli import show as views
from cityindex.cli.options import (
    AliasOption,
    CalibrationOption,
    DataArgument,
    EncodingOption,
    FormatOption,
    GivenOption,
    HeaderOption,
    MissingOption,
    ReferenceOption,
    SheetOption,
    SpecArgument,
)
from cityindex.cli.output import (
    Format,
    check_output,
    print_frame,
    print_json,
    records,
    warn_of_formulas,
    watching,
    write_frame,
    write_frames,
)
from cityindex.cli.reading import Reading, open_with

if TYPE_CHECKING:
    from cityindex.regional import Regions

__all__ = ["regions"]


def regions(
    spec: SpecArgument,
    data: DataArgument,
    by: Annotated[list[str], typer.Option(help="A column of labels. May be repeated, the coarsest first.")],
    weights: Annotated[str | None, typer.Option(help="The column to weigh units by, e.g. gdp.")] = None,
    node: Annotated[str | None, typer.Option(help="The node that is looked at (default: the index).")] = None,
    top: Annotated[
        list[int] | None, typer.Option(help="Count the units of so many first places. May be repeated.", min=1)
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            help="One table: means, ranks, counts, shares, quotients, dispersion, parts, convergence or spread."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write .csv, .xlsx, .parquet or .json.")] = None,
    calibration: CalibrationOption = None,
    reference: ReferenceOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Group units by a column, such as the province: means, tiers.

    Without --table an .xlsx or .json holds every table, and a .csv the means.
    """
    from cityindex.regional import regions as group

    if output is not None:
        check_output(output, [spec, data, calibration, reference])
    reading = Reading(sheet, encoding, missing, alias, header)
    with watching("scoring"):
        result = reading.scored(open_with(spec, None), data, given, calibration=calibration, reference=reference)
        found = group(result, by, weights=weights, node=node, top=top)
    views.print_notes(result.notes)
    if output is not None:
        views.print_notes(found.notes)
        _write(found, table, output)
    else:
        _print(found, table, form)


def _print(found: Regions, table: str | None, form: Format) -> None:
    if table is None and form is Format.table:
        typer.echo(str(found))
        return
    views.print_notes(found.notes)
    if table is None and form is Format.json:
        print_json({name: records(frame) for name, frame in found.tables()})
        return
    print_frame(found.table(table or "means"), form)


def _write(found: Regions, table: str | None, output: Path) -> None:
    """One table, or all of them where the file can hold several."""
    kind = output.suffix.lower()
    if table is None and kind in (".xlsx", ".json"):
        write_frames(dict(found.tables()), output)
    else:
        frame = found.table(table or "means")
        write_frame(frame, output)
        warn_of_formulas(frame, output)
    typer.echo(f"{output}: {len(found)} groups", err=True)
