"""Write docs/gallery-pages.md and its pictures: the pages that views make of an index that ships, seen in a browser.

Run: python tools/gallery_pages.py (or make docs). Without a Chromium the pictures stay as they are, and that is said.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER = DOCS / "gallery"
CODE = """\
import cityindex as ci

tech = ci.load_index("tech-capability-2021")
lists = ci.load_published("tech-capability-2021")
table = None
for child in tech.index.children:
    column = lists[child.id][["name", "score"]].rename(columns={"score": child.id})
    table = column if table is None else table.merge(column, on="name")
result = ci.score(tech, table)
varied = ci.uncertainty(result, choices=ci.vary.weights(factor=0.25), draws=2000, seed=1)

ci.write_explorer(result, "explorer.html", "zh", uncertainty=varied)
ci.write_report(result, "report.html", language="zh", uncertainty=varied)
ci.write_workbook(result, "workbook.xlsx", language="zh", uncertainty=varied)
card = ci.show(result.card("广州市"), language="zh")
audit = ci.show(ci.audit("tech-capability-2021"), language="zh")
"""
PAGES = (
    ("explorer", "The explorer", "Anyone moves the weights, and sees scores, ranks and tiers follow.", (1180, 900)),
    ("report", "The report", "One page to publish or to print; its beginning.", (1000, 1250)),
    ("card", "One unit's card", "Why is it where it is, and what would a step up need?", (760, 900)),
    ("audit", "An audit", "Does what was published hold?", (900, 900)),
)
HEAD = """\
# Gallery of pages

What the views make of an index that ships: the city science-and-technology capability index, of the cities whose four
sub-indices are all printed. The figures have a [gallery](gallery.md) of their own. This page is written by `make docs`,
from this code:

"""


def main() -> None:
    """Write the pages, photograph them, and write the page that shows them."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    text = HEAD + f"```python\n{CODE}```\n"
    for name, title, words, _ in PAGES:
        text += f"\n## {title}\n\n{words}\n\n![{title}](gallery/page-{name}.png)\n"
    (DOCS / "gallery-pages.md").write_text(text, encoding="utf-8")
    if browser is None:
        print("gallery-pages.md: no Chromium is installed; the pictures stay as they are")
        return
    with tempfile.TemporaryDirectory() as place:
        made: dict[str, object] = {}
        source = CODE.replace('"explorer.html"', f'"{place}/explorer.html"').replace(
            '"report.html"', f'"{place}/report.html"'
        )
        exec(source.replace('"workbook.xlsx"', f'"{place}/workbook.xlsx"'), made)
        for name in ("card", "audit"):
            page = f"<!doctype html><meta charset='utf-8'><body style='font-family: sans-serif'>{made[name]}"
            Path(place, f"{name}.html").write_text(page, encoding="utf-8")
        for name, _, _, size in PAGES:
            _photograph(browser, Path(place, f"{name}.html"), FOLDER / f"page-{name}.png", size)
    print(f"gallery-pages.md: {len(PAGES)} pages")


def _photograph(browser: str, page: Path, picture: Path, size: tuple[int, int]) -> None:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]
    size_ = f"--window-size={size[0]},{size[1]}"
    command = [browser, *options, size_, f"--screenshot={picture}", page.resolve().as_uri()]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
