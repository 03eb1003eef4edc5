"""The command ``describe``: look at a table before (and after) computing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cityindex.cli.options import (
    AliasOption,
    DataArgument,
    EncodingOption,
    GivenOption,
    HeaderOption,
    MissingOption,
    SheetOption,
    SpecArgument,
    WeightsOption,
)
from cityindex.cli.output import Format, print_frame, print_json
from cityindex.cli.reading import Reading, open_with

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.describing import Description

__all__ = ["describe"]


class Part(StrEnum):
    """One table of a description."""

    columns = "columns"
    units = "units"
    groups = "groups"
    correlations = "correlations"
    flags = "flags"
    alpha = "alpha"


class Method(StrEnum):
    """A coefficient of correlation."""

    pearson = "pearson"
    spearman = "spearman"
    kendall = "kendall"


def describe(
    spec: SpecArgument,
    data: DataArgument,
    part: Annotated[
        Part | None, typer.Option("--part", help="One table instead of the page (CSV: columns, if none is named).")
    ] = None,
    correlations: Annotated[bool, typer.Option("--correlations", help="Short for --part correlations.")] = False,
    of: Annotated[
        str, typer.Option("--of", help="Whose columns or correlations: indicators, or a group (its children).")
    ] = "indicators",
    method: Annotated[Method, typer.Option(help="The coefficient: pearson, spearman or kendall.")] = Method.pearson,
    scored: Annotated[
        bool, typer.Option("--scored", help="Score the table first, and look at what the index makes of it too.")
    ] = False,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Look at a table before computing: what is missing or odd.

    A page on gaps, odd columns, correlations and reliability, the worst first; it needs no complete data and no
    weights. With --scored, groups are looked at too.
    """
    from cityindex.describing import describe as look
    from cityindex.pipeline import score

    chosen = Part.correlations if correlations else part
    if of != "indicators" and chosen not in (Part.columns, Part.correlations):
        raise typer.BadParameter(f"--of {of}: whose columns or correlations; add --part columns, or --correlations")
    opened = open_with(spec, weights)
    table = Reading(sheet, encoding, missing, alias, header).table(data)
    found = look(score(opened, table, given=given or ())) if scored else look(opened, table, given=given or ())
    if chosen is None and form is Format.table:
        typer.echo(str(found))
    elif chosen is None and form is Format.json:
        print_json(found.to_dict())
    else:
        print_frame(_frame(found, chosen or Part.columns, of, method), form)


def _frame(found: Description, part: Part, of: str, method: Method) -> pd.DataFrame:
    """One table, its index as its first columns."""
    if part is Part.flags:
        return found.flags(method=method.value)
    if part is Part.correlations:
        return found.correlations(of, method=method.value).reset_index()
    if part in (Part.units, Part.groups):
        return found.availability("units" if part is Part.units else "groups").reset_index()
    return (found.alpha() if part is Part.alpha else found.columns(of)).reset_index()
