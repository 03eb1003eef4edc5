"""Where an index learns: which step, imputation or weighting comes next, and the plan cut short before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cityindex.engine import Learned
from cityindex.errors import Problem, ScoreError
from cityindex.methods.missing import SIBLINGS
from cityindex.plan import Block, GroupTask, Plan
from cityindex.scale.needs import refusal
from cityindex.spec.model import Call, Group, Spec

__all__ = [
    "Site",
    "check_reducible",
    "cut_short",
    "learns_tiers",
    "missing_learns",
    "open_sites",
    "task_of",
    "tasks_of",
]

Kind = Literal["steps", "publish", "missing", "weights"]


@dataclass(frozen=True, slots=True)
class Site:
    """One thing to be learned: a stage of the nodes that share it, or the imputed values or weights of a group.

    `key` is the id of the group, or of the first node of a block.
    """

    kind: Kind
    key: str
    place: int = 0


def check_reducible(spec: Spec, plan: Plan) -> None:
    """Refuse, before any row is read, what cannot be learned by adding up blocks.

    Raises
    ------
    ScoreError
        Every such method, with the reason.
    """
    problems = []
    for task in tasks_of(plan):
        calls = [stage.call for stage in (*task.steps, *task.publish)]
        names = list(task.ids) if isinstance(task, Block) else [task.id]
        if isinstance(task, GroupTask):
            weights = task.group.weights
            calls += [task.group.aggregate, *([weights] if isinstance(weights, Call) else [])]
            calls += [task.group.missing] if missing_learns(task) else []
        told = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        problems += [Problem(f"{call.name} {why}", told) for call in calls if (why := refusal(call))]
    if problems:
        way = "Calibrate it in memory, on a sample or a reference, and score with calibration="
        raise ScoreError(problems, summary=f"{spec.id} cannot be calibrated block by block. {way}:")


def tasks_of(plan: Plan) -> tuple[Block | GroupTask, ...]:
    """The blocks of leaves, and the groups."""
    return (*plan.blocks, *plan.groups)


def missing_learns(task: GroupTask) -> bool:
    """Whether the rule for missing children learns what to fill in."""
    call = task.group.missing
    return call.name == "impute" and call.settings["use"] != SIBLINGS


def task_of(plan: Plan, site: Site) -> Block | GroupTask:
    """The block or the group that a site belongs to."""
    for task in tasks_of(plan):
        if site.key == (task.ids[0] if isinstance(task, Block) else task.id):
            return task
    raise KeyError(site.key)


def open_sites(plan: Plan, learned: Learned) -> list[Site]:
    """What can be learned in the next pass, given what was learned; empty where all is."""
    found: list[Site] = []
    done: set[str] = set()  # nodes whose carried value is known
    shown: set[str] = set()  # nodes whose published value is
    for block in plan.blocks:
        found += _stages(block, block.ids[0], learned)
        done.update(block.ids if _known(block, block.ids[0], "steps", learned) else ())
        shown.update(block.ids if _known(block, block.ids[0], "publish", learned) else ())
    for task in plan.groups:
        published = {task.children[place] for place in task.published}
        if not (set(task.children) <= done and published <= shown):
            continue
        door = _door(task, learned)
        if door is not None:
            found.append(door)
            continue
        found += _stages(task, task.id, learned)
        done.update([task.id] if _known(task, task.id, "steps", learned) else [])
        shown.update([task.id] if _known(task, task.id, "publish", learned) else [])
    return found


def _door(task: GroupTask, learned: Learned) -> Site | None:
    """What a group has to learn before it can be aggregated."""
    if missing_learns(task) and task.id not in learned.missing:
        return Site("missing", task.id)
    if task.weights is None and task.id not in learned.weights:
        return Site("weights", task.id)
    return None


def _known(task: Block | GroupTask, key: str, kind: str, learned: Learned) -> bool:
    steps = len(learned.steps.get(key, ())) == len(task.steps)
    return steps and (kind == "steps" or len(learned.publish.get(key, ())) == len(task.publish))


def _stages(task: Block | GroupTask, key: str, learned: Learned) -> Iterator[Site]:
    """The first stage that was not learned yet."""
    at = len(learned.steps.get(key, ()))
    if at < len(task.steps):
        yield Site("steps", key, at)
    elif (at := len(learned.publish.get(key, ()))) < len(task.publish):
        yield Site("publish", key, at)


def cut_short(plan: Plan, learned: Learned, sites: list[Site]) -> Plan:
    """The plan up to what is known, and only as much of it as the sites stand on."""
    needed = _below(plan, sites)
    blocks = [_cut_block(block, learned) for block in plan.blocks if needed.intersection(block.ids)]
    waiting = {site.key for site in sites if site.kind in ("missing", "weights")}
    groups = [_cut_group(task, learned) for task in plan.groups if task.id in needed and task.id not in waiting]
    return replace(plan, blocks=tuple(blocks), siblings=tuple((task,) for task in groups))


def _below(plan: Plan, sites: list[Site]) -> set[str]:
    """The nodes of the sites and everything under them."""
    children = {task.id: task.children for task in plan.groups}
    needed: set[str] = set()
    waiting = [site.key for site in sites]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += children.get(name, ())
    return needed


def _cut_block(block: Block, learned: Learned) -> Block:
    key = block.ids[0]
    return replace(
        block,
        steps=block.steps[: len(learned.steps.get(key, ()))],
        publish=block.publish[: len(learned.publish.get(key, ()))],
    )


def _cut_group(task: GroupTask, learned: Learned) -> GroupTask:
    return replace(
        task,
        steps=task.steps[: len(learned.steps.get(task.id, ()))],
        publish=task.publish[: len(learned.publish.get(task.id, ()))],
    )


def learns_tiers(spec: Spec, name: str) -> bool:
    """Whether a node has tiers whose cuts are learned."""
    node = spec.nodes[name]
    return isinstance(node, Group) and node.tiers is not None and node.tiers.call.name != "cuts"
