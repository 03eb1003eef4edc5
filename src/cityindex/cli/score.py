"""The command ``score``: a table at once, or a Parquet data set block by block."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cityindex.cli import show as views
from cityindex.cli.compare import SaveOption, keep
from cityindex.cli.options import (
    AliasOption,
    CalibrationOption,
    EncodingOption,
    FormatOption,
    GivenOption,
    HeaderOption,
    Language,
    LanguageOption,
    MissingOption,
    ReferenceOption,
    SheetOption,
    SpecArgument,
    WeightsOption,
)
from cityindex.cli.output import Format, check_output, print_frame, warn_of_formulas, watching, write_frame
from cityindex.cli.reading import Reading, open_with

__all__ = ["score"]

LARGE = 20_000_000  # cells of a Parquet data set beyond which it is scored block by block
PARQUET = (".parquet", ".pq")


DataSetArgument = Annotated[
    Path, typer.Argument(metavar="DATA", help="A table: .csv, .xlsx, .parquet …, or a folder of .parquet files.")
]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", help="Write .csv, .xlsx, .parquet or .json.")]
BlockRowsOption = Annotated[int | None, typer.Option(help="Score a Parquet file in blocks of so many rows.", min=1)]
SchedulerOption = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Let the workers of a Dask scheduler score the blocks.")
]
ResumeOption = Annotated[bool, typer.Option("--resume/--no-resume", help="Go on where a run in blocks was stopped.")]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """How a data set is cut and who works on it, as far as that is said."""

    rows: int | None
    scheduler: str | None
    resume: bool

    @property
    def asked(self) -> bool:
        return self.rows is not None or self.scheduler is not None


def score(
    spec: SpecArgument,
    data: DataSetArgument,
    output: OutputOption = None,
    save: SaveOption = None,
    calibration: CalibrationOption = None,
    reference: ReferenceOption = None,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    block_rows: BlockRowsOption = None,
    scheduler: SchedulerOption = None,
    resume: ResumeOption = True,
    form: FormatOption = Format.table,
    language: LanguageOption = Language.en,
) -> None:
    """Score a table: groups, ranks and tiers of every unit.

    An .xlsx has live formulas: change a weight in it, and scores, ranks and tiers follow. A large Parquet file, or a
    folder of them, is scored in blocks, if the output is .parquet or a folder.
    """
    reading, blocks = Reading(sheet, encoding, missing, alias, header), _Blocks(block_rows, scheduler, resume)
    opened = open_with(spec, weights)
    plain = form is Format.table and not (save or reference or sheet or encoding or header != 1)
    if blocks.asked or data.is_dir() or (plain and _goes_by_blocks(opened, data, output, calibration)):
        said = {"save": save, "reference": reference, "sheet": sheet, "encoding": encoding}
        _in_blocks(opened, data, _refuse(output, form, said, header), reading, calibration, given, blocks)
        return
    inputs: list[Path | str | None] = [spec, data, calibration, reference, weights]
    if output is not None:
        check_output(output, inputs)
    if save is not None:
        check_output(save, [*inputs, output], (".json",))
    with watching("scoring"):
        result = reading.scored(opened, data, given, calibration=calibration, reference=reference)
    views.print_notes(result.notes)
    keep(result, save)
    _show(result, output, form, language)


def _goes_by_blocks(spec: Any, data: Path, output: Path | None, calibration: Path | None) -> bool:
    """Whether a table is so large that it is scored in blocks unasked, as its footer says, and the index can be.

    Whatever is wrong with the file is told when it is read.
    """
    kinds = output is not None and output.suffix.lower() in (*PARQUET, "")
    if not kinds or data.suffix.lower() not in PARQUET or not data.is_file():
        return False
    from cityindex.errors import CityIndexError
    from cityindex.plan import compile_plan
    from cityindex.scale.sites import check_reducible
    from cityindex.scale.source import open_source

    try:
        source = open_source(data)
        if source.rows * len(source.columns) <= LARGE:
            return False
        if calibration is None:
            check_reducible(spec, compile_plan(spec))
    except CityIndexError:
        return False
    return True


def _refuse(output: Path | None, form: Format, options: dict[str, Any], header: int) -> Path:
    """What makes no sense in blocks is refused; where to write."""
    if output is None:
        raise typer.BadParameter("a data set in blocks is written to a file: give -o OUT.parquet, or a folder")
    if form is not Format.table:
        raise typer.BadParameter("--format says how to print; a data set in blocks is written to a file")
    said = [*(name for name, value in options.items() if value is not None), *(["header"] if header != 1 else [])]
    if said:
        what = ", ".join(f"--{name}" for name in said)
        way = "; calibrate first, and give --calibration" if "reference" in said else ""
        raise typer.BadParameter(f"{what}: not for a Parquet data set in blocks{way}")
    return output


def _in_blocks(
    spec: Any,
    data: Path,
    output: Path,
    reading: Reading,
    calibration: Path | None,
    given: list[str] | None,
    cut: _Blocks,
) -> None:
    from cityindex.scale.scoring import score_dataset

    try:
        scored = score_dataset(
            spec,
            data,
            output,
            calibration=calibration,
            given=given or (),
            missing=reading.missing or (),
            aliases=reading.aliases,
            block_rows=cut.rows,
            scheduler=cut.scheduler,
            resume=cut.resume,
        )
    except KeyboardInterrupt:
        if output.with_name(f"{output.name}.work").exists():
            typer.echo(f"stopped: what is finished is in {output}.work; the same command goes on from there", err=True)
        raise
    views.print_notes(scored.notes)
    blocks = f"{scored.blocks:,} block{'s' * (scored.blocks != 1)}"
    kept = f" ({scored.reused:,} of them from the run before)" if scored.reused else ""
    typer.echo(f"{output}: {scored.rows:,} units, in {blocks}{kept} and {scored.passes} passes", err=True)


def _show(result: Any, output: Path | None, form: Format, language: Language) -> None:
    """Print the result, or write it."""
    if output is None:
        print_frame(result.to_frame(), form)
        return
    if output.suffix.lower() == ".xlsx":
        from cityindex.views.workbook import write_workbook

        write_workbook(result, output, language=language.value)
    else:
        frame = result.to_frame()
        write_frame(frame, output)
        warn_of_formulas(frame, output)
    typer.echo(f"{output}: {len(result)} units", err=True)
