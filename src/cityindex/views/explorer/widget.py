"""The explorer in a notebook: the same scripts, in a widget."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from cityindex.errors import DependencyError
from cityindex.result import Result
from cityindex.views._language import Language
from cityindex.views.explorer.movable import EXTREMES
from cityindex.views.explorer.page import explorer_data, script, style
from cityindex.views.explorer.presets import Presets

if TYPE_CHECKING:
    from cityindex.robustness.record import Uncertainty

__all__ = ["explore"]

RENDER = """
export default {
  render({ model, el }) {
    const report = (weights) => { model.set("weights", weights); model.save_changes(); };
    return cityindexExplorer.mount(el, model.get("payload"), { onWeights: report });
  },
};
"""


def explore(
    result: Result,
    language: Language | None = None,
    presets: Presets | None = None,
    uncertainty: Uncertainty | None = None,
    *,
    period: str | None = None,
) -> Any:
    """The explorer as a widget for notebooks: what `write_explorer` writes, and ``weights`` comes back.

    ``widget.weights`` holds the weights as they stand on the screen, by group and child (of the groups that can move),
    as `with_weights` takes them.

    Raises
    ------
    DependencyError
        Where anywidget is not installed.
    """
    data = explorer_data(result, language, presets, uncertainty, period=period)
    weights = {
        group["id"]: dict(zip((child["id"] for child in group["children"]), group["weights"], strict=True))
        for group in data["groups"]
        if group["held"] is None and group["aggregate"]["name"] not in EXTREMES
    }
    return _widget_class()(payload=data, weights=weights)


@functools.cache
def _widget_class() -> type[Any]:
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise DependencyError("the widget needs an optional package: pip install 'cityindex[notebook]'") from None

    class ExplorerWidget(anywidget.AnyWidget):
        """The explorer of one result; ``weights`` is what its sliders say."""

        _esm = script() + RENDER
        _css = style()
        payload = traitlets.Dict().tag(sync=True)
        weights = traitlets.Dict().tag(sync=True)

    return ExplorerWidget
