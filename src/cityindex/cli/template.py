"""The command ``template``: an empty table for a spec."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from cityindex.cli.options import Language, LanguageOption, SpecArgument, WeightsOption
from cityindex.cli.output import check_output
from cityindex.cli.reading import open_with

__all__ = ["template"]


def template(
    spec: SpecArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The .xlsx file to write.")],
    weights: WeightsOption = None,
    language: LanguageOption = Language.en,
) -> None:
    """Write an empty workbook for the data of a spec.

    With --weights, groups whose weights are not published are asked for by their indicators.
    """
    from cityindex.views.workbook import write_template

    check_output(output, [spec, weights], (".xlsx",))
    write_template(open_with(spec, weights), output, language=language.value)
    then = ["cityindex", "score", spec, str(output), *(["--weights", str(weights)] if weights else [])]
    typer.echo(f"{output}: fill in the first sheet, then: {shlex.join(then)}", err=True)
