"""The table of what treatments of outliers moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cityindex.engine.moved import moves

if TYPE_CHECKING:
    from cityindex.result import Result

__all__ = ["treated_frame"]


def treated_frame(result: Result) -> pd.DataFrame:
    """The table that `Result.treated` gives."""
    rows: list[dict[str, Any]] = []
    for part in result.parts:
        for move in moves(part.plan, part.outcome, part.inputs):
            if move.bent:
                period = {} if result.periods is None else {result.names["period"]: "every"}
                told = {"node": move.node, "step": move.step, "before": float("nan"), "after": float("nan")}
                rows.append({result.names["key"]: "every unit"} | period | told)
            for row, before, after in zip(part.rows[move.rows], move.before, move.after, strict=True):
                period = {} if result.periods is None else {result.names["period"]: result.periods[row]}
                rows.append(
                    {result.names["key"]: result.units[row]}
                    | period
                    | {"node": move.node, "step": move.step, "before": float(before), "after": float(after)}
                )
    if rows:
        return pd.DataFrame(rows)
    periods = [] if result.periods is None else [result.names["period"]]
    return pd.DataFrame(columns=[result.names["key"], *periods, "node", "step", "before", "after"])
