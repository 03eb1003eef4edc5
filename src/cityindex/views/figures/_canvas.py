"""What every figure shares: axes, a heading with a small line under it, colours, a legend, and fonts at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cityindex._values import width_of
from cityindex.errors import DependencyError, ScoreError
from cityindex.views.figures._words import wrapped
from cityindex.views.fonts import families_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["BLUE", "GREY", "INK", "ORANGE", "PALE", "axes", "colours", "finish", "heading", "ladder", "legend"]

BLUE, ORANGE, YELLOW = "#0072B2", "#E69F00", "#F0E442"
INK, GREY, PALE = "#222222", "#767676", "#DCDCDC"
OKABE_ITO = (BLUE, ORANGE, "#009E73", "#CC79A7", "#56B4E9", "#D55E00", YELLOW, "#4D4D4D")


def axes(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes to draw in: those that are given, or a figure of its own."""
    try:
        import matplotlib.pyplot as plt
        from matplotlib.axes import Axes
    except ImportError:
        raise DependencyError("figures need matplotlib: pip install 'cityindex[plot]'") from None
    if ax is None:
        return plt.subplots(figsize=(width, min(height, 60.0)), layout="constrained")[1]
    if not isinstance(ax, Axes):
        raise ScoreError(f"ax: the axes of a matplotlib figure are wanted, not a {type(ax).__name__}")
    return ax


def heading(ax: Axes, title: str, caption: str = "", *, above: float = 0.0) -> None:
    """A title at the left, and under it a small line that says what is shown; on several lines where they are long."""
    pad = above + 8
    if caption:
        place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}
        under = ax.annotate(caption, (0, 1), xytext=(0, above + 7), fontsize=8.5, color=GREY, **place)
        _fold(ax, under, 2)
        pad += 14 + 10.5 * under.get_text().count("\n")
    _fold(ax, ax.set_title(title, loc="left", fontsize=12, fontweight="bold", color=INK, pad=pad), 4)


def _fold(ax: Axes, text: Text, lines: int) -> None:
    """Break a text that begins at the left of the axes where their figure, or the axes beside them, would cut it."""
    finish(ax)
    whole = text.get_text()
    if text.get_window_extent().width < 0.4 * ax.get_window_extent().width:
        return  # there is room for it wherever the layout puts the axes
    figure = ax.get_figure(root=False)
    assert figure is not None
    inches(ax)
    own, others = ax.get_window_extent(), [other.get_window_extent() for other in figure.axes]
    beside = any(other.x0 >= own.x1 and other.y0 < own.y1 and other.y1 > own.y0 for other in others)
    room = (own.x1 if beside else figure.bbox.x1) - own.x0
    per_half = text.get_window_extent().width / max(width_of(whole), 1)
    text.set_text(wrapped(whole, max(int(room / per_half) - 1, 12), lines))


def inches(ax: Axes) -> tuple[float, float]:
    """How wide and high the axes are on the page, the layout settled."""
    figure = finish(ax).get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    extent = ax.get_window_extent()
    return extent.width / figure.dpi, extent.height / figure.dpi


def frameless(ax: Axes, *sides: str) -> None:
    """Take the frame away but for some sides; a light grid stays behind what is drawn."""
    for side, spine in ax.spines.items():
        spine.set_visible(side in sides)
        spine.set_color(PALE)
    ax.set_axisbelow(True)
    ax.tick_params(colors=INK, length=0, labelsize=9)


def colours(count: int, *, lines: bool = False) -> list[str]:
    """Colours for kinds that have no order: Okabe and Ito's, then shades of them; for lines without their yellow."""
    from matplotlib.colors import to_hex, to_rgb

    base = [one for one in OKABE_ITO if not (lines and one == YELLOW)]
    found = list(base)
    for share in (0.55, -0.4, 0.75):
        ends = 1.0 if share > 0 else 0.0
        for one in base:
            red, green, blue = (part + (ends - part) * abs(share) for part in to_rgb(one))
            found.append(to_hex((red, green, blue)))
    return [found[place % len(found)] for place in range(count)]


def ladder(count: int) -> list[str]:
    """Colours for ordered classes, the best first: dark to light, told apart in grey too."""
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    shades = mpl.colormaps["viridis"]
    return [to_hex(shades(0.12 + 0.78 * place / max(count - 1, 1))) for place in range(count)]


def on(colour: Any) -> str:
    """Black or white, whichever is read better on a colour."""
    from matplotlib.colors import to_rgb

    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else INK


def legend(ax: Axes, parts: Sequence[tuple[str, Sequence[tuple[Any, str]]]], *, below: bool = False) -> None:
    """A legend beside the axes (or below them): blocks of (handle, label), each under a small heading."""
    from matplotlib.patches import Patch

    handles: list[Any] = []
    labels: list[str] = []
    heads: list[int] = []
    for head, entries in parts:
        if not entries:
            continue
        if head:
            heads.append(len(handles))
            handles.append(Patch(alpha=0))
            labels.append(head)
        handles += [handle for handle, _ in entries]
        labels += [label for _, label in entries]
    if not handles:
        return
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)}
    if below:
        wide = max(map(width_of, labels)) > 16
        place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.17), "ncols": min(len(handles), 2 if wide else 3)}
    found = ax.legend(
        handles, [f"l{place}" for place in range(len(labels))], frameon=False, fontsize=8.5, handlelength=1.1, **place
    )
    for row, (text, label) in enumerate(zip(found.get_texts(), labels, strict=True)):
        text.set_text(wrapped(label, 26, 3))  # not as a label: those that begin with _ would be left out
        if row in heads:
            text.set_fontweight("bold")


def scale_bar(ax: Axes, shades: Any, label: str = "", *, shrink: float = 0.6, percent: bool = False) -> None:
    """The scale of a heat map or a map, beside it and never higher."""
    figure = ax.get_figure(root=False)
    assert figure is not None
    bar = figure.colorbar(shades, cax=ax.inset_axes((1.03, (1 - shrink) / 2, 0.035, shrink)))
    bar.ax.set_frame_on(False)
    bar.ax.tick_params(labelsize=8, length=0)
    bar.set_label(label, fontsize=8.5)
    for spine in bar.ax.spines.values():
        spine.set_visible(False)
    if percent:
        bar.ax.yaxis.set_major_formatter("{x:.0%}")
    finish(bar.ax)


def finish(ax: Axes) -> Axes:
    """Give every text a font that holds it, and take $ for a dollar."""
    from matplotlib.text import Text

    texts = [found for found in ax.findobj(Text) if isinstance(found, Text)]
    families = list(families_for(text.get_text() for text in texts))
    for text in texts:
        text.set_parse_math(False)
        if families:
            text.set_fontfamily(families)
    if families:
        ax.tick_params(labelfontfamily=families)  # ticks that are made later
    return ax
