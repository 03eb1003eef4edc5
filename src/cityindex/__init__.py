"""Write, compute, reproduce and audit composite indices.

An index is written (`load_spec`), calibrated (`calibrate`), scored (`score`) and explained (`Result.explain`).
"""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

from cityindex._version import __version__

if TYPE_CHECKING:
    from cityindex._registry import aggregator, step, tiering, weighting
    from cityindex.auditing.conventions import conventions
    from cityindex.auditing.finding import Finding
    from cityindex.auditing.identify import Identification, identify_weights
    from cityindex.auditing.identify_files import identify_index
    from cityindex.auditing.implied import before, implied
    from cityindex.auditing.interval import Interval
    from cityindex.auditing.reproduce import reproduce
    from cityindex.auditing.run import Audit, audit
    from cityindex.auditing.scheme import audit_scheme
    from cityindex.calibration import Calibration
    from cityindex.catalog import list_indices, load_index, load_published, published_tables
    from cityindex.contributions import Contributions
    from cityindex.errors import (
        CalibrationError,
        CityIndexError,
        DependencyError,
        DomainError,
        MethodError,
        NotFoundError,
        Problem,
        ScoreError,
        SpecError,
        TableError,
        UnpublishedError,
    )
    from cityindex.explain import Explanation
    from cityindex.gap import Gap
    from cityindex.methods.ahp import analyse_judgements
    from cityindex.pipeline import calibrate, score
    from cityindex.result import Result
    from cityindex.saved import load_result, save_result
    from cityindex.spec import diff, dump, fingerprint, load_spec, replace, schema, with_weights
    from cityindex.spec.model import Group, Indicator, Spec
    from cityindex.table import (
        Filled,
        Note,
        Table,
        fill_iterative,
        fill_neighbours,
        fill_panel,
        growth,
        read_table,
    )

_HOMES = {
    "_registry": ("aggregator", "step", "tiering", "weighting"),
    "auditing.conventions": ("conventions",),
    "auditing.finding": ("Finding",),
    "auditing.identify": ("Identification", "identify_weights"),
    "auditing.identify_files": ("identify_index",),
    "auditing.implied": ("before", "implied"),
    "auditing.interval": ("Interval",),
    "auditing.reproduce": ("reproduce",),
    "auditing.run": ("Audit", "audit"),
    "auditing.scheme": ("audit_scheme",),
    "calibration": ("Calibration",),
    "catalog": ("list_indices", "load_index", "load_published", "published_tables"),
    "contributions": ("Contributions",),
    "errors": (
        "CalibrationError",
        "CityIndexError",
        "DependencyError",
        "DomainError",
        "MethodError",
        "NotFoundError",
        "Problem",
        "ScoreError",
        "SpecError",
        "TableError",
        "UnpublishedError",
    ),
    "explain": ("Explanation",),
    "gap": ("Gap",),
    "methods.ahp": ("analyse_judgements",),
    "pipeline": ("calibrate", "score"),
    "result": ("Result",),
    "saved": ("load_result", "save_result"),
    "spec": ("diff", "dump", "fingerprint", "load_spec", "replace", "schema", "with_weights"),
    "spec.model": ("Group", "Indicator", "Spec"),
    "table": (
        "Filled",
        "Note",
        "Table",
        "fill_iterative",
        "fill_neighbours",
        "fill_panel",
        "growth",
        "read_table",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Audit",
    "Calibration",
    "CalibrationError",
    "CityIndexError",
    "Contributions",
    "DependencyError",
    "DomainError",
    "Explanation",
    "Filled",
    "Finding",
    "Gap",
    "Group",
    "Identification",
    "Indicator",
    "Interval",
    "MethodError",
    "NotFoundError",
    "Note",
    "Problem",
    "Result",
    "ScoreError",
    "Spec",
    "SpecError",
    "Table",
    "TableError",
    "UnpublishedError",
    "__version__",
    "aggregator",
    "analyse_judgements",
    "audit",
    "audit_scheme",
    "before",
    "calibrate",
    "conventions",
    "diff",
    "dump",
    "fill_iterative",
    "fill_neighbours",
    "fill_panel",
    "fingerprint",
    "growth",
    "identify_index",
    "identify_weights",
    "implied",
    "list_indices",
    "load_index",
    "load_published",
    "load_result",
    "load_spec",
    "published_tables",
    "read_table",
    "replace",
    "reproduce",
    "save_result",
    "schema",
    "score",
    "step",
    "tiering",
    "weighting",
    "with_weights",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import cityindex` stays light."""
    if name in _HOME:
        value = getattr(importlib.import_module(f"cityindex.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    near = difflib.get_close_matches(name, __all__, n=1)
    raise AttributeError(f"cityindex has no {name!r}.{f' Did you mean {near[0]!r}?' if near else ''}")


def __dir__() -> list[str]:
    return sorted(__all__)
