"""The command ``gap``: what would lead a unit to a target."""

from __future__ import annotations

from typing import Annotated, Any

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
from cityindex.cli.output import Format, print_frame, print_json, records, watching
from cityindex.cli.reading import Reading, open_with

__all__ = ["gap"]

TO = "10 or rank:10, tier:NAME, score:85, unit:NAME (to draw level) or above:NAME (to overtake)."
MOVE = "An indicator that may move, or a group for all under it. May be repeated."
BOUND = "ID=LOW:HIGH, each a number, a percentage (-10%), now or empty; 10% for all. May be repeated."
COST = "ID=NUMBER: the cost of one unit of that indicator. May be repeated."
RIVALS = "What the others do: trend, the points that each gains, or UNIT=POINTS. May be repeated."


def gap(
    spec: SpecArgument,
    data: DataArgument,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The key or the label of a unit.")],
    to: Annotated[str, typer.Option(help=TO, metavar="TARGET")],
    move: Annotated[list[str] | None, typer.Option(help=MOVE, metavar="ID")] = None,
    bound: Annotated[list[str] | None, typer.Option(help=BOUND, metavar="ID=LOW:HIGH")] = None,
    cost: Annotated[list[str] | None, typer.Option(help=COST, metavar="ID=NUMBER")] = None,
    penalty: Annotated[str, typer.Option(help="linear, or quadratic: many small changes.")] = "linear",
    rivals: Annotated[list[str] | None, typer.Option(help=RIVALS, metavar="RULE")] = None,
    period: Annotated[str | None, typer.Option(help="The period, where the table has several.")] = None,
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
    """Find the least change that reaches a rank, a tier or a score.

    Also: what each indicator alone would need, who has to be passed, and what the others' moves do to it. CSV is the
    plan, one row an indicator that moves. Exit status 1 where nothing reaches the target.
    """
    asked = {
        "to": to,
        "move": move or None,
        "bounds": _bounds(bound),
        "costs": _pairs(cost, "--cost", lambda text: _number(text, "--cost")),
        "penalty": penalty,
        "rivals": _rule(rivals),
        "period": period,
    }
    reading = Reading(sheet, encoding, missing, alias, header)
    with watching("looking for the least change"):
        result = reading.scored(open_with(spec, weights), data, given, calibration=calibration, reference=reference)
        found = result.gap(unit, **asked)
    _print(found, form)
    if not found.plan.reached:
        raise typer.Exit(1)


def _pairs(texts: list[str] | None, option: str, read: Any) -> dict[str, Any] | None:
    """ID=VALUE, each once."""
    found: dict[str, Any] = {}
    for text in texts or ():
        name, equals, value = text.rpartition("=")
        if not (name and equals and value):
            raise typer.BadParameter(
                f"{option} {text}: it is written {'UNIT=POINTS' if option == '--rivals' else 'ID=VALUE'}"
            )
        if name in found:
            raise typer.BadParameter(f"{option}: {name} stands there twice")
        found[name] = read(value)
    return found or None


def _bounds(texts: list[str] | None) -> Any:
    """Bounds as `Result.gap` takes them: by indicator, or a percentage for all."""
    if texts and len(texts) == 1 and "=" not in texts[0] and texts[0].endswith(("%", "％")):
        return texts[0]
    return _pairs(texts, "--bound", _ends)


def _ends(text: str) -> Any:
    low, colon, high = text.partition(":")
    return tuple(end.strip() or None for end in (low, high)) if colon else text


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{option}: {text!r} is no number") from None


def _rule(texts: list[str] | None) -> Any:
    """What the others do, as `Result.gap` takes it."""
    if not texts:
        return None
    if len(texts) == 1 and "=" not in texts[0]:
        try:
            return float(texts[0])
        except ValueError:
            return texts[0]  # a rule, or what is told to be none
    return _pairs(texts, "--rivals", lambda text: _number(text, "--rivals"))


def _print(found: Any, form: Format) -> None:
    if form is Format.table:
        typer.echo(str(found))
        return
    if form is Format.csv:
        print_frame(found.plan_frame(), form)
        return
    facts = ("unit", "score", "rank", "target", "needed", "beyond", "reached")
    told = {name: _finite(getattr(found, name)) for name in facts}
    told |= {"plan": _plan(found.plan), "alone": records(found.to_frame()), "ahead": records(found.ahead_frame())}
    if found.rivals is not None:
        names = ("rule", "needed", "beyond", "rank", "holds", "rank_with_plan")
        told["rivals"] = {name: _finite(getattr(found.rivals, name)) for name in names}
        told["rivals"]["plan"] = _plan(found.rivals.plan)
    print_json(told | {"notes": list(found.notes)})


def _plan(plan: Any) -> dict[str, Any]:
    names = ("reached", "proved", "score", "rank", "tier", "cost", "bound", "penalty", "priced")
    told: dict[str, Any] = {name: _finite(getattr(plan, name)) for name in names}
    again = plan.recalibrated
    if again is not None:
        fields = ("score", "rank", "tier", "needed", "reached", "problem")
        told["recalibrated"] = {name: _finite(getattr(again, name)) for name in fields}
    return told | {"changes": records(plan.to_frame())}


def _finite(value: Any) -> Any:
    """A value for JSON: None where it is no finite number."""
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
