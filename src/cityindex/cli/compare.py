"""The command ``compare``: two results, who moved and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cityindex.cli.options import (
    AliasOption,
    EncodingOption,
    FormatOption,
    GivenOption,
    HeaderOption,
    MissingOption,
    SheetOption,
)
from cityindex.cli.output import (
    Format,
    check_output,
    print_frame,
    print_json,
    records,
    warn_of_formulas,
    watching,
    write_frame,
    writing,
)
from cityindex.cli.reading import Reading, open_with

if TYPE_CHECKING:
    from cityindex.comparing.record import Comparison
    from cityindex.comparing.unit import UnitChange
    from cityindex.result import Result

__all__ = ["SaveOption", "compare", "keep"]

SaveOption = Annotated[
    Path | None, typer.Option("--save", help="Also keep the result as a .json: its spec, data and calibration.")
]

FilesArgument = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="RESULT RESULT, SPEC DATA DATA, SPEC SPEC DATA or SPEC DATA SPEC DATA."),
]
RenameOption = Annotated[list[str] | None, typer.Option(help="OLD=NEW: a unit that changed its name. May be repeated.")]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write every unit to .csv, .xlsx, .parquet or .json.")
]
FORMS = """a result is a file of score --save, or a SPEC and a DATA:
  RESULT RESULT           two results
  SPEC DATA DATA          two tables by one spec
  SPEC SPEC DATA          one table by two specs
  SPEC DATA SPEC DATA     both differ
  SPEC DATA --periods 2023,2024   (or RESULT --periods …): two periods of one table"""


def compare(
    files: FilesArgument,
    unit: Annotated[str | None, typer.Option(help="Explain one unit, by its key or its label.")] = None,
    top: Annotated[int, typer.Option(help="How many movers are shown.", min=1)] = 10,
    periods: Annotated[str | None, typer.Option(metavar="A,B", help="The periods that are compared.")] = None,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Score the second table by what was learned from the first.")
    ] = False,
    node: Annotated[str | None, typer.Option(help="The group that is compared (default: the index).")] = None,
    rename: RenameOption = None,
    by_label: Annotated[bool, typer.Option("--by-label", help="Match units by label, not by key.")] = False,
    output: OutputOption = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    missing: MissingOption = None,
    alias: AliasOption = None,
    header: HeaderOption = 1,
    given: GivenOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Compare two results: who moved, and why.

    A RESULT is what score --save wrote; a SPEC and a DATA make one too. With --periods one result will do. Each change
    of a score is split into data, weights, structure, calibration and rounding, which add up to it.
    """
    from cityindex.comparing.compare import compare as run

    if output is not None:
        check_output(output, files)
    pair = _periods(periods)
    source = _Source(Reading(sheet, encoding, missing, alias, header), given, frozen)
    with watching("comparing"):
        results = source.results(files, one=pair is not None)
        found = run(*results, periods=pair, node=node, match=_match(rename, by_label))
    told = None if unit is None else found.unit(unit)
    if output is not None:
        frame = found.to_frame() if told is None else told.to_frame()
        write_frame(frame, output)
        warn_of_formulas(frame, output)
        typer.echo(f"{output}: {len(frame)} {'units' if told is None else 'indicators'}", err=True)
        return
    _print(found, told, top, form)


def keep(result: Result, path: Path | None) -> None:
    """Save a result whole (None: it is not asked for)."""
    from cityindex.saved import save_result

    if path is not None:
        with writing(path):
            save_result(result, path)
        typer.echo(f"{path}: the result, for compare", err=True)


