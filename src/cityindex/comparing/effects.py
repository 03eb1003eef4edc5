"""The change of every unit split among the factors: of its score by path, and of its rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex.comparing.mixing import FACTORS, Mixer, State
from cityindex.comparing.states import Scored, contributions_of, scene_of, score_state
from cityindex.engine.change import split_change
from cityindex.engine.decompose import Path
from cityindex.errors import ScoreError
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods.rank_moves import LEVEL, ahead
from cityindex.methods.shapley import Grouping, finest_grouping, moves, positions, shapley
from cityindex.part import IntArray
from cityindex.spec.model import Rank
from cityindex.table import Note

__all__ = ["EFFECTS", "Effects", "effects_of"]

JOINT = "joint"
EFFECTS = (*FACTORS, JOINT)
LISTED = 1000  # units named in one note


@dataclass(frozen=True, slots=True)
class Effects:
    """What each factor did, for the units that both sides have.

    Attributes
    ----------
    differing
        The factors in which the sides differ at all; the others have no effect.
    paths
        The paths of both trees.
    parts
        Effects × paths × units: points of the published score before rounding.
    ends
        2 × paths × units: the points that each path contributes, before and after.
    shown
        2 × units: the score before rounding; the parts add up to the difference.
    ranked
        2 × units: the column that each side ranks by.
    ranks
        Effects × units: places gained among these units (None: fewer than two units).
    """

    differing: tuple[str, ...]
    paths: tuple[Path, ...]
    parts: FloatArray
    ends: FloatArray
    shown: FloatArray
    ranked: FloatArray
    ranks: FloatArray
    notes: tuple[Note, ...]

    @property
    def told(self) -> dict[str, int]:
        """Effect → its place; the joint one only where there is some."""
        joint = EFFECTS.index(JOINT)
        there = self.parts[joint].any() or self.ranks[joint].any()
        return {name: place for place, name in enumerate(EFFECTS) if there or name != JOINT}


def effects_of(mixer: Mixer, keys: Sequence[str]) -> Effects:
    """Score every state between the sides and split the change; `keys` name the units in notes."""
    factors = mixer.differing()
    states = list(_states(factors))
    scored = [score_state(mixer, state) for state in states]
    for side, one in zip(mixer.sides, (scored[0], scored[-1]), strict=True):
        if one.reasons:
            unit, why = next(iter(one.reasons.items()))
            raise ScoreError(f"{side.name} cannot be scored again from what it holds ({keys[unit]}: {why})")
    known = np.array([~np.isnan(one.shown) for one in scored])
    rules = [mixer.sides[state.structure].rule for state in states]
    change = _by_pattern(mixer, states, scored, known, factors)
    ends = [contributions_of(one.scene) for one in (scored[0], scored[-1]) if one.scene is not None]
    paths = tuple(dict.fromkeys(path for found in (ends[1], ends[0], change) for path in found))
    nothing = np.zeros(len(keys))
    return Effects(
        differing=factors,
        paths=paths,
        parts=np.array([change.get(path, np.zeros((len(EFFECTS), len(keys)))) for path in paths]).swapaxes(0, 1),
        ends=np.array([[found.get(path, nothing) for path in paths] for found in ends]),
        shown=np.array([scored[0].shown, scored[-1].shown]),
        ranked=np.array([scored[0].ranked, scored[-1].ranked]),
        ranks=_ranks(scored, rules, known, factors),
        notes=(*dict.fromkeys(mixer.notes), *_told(scored, known, factors, keys, dense=_dense(rules))),
    )


def _states(factors: Sequence[str]) -> Iterator[State]:
    """Every state; bit i of its position says whether factor i is taken from the side after. Others stay together."""
    for chosen in range(1 << len(factors)):
        yield State(**{name: chosen >> bit & 1 for bit, name in enumerate(factors)})


def _by_pattern(
    mixer: Mixer, states: Sequence[State], scored: Sequence[Scored], known: BoolArray, factors: Sequence[str]
) -> dict[Path, FloatArray]:
    """Path → effects × units; units of which the same states are known are split together."""
    found: dict[Path, FloatArray] = {}
    if not factors:
        return found
    for pattern, units in zip(*_patterns(known), strict=True):
        whole = len(units) == known.shape[1]
        grouping = finest_grouping(pattern)
        scenes = {
            place: scored[place].scene if whole else scene_of(mixer, states[place], units)
            for place in positions(grouping).tolist()
        }
        for path, values in _split(scenes, grouping, factors).items():
            found.setdefault(path, np.zeros((len(EFFECTS), known.shape[1])))[:, units] = values
    return found


def _split(scenes: Mapping[int, Any], grouping: Grouping, factors: Sequence[str]) -> dict[Path, FloatArray]:
    """Path → effects × units: each factor after every set of the others; those in one group move as one."""
    at = positions(grouping).tolist()
    found: dict[Path, FloatArray] = {}
    for move in moves(len(grouping)):
        effect = _effect(grouping[move.factor], factors)
        for path, values in split_change(scenes[at[move.before]], scenes[at[move.after]]).items():
            total = found.setdefault(path, np.zeros((len(EFFECTS), len(values))))
            total[effect] += move.share * values
    return found


def _effect(group: Sequence[int], factors: Sequence[str]) -> int:
    """The place of a factor among the effects; several that move as one are the joint one."""
    return EFFECTS.index(factors[group[0]] if len(group) == 1 else JOINT)


def _ranks(scored: Sequence[Scored], rules: Sequence[Rank], known: BoolArray, factors: Sequence[str]) -> FloatArray:
    """Effects × units: places gained. A rank is who is ahead, so each pair counts in the states that know both."""
    found = np.zeros((len(EFFECTS), known.shape[1]))
    if not factors:
        return found
    if _dense(rules):  # these ranks are not made of pairs: a state counts where it knows all units
        known = np.broadcast_to(known.all(axis=1, keepdims=True), known.shape)
    patterns, which = _patterns(known)
    for own, units in zip(patterns, which, strict=True):
        for other, field in zip(patterns, which, strict=True):
            grouping = finest_grouping(own & other)
            counts = [
                _ahead(scored[place].ranked, units, field, rules[place]) for place in positions(grouping).tolist()
            ]
            for group, places in zip(grouping, shapley(np.array(counts)), strict=True):
                found[_effect(group, factors), units] -= places
    return found


def _ahead(ranked: FloatArray, units: IntArray, field: IntArray, rule: Rank) -> FloatArray:
    """How many units of a field are ahead of each unit, itself not counted."""
    own = LEVEL.get(rule.ties, 0.0) if units is field else 0.0
    return ahead(ranked[units], ranked[field], ties=rule.ties, first=rule.first) - own


def _dense(rules: Sequence[Rank]) -> bool:
    return any(rule.ties == "dense" for rule in rules)


def _patterns(known: BoolArray) -> tuple[list[BoolArray], list[IntArray]]:
    """The different sets of states in which units are known, and the units of each."""
    patterns, which = np.unique(known, axis=1, return_inverse=True)
    return list(patterns.T), [np.flatnonzero(which.reshape(-1) == place) for place in range(patterns.shape[1])]


def _told(
    scored: Sequence[Scored], known: BoolArray, factors: Sequence[str], keys: Sequence[str], *, dense: bool
) -> Iterator[Note]:
    """Which units could not be scored in some state, and so have effects that are told together."""
    if not factors or known.all():
        return
    together: dict[str, list[int]] = {}
    for pattern, rows in zip(*_patterns(known), strict=True):
        if not pattern.all():
            together.setdefault(_together(pattern, factors), []).extend(rows.tolist())
    for words, units in together.items():
        count = "1 unit" if len(units) == 1 else f"{len(units):,} units"
        why = list(dict.fromkeys(next(one.reasons[unit] for one in scored if unit in one.reasons) for unit in units))
        message = f"{words} are one effect (joint) for {count}, which cannot be scored with one and without the other"
        more = f"; and {len(why) - 3} reasons more" if len(why) > 3 else ""
        named = tuple(keys[unit] for unit in units[:LISTED])
        yield Note("joint", f"{message}: {'; '.join(why[:3])}{more}", units=named)
    if dense:
        words = _together(np.logical_and.reduce(known, axis=1), factors)
        yield Note("joint", f"places: {words} are one effect (joint) for every unit, for dense ranks need all of them")
    else:
        yield Note("joint", "places won from these units or lost to them are joint in the same way")


def _together(known: BoolArray, factors: Sequence[str]) -> str:
    """The factors that cannot be told apart: ``data and calibration``."""
    groups = [sorted(group) for group in finest_grouping(known) if len(group) > 1]
    return "; ".join(" and ".join(factors[factor] for factor in group) for group in groups)
