"""What the index is: its facts, and its tree with weights and where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cityindex.part import Part
from cityindex.spec.model import Call, Group, Node, Spec, Use
from cityindex.views.report.subject import Subject
from cityindex.views.report.words import Voice

__all__ = ["Branch", "Tree", "every_call", "facts", "remarks", "trees"]


class Branch(NamedTuple):
    """One node of a tree as it is shown."""

    id: str
    title: str
    weight: str
    overall: str
    provenance: str
    remarks: tuple[str, ...]
    note: str
    children: tuple[Branch, ...]


class Tree(NamedTuple):
    """A whole tree, under a heading of its own where there are several."""

    heading: str
    root: Branch


def facts(subject: Subject) -> Iterator[tuple[str, str]]:
    """What is known of the index as a whole: a word and a text each."""
    voice, spec, result = subject.voice, subject.result.spec, subject.result
    if spec.edition:
        yield voice.word("edition"), spec.edition
    for source in spec.source:
        yield voice.word("source"), voice.text(source)
    if spec.note is not None:
        yield voice.word("note"), voice.text(spec.note)
    count, kind = f"{len(subject.rows):,}", spec.unit.kind
    yield voice.word("units"), count if kind == "unit" else voice.bracketed(count, voice.unit(kind))
    yield voice.word("indicators"), f"{len(spec.indicators):,}"
    yield voice.word("groups"), f"{len(spec.groups):,}"
    yield voice.word("data"), result.table.source
    if subject.period is not None:
        others = voice.word("other_periods", voice.listed(subject.others, 30)) if subject.others else ""
        yield voice.word("period"), " · ".join(part for part in (subject.period, others) if part)


def trees(subject: Subject) -> list[Tree]:
    """The tree of each edition, and of each side result."""
    voice, result = subject.voice, subject.result
    weights = result.weights
    found = []
    for part in result.parts:
        own = weights[weights["edition"] == (part.period or "")] if "edition" in weights else weights
        for place, root in enumerate(part.plan.spec.roots):
            own_word = voice.word("edition_of", part.period) if part.period else voice.word("edition_rest")
            words = [own_word] if len(result.parts) > 1 else []
            words += [voice.word("side")] if place else []
            rows = own[own["root"] == root.id].set_index("path")[["local", "global"]]
            known = {str(path): (float(local), float(share)) for path, local, share in rows.itertuples()}
            found.append(Tree(" · ".join(words), _branch(voice, part, root, None, (), known)))
    return found


def _branch(
    voice: Voice,
    part: Part,
    child: Node | Use,
    parent: Group | None,
    path: tuple[str, ...],
    known: Mapping[str, tuple[float, float]],
) -> Branch:
    spec = part.plan.spec
    node = spec.nodes[child.id]
    local, share = known.get("/".join(path), (None, None))
    if local is None and child.weight is not None and parent is not None:
        local = float(child.weight)  # as written: the table entered the tree above
    below = child.children if isinstance(child, Group) else ()
    given = [voice.word("given")] if node.id in part.plan.given and not isinstance(child, Use) else []
    return Branch(
        id=node.id,
        title=voice.text(node.title),
        weight="" if local is None else voice.share(local),
        overall="" if share is None or len(path) < 2 else voice.share(share),
        provenance="" if parent is None else voice.provenance(spec.weight_provenance(parent.id, node.id)),
        remarks=(*given, *remarks(voice, spec, child)),
        note=voice.text(node.note),
        children=tuple(_branch(voice, part, each, node, (*path, each.id), known) for each in below),  # type: ignore[arg-type]  # a node with children is a group
    )


def remarks(voice: Voice, spec: Spec, child: Node | Use) -> Iterator[str]:
    """What a reader should know of a node besides its weight: its methods, and where they come from."""
    if isinstance(child, Use):
        yield voice.word("used")
        return
    node = spec.nodes[child.id]
    if isinstance(node, Group):
        named = _called(voice, spec, node, node.aggregate, "aggregate")
        yield named if node.children else voice.word("parts_unpublished")
    else:
        if node.measured_in is not None:
            yield voice.text(node.measured_in)
        if node.direction == "less":
            yield voice.word("less")
        if node.per is not None:
            yield voice.word("per", node.per)
        if node.value is not None:
            yield voice.word("constant", voice.number(node.value))
    yield from (_called(voice, spec, node, call, "steps") for call in node.steps)
    yield from (_called(voice, spec, node, call, "publish") for call in node.publish)
    if isinstance(node, Group) and node.tiers is not None:
        yield _called(voice, spec, node, node.tiers.call, "tiers")


def _called(voice: Voice, spec: Spec, node: Node, call: Call, key: str) -> str:
    """What a method is called, and where it comes from if no source prints it."""
    origin = spec.provenance_of(node.id, key)
    name = voice.method(call.kind, call.name)[0]
    return name if origin == "published" else voice.bracketed(name, voice.provenance(origin))


def every_call(node: Node) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The methods of a node: kind, name and options as written; those that a combination holds among them."""
    calls = [*node.steps, *node.publish]
    if isinstance(node, Group) and node.children:
        calls += [node.aggregate, node.missing]
        calls += [node.weights] if isinstance(node.weights, Call) else []
    if isinstance(node, Group) and node.tiers is not None:
        calls.append(node.tiers.call)
    for call in calls:
        within = {} if call.within is None else {"within": call.within}
        yield call.kind, call.name, {**call.options, **within}
        for each in call.settings.get("of") or () if call.name == "combined" else ():
            name, options = (each, {}) if isinstance(each, str) else next(iter(each.items()))
            yield "weighting", name, options if isinstance(options, Mapping) else {}
