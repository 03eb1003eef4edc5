"""What each method has to know of its reference to learn by adding up blocks; a method without an entry cannot.

Declared by method and options, so that an index is refused before any row is read. A method whose `learn` asks its
reference for nothing but these statistics is shown a `Summary` of them in place of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cityindex.methods._arrays import PERCENTILE
from cityindex.methods.missing import SIBLINGS
from cityindex.spec.model import Call

__all__ = ["NOTHING", "Needs", "needs_of", "refusal"]

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Needs:
    """Beside the count, the lowest and the highest number of each column, which are always had.

    Attributes
    ----------
    spread
        Mean and sum of squared distances from it.
    quantiles
        Shares.
    deviation
        The median absolute deviation from the median.
    totals
        ``sum``, ``reciprocals``, ``norm``.
    moments
        Centred cross-products of rows that have every number.
    distinct
        The different numbers and their counts.
    unevenness
        How uneven the shares of the sum are: Σ ((1 + v) ln (1 + v) - v) with v = x / mean - 1.
    """

    spread: bool = False
    quantiles: tuple[float, ...] = ()
    deviation: bool = False
    totals: tuple[str, ...] = ()
    moments: bool = False
    distinct: bool = False
    unevenness: bool = False


NOTHING = Needs()
Rule = Callable[[Settings], "Needs | str"]


def _words(*values: Any) -> Needs:
    """What words such as mean, median and p5 stand for."""
    words = [value for value in values if isinstance(value, str)]
    shares = [float(found[1]) / 100 for word in words if (found := PERCENTILE.fullmatch(word))]
    shares += [0.5] if "median" in words else []
    return Needs(spread="mean" in words, quantiles=tuple(dict.fromkeys(shares)))


def _ends(settings: Settings) -> Needs:
    return _words(*settings["from"])


def _per(name: str) -> Rule:
    def rule(settings: Settings) -> Needs:
        needs = _words(settings[name])
        return Needs(needs.spread or settings["per"] == "sd", needs.quantiles)

    return rule


def _robust(settings: Settings) -> Needs:
    mad = settings["spread"] == "mad"
    return Needs(quantiles=(0.5,) if mad else (0.5, 0.25, 0.75), deviation=mad)


def _winsorise(settings: Settings) -> Needs | str:
    if settings["quantiles"] is None:
        return "moves points one after another until the shape of the whole column is acceptable"
    return Needs(quantiles=tuple(settings["quantiles"]))


def _power(settings: Settings) -> Needs | str:
    return NOTHING if settings["lambda"] is not None else "finds its power by trying many on the whole column"


def _log_shift(settings: Settings) -> Needs | str:
    return "looks at the skewness of the whole column (tail: longer)" if settings["tail"] == "longer" else NOTHING


def _critic(settings: Settings) -> Needs | str:
    if settings["correlation"] == "spearman":
        return "correlates the ranks of whole columns (correlation: spearman)"
    return Needs(moments=True)


def _entropy(settings: Settings) -> Needs | str:
    if settings["scale"] != "none" or settings["shift"] != 0 or settings["less"] == "reciprocal":
        return "scales, shifts or turns whole columns before it adds up (steps can do that: then scale: none, shift: 0)"
    return Needs(spread=True, unevenness=True)


def _combined(settings: Settings) -> Needs | str:
    return "combines weightings of the whole columns"


STEP_NEEDS: dict[str, Rule] = {
    "rescale": _ends,
    "efficacy": _ends,
    "piecewise": lambda settings: _words(*settings["at"]),
    "percentile_bands": lambda settings: _words(*settings["cuts"]),
    "impute": lambda settings: _words(settings["use"]),
    "interval": lambda settings: NOTHING if settings["outer"] is None else _words(*settings["outer"]),
    "logistic": _per("midpoint"),
    "gaussian": _per("best"),
    "minmax": lambda _: NOTHING,
    "zscore": lambda _: Needs(spread=True),
    "percent_rank": lambda _: Needs(distinct=True),
    "rank": lambda _: Needs(distinct=True),
    "log_shift": _log_shift,
    "log_gii": lambda _: NOTHING,
    "boxcox": _power,
    "yeo_johnson": _power,
    "robust": _robust,
    "share": lambda settings: Needs(totals=("reciprocals" if settings["inverse"] else "sum",)),
    "vector": lambda _: Needs(totals=("norm",)),
    "relative": lambda settings: _words(settings["base"]),
    "clip": lambda settings: _words(settings["low"], settings["high"]),
    "winsorise": _winsorise,
    "fences": lambda _: Needs(quantiles=(0.25, 0.75)),
    "treat": lambda _: "treats by the shape of the whole column",
}
WEIGHT_NEEDS: dict[str, Rule] = {
    **dict.fromkeys(("equal", "given", "budget_allocation", "ahp", "fuzzy_ahp", "best_worst"), lambda _: NOTHING),
    "standard_deviation": lambda _: Needs(spread=True),
    "coefficient_of_variation": lambda _: Needs(spread=True),
    "critic": _critic,
    "independence": lambda _: Needs(moments=True),
    "principal_components": lambda _: Needs(moments=True),
    "factor_analysis": lambda _: Needs(moments=True),
    "entropy": _entropy,
    "combined": _combined,
}


def needs_of(call: Call) -> Needs | str:
    """What a step, an imputation or a weighting has to know; or, in words, why it cannot learn from blocks."""
    if call.kind == "missing":
        use = call.settings.get("use")
        return NOTHING if use == SIBLINGS else _words(use)
    rule = (STEP_NEEDS if call.kind == "step" else WEIGHT_NEEDS).get(call.name)
    if rule is None:
        what = "looks at whole columns at once" if call.method.built_in else "is a method of yours, and learns"
        return f"{what}, and has no way to learn from blocks that are added up"
    return rule(call.settings)


def refusal(call: Call) -> str:
    """Why a call cannot be learned from blocks; empty where it can."""
    if call.kind == "aggregator":
        return "compares units, and learns from all of them at once" if call.method.pooled else ""
    if call.kind == "step" and call.method.learn is None:
        return ""
    found = needs_of(call)
    return found if isinstance(found, str) else ""
