"""The command ``report``: the page for readers."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cityindex.cli._choices import choices_of
from cityindex.cli.options import (
    AliasOption,
    CalibrationOption,
    DataArgument,
    EncodingOption,
    GivenOption,
    HeaderOption,
    Language,
    MissingOption,
    SheetOption,
    SpecArgument,
    WeightsOption,
)
from cityindex.cli.output import check_output, watching, writing
from cityindex.cli.reading import Reading, open_with

if TYPE_CHECKING:
    from cityindex.result import Result
    from cityindex.robustness.record import Uncertainty

__all__ = ["report"]

DrawsOption = Annotated[
    int, typer.Option(help="Score the index so often with weights up to a quarter off (0: never).", min=0)
]
PeriodOption = Annotated[str | None, typer.Option(help="The period, of a table with several (default: the latest).")]


def report(
    context: typer.Context,
    spec: SpecArgument,
    data: DataArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The .html file to write.")],
    language: Annotated[Language, typer.Option(help="The language of the page.")] = Language.en,
    by: Annotated[str | None, typer.Option(help="A column, such as the region: means by its labels.")] = None,
    draws: DrawsOption = 1000,
    seed: Annotated[int, typer.Option(help="Of the random numbers.", min=0)] = 0,
    period: PeriodOption = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw bars, spreads and intervals.")] = True,
    calibration: CalibrationOption = None,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
) -> None:
    """Write a report: one page, to be read and printed.

    Tree, data, ranking, robustness, methods, and how to do it again. It needs nothing else, and prints well.
    """
    from cityindex.views.report import write_report

    check_output(output, [spec, data, calibration, weights], (".html", ".htm"))
    with watching("scoring"):
        reading = Reading(sheet, encoding, missing, alias, header)
        result = reading.scored(open_with(spec, weights), data, given, calibration=calibration)
        drawn = _drawn(result, draws, seed)
        with writing(output):
            write_report(
                result,
                output,
                language=language.value,
                by=by,
                uncertainty=drawn,
                figures=figures,
                period=period,
                command=shlex.join(["cityindex", "report", *_said(context)]),
            )
    typer.echo(f"{output}: {len(result)} units", err=True)


def _said(context: typer.Context) -> Iterator[str]:
    """The arguments and options as they were given, in one order; what is left at its default is left out."""
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if value is None or value == parameter.get_default(context):
            continue
        for each in value if isinstance(value, list | tuple) else [value]:
            if parameter.param_type_name == "argument":
                yield str(each)
            elif isinstance(each, bool):
                yield [*parameter.secondary_opts, *parameter.opts][0 if not each else -1]
            else:
                yield from (parameter.opts[-1], str(each))


def _drawn(result: Result, draws: int, seed: int) -> Uncertainty | None:
    """Ranks over draws of other weights."""
    from cityindex.errors import ScoreError
    from cityindex.robustness.uncertainty import uncertainty

    if not draws:
        return None
    try:
        return uncertainty(result, choices=choices_of(), draws=draws, seed=seed)
    except ScoreError as error:
        raise ScoreError(f"{error}\nthe report can be written without robustness: --draws 0") from None
