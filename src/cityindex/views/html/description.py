"""The card of a description: each indicator with its spread, and what asks for a second look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityindex.views.html.render import LISTED, render

if TYPE_CHECKING:
    from cityindex.describing import Description
    from cityindex.views.html.words import Words

__all__ = ["card"]

LINES = 20  # lines of one section


def card(description: Description, words: Words) -> str:
    """The card of a description."""
    spec = description.spec
    columns = description.columns()
    rows: list[dict[str, Any]] = []
    for node, row in columns.iterrows():
        entry = {str(key): value for key, value in row.items()}
        flags = words["semicolon"].join(words.said(flag) for flag in str(row["flags"]).split("; ") if flag)
        rows.append(entry | {"node": str(node), "title": words.title(spec[str(node)].title), "flags": flags})
    rows.sort(key=lambda row: not row["flags"])
    counts = description.availability()
    gaps = counts[counts["missing"] > 0].sort_values("share", kind="stable")
    alpha = description.alpha()
    which = "alpha" if description.result is not None else "standardised"
    alpha = alpha[alpha[which].notna()].sort_values(which)
    return render(
        "description",
        words,
        spec=spec,
        title=words.title(spec.title),
        units=len(description),
        missing=(int(counts["missing"].sum()), int(counts["indicators"].sum())),
        rows=rows[:LISTED],
        total=len(rows),
        pairs=[words.said(said) for said in description.flags()["words"]],
        alpha=[(str(group), float(row[which]), int(row["children"])) for group, row in alpha.iterrows()],
        gaps=[
            (_unit(unit), int(row["available"]), int(row["indicators"]), float(row["share"]))
            for unit, row in gaps.head(LINES).iterrows()
        ],
        thin=len(gaps),
        lines=LINES,
        notes=description.notes,
    )


def _unit(label: Any) -> str:
    return f"{label[0]} ({label[1]})" if isinstance(label, tuple) else str(label)
