"""compare(): two results, what moved and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cityindex.comparing.effects import Effects, effects_of
from cityindex.comparing.mixing import Mixer
from cityindex.comparing.record import Comparison
from cityindex.comparing.sides import Side, Units, match_units, sides_of
from cityindex.errors import ScoreError
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods.rank_agreement import RankComparison, compare_ranks
from cityindex.methods.rank_moves import own_and_others
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.spec import Difference, diff
from cityindex.table import Note

__all__ = ["compare"]


def compare(
    before: Result,
    after: Result | None = None,
    *,
    periods: tuple[Any, Any] | str | None = None,
    node: str | None = None,
    match: str | Mapping[str, str] = "key",
) -> Comparison:
    r"""Compare two results: who moved, and what every change of score and rank is made of.

    Between the two stand four things that may differ: the **data** (columns, and what they are divided by), the
    **weights**, the **structure** (the tree, its methods: everything else in the spec) and the **calibration** (what
    was learned). The units in both are scored with every mixture of them, :math:`2^m` where m of them differ, and each
    factor gets the mean of what it changes, over all orders in which the factors could have changed (the value of
    Shapley). The effects are split by indicator as contributions are. They add up to the change to the last digits.

    Parameters
    ----------
    before, after
        Results: of one spec and two tables, of two versions of a spec and one table, or of both. None: `before` is
        compared between two of its periods.
    periods
        The periods of `before` and `after`, where they have several; one text stands for both.
    node
        The group that is compared, in both specs; None: the index.
    match
        How units are matched: by ``"key"``, by ``"label"``, or by key but for those that are renamed here, as
        ``{"海门市": "海门区"}``.

    Returns
    -------
    Comparison

    Raises
    ------
    ScoreError
        What is no result; periods that are not said; units that do not match.
    NotFoundError
        A period, a node or a unit that is not there.

    Notes
    -----
    Where a group has the same children in both specs, its weights are *weights*; where the children differ they are
    part of the *structure*, and so is all that an indicator brings which stands in one spec alone. Learned weights
    are weights. A node whose learning steps differ brings its calibration with the structure. What is learned
    ``within`` the period is the calibration of that period. Of a column that one table lacks, the data come with the
    structure, and a note says so.

    The effects are points of the published score before rounding; *rounding* is what remains of the printed change.
    Where a unit cannot be scored in some mixture (a logarithm of what is not there, a cell missing that is refused),
    the factors that cannot be told apart become one effect, *joint*, and a note says for whom and why. Ranks are split
    pair by pair, by who is ahead, so that only places won from such a unit or lost to it are joint.

    Under the benefit of the doubt each unit has weights of its own, which follow its numbers: an indicator that did not
    change may have a part there.

    Under an additive tree with weights w and values x the effect of data is the mean of w times the change of x, and
    that of weights the mean of x times the change of w: the decomposition of Marshall and Edgeworth, or of Bennet
    (1920).

    Shapley, L. S. (1953), A value for n-person games; Shorrocks, A. F. (2013), Decomposition procedures for
    distributional analysis, Journal of Economic Inequality 11, 99-126, doi:10.1007/s10888-011-9214-z.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": [
    ...     {"id": "gdp", "weight": 3, "steps": ["minmax"]}, {"id": "air", "weight": 1, "steps": ["minmax"]}]}}
    >>> cities = {"city": ["甲", "乙", "丙"], "gdp": [1.0, 3.0, 2.0], "air": [30.0, 10.0, 20.0]}
    >>> one = ci.score(spec, cities)
    >>> other = ci.score(spec, cities | {"gdp": [2.0, 3.0, 1.0]}, calibration=one.calibration)
    >>> found = ci.compare(one, other)
    >>> found.effects["data"].to_dict()
    {'甲': 0.375, '乙': 0.0, '丙': -0.375}
    >>> found.unit("丙").places
    -1.0
    """
    sides = sides_of(before, after, periods, node)
    units = match_units(*sides, match)
    table = _table(sides, units)
    common = np.flatnonzero(table["status"] == "both")
    if not len(common):
        raise ScoreError(f"no unit has a score in both {sides[0].name} and {sides[1].name}")
    rows: tuple[IntArray, IntArray] = (units.rows[0][common], units.rows[1][common])
    mixer = Mixer(sides, rows)
    keys = [units.keys[row] for row in common]
    effects = effects_of(mixer, keys)
    return Comparison(
        sides=sides,
        agreement=_agreement(table, common),
        differences=_differences(sides),
        notes=(*units.notes, *_unscored(table), *_strangers(mixer), *effects.notes, *_rules(sides)),
        _table=table,
        _common=common,
        _effects=effects,
        _mixer=mixer,
        _moves=_moves(sides, effects),
    )


def _table(sides: tuple[Side, Side], units: Units) -> pd.DataFrame:
    """One row a unit: what is printed of it on either side."""
    columns: dict[str, Any] = {"unit": units.keys, "label": units.labels}
    scores = [_aligned(side.scores, rows) for side, rows in zip(sides, units.rows, strict=True)]
    ranks = [_aligned(side.ranks, rows) for side, rows in zip(sides, units.rows, strict=True)]
    columns["status"] = _status(*(~np.isnan(own) for own in scores))
    columns |= {"score_before": scores[0], "score_after": scores[1], "change": scores[1] - scores[0]}
    columns |= {"rank_before": ranks[0], "rank_after": ranks[1], "places": ranks[0] - ranks[1]}
    if any(side.tiers is not None for side in sides):
        for when, side, rows in zip(("before", "after"), sides, units.rows, strict=True):
            tiers = side.tiers or ()
            found = [tiers[row] if tiers and row >= 0 else None for row in rows.tolist()]
            columns[f"tier_{when}"] = pd.array(found, dtype=object)
    return pd.DataFrame(columns)


def _aligned(values: FloatArray, rows: IntArray) -> FloatArray:
    return np.where(rows >= 0, values[rows], np.nan)


def _status(before: BoolArray, after: BoolArray) -> list[str]:
    words = {(True, True): "both", (False, True): "entered", (True, False): "left", (False, False): "unscored"}
    return [words[bool(one), bool(other)] for one, other in zip(before, after, strict=True)]


def _agreement(table: pd.DataFrame, common: IntArray) -> RankComparison | None:
    if len(common) < 2:
        return None
    own = table.iloc[common]
    return compare_ranks(own["rank_before"].to_numpy(), own["rank_after"].to_numpy(), own["label"].tolist())


def _differences(sides: tuple[Side, Side]) -> tuple[Difference, ...]:
    """What differs between the two specs; of editions, between those two."""
    specs = [side.part.plan.spec for side in sides]
    if specs[0] is specs[1]:
        return ()
    one, other = (replace(spec, editions={}) for spec in specs)
    return diff(one, other)


def _unscored(table: pd.DataFrame) -> list[Note]:
    names = tuple(table["unit"][table["status"] == "unscored"])
    if not names:
        return []
    some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return [Note("missing", f"no score on either side: {some}", units=names)]


def _strangers(mixer: Mixer) -> list[Note]:
    """Whether the two are made of quite different things, so that everything is structure."""
    leaves = [{name for block in plan.blocks for name in block.ids} for plan in mixer.plans]
    if leaves[0] & leaves[1]:
        return []
    return [Note("structure", "the two have no indicator in common: every change of a score is one of structure")]


def _rules(sides: tuple[Side, Side]) -> list[Note]:
    if sides[0].rule == sides[1].rule:
        return []
    return [Note("rank", "the two rank by different rules: places are not told apart by own change and others'")]


def _moves(sides: tuple[Side, Side], effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Places by a unit's own change, and by those of the others; `nan` where the two rank by different rules."""
    before, after = effects.ranked
    if sides[0].rule != sides[1].rule:
        return np.full(len(before), np.nan), np.full(len(before), np.nan)
    return own_and_others(before, after, ties=sides[1].rule.ties, first=sides[1].rule.first)
