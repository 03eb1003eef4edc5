"""One run: every block and every group in order, then the tiers; all problems are told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cityindex._registry import keywords
from cityindex.engine.beyond import Beyond
from cityindex.engine.groups import run_group, run_siblings
from cityindex.engine.inputs import Inputs, rows_where
from cityindex.engine.learned import Learned
from cityindex.engine.leaves import run_block
from cityindex.engine.stages import Context
from cityindex.engine.state import Settled, State
from cityindex.errors import DomainError, Problem, ScoreError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.plan import Plan
from cityindex.spec.model import Call, Group, Tiers

__all__ = ["Outcome", "find_cuts", "run"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run leaves behind.

    Attributes
    ----------
    carried
        Nodes × units, in the plan's order of rows.
    published
        Node id → its published column, where it is not the carried one.
    learned
        What was learned, or what was given.
    settled
        Group id → what was done about missing children.
    units
        How many rows were learned from.
    untiered
        Group id → why the reference gives no cuts for its tiers (too few different scores).
    beyond
        The numbers that came to steps outside their range, where that was asked for.
    """

    carried: FloatArray
    published: Mapping[str, FloatArray]
    learned: Learned
    settled: Mapping[str, Settled]
    units: int
    untiered: dict[str, str] = field(default_factory=dict)
    beyond: Sequence[Beyond] = ()

    def column(self, plan: Plan, node: str, of: str = "published") -> FloatArray:
        """One node's published or carried column."""
        if of == "published" and node in self.published:
            return self.published[node]
        row: FloatArray = self.carried[plan.row[node]]
        return row


def run(plan: Plan, inputs: Inputs, learned: Learned | None = None, *, watch: bool = False) -> Outcome:
    """Run a plan; learn everything relative on the way where `learned` is None.

    With `watch` the outcome tells the numbers that lay beyond the range of a step.

    Raises
    ------
    ScoreError
        With every problem of the run: cells missing where they are refused, numbers outside a method's domain,
        labels that were not learned, by unit and node.
    """
    fresh = learned is None
    reference = rows_where(inputs, plan.spec.reference) if fresh else None
    if reference is not None and reference.all():
        reference = None
    if fresh and (inputs.units if reference is None else int(reference.sum())) == 0:
        where = f" where {dict(plan.spec.reference)}" if plan.spec.reference else ""
        raise ScoreError(f"there are no rows to learn from{where}: give reference rows, or a calibration")
    context = Context(inputs, reference, [] if watch else None)
    known = learned if learned is not None else Learned()
    state = State.empty(len(plan.ids), inputs.units)
    groups = {task.id: task for task in plan.groups}
    with np.errstate(all="ignore"):  # infinite results are looked for and reported by name
        for block in plan.blocks:
            run_block(block, plan, context, state, known, fresh=fresh)
        for siblings in plan.siblings:
            if len(siblings) > 1 and run_siblings(siblings, context, state):
                continue
            for task in siblings:
                run_group(task, plan, context, state, known, groups, fresh=fresh)
    rows = inputs.units if reference is None else int(reference.sum())
    outcome = Outcome(state.nodes, state.published, known, state.settled, rows, beyond=tuple(context.beyond or ()))
    if not context.problems:
        for name in plan.ids:  # groups that enter with their carried values have tiers too
            node = plan.spec.nodes[name]
            if isinstance(node, Group) and node.tiers is not None and node.tiers.call.name != "cuts":
                if fresh:
                    _learn_cuts(node, node.tiers, plan, outcome, context)
                elif name not in known.tiers:
                    outcome.untiered[name] = "the calibration holds no cuts: it was learned from too few scores"
    if context.problems:
        raise ScoreError(context.problems, summary=f"{plan.spec.id} cannot be scored:")
    return outcome


def _learn_cuts(group: Group, tiers: Tiers, plan: Plan, outcome: Outcome, context: Context) -> None:
    """The cuts of a tiering that looks at the scores of the reference (those written in the spec stay there)."""
    cuts, untiered = find_cuts(group, tiers, context.refer(outcome.column(plan, group.id, group.rank.of)), context)
    if untiered:
        outcome.untiered[group.id] = untiered
    elif cuts is not None:
        outcome.learned.tiers[group.id] = cuts


def find_cuts(group: Group, tiers: Tiers, ref: FloatArray, context: Context) -> tuple[FloatArray | None, str]:
    """The cuts that a tiering finds among the scores of the reference, best first; or why there are none to be had.

    What else stands in the way is told to the context.
    """
    sign = 1.0 if group.rank.first == "highest" else -1.0
    try:
        cuts = tiers.call.method.function(sign * ref, **keywords(tiers.call.method.function, tiers.call.settings))
    except DomainError as error:
        if _too_few(tiers.call, ref):  # the scores stand all the same
            return None, f"{error.reason}; a calibration of more units would hold cuts"
        context.report(error, (group.id,), tiers.call)
        return None, ""
    if tiers.labels is not None and len(cuts) != len(tiers.labels) - 1:
        found = f"{tiers.call.name} finds {len(cuts) + 1} tiers here, and {len(tiers.labels)} labels are given"
        context.problems.append(Problem(found, group.id))
        return None, ""
    return sign * np.asarray(cuts, dtype=np.float64), ""


def _too_few(call: Call, ref: FloatArray) -> bool:
    """Whether there are too few scores for a tiering, whatever else it has against them."""
    scores = ref[np.isfinite(ref)]
    settings = call.settings
    if settings.get("sizes") is not None:
        return bool(len(scores) < sum(settings["sizes"]))
    at = settings.get("at")
    wanted = len(at) + 1 if at is not None else settings.get("count", 2)
    return bool(len(np.unique(significant(scores))) < wanted)
