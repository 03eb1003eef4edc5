"""The command ``series``: index numbers over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
    WeightsOption,
)
from cityindex.cli.output import Format, check_output, print_frame, print_json, records, watching, write_frame
from cityindex.cli.reading import Reading, open_with
from cityindex.cli.show import print_notes

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.periods.record import IndexSeries

__all__ = ["series"]

PeriodOption = Annotated[
    list[str] | None, typer.Option(help="A period that is wanted (default: all, in time). May be repeated, in order.")
]
ChainOption = Annotated[
    bool, typer.Option("--chain", help="Chain the changes from period to period, each under the later scheme.")
]
DifferenceOption = Annotated[
    bool, typer.Option("--difference", help="Measure change in points, not as a ratio of scores.")
]
MeanOption = Annotated[str | None, typer.Option(metavar="COLUMN", help="Weigh the mean of all units by this column.")]
ChangesOption = Annotated[bool, typer.Option("--changes", help="Print each period against the one before it instead.")]


def series(
    spec: SpecArgument,
    data: DataArgument,
    base: Annotated[str | None, typer.Option(help="The base period (default: the first).")] = None,
    chained: ChainOption = False,
    difference: DifferenceOption = False,
    base_value: Annotated[float, typer.Option(help="What the base period is set to.")] = 100,
    node: Annotated[str | None, typer.Option(help="The node that is followed (default: the index).")] = None,
    period: PeriodOption = None,
    mean_by: MeanOption = None,
    changes: ChangesOption = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write .csv, .xlsx, .parquet or .json.")] = None,
    calibration: CalibrationOption = None,
    reference: ReferenceOption = None,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Follow scores over time: index numbers of every unit.

    Each period's score is set against the base period, or against the period before and chained. DATA is a panel.
    """
    from cityindex.periods.series import base_index, chain_index

    if output is not None:
        check_output(output, [spec, data, calibration, reference, weights])
    reading = Reading(sheet, encoding, missing, alias, header)
    with watching("scoring"):
        result = reading.scored(open_with(spec, weights), data, given, calibration=calibration, reference=reference)
        make = chain_index if chained else base_index
        settings: Any = {"how": "difference" if difference else "ratio", "periods": period or None}
        found = make(result, base, node=node, base_value=base_value, weights=mean_by, **settings)
    print_notes((*result.notes, *found.notes))
    _tell(found, result.names["key"], form, output, changes=changes)


def _tell(found: IndexSeries, key: str, form: Format, output: Path | None, *, changes: bool) -> None:
    frame = _frame(found, key, changes=changes)
    if output is not None:
        write_frame(frame, output)
        typer.echo(f"{output}: {len(frame)} units, {len(found.periods)} periods", err=True)
    elif form is Format.json:
        total = {period: _number(value) for period, value in found.total.items()}
        links = records(found.links_frame())
        head = {"node": found.node, "method": found.method, "base": found.base, "formula": found.formula}
        print_json({**head, "units": records(frame), "total": total, "links": links})
    elif form is Format.csv:
        print_frame(frame, form)
    else:
        typer.echo(f"{found.node}: {found.method}, {found.formula}\n")
        print_frame(frame if changes else _with_total(frame, found), form)


def _frame(found: IndexSeries, key: str, *, changes: bool) -> pd.DataFrame:
    frame = found.changes() if changes else found.to_frame()
    if found.labels is not None:
        frame.insert(0, "label", list(found.labels))
    frame.insert(0, key, list(found.units))
    return frame.rename_axis(columns=None).reset_index(drop=True)


def _with_total(frame: pd.DataFrame, found: IndexSeries) -> pd.DataFrame:
    import pandas as pd

    blank = [""] * (len(frame.columns) - len(found.periods) - 1)
    last = [str(found.total.name), *blank, *found.total.tolist()]
    return pd.concat([frame, pd.DataFrame([last], columns=frame.columns)], ignore_index=True)


def _number(value: float) -> float | None:
    return None if value != value else float(value)
