"""The command ``explore``: a page on which weights are moved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cityindex.cli.options import (
    AliasOption,
    CalibrationOption,
    DataArgument,
    EncodingOption,
    GivenOption,
    HeaderOption,
    Language,
    MissingOption,
    ReferenceOption,
    SheetOption,
    SpecArgument,
    WeightsOption,
)
from cityindex.cli.output import check_output, watching, writing
from cityindex.cli.reading import Reading, open_with

__all__ = ["explore"]


def explore(
    spec: SpecArgument,
    data: DataArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The .html file to write.")],
    language: Annotated[Language, typer.Option(help="The language in which the page opens.")] = Language.en,
    period: Annotated[str | None, typer.Option(help="The period to show (default: the last).")] = None,
    preset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="Further weights to offer, YAML as for --weights. May be repeated."),
    ] = None,
    draws: Annotated[
        int, typer.Option(help="Show ranges of ranks from so many draws, weights differing by up to a quarter.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of the random numbers.", min=0)] = 0,
    calibration: CalibrationOption = None,
    reference: ReferenceOption = None,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
) -> None:
    """Write a page on which readers move the weights.

    One file without a server. It holds the normalised values of every unit.
    """
    from cityindex.views.explorer import write_explorer

    files = _pairs(preset or ())
    check_output(output, [spec, data, calibration, reference, weights, *files.values()], (".html",))
    reading, opened = Reading(sheet, encoding, missing, alias, header), open_with(spec, weights)
    offered = {name: _weights(path) for name, path in files.items()}
    with watching("scoring"):
        result = reading.scored(opened, data, given, calibration=calibration, reference=reference)
        ranges = _ranges(result, draws, seed)
    with writing(output):
        write_explorer(result, output, language.value, offered, ranges, period=period)
    typer.echo(f"{output}: {len(result)} units", err=True)


def _pairs(texts: Sequence[str]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for text in texts:
        name, _, path = text.partition("=")
        if not (name.strip() and path):
            raise typer.BadParameter(f"--preset {text!r}: NAME=FILE is wanted")
        if name in files:
            raise typer.BadParameter(f"--preset {text!r}: there is a preset {name} already")
        files[name] = Path(path)
    return files


def _weights(path: Path) -> Any:
    from cityindex.spec import read_weights

    return read_weights(path)


def _ranges(result: Any, draws: int, seed: int) -> Any:
    """An uncertainty run of the weights; None where none is asked for."""
    if not draws:
        return None
    from cityindex.cli._choices import choices_of
    from cityindex.robustness.uncertainty import uncertainty

    return uncertainty(result, choices=choices_of(), draws=draws, seed=seed)
