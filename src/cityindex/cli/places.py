"""The command ``places``: names of Chinese divisions, or of a gazetteer of one's own, and their codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cityindex.cli.options import EncodingOption, FormatOption, HeaderOption, SheetOption
from cityindex.cli.output import Format, check_output, print_frame, warn_of_formulas, write_frame
from cityindex.cli.reading import Reading

if TYPE_CHECKING:
    from cityindex.places import ResolvedPlaces

__all__ = ["places"]

SHOWN = ("written", "code", "name", "kind", "province", "prefecture", "region", "status")

TableArgument = Annotated[Path | None, typer.Argument(metavar="DATA", help="A table: .csv, .xlsx, .parquet …")]
ColumnOption = Annotated[str | None, typer.Option(help="The column of DATA that names the places.")]
NameOption = Annotated[list[str] | None, typer.Option(help="A name instead of a table. May be repeated.")]
ProvinceOption = Annotated[str | None, typer.Option(help="The column with their provinces (of --name: a province).")]
PrefectureOption = Annotated[str | None, typer.Option(help="Likewise, their prefectures.")]
WithinOption = Annotated[str | None, typer.Option(help="Likewise, units of any level that they lie in.")]
LevelOption = Annotated[
    list[str] | None,
    typer.Option(help="province, prefecture, county, city, or a kind such as 县级市. May be repeated."),
]
GazetteerOption = Annotated[
    Path | None, typer.Option(help="A gazetteer of your own: code, name, and level, parent … where there are any.")
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write DATA with its codes: .csv, .xlsx, .parquet, .json.")
]


def places(
    data: TableArgument = None,
    column: ColumnOption = None,
    name: NameOption = None,
    province: ProvinceOption = None,
    prefecture: PrefectureOption = None,
    within: WithinOption = None,
    level: LevelOption = None,
    gazetteer: GazetteerOption = None,
    output: OutputOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    header: HeaderOption = 1,
    form: FormatOption = Format.table,
) -> None:
    """Find the codes of places by their names.

    What could be two places is refused with the candidates, never guessed. Exit status 1 where a name is refused.
    """
    from cityindex.places import Gazetteer, resolve_places

    _check(data, column, name, output, gazetteer)
    known = None if gazetteer is None else Gazetteer.read(gazetteer)
    where: dict[str, Any] = {"province": province, "prefecture": prefecture, "within": within}
    names: Any = name
    if data is not None:
        table = Reading(sheet, encoding, None, None, header).table(data)
        names = table.text(str(column))
        where = {word: None if each is None else table.text(each) for word, each in where.items()}
    found = resolve_places(names, level=level or None, gazetteer=known, **where)
    if output is not None:
        _write(table, found, output)
    _print(found, form, listed=bool(name))
    if found.unresolved:
        raise typer.Exit(1)


def _check(
    data: Path | None, column: str | None, name: list[str] | None, output: Path | None, gazetteer: Path | None
) -> None:
    if (data is None) == (not name):
        raise typer.BadParameter("give a table and --column, or --name")
    if data is not None and column is None:
        raise typer.BadParameter("--column says which column names the places")
    if name and output is not None:
        raise typer.BadParameter("--output writes a table: give DATA")
    if output is not None:
        check_output(output, [data, gazetteer])


def _print(found: ResolvedPlaces, form: Format, *, listed: bool) -> None:
    frame = found.to_frame()
    if form is not Format.table:
        print_frame(frame, form)
        return
    if listed and len(found.unresolved) < len(found):
        known = frame.loc[[code is not None for code in found.codes], list(SHOWN)]
        print_frame(known.loc[:, (known != "").any()], form)
    typer.echo(str(found))


def _write(table: Any, found: ResolvedPlaces, output: Path) -> None:
    """The table with what was found beside it; what it has a column for already is written as place_…."""
    frame, added = table.to_frame(), found.to_frame()
    for name in added.columns[1:]:
        free = name
        while free in frame.columns:
            free = f"place_{free}"
        frame[free] = added[name].to_numpy()
    write_frame(frame, output)
    warn_of_formulas(frame, output)
    typer.echo(f"{output}: {len(frame)} rows", err=True)
