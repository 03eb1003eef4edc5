"""The command ``robust``: how much of the ranking survives."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cityindex.cli._choices import MethodsOption, SpreadOption, choices_of
from cityindex.cli.options import (
    AliasOption,
    DataArgument,
    EncodingOption,
    FormatOption,
    GivenOption,
    HeaderOption,
    MissingOption,
    SheetOption,
    SpecArgument,
)
from cityindex.cli.output import Format, print_frame, print_json, watching
from cityindex.cli.reading import Reading, open_with

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.robustness.record import Uncertainty

__all__ = ["robust"]


def robust(
    spec: SpecArgument,
    data: DataArgument,
    draws: Annotated[int, typer.Option(help="How many times the index is scored.", min=1)] = 10_000,
    seed: Annotated[int, typer.Option(help="Of the random numbers.", min=0)] = 0,
    weights: SpreadOption = None,
    methods: MethodsOption = None,
    bounds: Annotated[
        bool, typer.Option("--bounds", help="Prove the best and worst rank for any weights of that law.")
    ] = False,
    node: Annotated[str | None, typer.Option(help="The group that is looked at (default: the index).")] = None,
    count: Annotated[
        bool, typer.Option("--count-failing", help="Leave out draws that cannot be scored, instead of stopping.")
    ] = False,
    threads: Annotated[int, typer.Option(help="How many threads take blocks of draws.", min=1)] = 1,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Score slightly differently: how ranks spread.

    low, median and high are the 5 %, 50 % and 95 % quantiles of a unit's rank.
    """
    from cityindex.robustness.uncertainty import uncertainty

    choices = choices_of(weights, methods)
    failing = "count" if count else "stop"
    watched = sys.stderr.isatty() and form is Format.table
    with watching("scoring"):
        result = Reading(sheet, encoding, missing, alias, header).scored(open_with(spec, None), data, given)
        found = uncertainty(
            result, None, choices, draws=draws, seed=seed, node=node, failing=failing, threads=threads, progress=watched
        )
    frame = found.to_frame()
    if bounds:
        frame = _with_bounds(frame, result, choices, node)
    _print(found, frame, form)


def _with_bounds(frame: pd.DataFrame, result: Any, choices: list[Any], node: str | None) -> pd.DataFrame:
    """The frame with the proved best and worst rank of each unit."""
    from cityindex.robustness.bounds import rank_bounds
    from cityindex.robustness.choices import RandomWeights

    regions = [choice for choice in choices if isinstance(choice, RandomWeights)]
    if len(regions) != 1 or len(choices) != 1:
        raise typer.BadParameter("--bounds are for weights alone: leave --methods out")
    if regions[0].law == "dirichlet":
        raise typer.BadParameter(
            "--bounds need a law with limits: factor:0.25 or simplex (dirichlet reaches everywhere)"
        )
    proved = rank_bounds(result, regions[0], node=node).to_frame()
    return frame.assign(best=proved["best"].to_numpy(), worst=proved["worst"].to_numpy())


def _print(found: Uncertainty, frame: pd.DataFrame, form: Format) -> None:
    shown = ["score", "rank", "low", "median", "high", *(["best", "worst"] if "best" in frame else [])]
    names = found.result.names
    keys = [names[part] for part in ("key", "label", "period") if names.get(part) in frame.columns]
    if form is Format.json:
        units = {
            _key(row, names): {name: _plain(row.get(name)) for name in (*shown[:5], "best", "worst")}
            for row in frame.to_dict("records")
        }
        failed = {str(number): why for number, why in found.failed.items()}
        print_json({"draws": found.draws, "seed": found.seed, "failed": failed, "units": units})
        return
    if form is Format.csv:
        print_frame(frame[[*keys, *shown]], form)
        return
    typer.echo(str(found))
    typer.echo(f"mean absolute change of rank: {found.mean_shift:.2f}\n")
    print_frame(frame[[*keys, *shown]].sort_values("rank", kind="stable"), form)


def _key(row: dict[Any, Any], names: Any) -> str:
    period = row.get(names.get("period", ""))
    return str(row[names["key"]]) if period is None else f"{row[names['key']]} ({period})"


def _plain(value: Any) -> Any:
    if value is None or value != value or str(value) == "<NA>":
        return None
    return int(value) if float(value).is_integer() and not isinstance(value, float) else float(value)
