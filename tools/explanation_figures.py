"""Draw the pictures of docs/explanation/choices.md from what the code of that page computes.

Run: python tools/explanation_figures.py (or make docs). The page's own code is run first, so that a picture cannot say
anything else than the tables beside it.
"""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from PIL import Image

import cityindex as ci

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "explanation"
PAGE = FOLDER / "choices.md"
WIDEST, HEAVIEST = 900, 60_000  # pixels, bytes


def main() -> None:
    mpl.use("Agg")
    names = computed()
    for name, draw in PICTURES.items():
        figure = draw(names)
        path = FOLDER / f"{name}.png"
        figure.savefig(path, dpi=min(100, WIDEST / figure.get_figwidth()))
        plt.close(figure)
        with Image.open(path) as image:
            small = image.convert("RGB").quantize(64, method=Image.Quantize.MEDIANCUT)
        small.save(path, optimize=True)
        if path.stat().st_size > HEAVIEST:
            sys.exit(f"{path}: {path.stat().st_size} bytes; {HEAVIEST} at most")
    print(f"{len(PICTURES)} pictures in {FOLDER}")


def computed() -> dict[str, Any]:
    """What the names of the page stand for when its code has run."""
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()):
        for code in re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            exec(compile(code, PAGE.name, "exec"), names)
    return names


def bumps(results: dict[str, ci.Result], top: int = 15) -> Any:
    """Ranks from one choice to the next."""
    return ci.plot.bump(results, top=top, language="en").get_figure(root=True)


def outliers(names: dict[str, Any]) -> Any:
    """What clipping and min-max make of one column."""
    return ci.plot.distribution(names["treated"]["p5 to p95"], "economy", language="en").get_figure(root=True)


def missing(names: dict[str, Any]) -> Any:
    """The printed composite beside the one whose gaps are shared out."""
    table = pd.DataFrame({"name": names["some"]["name"], "composite": names["truth"]})
    tree = {"id": "score", "children": ["composite"]}
    told = ci.score({"cityindex": 1, "id": "told", "unit": {"kind": "city", "key": "name"}, "index": tree}, table)
    ax = ci.plot.slope(told, names["filled"]["reweight"], names=("printed", "reweight"), top=28, language="en")
    return ax.get_figure(root=True)


def tiers(names: dict[str, Any]) -> Any:
    """The first forty cities, coloured by tier."""
    figure, axes = plt.subplots(1, 3, figsize=(13, 9), layout="constrained")
    for ax, rule in zip(axes, ["printed cuts", "natural breaks", "equal"], strict=True):
        ci.plot.ranking(names["tiered"][rule], ax=ax, top=40, stacked=False, language="en")
    return figure


def rounding(names: dict[str, Any]) -> Any:
    """The first seventeen cities: the eighteenth has another score with one decimal, too."""
    first = names["composite"].head(17)
    return bumps({digits: ci.score(found.spec, first) for digits, found in names["rounded"].items()}, top=17)


def calibration(names: dict[str, Any]) -> Any:
    """Scores of two years, the second by its own calibration and by the first one's."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 5), layout="constrained")
    for ax, second in zip(axes, ["second, its own", "second, frozen"], strict=True):
        pair = ("first year", second)
        ci.plot.slope(*(names["years"][year] for year in pair), names=pair, of="score", ax=ax, language="en")
    figure.get_layout_engine().set(wspace=0.15)
    return figure


PICTURES = {
    "normalisation": lambda names: bumps(names["normalised"]),
    "outliers": outliers,
    "weights": lambda names: bumps(names["weighted"]),
    "aggregation": lambda names: bumps(names["aggregated"]),
    "missing": missing,
    "tiers": tiers,
    "rounding": rounding,
    "calibration": calibration,
}


if __name__ == "__main__":
    main()
