"""The commands. Each reads, calls the library, and shows; none computes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cityindex._version import __version__
from cityindex.cli import show as views
from cityindex.cli.audit import audit, new
from cityindex.cli.compare import compare
from cityindex.cli.describe import describe
from cityindex.cli.explore import explore
from cityindex.cli.gap import gap
from cityindex.cli.identify import identify
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
from cityindex.cli.output import (
    Format,
    check_output,
    print_frame,
    print_json,
    records,
    watching,
    writing,
)
from cityindex.cli.places import places
from cityindex.cli.reading import Reading, open_with
from cityindex.cli.regions import regions
from cityindex.cli.report import report
from cityindex.cli.robust import robust
from cityindex.cli.score import score
from cityindex.cli.sensitivity import sensitivity
from cityindex.cli.series import series
from cityindex.cli.template import template

app = typer.Typer(
    name="cityindex",
    help="Write, compute, reproduce and audit composite indices.",
    epilog="Exit status: 0 all is well, 1 a table cannot be scored or a claim fails, 2 bad usage or bad input.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 100},
)


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
    """List the indices that ship with cityindex, by their sources."""
    frame = views.catalog_frame()
    if form is Format.table:
        typer.echo(views.catalog_text(frame))
    else:
        print_frame(frame, form)


@app.command()
def show(
    spec: SpecArgument,
    language: Annotated[str | None, typer.Option(help="Titles in this language alone, e.g. zh or en.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """Show the tree of an index, its weights and their provenance."""
    from cityindex.catalog import open_spec

    opened = open_spec(spec)
    if form is Format.table:
        typer.echo(views.tree_text(opened, language))
    else:
        print_frame(views.tree_frame(opened, language), form)


@app.command()
def check(
    spec: SpecArgument,
    data: Annotated[Path | None, typer.Argument(metavar="DATA", help="A table to check against the spec.")] = None,
    weights: WeightsOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
) -> None:
    """Check a spec, and a table against it.

    Every problem is told. Exit status 1 where the table cannot be scored, 2 where spec or table cannot be read.
    """
    from cityindex.errors import ScoreError
    from cityindex.pipeline import score as run
    from cityindex.table import match

    opened = open_with(spec, weights)
    typer.echo(views.summary(opened))
    if data is None:
        return
    table = Reading(sheet, encoding, missing, alias, header).table(data)
    try:
        result = run(opened, table, given=given or ())
    except ScoreError as error:
        typer.echo(str(error), err=True)
        views.print_notes(note for note in match(opened, table, given=given or ()).notes if note.kind == "key")
        raise typer.Exit(1) from None
    typer.echo(f"{data.name}: {len(result)} units, {len(result.nodes)} nodes have values; ready to score")
    views.print_notes(result.notes)


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
    """Learn from a table what scoring needs, and save it.

    Bounds, ranks, weights, cuts: whatever is relative is learned once, and other tables are scored with it.
    """
    from cityindex.pipeline import calibrate as learn

    check_output(output, [spec, data, weights], (".json",))
    with watching("calibrating"):
        table = Reading(sheet, encoding, missing, alias, header).table(data)
        opened = open_with(spec, weights)
        learned = learn(opened, table, given=given or ())
    with writing(output):
        learned.save(output)
    for group in opened.groups:
        if group.tiers and group.tiers.call.name != "cuts" and "tiers" not in learned.nodes.get(group.id, {}):
            typer.echo(f"note: {group.id}: no tiers could be learned, for too few different scores", err=True)
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
    if to is not None and form is Format.csv:
        raise typer.BadParameter("--to gives a second table: print it with --format table or json")
    reading = Reading(sheet, encoding, missing, alias, header)
    result = reading.scored(open_with(spec, weights), data, given, calibration=calibration, reference=reference)
    found = result.explain(unit, period=period)
    reach = None if to is None else result.gap(unit, to=int(to) if to.isdecimal() else to, period=period)
    if form is Format.table:
        typer.echo(str(found) if reach is None else f"{found}\n{reach}")
        return
    views.print_notes(result.notes)
    if reach is None:
        print_frame(found.to_frame(), form)
    else:
        print_json({"explanation": records(found.to_frame()), "gap": records(reach.to_frame())})


@app.command()
def methods(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="step, weighting, aggregator, tiering, missing.")
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """List every method, its options and sources."""
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


app.command()(score)
app.command()(audit)
app.command()(compare)
app.command()(describe)
app.command()(explore)
app.command()(gap)
app.command()(identify)
app.command()(places)
app.command()(regions)
app.command()(report)
app.command()(robust)
app.command()(sensitivity)
app.command()(series)
app.command()(new)
app.command()(template)
