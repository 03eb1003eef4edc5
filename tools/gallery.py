"""Draw the pictures of docs/gallery/ and write docs/gallery.md, from the indices that ship.

Run: python tools/gallery.py (or make docs). The page shows the code of each picture; that code is what is run here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from PIL import Image

DOCS = Path(__file__).resolve().parents[1] / "docs"
WIDEST, HEAVIEST = 900, 150_000  # pixels, bytes

HEAD = """\
# Gallery

Every figure of `ci.plot`, from the indices that ship with cityindex. This page is written by `make docs`, and the code
is what drew the pictures. Figures need matplotlib: `pip install 'cityindex[plot]'`.

Each function takes a record first and returns matplotlib's axes; `ax=` draws into axes of yours (of
`plt.subplots(…, layout="constrained")`, so that names and legends keep apart), `language="en"` or `"zh"` chooses titles
and words. Chinese text is drawn with an installed font that holds all of it; where there is none, a warning says which
one to install.
"""

SETUP = """\
import cityindex as ci

tech = ci.load_index("tech-capability-2021")  # four sub-indices are printed, of these cities
lists = ci.load_published("tech-capability-2021")
table = None
for child in tech.index.children:
    column = lists[child.id][["name", "score"]].rename(columns={"score": child.id})
    table = column if table is None else table.merge(column, on="name")
result = ci.score(tech, table)

digital_spec = ci.load_index("digital-economy-city-2020")  # 148 cities, of which the score and its tiers are printed
digital = ci.score(digital_spec, ci.load_published("digital-economy-city-2020")["score"][["name", "score"]])
"""

BOTH = '''\
spec = """
cityindex: 1
id: digital-and-technology
title: {zh: 数字经济与科技能力（练习）, en: Digital economy and technology (an exercise)}
unit: {kind: city, key: name}
provenance: assumed
defaults: {indicator: {steps: [{minmax: {to: [0, 100]}}]}}
index:
  id: score
  publish: [{round: 1}]
  tiers: {natural_breaks: 3, labels: [第一档, 第二档, 第三档]}
  children:
    - {id: digital, title: {zh: 数字经济, en: Digital economy}}
    - {id: technology, title: {zh: 科技能力, en: Technology capability}}
"""
one = ci.load_published("digital-economy-city-2020")["score"][["name", "score"]].rename(columns={"score": "digital"})
two = lists["score"][["name", "score"]].rename(columns={"score": "technology"})
both = ci.score(spec, one.assign(name=one["name"] + "市").merge(two, on="name"))
'''

TILES = """\
tiles = {"北京市": (4, 5), "济南市": (5, 5), "青岛市": (6, 5), "西安市": (2, 4), "南京市": (5, 4), "苏州市": (6, 4),
         "成都市": (1, 3), "重庆市": (2, 3), "武汉市": (4, 3), "杭州市": (6, 3), "上海市": (7, 4), "长沙市": (3, 2),
         "宁波市": (7, 3), "广州市": (4, 1), "深圳市": (5, 1)}  # roughly where they lie
features = [
    {"type": "Feature", "properties": {"city": name}, "geometry": {"type": "Polygon", "coordinates": [
        [[x, y], [x + 0.95, y], [x + 0.95, y + 0.95], [x, y + 0.95], [x, y]]]}}
    for name, (x, y) in tiles.items()
]
ax = ci.plot.tier_map(result, {"type": "FeatureCollection", "features": features}, key="city", names=True)
"""

DRAWS = """\
choices = [
    ci.vary.weights(factor=0.5),
    ci.vary.methods("score.aggregate", ["arithmetic", "geometric"]),
    ci.vary.rounding({child.id: 0.001 for child in tech.index.children}),
]
draws = ci.uncertainty(result, choices=choices[0], draws=5000, seed=1)
"""

BOUNDS = """\
bounds = ci.rank_bounds(result, 0.5)  # any weights within half of the published ones
ax = ci.plot.rank_intervals(draws, bounds)
"""

OTHERS = """\
shares = ["10%", "25%", "40%", "60%"]
others = {}
for share in shares:
    rest = (100 - float(share[:-1])) / 3
    weights = {child.id: f"{rest}%" for child in tech.index.children} | {"technology": share}
    others[share] = ci.score(ci.with_weights(tech, {"score": weights}), table)
