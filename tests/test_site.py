"""The documentation site: it builds without a warning, holds everything that is public, and asks for nothing remote."""

from __future__ import annotations

import functools
import html
import http.server
import json
import re
import subprocess
import sys
import threading
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import typer
from support import ROOT
from views.browser import DESKTOP, PHONE, chromium, opened

import cityindex
from cityindex.catalog import list_indices
from cityindex.cli.commands import app

pytest.importorskip("sphinx", reason="sphinx is not installed: no test of the site")
pytest.importorskip("myst_parser", reason="myst-parser is not installed: no test of the site")
pytest.importorskip("furo", reason="furo is not installed: no test of the site")

from website import api, contents, language, links, notebooks, sphinx_search

OUTSIDE = ("http:", "https:", "//")
FETCHED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
SEEN = (  # pages of every kind, looked at in a browser
    "index", "index.zh", "start.zh", "tutorial", "howto/write-your-spec", "explanation/choices", "spec-language",
    "reference/language", "reference/methods", "reference/commands", "reference/api/index", "reference/api/compare",
    "reference/api/views", "indices/index", "indices/digital-economy-city-2020", "notebooks/tour", "gallery",
    "benchmarks",
)  # fmt: skip


class Html(HTMLParser):
    """What a page links to, what it has the browser fetch, and the anchors it has."""

    def __init__(self, path):
        super().__init__()
        self.linked, self.fetched, self.anchors = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and "href" in given:
            self.linked.append(given["href"])
        if tag in FETCHED and given.get(FETCHED[tag]) and given.get("rel") not in ("index", "search", "next", "prev"):
            self.fetched.append(given[FETCHED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "tools" / "build_site.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site).as_posix(): Html(path) for path in sorted(site.rglob("*.html"))}


# -- everything is there ----------------------------------------------------------------------------------------------


def test_every_public_name_has_an_entry(pages):
    anchors = set().union(*(page.anchors for name, page in pages.items() if name.startswith("reference/api/")))
    wanted = {f"cityindex.{name}" for name in cityindex.__all__ if name not in ("plot", "vary", "__version__")}
    for module in ("plot", "vary"):
        wanted |= {f"cityindex.{module}.{name}" for name in getattr(cityindex, module).__all__}
    assert wanted - anchors == set()
    assert {"module-cityindex.plot", "module-cityindex.vary"} <= anchors


def test_every_command_and_its_options_are_told(site, pages):
    root = typer.main.get_command(app)
    text = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert {f"cityindex-{name}" for name in root.commands} <= pages["reference/commands.html"].anchors
    for command in root.commands.values():
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("-") or f"{option}" in text, option


def test_every_key_of_the_language_is_told(site):
    page = (site / "reference" / "language.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("’", "'")
    schema = cityindex.schema()
    tables = [schema, *(schema["$defs"][name] for name in ("indicator", "group", "use"))]
    keys = [(key, field) for table in tables for key, field in table["properties"].items()]
    assert len(keys) > 30
    for key, field in keys:
        assert re.search(rf"\b{key}\b", text)
        plain = field["description"].replace("`", " ").replace("*", "").split()
        assert " ".join(plain[:4]) in " ".join(text.split()), key


def test_every_page_of_the_repository_is_on_the_site(pages):
    docs = ROOT / "docs"
    for path in docs.rglob("*.md"):
        inside = path.relative_to(docs)
        if inside.parts[0] != "_build":
            assert inside.with_suffix(".html").as_posix() in pages
    for entry in list_indices():
        assert f"indices/{entry.id}.html" in pages
    for path in (ROOT / "examples").glob("*.ipynb"):
        assert f"notebooks/{path.stem}.html" in pages


def test_links_and_anchors_lead_somewhere(site, pages):
    wrong = []
    for name, page in pages.items():
        for link in {*page.linked, *page.fetched}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or (name in ("search.html", "genindex.html") and link == "#"):
                continue
            path = (site / name).parent / unquote(parts.path) if parts.path else site / name
            target = path.resolve()
            if not target.is_relative_to(site) or not target.is_file():
                wrong.append(f"{name}: {link}")
            elif parts.fragment and target.suffix == ".html":
                inside = pages[target.relative_to(site.resolve()).as_posix()]
                if unquote(parts.fragment) not in inside.anchors:
                    wrong.append(f"{name}: {link}")
    assert wrong == []


# -- nothing remote, in a browser too ---------------------------------------------------------------------------------


def test_no_page_fetches_anything_from_elsewhere(site, pages):
    assert [(name, url) for name, page in pages.items() for url in page.fetched if url.startswith(OUTSIDE)] == []
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_no_page_tells_where_it_was_built(site):
    for path in site.rglob("*.html"):
        assert str(ROOT) not in path.read_text(encoding="utf-8"), path


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_fit_the_window_and_are_quiet(site, browser, size):
    for name in SEEN:
        with opened(browser, site / f"{name}.html", size=size) as page:
            assert page.locator("h1").count() == 1, name
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, name
            broken = (
                "[...document.images].filter(image => image.complete && !image.naturalWidth).map(image => image.src)"
            )
            assert page.evaluate(broken) == [], name


def test_pages_have_a_dark_side(site, browser):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    colours = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    context.close()
    assert max(colours[:3]) < 64


@pytest.fixture(scope="module")
def served(site):
    """The site from a server on this machine: a search asks for the pages that it found."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("rank_bounds", "reference/api/robustness.html"),
        ("calibration", "howto/freeze-a-calibration.html"),
        ("权重", "start.zh.html"),
        ("综合指数", "readme.zh.html"),
        ("十分钟", "start.zh.html"),
    ],
)
def test_search_finds(served, browser, asked, found):
    context = browser.new_context()
    page = context.new_page()
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}/search.html?q={asked}")
    page.wait_for_selector("#search-results ul.search li a")
    page.wait_for_function("!document.querySelector('#search-progress')?.textContent.includes('...')")
    hits = page.eval_on_selector_all("#search-results ul.search li a", "links => links.map(link => link.href)")
    context.close()
    assert errors == []
    assert all(url.startswith(served) for url in requests)
    assert any(urlsplit(hit).path == f"/{found}" for hit in hits)


def test_search_does_not_find_what_is_not_there(served, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served}/search.html?q=饕餮盛宴")
    page.wait_for_selector("#search-results p.search-summary")
    page.wait_for_timeout(200)
    assert page.locator("#search-results ul.search li a").count() == 0
    context.close()


def test_pages_in_chinese_say_so(site):
    assert '<html class="no-js" lang="zh-CN"' in (site / "start.zh.html").read_text(encoding="utf-8")
    assert '<html class="no-js" lang="en"' in (site / "start.html").read_text(encoding="utf-8")


def test_an_explorer_can_be_opened_from_its_picture(site, pages, browser):
    assert "demo/explorer.html" in pages["gallery-pages.html"].linked
    assert "demo/report.html" in pages["gallery-pages.html"].linked
    with opened(browser, site / "demo" / "explorer.html") as page:
        assert page.locator("input[type=range]").count() > 3


# -- its parts --------------------------------------------------------------------------------------------------------


def test_words_of_chinese_are_neighbours():
    assert sphinx_search.words("权重") == ["权", "重", "权重"]
    assert sphinx_search.words("rank综合数2") == ["rank", "综", "合", "数", "综合", "合数", "2"]


def test_links_are_led_to_pages_and_copies():
    copies, problems = [], []
    text = "\n".join(
        [
            '[a](../README.md#start) and [b](audit.md "title"), [web](https://example.org/x), ![p](gallery/tree.png)',
            "[n](../examples/tour.ipynb) [i](../specs/undp-hdi-2021/README.md) [c](../examples/demo.py) [here](#there)",
            "```python\n[not](a.link)\n```",
            '<a id="step-round"></a>',
        ]
    )
    found = links.rewrite(text, "docs/howto.md", "howto.md", copies.append, problems)
    assert problems == []
    assert copies == ["examples/demo.py"]
    assert found.split("\n") == [
        '[a](readme.md#start) and [b](audit.md "title"), [web](https://example.org/x), ![p](gallery/tree.png)',
        "[n](notebooks/tour.md) [i](indices/undp-hdi-2021.md) [c](files/examples/demo.py) [here](#there)",
        "```python",
        "[not](a.link)",
        "```",
        "(step-round)=",
    ]


def test_links_to_nothing_are_told_together():
    problems = []
    text = "[a](nowhere.md) [b](../src) [c](../LICENSE)"
    assert links.rewrite(text, "docs/x.md", "x.md", lambda path: None, problems).endswith("[c](files/LICENSE)")
    assert problems == ["docs/x.md: there is no nowhere.md", "docs/x.md: ../src is a folder; link to a file in it"]


def test_pages_without_a_place_are_told_together(tmp_path):
    path = tmp_path / "contents.yaml"
    path.write_text("One: [a, gone, a]\nTwo: [b/first, b/*]\n", encoding="utf-8")
    problems = []
    found = contents.sections(["index", "a", "lost", "b/first", "b/z", "b/c"], problems, contents=path)
    assert found[1].pages == ("b/first", "b/c", "b/z")
    assert problems == [
        "docs/contents.yaml: a stands there twice",
        "docs/contents.yaml: there is no page gone",
        "docs/contents.yaml: the page lost stands nowhere",
    ]


def test_a_room_without_a_topic_is_named():
    with pytest.raises(api.TopicError, match=r"no topic has a room for dig \(of cellar\.floor\)"):
        api.by_topic({"spec": ("dump",), "cellar.floor": ("dig",)})


def test_every_public_name_has_one_topic():
    listed = [name for names in api.by_topic().values() for name in names]
    assert sorted([*listed, "__version__"]) == sorted(cityindex.__all__)


def test_members_of_public_classes_are_told():
    silent = []
    for name in cityindex.__all__:
        thing = getattr(cityindex, name)
        for member, value in vars(thing).items() if isinstance(thing, type) else ():
            told = getattr(value, "fget", None) or getattr(value, "func", None) or value
            shown = callable(told) or isinstance(value, property)
            if not member.startswith("_") and shown and not getattr(told, "__doc__", None):
                silent.append(f"{name}.{member}")
    assert silent == []


def test_a_type_without_words_is_an_error():
    assert language.kind({"type": "array", "items": {"enum": ["a", "b"]}, "description": "x"}) == "list of `a`, `b`"
    with pytest.raises(ValueError, match="no words"):
        language.kind({"type": "null"})


def test_a_notebook_has_one_title_and_shows_its_outputs(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "[x](y.md)"]},
        {"cell_type": "code", "source": ["1 + 1"], "outputs": [
            {"output_type": "execute_result", "data": {"text/plain": ["2"], "text/html": ["<b>2</b>"]}},
            {"output_type": "display_data", "data": {"image/png": "aGk="}},
            {"output_type": "stream", "text": ["```\n"]},
        ]},
        {"cell_type": "markdown", "source": ["# Second\n", "## Third"]},
    ]  # fmt: skip
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    saved = {}
    page = notebooks.page(path, lambda words: words.replace("y.md", "z.md"), saved.__setitem__)
    assert [line for line in page.splitlines() if line.startswith("#")] == ["# Title", "## Second", "### Third"]
    assert "[x](z.md)" in page
    assert '<div class="shown">\n<b>2</b>\n</div>' in page
    assert "````text\n```\n````" in page
    assert saved == {"n-1-1.png": b"hi"}
    assert "![](n-1-1.png)" in page
