"""Draws an index with its choices: any block, alone; and scores it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cityindex.engine import Inputs, run
from cityindex.engine.inputs import Labels
from cityindex.errors import CityIndexError, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Plan
from cityindex.robustness._base import Base, Variant
from cityindex.robustness._changes import touched
from cityindex.robustness._draws import Block, IntArray, block_size, stream
from cityindex.robustness._scoring import Fast, published_of
from cityindex.robustness.choices import Choice, LeaveOut, Methods
from cityindex.robustness.data_choices import Bootstrap

__all__ = ["Sampler", "Scored", "sampler_of"]


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of a block: carried and published, draws × units; and the draws that failed, with the reason."""

    carried: FloatArray
    published: FloatArray
    failed: Mapping[int, str]

    def ranked(self, base: Base) -> FloatArray:
        """The scores that are ranked, published or carried as the spec says."""
        return self.published if base.group.rank.of == "published" else self.carried


@dataclass(frozen=True, eq=False)
class Sampler:
    """An index, what may differ, and a seed."""

    base: Base
    choices: tuple[Choice, ...]
    seed: int
    size: int
    _fast: dict[tuple[Any, ...], Fast] = field(default_factory=dict)

    def block(self, number: int, count: int | None = None, samples: Sequence[int] | None = None) -> Block:
        """A block of draws; `samples`: for each choice, which of several independent samples it comes from.

        All of the block is drawn, and the first `count` kept: a draw depends on its number alone.
        """
        block = Block(number * self.size, self.size)
        for place, choice in enumerate(self.choices):
            sample = 0 if samples is None else samples[place]
            choice.draw(self.base, stream(self.seed, place, number, sample), block)
        return block if count is None or count == self.size else block.head(count)

    def picked(self, label: str, pick: int) -> Any:
        """What a choice between alternatives picked: the alternative, the node left out, the number of the set."""
        choice = next(each for each in self.choices if each.label == label)
        if isinstance(choice, Methods):
            return choice.alternatives[pick]
        if isinstance(choice, LeaveOut):
            return choice.nodes[pick] if pick >= 0 else None
        return pick

    # -- scoring --------------------------------------------------------------------------------------------------

    def score(self, block: Block) -> Scored:
        """Score every draw of a block; those that share alternatives together."""
        alike = list(self._alike(block))
        if len(alike) == 1:
            return self._score_alike(block, *alike[0])
        units = self.base.inputs.units
        carried, published = np.full((2, block.count, units), np.nan)
        failed: dict[int, str] = {}
        for key, rows in alike:
            part = self._score_alike(block, key, rows)
            carried[rows], published[rows] = part.carried, part.published
            failed |= part.failed
        return Scored(carried, published, failed)

    def _score_alike(self, block: Block, key: tuple[int, ...], rows: IntArray) -> Scored:
        """Score draws that have the same alternatives: at once where that can be, else one by one."""
        try:
            variant = self._variant(key)
        except CityIndexError as error:
            nothing = np.full((len(rows), self.base.inputs.units), np.nan)
            return Scored(nothing, nothing, {block.first + int(row): str(error) for row in rows})
        fast = self._fast_of(key, variant, frozenset(block.weights))
        if fast.fits and not block.noise and block.rows is None:
            weights = {name: own[rows] for name, own in block.weights.items()}
            with suppress(CityIndexError):  # some draw cannot be scored: which of them, and why, is seen one by one
                carried = fast.scores(self._kept(variant, weights), len(rows))
                return Scored(carried, published_of(self.base, variant, carried), {})
        carried, published = np.full((2, len(rows), self.base.inputs.units), np.nan)
        failed: dict[int, str] = {}
        for place, row in enumerate(rows):
            try:
                carried[place], published[place] = self._one(block, int(row), variant)
            except CityIndexError as error:
                failed[block.first + int(row)] = str(error)
        return Scored(carried, published, failed)

    def _alike(self, block: Block) -> Iterator[tuple[tuple[int, ...], IntArray]]:
        """The draws of a block by what was picked for the choices between alternatives."""
        picking = [choice for choice in self.choices if isinstance(choice, Methods | LeaveOut)]
        if not picking:
            yield (), np.arange(block.count)
            return
        table = np.column_stack([block.picks[choice.label] for choice in picking])
        keys, which = np.unique(table, axis=0, return_inverse=True)
        for place, key in enumerate(keys):
            yield tuple(int(pick) for pick in key), np.flatnonzero(which.reshape(-1) == place)

    def _variant(self, key: tuple[int, ...]) -> Variant:
        if not key:
            return self.base.nominal
        picking = [choice for choice in self.choices if isinstance(choice, Methods | LeaveOut)]
        changes = [
            _change(choice, pick) for choice, pick in zip(picking, key, strict=True) if isinstance(choice, Methods)
        ]
        gone = [
            choice.nodes[pick]
            for choice, pick in zip(picking, key, strict=True)
            if isinstance(choice, LeaveOut) and pick >= 0
        ]
        return self.base.variant(("picked", *key), changes, gone)

    def _fast_of(self, key: tuple[int, ...], variant: Variant, weighed: frozenset[str]) -> Fast:
        if key not in self._fast:
            self._fast[key] = Fast(self.base, variant, weighed & set(variant.groups))
        return self._fast[key]

    def _kept(self, variant: Variant, weights: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Weights of the groups and children that the variant has: those of a child left out are gone."""
        kept = {}
        for name, own in weights.items():
            if name in variant.groups:
                before, now = self.base.nominal.groups[name].children, variant.groups[name].children
                kept[name] = own if before == now else own[..., [before.index(child) for child in now]]
        return kept

    def _one(self, block: Block, row: int, variant: Variant) -> tuple[FloatArray, FloatArray]:
        """One draw through the engine: other data, other rows to learn from, weights that cannot be drawn at once."""
        weights = self._kept(variant, {name: own[row] for name, own in block.weights.items()})
        plan = variant.weighted(weights) if weights else variant.plan
        inputs = _noisy(self.base.inputs, block, row)
        learned = self.base.held
        if block.rows is not None:
            learned = run(_learning(plan), _taken(inputs, block.rows.of(row))).learned
        outcome = run(plan, inputs, learned)
        node = self.base.node
        return outcome.column(plan, node, "carried"), outcome.column(plan, node, "published")


def _noisy(inputs: Inputs, block: Block, row: int) -> Inputs:
    """The table with what one draw adds to it."""
    if not block.noise:
        return inputs
    values = dict(inputs.values)
    for noise in block.noise:
        for name, error in noise.of(row).items():
            values[name] = values[name] + error
    return replace(inputs, values=values)


def _change(choice: Methods, pick: int) -> Any:
    return lambda spec: choice.change(spec, pick)


def _learning(plan: Plan) -> Plan:
    """The plan as it learns from every row that it is shown: those of the reference were chosen before."""
    return replace(plan, spec=replace(plan.spec, reference=None)) if plan.spec.reference else plan


def _taken(inputs: Inputs, rows: IntArray) -> Inputs:
    """Some rows of the table, perhaps several times."""

    def of(columns: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        return {name: column[rows] for name, column in columns.items()}

    labels: dict[str, Labels] = {name: own.take(rows) for name, own in inputs.labels.items()}
    names = [inputs.name(int(row)) for row in rows]
    return Inputs(len(rows), of(inputs.values), of(inputs.per), labels, names)


def sampler_of(base: Base, choices: Any, seed: int) -> Sampler:
    """A sampler, once every choice was checked against the index.

    Raises
    ------
    ScoreError
        No choices; two of the same name, or two that weigh the same group.
    """
    listed = tuple(choices) if isinstance(choices, list | tuple) else (choices,)
    if not listed:
        raise ScoreError("nothing varies: say what may differ, such as vary.weights(factor=0.25)")
    labels = [getattr(choice, "label", None) for choice in listed]
    for choice, label in zip(listed, labels, strict=True):
        if label is None or not hasattr(choice, "draw"):
            raise ScoreError(f"{choice!r} is no choice: the functions of cityindex.vary make them")
        if labels.count(label) > 1:
            raise ScoreError(f"two choices are called {label!r}: give one another label")
        choice.check(base)
    _one_each(base, listed)
    return Sampler(base, listed, seed, block_size(base.inputs.units))


def _one_each(base: Base, choices: Sequence[Choice]) -> None:
    """Nothing is chosen twice, so that no choice undoes another: methods, weights, rows to learn from."""
    changed: dict[tuple[str, str, str | None], str] = {}
    for choice in choices:
        for node, key, place in touched(base.spec, choice.path) if isinstance(choice, Methods) else ():
            others = [place, None] if place is not None else [own[2] for own in changed if own[:2] == (node, key)]
            for other in others:
                if (node, key, other) in changed:
                    told = f"{changed[node, key, other]!r} and by {choice.label!r}"
                    raise ScoreError(f"{node}.{key} is chosen by {told}")
            changed[node, key, place] = choice.label
    owner = {node: label for (node, key, _), label in changed.items() if key == "weights"}
    for choice in choices:
        block = Block(0, 1)
        if isinstance(choice, Methods | LeaveOut | Bootstrap):
            continue
        choice.draw(base, np.random.default_rng(0), block)
        for name in block.weights:
            if name in owner:
                raise ScoreError(f"the weights of {name} are drawn by {owner[name]!r} and by {choice.label!r}")
            owner[name] = choice.label
    if sum(isinstance(choice, Bootstrap) for choice in choices) > 1:
        raise ScoreError("the reference is resampled by two choices")
