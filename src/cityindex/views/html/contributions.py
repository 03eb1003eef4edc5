"""The card of contributions: what each score is made of, as stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.views.html.render import LISTED, render

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.contributions import Contributions
    from cityindex.views.html.words import Words

__all__ = ["card"]

TONES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b9a800", "#999999")  # after Okabe and Ito


def card(split: Contributions, words: Words) -> str:
    """The card of contributions."""
    bands = _bands(split.values)
    order = np.argsort(-split.total.to_numpy(), kind="stable")[:LISTED]
    values = bands.to_numpy()[order]
    totals = split.total.to_numpy()[order]
    ends = (float(np.nanmin(np.where(values < 0, values, 0).sum(axis=1), initial=0.0)),
            float(np.nanmax(np.where(values > 0, values, 0).sum(axis=1), initial=0.0)))  # fmt: skip
    names = [_unit(bands.index[row], split.labels[row] if split.labels else None) for row in order]
    return render(
        "contributions",
        words,
        split=split,
        kinds=_kinds(split),
        title=words.title(split.spec.title or split.spec.index.title) or split.spec.id,
        node="" if split.node == split.spec.index.id else _title(split, split.node, words),
        names={path: _title(split, name, words) for path, name in _short([str(n) for n in bands.columns]).items()},
        bands=list(zip(bands.columns, TONES, strict=False)),
        rows=[
            (name, total, own.tolist(), _stack(own, ends))
            for name, total, own in zip(names, totals.tolist(), values, strict=True)
        ],
        ends=ends,
        total=len(split.values),
    )


def _kinds(split: Contributions) -> str:
    """How the groups were split: in a word where it is one for all."""
    kinds = set(split.decomposition.values())
    if len(kinds) == 1:
        return kinds.pop()
    return ", ".join(f"{group} {kind}" for group, kind in split.decomposition.items() if kind != "additive")


def _bands(values: pd.DataFrame) -> pd.DataFrame:
    """The columns of a stack: paths, or what they begin with where they are many; the smallest together."""
    found = values
    if values.shape[1] > len(TONES):
        heads = [str(path).split("/", 1)[0] for path in values.columns]
        found = values.T.groupby(heads, sort=False).sum(min_count=1).T
    if found.shape[1] > len(TONES):
        large = found.abs().mean().sort_values(ascending=False, kind="stable").index[: len(TONES) - 1]
        kept = [column for column in found.columns if column in set(large)]
        others = found.drop(columns=kept).sum(axis=1, min_count=1)
        found = found[kept].assign(**{"…": others})
    return found


def _short(paths: list[str]) -> dict[str, str]:
    """The last name of each path, where no two are alike."""
    last = [path.rsplit("/", 1)[-1] for path in paths]
    return dict(zip(paths, last if len(set(last)) == len(last) else paths, strict=True))


def _title(split: Contributions, name: str, words: Words) -> str:
    """The title of a node, or its id (a path stays as it is)."""
    node = split.spec.nodes.get(name)
    return name if node is None else words.title(node.title) or name


def _unit(key: Any, label: str | None) -> str:
    """What a row is called, with its period where there are several."""
    return f"{label or key[0]} ({key[1]})" if isinstance(key, tuple) else label or str(key)


def _stack(values: Any, ends: tuple[float, float]) -> list[tuple[str, float, float]]:
    """Tone, beginning and end of each band: those below 0 to the left, the others to the right."""
    reached = {False: 0.0, True: 0.0}
    found = []
    for value, tone in zip(values.tolist(), TONES, strict=False):
        if value != value or value == 0:
            continue
        start = reached[value < 0]
        reached[value < 0] = start + value
        found.append((tone, min(start, start + value), max(start, start + value)))
    return found if ends[1] > ends[0] else []
