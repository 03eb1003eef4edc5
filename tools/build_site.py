"""Build the documentation site: gather its pages, and let Sphinx set them. A warning is an error.

Run: python tools/build_site.py (or make docs). The site is docs/_build/html; an argument names another folder.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def build(folder: Path) -> int:
    """Build below `folder`, from nothing; gives 0 where nothing was wrong."""
    from sphinx.cmd.build import main as sphinx
    from website import demo
    from website.gather import gather

    source, extra, trees, html = (folder / name for name in ("source", "extra", "doctrees", "html"))
    for old in (source, extra, trees, html):
        shutil.rmtree(old, ignore_errors=True)
    for name, data in demo.files().items():  # pages that are handed out as they are
        (extra / name).parent.mkdir(parents=True, exist_ok=True)
        (extra / name).write_bytes(data)
    count, problems = gather(source)
    for problem in problems:
        print(problem, file=sys.stderr)
    options = [
        "-W",
        "--keep-going",
        "-q",
        "-j",
        "auto",
        "-c",
        str(DOCS),
        "-d",
        str(trees),
        "-D",
        f"html_extra_path={extra}",
    ]
    status = int(sphinx(["-b", "html", *options, str(source), str(html)]) or len(problems) > 0)
    print(f"{html}: what is told above is wrong" if status else f"{html}: {count} pages", file=sys.stderr)
    return status


def main() -> int:
    os.environ["MPLBACKEND"] = "Agg"
    return build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else DOCS / "_build")


if __name__ == "__main__":
    sys.exit(main())
