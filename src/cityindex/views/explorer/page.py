"""The page itself: one file that holds style, scripts and data, and asks nothing of any server."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._files import write_whole
from cityindex.errors import ScoreError
from cityindex.result import Result
from cityindex.views._language import Language, chosen
from cityindex.views.explorer.payload import Scope, both, group_records, pack, scope_of, unit_records
from cityindex.views.explorer.presets import Presets, preset_records
from cityindex.views.explorer.tiers import tier_record
from cityindex.views.explorer.trials import trial_records

if TYPE_CHECKING:
    from cityindex.robustness.record import Uncertainty

__all__ = ["explorer_data", "explorer_html", "script", "style", "write_explorer"]

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "numbers.js", "model.js", "ranking.js", "contributions.js", "state.js", "words.js", "dom.js", "weights.js",
    "table.js", "compare.js", "frame.js", "csv.js", "explorer.js",
)  # fmt: skip
LOW, HIGH = 0.05, 0.95  # quantiles of the rank that are shown of an uncertainty run


def write_explorer(
    result: Result,
    path: str | Path,
    language: Language | None = None,
    presets: Presets | None = None,
    uncertainty: Uncertainty | None = None,
    *,
    period: str | None = None,
) -> Path:
    """Write a page on which readers move the weights of an index and see scores, ranks and tiers follow.

    One file, whole or not at all: no server, no network, no other file. What was learned (bounds, imputed values, cuts)
    is held at the calibration, and a group that the page cannot recompute exactly is shown as fixed, with the reason.
    The page repeats trials of the library when it is opened, and says in its footer whether the numbers agree. It holds
    the normalised values of every unit: mind that where the data is closed.

    Parameters
    ----------
    result
        What `score` gave.
    path
        The .html file.
    language
        In which the page opens, ``"zh"`` or ``"en"``; None: Chinese where the title of the index has it, else English.
        A reader can switch.
    presets
        Further sets of weights by name, each as `with_weights` takes them (or a spec that has them), such as weights
        that were inferred. The published and equal ones are always there.
    uncertainty
        A run of `uncertainty` of this result: the page then shows the range of each unit's rank beside it.
    period
        Which period is shown, where there are several; None: the last.

    Raises
    ------
    NotFoundError
        An unknown language, period, or group in a preset.
    SpecError
        A preset that does not fit the index.
    ScoreError
        There are no units; an uncertainty run of something else.
    OSError
        As the file system says.

    Examples
    --------
    >>> import cityindex as ci, tempfile, pathlib
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> result = ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 1.0]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = ci.write_explorer(result, pathlib.Path(folder) / "two.html", language="en")
    ...     page.read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """
    return write_whole(path, explorer_html(result, language, presets, uncertainty, period=period))


def explorer_html(
    result: Result,
    language: Language | None = None,
    presets: Presets | None = None,
    uncertainty: Uncertainty | None = None,
    *,
    period: str | None = None,
) -> str:
    """The page of `write_explorer` as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    data = explorer_data(result, language, presets, uncertainty, period=period)
    environment = Environment(
        loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    code, rules = f"{script()}\n{(ASSETS / 'page.js').read_text(encoding='utf-8')}", style()
    return environment.get_template("page.html").render(
        language="en" if data["language"] == "en" else "zh-Hans",
        title=data["title"][data["language"]],
        script=Markup(code),
        script_hash=_hash(code),
        style=Markup(rules),
        style_hash=_hash(rules),
        data=Markup(inline_json(data)),
    )


def script() -> str:
    """The scripts as one value, ``cityindexExplorer``; for the page and for the widget."""
    parts = [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return "\n".join(["const cityindexExplorer = (() => {", '"use strict";', *parts, "return { mount };", "})();"])


def style() -> str:
    """The style sheet; every rule is about what lies in an element of class ``cix``."""
    return (ASSETS / "explorer.css").read_text(encoding="utf-8")


def inline_json(data: Any) -> str:
    """JSON that can stand in a script element: nothing in it ends the element, or a line of script."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _hash(text: str) -> str:
    """How a content security policy names a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def explorer_data(
    result: Result,
    language: Language | None = None,
    presets: Presets | None = None,
    uncertainty: Uncertainty | None = None,
    *,
    period: str | None = None,
) -> dict[str, Any]:
    """What page and widget are made from: plain data."""
    scope = scope_of(result, period)
    spec, rule = scope.part.plan.spec, scope.rank
    return {
        "format": 1,
        "id": spec.id,
        "title": both(spec.title, spec.id),
        "edition": spec.edition,
        "period": scope.period,
        "source": [str(source) for source in spec.source],
        "version": result.version,
        "language": chosen(spec, language),
        "digits": _digits(scope),
        "rank": {"of": rule.of, "ties": rule.ties, "first": rule.first},
        "units": unit_records(scope) | {"interval": _interval(scope, uncertainty)},
        **group_records(scope),
        "tiers": tier_record(scope),
        "presets": preset_records(scope, presets),
        "trials": trial_records(scope),
    }


def _digits(scope: Scope) -> int:
    """Decimal places to show a score with: those it is rounded to, else such that neighbours can be told apart."""
    publish = scope.part.plan.spec.index.publish
    if publish and publish[-1].name == "round":
        return max(int(publish[-1].settings["digits"]), 0)
    values = np.abs(scope.result.column()[scope.rows])
    largest = float(np.max(values[np.isfinite(values)], initial=0.0))
    if largest == 0:
        return 2
    return min(max(3 - math.floor(math.log10(largest / 2)), 2), 15)  # 4 below 2, 3 below 20


def _interval(scope: Scope, uncertainty: Uncertainty | None) -> dict[str, Any] | None:
    """The range of each unit's rank in an uncertainty run."""
    if uncertainty is None:
        return None
    other, node = uncertainty.result, uncertainty.sampler.base.node
    units, periods = other.units == scope.result.units, other.periods == scope.result.periods
    same = units and periods and node == scope.root
    if not same or not np.array_equal(other.column(), scope.result.column(), equal_nan=True):
        what = f"scores of these {len(scope.result)} units"
        raise ScoreError(f"the uncertainty run is one of {node} of {other.spec.id}, and not of the {what}")
    low, high = (pack(uncertainty.rank_quantile(share)[scope.rows]) for share in (LOW, HIGH))
    varied = [choice.label for choice in uncertainty.sampler.choices]
    return {"low": low, "high": high, "share": round((HIGH - LOW) * 100), "draws": uncertainty.draws, "varied": varied}
