"""The commands. Each reads, calls the library, and shows; none computes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cityindex._version import __version__
from cityindex.cli import show as views
from cityindex.cli.output import Format, print_frame, print_json, watching, write_frame

app = typer.Typer(
    name="cityindex",
    help="Write, compute, reproduce and audit composite indices.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

SpecArgument = Annotated[
    str, typer.Argument(metavar="SPEC", help="The id of a shipped index, or the path of a YAML file.")
]
DataArgument = Annotated[Path, typer.Argument(metavar="DATA", help="A table: .csv, .xlsx, .parquet …")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
SheetOption = Annotated[str | None, typer.Option(help="The sheet of a workbook (default: the first).")]
EncodingOption = Annotated[str | None, typer.Option(help="The encoding of a text file (default: UTF-8), e.g. gb18030.")]
MissingOption = Annotated[list[str] | None, typer.Option(help="A further mark for a missing value, e.g. -999.")]
AliasOption = Annotated[
    list[str] | None, typer.Option(help="NAME=COLUMN: the column that stands for a name of the spec.")
]
HeaderOption = Annotated[int, typer.Option(help="The row that holds the column names.", min=1)]
GivenOption = Annotated[list[str] | None, typer.Option(help="A node whose values stand in the table as they are.")]
WeightsOption = Annotated[Path | None, typer.Option(help="YAML of weights to use: {group: {child: weight}}.")]
ReferenceOption = Annotated[Path | None, typer.Option(help="A table to learn from instead of DATA.")]
CalibrationOption = Annotated[Path | None, typer.Option(help="A calibration saved before.")]


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Write, compute, reproduce and audit composite indices."""
    if version:
        typer.echo(f"cityindex {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command("list")
def list_(form: FormatOption = Format.table) -> None:
    """List the indices that ship with cityindex."""
    print_frame(views.catalog_frame(), form)


@app.command()
def show(spec: SpecArgument, form: FormatOption = Format.table) -> None:
    """Show the tree of an index: local and global weights, and where each weight comes from."""
    from cityindex.catalog import open_spec

    opened = open_spec(spec)
    if form is Format.table:
        typer.echo(views.tree_text(opened))
    else:
        print_frame(views.tree_frame(opened), form)


@app.command()
def check(
    spec: SpecArgument,
    data: Annotated[Path | None, typer.Argument(metavar="[DATA]", help="A table to check against the spec.")] = None,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
) -> None:
    """Check a spec, and a table against it; every problem is told. Exit status 1 where a table cannot be scored."""
    from cityindex.errors import ScoreError
    from cityindex.pipeline import score as run

    opened = _open(spec, weights)
    typer.echo(views.summary(opened))
    if data is None:
        return
    table = _Reading(sheet, encoding, missing, alias, header).table(data)
    try:
        result = run(opened, table, given=given or ())
    except ScoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{data.name}: {len(result)} units, {len(result.nodes)} nodes have values; ready to score")
    views.print_notes(result.notes)


@app.command()
def score(
    spec: SpecArgument,
    data: DataArgument,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write .csv, .xlsx, .parquet or .json.")] = None,
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
    """Score a table: one row a unit, one column a group, rank and tier."""
    reading = _Reading(sheet, encoding, missing, alias, header)
    with watching("scoring"):
        result = _score(_open(spec, weights), data, reading, given, calibration=calibration, reference=reference)
    views.print_notes(result.notes)
    if output is None:
        print_frame(result.to_frame(), form)
        return
    write_frame(result.to_frame(), output)
    typer.echo(f"{output}: {len(result)} units", err=True)


@app.command()
def calibrate(
    spec: SpecArgument,
    data: DataArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The JSON file to write.")],
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
) -> None:
    """Learn from a table what scoring needs (bounds, ranks, weights, cuts) and save it."""
    from cityindex.pipeline import calibrate as learn

    with watching("calibrating"):
        table = _Reading(sheet, encoding, missing, alias, header).table(data)
        learned = learn(_open(spec, weights), table, given=given or ())
    learned.save(output)
    typer.echo(f"{output}: {len(learned.nodes)} nodes, learned from {learned.units} units", err=True)


@app.command()
def explain(
    spec: SpecArgument,
    data: DataArgument,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The key or the label of a unit.")],
    period: Annotated[str | None, typer.Option(help="The period, where the table has several.")] = None,
    to: Annotated[str | None, typer.Option(help="Also: what it would take to reach this rank or tier.")] = None,
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
    """Explain one unit's score, from the raw cell up."""
    reading = _Reading(sheet, encoding, missing, alias, header)
    result = _score(_open(spec, weights), data, reading, given, calibration=calibration, reference=reference)
    found = result.explain(unit, period=period)
    if form is Format.table:
        typer.echo(str(found))
    else:
        print_frame(found.to_frame(), form)
    if to is not None:
        reach = result.gap(unit, to=int(to) if to.isdigit() else to, period=period)
        if form is Format.table:
            typer.echo(str(reach))
        else:
            print_frame(reach.to_frame(), form)


@app.command()
def methods(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="step, weighting, aggregator, tiering, missing.")
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """List every method with its options and its source."""
    frame = views.methods_frame(kind)
    if form is Format.table:
        typer.echo(views.methods_text(frame))
    else:
        print_frame(frame, form)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the spec language, for editors."""
    from cityindex.spec import schema as build

    print_json(build())


def _open(spec: str, weights: Path | None) -> Any:
    from cityindex.catalog import open_spec
    from cityindex.spec import read_weights, with_weights

    opened = open_spec(spec)
    return opened if weights is None else with_weights(opened, read_weights(weights))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How to read a table: the options that every command with DATA takes."""

    sheet: str | None
    encoding: str | None
    missing: list[str] | None
    alias: list[str] | None
    header: int

    def table(self, path: Path) -> Any:
        from cityindex.table import read_table

        pairs = [text.partition("=") for text in self.alias or ()]
        if not all(name and equals and column for name, equals, column in pairs):
            raise typer.BadParameter("--alias is written NAME=COLUMN")
        return read_table(
            path,
            sheet=self.sheet,
            encoding=self.encoding,
            missing=self.missing or (),
            aliases={name: column for name, _, column in pairs},
            header=self.header,
        )


def _score(
    spec: Any,
    data: Path,
    reading: _Reading,
    given: list[str] | None,
    *,
    calibration: Path | None,
    reference: Path | None,
) -> Any:
    from cityindex.pipeline import calibrate as learn
    from cityindex.pipeline import score as run

    if calibration and reference:
        raise typer.BadParameter("give --calibration or --reference, not both")
    known: Any = calibration
    if reference is not None:
        known = learn(spec, reading.table(reference), given=given or ())
    return run(spec, reading.table(data), calibration=known, given=given or ())
