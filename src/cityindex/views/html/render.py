"""From plain values to the HTML of a card: the templates, and what they show numbers with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.views.html.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["LISTED", "SHOWN", "mark", "number", "outward", "percent", "render", "short", "signed", "span", "tones"]

SHOWN = 20  # rows of a long table; those after them are folded
LISTED = 300  # rows altogether
RAMP = ((0, 114, 178), (86, 180, 233), (153, 153, 153), (230, 159, 0), (213, 94, 0))  # after Okabe and Ito


def number(value: Any, digits: int = 6) -> str:
    """A number with so many significant digits, and all of those before the point; a dash where there is none.

    >>> number(43.80), number(float("nan")), number(-3.0), number(12345678.9)
    ('43.8', '—', '−3', '12345679')
    """
    if value is None or value != value:
        return "—"
    value = float(value)
    text = f"{value:.0f}" if 10**digits <= abs(value) < 1e15 else f"{value:.{digits}g}"
    return text.replace("-", "\N{MINUS SIGN}", 1) if value < 0 else text


def outward(now: float, value: float) -> str:
    """A number that has to be reached, rounded away from what it is now.

    >>> outward(85, 86.48934), outward(-2, -3.5)
    ('86.4894', '−3.5')
    """
    from cityindex.gap.text import outward

    return number(float(outward(now, value)))


def short(value: Any) -> str:
    """A number with four significant digits, to be read beside others.

    >>> short(3227.625), short(0.434467), short(1250000)
    ('3228', '0.4345', '1250000')
    """
    return number(value, 4)


def signed(value: float, digits: int = 4) -> str:
    """A difference with its sign.

    >>> signed(1.234567), signed(-2)
    ('+1.235', '−2')
    """
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)


def percent(value: float | None, digits: int = 4) -> str:
    """A share in per cent; nothing where there is none.

    >>> percent(0.225), percent(None)
    ('22.5%', '')
    """
    return "" if value is None or value != value else f"{number(value * 100, digits)}%"


def span(low: float, high: float, ends: tuple[float, float]) -> str:
    """The style that places low to high within the ends of a bar; nothing where there are no numbers.

    >>> span(2, 5, (0, 10))
    'left:20%;width:30%'
    """
    width = ends[1] - ends[0]
    if not np.isfinite([low, high, *ends]).all() or width <= 0:
        return "display:none"
    left, right = (min(max((end - ends[0]) / width * 100, 0), 100) for end in sorted((low, high)))
    return f"left:{left:.3g}%;width:{right - left:.3g}%"


def mark(at: float, ends: tuple[float, float]) -> str:
    """The style that places a line of 2 pixels within the ends of a bar, whole at either end.

    >>> mark(5, (0, 10)), mark(10, (0, 10))
    ('left:calc(50% - 1px)', 'left:calc(100% - 2px)')
    """
    if not np.isfinite([at, *ends]).all() or ends[1] <= ends[0]:
        return "display:none"
    share = min(max((at - ends[0]) / (ends[1] - ends[0]), 0), 1)
    return f"left:calc({share * 100:.3g}% - {share * 2:.3g}px)"


def tones(labels: Sequence[str]) -> dict[str, str]:
    """A style for each tier, the best first: blue to vermilion, readable on light and on dark."""
    found = {}
    for place, label in enumerate(labels):
        at = place / max(len(labels) - 1, 1) * (len(RAMP) - 1)
        low = min(int(at), len(RAMP) - 2)
        pairs = zip(RAMP[low], RAMP[low + 1], strict=True)
        red, green, blue = (round(start + (end - start) * (at - low)) for start, end in pairs)
        ink = "#fff" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "#000"
        found[label] = f"background:#{red:02x}{green:02x}{blue:02x};color:{ink}"
    return found


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "short": short, "signed": signed, "percent": percent}
    environment.globals |= {"span": span, "mark": mark, "outward": outward, "SHOWN": SHOWN}
    return environment


def render(template: str, words: Words, **values: Any) -> str:
    """A card from its template."""
    return _environment().get_template(f"{template}.html").render(w=words, **values)
