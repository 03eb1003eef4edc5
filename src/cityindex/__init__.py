"""Write, compute, reproduce and audit composite indices.

An index is written (`load_spec`), calibrated (`calibrate`), scored (`score`) and explained (`Result.explain`).
"""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

from cityindex._homes import HOMES, MODULES
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
    from cityindex.card import Card
    from cityindex.catalog import list_indices, load_index, load_published, published_tables
    from cityindex.comparing.compare import compare
    from cityindex.comparing.record import Comparison
    from cityindex.comparing.unit import UnitChange
    from cityindex.contributions import Contributions
    from cityindex.describing import Description, Screening, describe
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
    from cityindex.methods._best_worst_report import BestWorstReport
    from cityindex.methods.agreement import kendalls_w
    from cityindex.methods.ahp import analyse_judgements
    from cityindex.methods.balanced import BalanceReport, balance_weights
    from cityindex.methods.best_worst import analyse_best_worst
    from cityindex.methods.combined import combine_weights
    from cityindex.methods.consensus import ConsensusReport, consensus
    from cityindex.methods.judgement_draws import judgement_draws
    from cityindex.methods.rank_agreement import RankComparison
    from cityindex.methods.tier_choice import TierChoice
    from cityindex.methods.tier_stability import TierStability
    from cityindex.methods.treatment import treatment_details
    from cityindex.methods.vikor import compromise
    from cityindex.periods.record import IndexSeries
    from cityindex.periods.selecting import at_period
    from cityindex.periods.series import base_index, chain_index
    from cityindex.pipeline import calibrate, score
    from cityindex.places import Gazetteer, Place, PlaceMatch, ResolvedPlaces, resolve_places, with_places
    from cityindex.rankings import choose_tiers, compare_ranks, tier_stability
    from cityindex.regional import Convergence, Regions, regions
    from cityindex.result import Result
    from cityindex.robustness import vary
    from cityindex.robustness.bounds import (
        Overtake,
        RankBounds,
        WeightRows,
        WeightStability,
        overtake,
        rank_bounds,
        weight_stability,
    )
    from cityindex.robustness.one_at_a_time import LeftOut, Swings, leave_out_each, swing
    from cityindex.robustness.record import Uncertainty
    from cityindex.robustness.sensitivity import sensitivity
    from cityindex.robustness.shares import Sensitivity
    from cityindex.robustness.uncertainty import uncertainty
    from cityindex.saved import load_result, save_result
    from cityindex.scale.record import Scored
    from cityindex.scale.scoring import calibrate_dataset, score_dataset
    from cityindex.spec import diff, dump, fingerprint, load_spec, replace, schema, with_weights
    from cityindex.spec.model import Group, Indicator, Spec
    from cityindex.table import (
        Filled,
        Note,
        Table,
        add_growth,
        fill_iterative,
        fill_neighbours,
        fill_panel,
        growth,
        read_table,
    )
    from cityindex.views import plot
    from cityindex.views.explorer import explore, write_explorer
    from cityindex.views.html import show
    from cityindex.views.report import report_html, write_report
    from cityindex.views.workbook import write_template, write_workbook

_HOME = {name: home for home, names in HOMES.items() for name in names}

__all__ = [
    "Audit",
    "BalanceReport",
    "BestWorstReport",
    "Calibration",
    "CalibrationError",
    "Card",
    "CityIndexError",
    "Comparison",
    "ConsensusReport",
    "Contributions",
    "Convergence",
    "DependencyError",
    "Description",
    "DomainError",
    "Explanation",
    "Filled",
    "Finding",
    "Gap",
    "Gazetteer",
    "Group",
    "Identification",
    "IndexSeries",
    "Indicator",
    "Interval",
    "LeftOut",
    "MethodError",
    "NotFoundError",
    "Note",
    "Overtake",
    "Place",
    "PlaceMatch",
    "Problem",
    "RankBounds",
    "RankComparison",
    "Regions",
    "ResolvedPlaces",
    "Result",
    "ScoreError",
    "Scored",
    "Screening",
    "Sensitivity",
    "Spec",
    "SpecError",
    "Swings",
    "Table",
    "TableError",
    "TierChoice",
    "TierStability",
    "Uncertainty",
    "UnitChange",
    "UnpublishedError",
    "WeightRows",
    "WeightStability",
    "__version__",
    "add_growth",
    "aggregator",
    "analyse_best_worst",
    "analyse_judgements",
    "at_period",
    "audit",
    "audit_scheme",
    "balance_weights",
    "base_index",
    "before",
    "calibrate",
    "calibrate_dataset",
    "chain_index",
    "choose_tiers",
    "combine_weights",
    "compare",
    "compare_ranks",
    "compromise",
    "consensus",
    "conventions",
    "describe",
    "diff",
    "dump",
    "explore",
    "fill_iterative",
    "fill_neighbours",
    "fill_panel",
    "fingerprint",
    "growth",
    "identify_index",
    "identify_weights",
    "implied",
    "judgement_draws",
    "kendalls_w",
    "leave_out_each",
    "list_indices",
    "load_index",
    "load_published",
    "load_result",
    "load_spec",
    "overtake",
    "plot",
    "published_tables",
    "rank_bounds",
    "read_table",
    "regions",
    "replace",
    "report_html",
    "reproduce",
    "resolve_places",
    "save_result",
    "schema",
    "score",
    "score_dataset",
    "sensitivity",
    "show",
    "step",
    "swing",
    "tier_stability",
    "tiering",
    "treatment_details",
    "uncertainty",
    "vary",
    "weight_stability",
    "weighting",
    "with_places",
    "with_weights",
    "write_explorer",
    "write_report",
    "write_template",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import cityindex` stays light."""
    if name in _HOME:
        value = getattr(importlib.import_module(f"cityindex.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name in MODULES:
        globals()[name] = importlib.import_module(f"cityindex.{MODULES[name]}")
        return globals()[name]
    near = difflib.get_close_matches(name, __all__, n=1)
    raise AttributeError(f"cityindex has no {name!r}.{f' Did you mean {near[0]!r}?' if near else ''}")


def __dir__() -> list[str]:
    return sorted(__all__)
