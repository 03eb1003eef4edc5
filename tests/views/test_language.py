"""One rule for the language of every view: that asked for, else that of the index; of commands, English."""

from __future__ import annotations

import json

import pytest

import cityindex as ci
from cityindex.cli import main
from cityindex.views._language import chosen
from cityindex.views.explorer.page import explorer_data
from cityindex.views.figures._words import Words
from cityindex.views.report import report_html

TITLES = {
    "zh": {"zh": "城市指数", "en": "City index"},
    "bare zh": "城市指数",
    "en": {"en": "City index"},
    "bare en": "City index",
    "none": None,
}
EXPECTED = {"zh": "zh", "bare zh": "zh", "en": "en", "bare en": "en", "none": "en"}


def spec_of(title, root=None):
    titled = {} if title is None else {"title": title}
    rooted = {} if root is None else {"title": root}
    return {"cityindex": 1, "id": "two", **titled, "index": {"id": "score", **rooted, "children": ["a", "b"]}}


def scored(title):
    return ci.score(spec_of(title), {"city": ["甲", "乙", "丙"], "a": [1.0, 2.0, 4.0], "b": [3.0, 1.0, 2.0]})


def spoken(result, language=None):
    """What the views of a result speak."""
    card, page = ci.show(result, language=language), report_html(result, language=language, figures=False)
    return {
        "figure": Words(result.spec, language).language,
        "explorer": explorer_data(result, language)["language"],
        "card": "zh" if "名次" in card and "Rank" not in card else "en",
        "lang of the card": "zh" if 'lang="zh-Hans"' in card else "en",
        "report": "zh" if '<html lang="zh-Hans"' in page else "en",
    }


@pytest.mark.parametrize("kind", TITLES)
def test_every_view_speaks_the_language_of_the_index(kind):
    assert set(spoken(scored(TITLES[kind])).values()) == {EXPECTED[kind]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_view_speaks_the_language_asked_for(language):
    for title in TITLES.values():
        assert set(spoken(scored(title), language).values()) == {language}


def test_an_index_without_a_title_is_called_as_its_root_is():
    assert chosen(ci.load_spec(spec_of(None, "综合得分")), None) == "zh"
    assert chosen(ci.load_spec(spec_of({"en": "City index"}, "综合得分")), None) == "en"


@pytest.mark.parametrize("wrong", ["zn", "ZH", "", 1, ["zh"]])
def test_every_view_names_the_languages_there_are(wrong, tmp_path):
    result = scored(None)
    views = [
        lambda: chosen(None, wrong),
        lambda: ci.show(result, language=wrong),
        lambda: report_html(result, language=wrong),
        lambda: explorer_data(result, wrong),
        lambda: Words(result.spec, wrong),
        lambda: ci.plot.waterfall({"a": 1.0}, language=wrong),
        lambda: ci.write_workbook(result, tmp_path / "x.xlsx", language=wrong),
        lambda: ci.write_template(result.spec, tmp_path / "y.xlsx", language=wrong),
    ]
    for view in views:
        with pytest.raises(ci.NotFoundError, match=r"language=.*: 'zh' or 'en' is wanted"):
            view()


def test_commands_write_english_unless_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.json").write_text(json.dumps(spec_of("城市指数")), encoding="utf-8")
    (tmp_path / "data.csv").write_text("city,a,b\n甲,1,3\n乙,2,1\n丙,4,2\n", encoding="utf-8")
    for command, head in (("report", '<html lang="{}">'), ("explore", '<html lang="{}">')):
        more = ["--draws", "0"]
        assert main([command, "spec.json", "data.csv", "-o", "page.html", *more]) == 0
        assert head.format("en") in (tmp_path / "page.html").read_text(encoding="utf-8")
        assert main([command, "spec.json", "data.csv", "-o", "page.html", "--language", "zh", *more]) == 0
        assert head.format("zh-Hans") in (tmp_path / "page.html").read_text(encoding="utf-8")
