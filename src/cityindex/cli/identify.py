"""The command ``identify``: which weights are possible, given what was printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cityindex.cli.output import Format, print_frame, print_json

__all__ = ["identify"]


def identify(
    target: Annotated[
        str, typer.Argument(metavar="ID|FOLDER|FILE", help="A shipped index, a folder with spec.yaml, or a table.")
    ],
    total: Annotated[str | None, typer.Option(help="FILE: the column of the printed totals.")] = None,
    key: Annotated[str | None, typer.Option(help="FILE: the column that names the units (default: the first).")] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="FILE: a column of sub-scores. May be repeated (default: all other numbers)."),
    ] = None,
    node: Annotated[str | None, typer.Option(help="ID, FOLDER: the group whose weights are wanted.")] = None,
    decimals: Annotated[int | None, typer.Option(help="How many decimals sub-scores are printed with.", min=0)] = None,
    total_decimals: Annotated[
        int | None, typer.Option(help="How many decimals totals are printed with.", min=0)
    ] = None,
    rounding: Annotated[str, typer.Option(help="half (to the nearest), down (cut off) or none (exact).")] = "half",
    aggregate: Annotated[
        str | None, typer.Option(help="arithmetic or geometric (default: that of the index, else arithmetic).")
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="The weights need not add up to 1.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Find the weights that printed scores and totals allow.

    Gives the exact range of each weight, and which simple schemes fit.

    Exit status 1 where no weights explain what was printed.
    """
    options: dict[str, Any] = {
        "decimals": decimals,
        "total_decimals": total_decimals,
        "rounding": _one_of("--rounding", rounding, ("half", "down", "none")),
    }
    if aggregate is not None:
        options["aggregate"] = _one_of("--aggregate", aggregate, ("arithmetic", "geometric"))
    if free:
        options["total_weight"] = None
    found = _found(target, total, key, part, node, options)
    if form is Format.json:
        print_json(found.as_dict())
    elif form is Format.csv:
        print_frame(found.to_frame(), form)
    else:
        typer.echo(str(found))
    if not found.feasible:
        raise typer.Exit(1)


def _found(
    target: str,
    total: str | None,
    key: str | None,
    part: list[str] | None,
    node: str | None,
    options: dict[str, Any],
) -> Any:
    """The identification of a table, or of an index and its published tables."""
    from cityindex.auditing.identify_files import identify_index, identify_table

    if Path(target).is_file():
        if total is None:
            raise typer.BadParameter(f"{target} is a table: say which column holds the totals, --total COLUMN")
        if node is not None:
            raise typer.BadParameter("--node is for an index: a table has no groups")
        return identify_table(target, total=total, key=key, parts=part, **options)
    if total is not None or key is not None or part:
        raise typer.BadParameter("--total, --key and --part are for a table; an index names its tables by its nodes")
    return identify_index(target, node=node, **options)


def _one_of(option: str, value: str, words: tuple[str, ...]) -> str:
    if value not in words:
        raise typer.BadParameter(f"{option} {value!r}: {', '.join(words)} are allowed")
    return value