ax = ci.plot.bump(others)  # the first sub-index weighs 10 to 60 %
"""

CHANGE = """\
parts = result.contributions().values
change = parts.loc["武汉市"] - parts.loc["南京市"]
start = result.column(of="carried")[result.row("南京市")]
ax = ci.plot.waterfall(change, start=start, spec=tech, names=("南京市", "武汉市"))
"""

GROUPS = """\
members = ci.load_published("digital-economy-city-2020")["city_group_members"]
titles = ci.load_published("digital-economy-city-2020")["city_groups"].set_index("group")["title_zh"]
scores = ci.load_published("digital-economy-city-2020")["score"][["name", "score"]]
members = members.assign(城市群=members["group"].map(titles))[["name", "城市群"]]
grouped = ci.score(digital_spec, scores.merge(members, on="name", how="left"))
groups = ci.regions(grouped, by="城市群")
ax = ci.plot.regions(groups)
"""

MOVED = """\
revised = ci.replace(others["60%"].spec, "score", aggregate="geometric")
ax = ci.plot.changes(ci.compare(result, ci.score(revised, table)), of="score")
"""

SHARES = """\
found = ci.sensitivity(result, choices=choices, samples=512, seed=1)
ax = ci.plot.sobol(found)
"""

PICTURES: tuple[tuple[str, str, str, str], ...] = (  # file, title, words, code
    ("tree", "The tree", "Each node as large as its weight in the index.", "ax = ci.plot.tree(digital_spec)"),
    ("icicle", "The same, with room for long names", "", 'ax = ci.plot.tree(digital_spec, "icicle", language="en")'),
    ("ranking", "A ranking, and what each score is made of", "", "ax = ci.plot.ranking(result)"),
    ("ranking_tiers", "A ranking by tier", "", "ax = ci.plot.ranking(digital, top=25, stacked=False)"),
    ("unit_dots", "One unit against the others", "", 'ax = ci.plot.unit_dots(result, "武汉市", language="en")'),
    ("radar", "One unit around a circle", "", 'ax = ci.plot.radar(result, "武汉市", ["南京市", "杭州市"])'),
    ("distribution", "Before and after each step", "", BOTH + 'ax = ci.plot.distribution(both, "technology")'),
    ("scatter", "Two nodes", "Labels where there is room.", 'ax = ci.plot.scatter(both, "digital", "technology")'),
    ("correlations", "Correlations", "", "ax = ci.plot.correlations(ci.describe(result))"),
    ("rank_intervals", "Ranks over the draws, and what is proved", "", DRAWS + BOUNDS),
    ("acceptability", "The share of draws at each rank", "", "ax = ci.plot.acceptability(draws)"),
    ("sobol", "Which choice matters", "", SHARES),
    ("dominance", "Who stands above whom for all weights", "", "ax = ci.plot.dominance(bounds)"),
    ("bump", "Ranks from one way of computing to the next", "Or over the periods of a result.", OTHERS),
    ("slope", "Two results", "", 'ax = ci.plot.slope(others["10%"], others["60%"], names=("10%", "60%"), of="score")'),
    ("changes", "What moved whom between two results", "Other weights and another mean: the dot is their sum.", MOVED),
    ("waterfall", "A change that adds up", "Here from one city to another.", CHANGE),
    ("regions", "Every city by group, with the means", "", GROUPS),
    ("regions_tiers", "The tiers of each group", "", 'ax = ci.plot.regions(groups, "tiers")'),
    ("tier_map", "A map of yours", "GeoJSON, or a GeoDataFrame; here tiles.", TILES),
)


def main() -> None:
    mpl.use("Agg")
    folder = DOCS / "gallery"
    folder.mkdir(exist_ok=True)
    names: dict[str, Any] = {}
    exec(SETUP, names)
    lines = [HEAD, "```python", SETUP.rstrip(), "```", ""]
    for name, title, words, code in PICTURES:
        exec(dedent(code), names)
        _save(names["ax"], folder / f"{name}.png")
        lines += [f"## {title}", "", *([words, ""] if words else []), "```python", code.rstrip(), "```", ""]
        lines += [f"![{title}](gallery/{name}.png)", ""]
    (DOCS / "gallery.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"{len(PICTURES)} pictures in {folder}")


def _save(ax: Any, path: Path) -> None:
    """A small picture: as wide as a page, in a palette of 128 colours."""
    figure = ax.get_figure(root=True)
    figure.savefig(path, dpi=min(110, WIDEST / figure.get_figwidth()))
    plt.close(figure)
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT)
    small.save(path, optimize=True)
    if path.stat().st_size > HEAVIEST:
        sys.exit(f"{path}: {path.stat().st_size} bytes; {HEAVIEST} at most")


if __name__ == "__main__":
    main()