@dataclass(frozen=True, slots=True)
class _Source:
    """Makes results of the files that the command names."""

    reading: Reading
    given: list[str] | None
    frozen: bool

    def results(self, files: list[str], *, one: bool) -> list[Result]:
        """One result (its periods are compared) or two."""
        kinds = "".join(_kind(name) for name in files)
        if self.frozen and kinds not in ("SDD", "SDSD"):
            raise typer.BadParameter("--frozen is for two tables by one spec: SPEC DATA DATA")
        if kinds in ("R", "SD") and one:
            return [self._saved(files[0]) if kinds == "R" else self._scored(files[0], files[1])]
        if kinds == "RR":
            return [self._saved(name) for name in files]
        if kinds == "SDD":
            return self._pair((files[0], files[0]), (files[1], files[2]))
        if kinds == "SSD":
            return self._pair((files[0], files[1]), (files[2], files[2]))
        if kinds == "SDSD":
            return self._pair((files[0], files[2]), (files[1], files[3]))
        words = {"R": "RESULT", "S": "SPEC", "D": "DATA"}
        read = " ".join(words[kind] for kind in kinds)
        raise typer.BadParameter(f"{read} (found {', '.join(files)}) is no pair; {FORMS}")

    def _pair(self, specs: tuple[str, str], tables: tuple[str, str]) -> list[Result]:
        before = self._scored(specs[0], tables[0])
        return [before, self._scored(specs[1], tables[1], before.calibration if self.frozen else None)]

    def _scored(self, spec: str, data: str, calibration: Any = None) -> Result:
        from cityindex.pipeline import score

        opened = open_with(spec, None)
        return score(opened, self.reading.table(Path(data)), calibration=calibration, given=self.given or ())

    def _saved(self, name: str) -> Result:
        from cityindex.saved import load_result

        return load_result(name)


def _kind(name: str) -> str:
    """R: a saved result; S: a spec (a YAML file, or the id of an index that ships); D: a table."""
    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return "R"
    return "S" if suffix in (".yaml", ".yml") or (not suffix and not Path(name).is_file()) else "D"


def _periods(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    found = [part.strip() for part in text.split(",")]
    if len(found) != 2 or not all(found):
        raise typer.BadParameter("--periods is written A,B: two periods, such as 2023,2024")
    return found[0], found[1]


def _match(rename: list[str] | None, by_label: bool) -> Any:
    if by_label and rename:
        raise typer.BadParameter("give --by-label or --rename, not both")
    pairs = [text.partition("=") for text in rename or ()]
    if not all(old and sign and new for old, sign, new in pairs):
        raise typer.BadParameter("--rename is written OLD=NEW")
    return {old: new for old, _, new in pairs} if pairs else "label" if by_label else "key"


def _print(found: Comparison, told: UnitChange | None, top: int, form: Format) -> None:
    from cityindex.comparing.text import told as told_of

    if form is Format.csv:
        print_frame(found.to_frame() if told is None else told.to_frame(), form)
        return
    if form is Format.json:
        print_json(_summary(found) if told is None else _unit(told))
        return
    if told is not None:
        typer.echo(str(told))
        return
    typer.echo(told_of(found, movers=0))
    movers = found.movers(top)
    moved = movers[movers["places"] != 0]
    if len(moved):
        typer.echo("")
        print_frame(moved.drop(columns=_idle(moved)), form)


def _idle(moved: Any) -> list[str]:
    """Columns that say nothing: labels that are the keys, effects that are 0 everywhere."""
    same = bool((moved["label"] == moved["unit"]).all())
    effects = [name for name in moved.columns[8:] if not (moved[name].abs() > 1e-12).any()]
    return [*(["label"] if same else []), *effects]


def _summary(found: Comparison) -> dict[str, Any]:
    agreement = found.agreement
    return {
        "before": found.names[0],
        "after": found.names[1],
        "differing": list(found.differing),
        "spearman": None if agreement is None else agreement.spearman,
        "kendall": None if agreement is None else agreement.kendall,
        "by_effect": records(found.by_effect().reset_index()),
        "units": records(found.to_frame()),
        "differences": [str(difference) for difference in found.differences],
        "notes": [note.message for note in found.notes],
    }


def _unit(told: UnitChange) -> dict[str, Any]:
    return {
        "unit": told.unit,
        "label": told.label,
        "status": told.status,
        "scores": [None if score != score else score for score in told.scores],
        "ranks": [None if rank != rank else rank for rank in told.ranks],
        "tiers": list(told.tiers),
        "effects": dict(told.effects),
        "rank_effects": dict(told.rank_effects),
        "passed": list(told.passed),
        "passed_by": list(told.passed_by),
        "indicators": records(told.to_frame()),
        "notes": [note.message for note in told.notes],
    }
