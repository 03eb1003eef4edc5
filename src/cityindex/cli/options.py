"""The arguments and options that several commands take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cityindex.cli.output import Format

__all__ = [
    "AliasOption",
    "CalibrationOption",
    "DataArgument",
    "EncodingOption",
    "FormatOption",
    "GivenOption",
    "HeaderOption",
    "Language",
    "LanguageOption",
    "MissingOption",
    "ReferenceOption",
    "SheetOption",
    "SpecArgument",
    "WeightsOption",
]


class Language(StrEnum):
    """The language of what is written."""

    zh = "zh"
    en = "en"


SpecArgument = Annotated[
    str, typer.Argument(metavar="SPEC", help="The id of a shipped index, or the path of a YAML file.")
]
DataArgument = Annotated[Path, typer.Argument(metavar="DATA", help="A table: .csv, .xlsx, .parquet …")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
SheetOption = Annotated[
    str | None, typer.Option(help="The sheet of a workbook (default: the first that is not hidden).")
]
EncodingOption = Annotated[str | None, typer.Option(help="The encoding of a text file (default: UTF-8), e.g. gb18030.")]
MissingOption = Annotated[
    list[str] | None, typer.Option(help="A further mark for a missing value, e.g. -999. May be repeated.")
]
AliasOption = Annotated[
    list[str] | None, typer.Option(help="NAME=COLUMN: the column that stands for a name of the spec. May be repeated.")
]
HeaderOption = Annotated[int, typer.Option(help="The row that holds the column names.", min=1)]
GivenOption = Annotated[
    list[str] | None, typer.Option(help="A node whose values stand in the table as they are. May be repeated.")
]
WeightsOption = Annotated[
    Path | None, typer.Option(help="YAML of weights: {group: {child: weight}}, or {group: {ahp: …}}.")
]
ReferenceOption = Annotated[Path | None, typer.Option(help="A table to learn from instead of DATA.")]
CalibrationOption = Annotated[Path | None, typer.Option(help="A calibration saved before.")]
LanguageOption = Annotated[Language, typer.Option(help="The headings and titles of a workbook.")]
