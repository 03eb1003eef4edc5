"""The commands of the audit: ``audit`` and ``new``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cityindex.cli.output import check_output, watching, writing

if TYPE_CHECKING:
    from cityindex.auditing.run import Audit

__all__ = ["audit", "new"]

KINDS = {".txt": "table", ".json": "json", ".html": "html"}


class ReportFormat(StrEnum):
    """How a report is printed or written."""

    table = "table"
    json = "json"
    html = "html"


def audit(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID|FOLDER", help="A shipped index, or a folder with spec.yaml; or several."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every index that ships with cityindex.")] = False,
    form: Annotated[
        ReportFormat | None, typer.Option("--format", help="table, json or html (default: that of FILE, else table).")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write .txt, .json or .html.")] = None,
    language: Annotated[str | None, typer.Option(help="Claims and headings in this language: zh or en.")] = None,
) -> None:
    """Audit an index: does what was published hold?

    The sentences of the report, its tables, ranks and weights are recomputed from what was printed. Exit status 1 where
    something fails.
    """
    from cityindex._files import write_whole

    if bool(targets) == every:
        raise typer.BadParameter("name an index or a folder, or say --all")
    chosen = _format(form, output)
    audits = _audits(targets or [], language)
    text = _report(audits, chosen, language)
    if output is None:
        typer.echo(text)
    else:
        with writing(output):
            write_whole(output, text + "\n")
        typer.echo(f"{output}: {sum(len(each) for each in audits)} findings", err=True)
    if any(each.failed for each in audits):
        raise typer.Exit(1)


def _format(form: ReportFormat | None, output: Path | None) -> ReportFormat:
    """What to print or write, and where: checked before any work."""
    if output is None:
        return form or ReportFormat.table
    check_output(output, [], tuple(KINDS))
    kind = ReportFormat(KINDS[output.suffix.lower()])
    if form not in (None, kind):
        raise typer.BadParameter(f"--format {form} would not be what {output.name} says; leave --format out")
    return kind


def _audits(targets: list[str], language: str | None) -> list[Audit]:
    from cityindex.auditing.run import audit as run
    from cityindex.catalog import list_indices

    names = targets or [entry.id for entry in list_indices()]
    with watching("auditing"):
        return [run(name, language=language) for name in names]


def _report(audits: list[Audit], form: ReportFormat, language: str | None) -> str:
    from cityindex.auditing.report import html_report, json_report, text_report

    if form is ReportFormat.json:
        return json_report(audits)
    if form is ReportFormat.html:
        return html_report(audits, language=language)
    return text_report(audits)


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to write; it has to be new or empty.")],
) -> None:
    """Begin a folder for a report: spec, table, claims, README.

    It passes check and audit as it stands; put your own report into it.
    """
    from cityindex.auditing.scaffold import new_folder

    with writing(folder):
        files = new_folder(folder)
    for file in files:
        typer.echo(str(file))
