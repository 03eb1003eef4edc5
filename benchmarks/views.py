"""What the views cost: a report of 300 units, a workbook of 3,000 × 60, an explorer of 3,000 units moved in Chromium.

    python benchmarks/views.py

CPU seconds of one process (the report with its draws); the explorer's moves are milliseconds in the browser, layout
included, median and worst of 50. Without playwright or Chromium that row is left out.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import cityindex as ci

MOVE = """() => {
    const slider = document.querySelector('input[type=range]');
    const times = [];
    for (let move = 0; move < 50; move += 1) {
        const start = performance.now();
        const span = Number(slider.max) - Number(slider.min);
        slider.value = String(Number(slider.min) + ((move * 37) % 100) / 100 * span);
        slider.dispatchEvent(new Event('input', {bubbles: true}));
        document.body.getBoundingClientRect();
        times.push(performance.now() - start);
    }
    return times;
}"""


def scored(units, columns):
    """An index of two levels with tiers, on made-up numbers."""
    rng = np.random.default_rng(1)
    codes = [f"x{place:02d}" for place in range(columns)]
    frame = pd.DataFrame(rng.gamma(3, 10, (units, columns)), columns=codes)
    frame.insert(0, "city", [f"城市{place}" for place in range(units)])
    groups = [
        {"id": f"g{start}", "weight": 1, "children": codes[start : start + 10]} for start in range(0, columns, 10)
    ]
    spec = {
        "cityindex": 1,
        "id": "made-up",
        "title": {"zh": "虚构指数", "en": "Made-up index"},
        "unit": {"kind": "city", "key": "city"},
        "defaults": {"indicator": {"steps": [{"minmax": {"to": [0, 100]}}]}},
        "index": {"id": "score", "publish": [{"round": 1}], "tiers": {"natural_breaks": 4}, "children": groups},
    }
    return ci.score(spec, frame)


def cost(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def moves(page):
    """Milliseconds of 50 slider moves in the browser, or None where there is none."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if path is None:
        return None
    with sync_playwright() as session:
        browser = session.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        window = browser.new_page(viewport={"width": 1280, "height": 900})
        window.goto(page.resolve().as_uri())
        window.wait_for_function("window.cityindexSelfTest")
        found = window.evaluate(MOVE)
        browser.close()
    return np.array(found)


def main():
    small, large = scored(300, 50), scored(3000, 60)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print("| what | CPU s | size |\n|---|---|---|")

        def report():
            run = ci.uncertainty(small, choices=ci.vary.weights(factor=0.25), draws=1000, seed=1)
            ci.write_report(small, place / "r.html", uncertainty=run, description=ci.describe(small))

        jobs = (
            ("report of 300 × 50, with 1,000 draws", "r.html", report),
            ("workbook of 300 × 50", "s.xlsx", lambda: ci.write_workbook(small, place / "s.xlsx")),
            ("workbook of 3,000 × 60", "w.xlsx", lambda: ci.write_workbook(large, place / "w.xlsx")),
            ("explorer of 300 × 50", "e.html", lambda: ci.write_explorer(small, place / "e.html")),
            ("explorer of 3,000 × 60", "x.html", lambda: ci.write_explorer(large, place / "x.html")),
        )
        for what, file, work in jobs:
            seconds = cost(work)
            print(f"| {what} | {seconds:.2f} | {(place / file).stat().st_size / 1024:,.0f} KB |")
        times = moves(place / "x.html")
        if times is not None:
            print(f"\nslider moves of 3,000 units: median {np.median(times):.1f} ms, worst {times.max():.1f} ms")


if __name__ == "__main__":
    main()
