"""Identification of what lies in files: an index with published tables, or a table of a user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cityindex.auditing.identify import Identification, identify_weights
from cityindex.catalog import folder, open_spec
from cityindex.errors import TableError, nearest
from cityindex.spec.model import Spec

__all__ = ["identify_index", "identify_table"]


def identify_index(target: str | Path, *, node: str | None = None, **options: Any) -> Identification:
    """The weights of a group of an index, from the published tables of the group and of its children.

    Parameters
    ----------
    target
        The id of a shipped index, or a folder with ``spec.yaml`` and ``published/``; the tables are named by the nodes
        they print, and have the columns ``name`` and ``score``.
    node
        The group; None: the root.
    options
        Those of `identify_weights`. Whoever is absent from a child's list scores at most its last score; nobody scores
        below 0, unless ``floor`` says otherwise.

    Raises
    ------
    TableError
        Where the table of the group or of a child is not published, or has no names and scores.

    Examples
    --------
    >>> found = identify_index("tech-capability-2021")
    >>> found.equal, [(each.step, each.count) for each in found.schemes]
    (True, [(1, 1), (5, 1), (10, 0)])
    """
    import pandas as pd

    spec = open_spec(target)
    group = spec.index if node is None else spec[node]
    children = [child.id for child in getattr(group, "children", ())]
    if len(children) < 2:
        raise TableError(f"{spec.id}: {group.id} has no weights to be found: it has {len(children)} children")
    tables = _published(Path(target) if Path(target).is_dir() else folder(str(target)))
    lists = {name: _scores(tables, name, spec) for name in (group.id, *children)}
    total = lists.pop(group.id)
    parts = pd.DataFrame(lists).reindex(total.index)
    ends = {
        child: float(scores.iloc[-1]) for child, scores in lists.items() if not set(total.index) <= set(scores.index)
    }
    return identify_weights(parts, total, **{"ends": ends, "floor": 0.0, **options})


def _published(place: Path) -> dict[str, Any]:
    """The published tables of a folder, by name; every cell as it is printed."""
    import pandas as pd

    paths = sorted((place / "published").glob("*.csv"))
    return {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths}


def _scores(tables: dict[str, Any], name: str, spec: Spec) -> Any:
    """The printed scores of a node by unit, as text, from the best down."""
    if name not in tables:
        raise TableError(
            f"{spec.id} has no published table of {name}: its scores are needed, in published/{name}.csv with the "
            f"columns name and score.{nearest(name, tables)}"
        )
    table = tables[name]
    lacking = [column for column in ("name", "score") if column not in table.columns]
    if lacking:
        raise TableError(f"published/{name}.csv has no column {lacking[0]!r}.{nearest(lacking[0], table.columns)}")
    scores = table.set_index("name")["score"]
    scores = scores[scores.str.strip() != ""]
    return scores.iloc[(-scores.astype(float)).argsort(kind="stable")]


def identify_table(path: str | Path, *, total: str, key: str | None = None, **options: Any) -> Identification:
    """The weights behind a table of printed sub-scores and totals: one row a unit, one column a sub-score.

    Parameters
    ----------
    path
        A table (what `read_table` takes).
    total
        The column of the totals.
    key
        The column that names the units; None: the first one.
    options
        Those of `identify_weights`.

    Raises
    ------
    TableError
        Where there is no such column, or cells are no numbers.
    """
    import pandas as pd

    from cityindex.table import read_table

    table = read_table(path)
    columns = list(table.columns)
    key = columns[0] if key is None else key
    for name in (key, total):
        if name not in columns:
            raise TableError(f"{Path(path).name} has no column {name!r}.{nearest(name, columns)}")
    texts = {column: table.text(column).tolist() for column in columns}
    index = pd.Index(texts.pop(key), name=key)
    totals = pd.Series(texts.pop(total), index=index)
    return identify_weights(pd.DataFrame(texts, index=index), totals, **options)
