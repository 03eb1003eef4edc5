"""How to do it again: versions, fingerprints, seeds, the lines to run, and the spec itself."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from cityindex._values import digest, thaw
from cityindex._version import __version__
from cityindex.calibration import Calibration
from cityindex.robustness.choices import Choice, Methods, RandomWeights
from cityindex.robustness.record import Uncertainty
from cityindex.robustness.shares import Sensitivity
from cityindex.spec import dump, fingerprint
from cityindex.views.report.subject import Subject

__all__ = ["facts_again", "python_lines", "yaml_text"]

PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn")


def facts_again(
    subject: Subject, uncertainty: Uncertainty | None, sensitivity: Sensitivity | None
) -> Iterator[tuple[str, str]]:
    """What a repetition has to agree with: a word and a text each."""
    voice, result = subject.voice, subject.result
    yield voice.word("versions"), ", ".join(_versions(result.version or __version__))
    yield voice.word("spec_print"), fingerprint(result.spec)
    size = voice.word("table_size", rows=f"{len(result.table):,}", columns=f"{len(result.table.columns):,}")
    yield voice.word("table"), f"{result.table.source} ({size})"
    yield voice.word("data_print"), result.table.fingerprint
    yield voice.word("calibration_print"), f"{digest(result.calibration.to_dict())} · {_learned(subject)}"
    if result.given:
        yield voice.word("given_nodes"), voice.listed(result.given)
    for found, what in ((uncertainty, "robust"), (sensitivity, "sensitivity")):
        if found is not None:
            sampler = found.sampler if isinstance(found, Uncertainty) else found.design.sampler
            yield voice.bracketed(voice.word("seed"), voice.word(what)), str(found.seed)
            yield voice.bracketed(voice.word("varied"), voice.word(what)), "; ".join(map(_called, sampler.choices))


def _called(choice: Choice) -> str:
    """A choice as the call that makes it, where that is short."""
    amounts = {"factor": "factor={:g}", "dirichlet": "'dirichlet', concentration={:g}", "simplex": "'simplex'"}
    if isinstance(choice, RandomWeights) and choice.law in amounts:
        groups = [] if choice.groups is None else [f"groups={list(choice.groups)!r}"]
        label = [] if choice.label == "weights" else [f"label={choice.label!r}"]
        return f"ci.vary.weights({', '.join([amounts[choice.law].format(choice.amount), *groups, *label])})"
    if isinstance(choice, Methods) and not choice.in_turn:
        label = [] if choice.label == choice.path else [f"label={choice.label!r}"]
        return f"ci.vary.methods({', '.join([repr(choice.path), repr(thaw(list(choice.alternatives))), *label])})"
    return repr(choice)


def _versions(own: str) -> Iterator[str]:
    yield f"cityindex {own}"
    yield f"Python {platform.python_version()}"
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:  # it may come without its metadata
            continue


def _learned(subject: Subject) -> str:
    whole = subject.result.calibration
    parts: list[Calibration] = [*([whole] if whole.units or not whole.editions else []), *whole.editions.values()]
    return subject.voice.listed(
        subject.voice.word("learned", units=f"{each.units:,}", source=each.source or "—") for each in parts
    )


def python_lines(subject: Subject, uncertainty: Uncertainty | None) -> str:
    """The lines of Python that compute the same, from the spec below and the table."""
    result, voice = subject.result, subject.voice
    source = result.table.source
    table, notes = (repr(source), []) if "." in source else ("table", [voice.word("the_table")])
    options = f", given={list(result.given)!r}" if result.given else ""
    if result.calibration.source != source:
        options += ', calibration="calibration.json"'
        notes.append(voice.word("the_calibration"))
    lines = [f'result = ci.score("{result.spec.id}.yaml", {table}{options})']
    if uncertainty is not None:
        calls = [_called(choice) for choice in uncertainty.sampler.choices]
        said = all(call.startswith("ci.vary.") for call in calls)
        notes += [] if said else [voice.word("the_choices")]
        choices = f"[{', '.join(calls)}]" if said else "choices"
        run = f"draws={uncertainty.asked}, seed={uncertainty.seed}"
        lines.append(f"uncertainty = ci.uncertainty(result, choices={choices}, {run})")
    return "\n".join(["import cityindex as ci", "", *(f"# {note}" for note in notes), *lines])


def yaml_text(subject: Subject) -> str:
    """The spec as it was written, without comments."""
    return dump(subject.result.spec)
