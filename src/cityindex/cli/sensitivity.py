"""The command ``sensitivity``: which choice matters most."""

from __future__ import annotations

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
from cityindex.cli.output import Format, print_frame, print_json, records, watching
from cityindex.cli.reading import Reading, open_with

if TYPE_CHECKING:
    from cityindex.robustness.shares import Sensitivity

__all__ = ["sensitivity"]


ByGroupOption = Annotated[
    bool | None,
    typer.Option(
        "--by-group/--together",
        help="The weights of each group are a choice of their own, or those of all groups one "
        "(default: by group where only weights differ).",
    ),
]
OutputOption = Annotated[
    str,
    typer.Option(help="shift (mean absolute rank change), kendall, rank:UNIT, score:UNIT, or units (all of them)."),
]
CountOption = Annotated[
    bool, typer.Option("--count-failing", help="Leave out samples that cannot be scored, instead of stopping.")
]


def sensitivity(
    spec: SpecArgument,
    data: DataArgument,
    weights: SpreadOption = None,
    methods: MethodsOption = None,
    by_group: ByGroupOption = None,
    output: OutputOption = "shift",
    samples: Annotated[int, typer.Option(help="How many; each takes choices + 2 runs.", min=2)] = 1024,
    seed: Annotated[int, typer.Option(help="Of the random numbers.", min=0)] = 0,
    node: Annotated[str | None, typer.Option(help="The group whose ranks are looked at (default: the index).")] = None,
    period: Annotated[str | None, typer.Option(help="The period of UNIT, where it has several.")] = None,
    level: Annotated[float, typer.Option(help="Of the intervals.")] = 0.95,
    count: CountOption = False,
    threads: Annotated[int, typer.Option(help="How many threads take blocks of runs.", min=1)] = 1,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Find which choice moves the ranking most.

    Sobol' shares of weights and methods, with intervals.
    """
    from cityindex.robustness.sensitivity import sensitivity as run

    options: dict[str, Any] = {
        "samples": samples,
        "seed": seed,
        "output": output,
        "period": period,
        "node": node,
        "threads": threads,
    }
    options |= {"intervals": level, "failing": "count" if count else "stop"}
    with watching("scoring"):
        result = Reading(sheet, encoding, missing, alias, header).scored(open_with(spec, None), data, given)
        apart = not methods if by_group is None else by_group
        found = run(result, choices=choices_of(weights, methods, _groups(result, node) if apart else None), **options)
    _print(found, form)


def _groups(result: Any, node: str | None) -> list[str]:
    """The groups below the node whose weights can be varied."""
    from cityindex.robustness._base import base_of
    from cityindex.robustness.one_at_a_time import weighed

    return weighed(base_of(result, node=node))


def _print(found: Sensitivity, form: Format) -> None:
    units = {of: found.for_units(of) for of in ("rank", "score") if of in found.units}
    if form is Format.json:
        print_json(
            {
                "output": found.output,
                "samples": found.samples,
                "runs": found.runs,
                "seed": found.seed,
                "most": found.most,
                "interactions": None if found.constant else found.interactions,
                "settled": found.settled,
                "failed": {str(sample): why for sample, why in found.failed.items()},
                "shares": records(found.to_frame()),
                **{of: records(frame) for of, frame in units.items()},
            }
        )
    elif form is Format.csv:
        print_frame(units["rank"] if units else found.to_frame(), form)
    else:
        typer.echo(str(found))
        if units:
            typer.echo("\nthe rank of each unit")
            print_frame(units["rank"].round(3), form)
