"""Fonts: what is there is found; what is not is said once, in words."""

from __future__ import annotations

import warnings

import pytest

pytest.importorskip("matplotlib")

from cityindex.views import fonts

HANZI = "昆山市数字经济"


def chinese():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fonts.FontWarning)
        if fonts.missing_characters([HANZI]):
            pytest.skip("no font with Chinese characters is installed here")


def test_nothing_is_changed_where_the_usual_font_has_every_character():
    assert fonts.families_for(["plain text", "café ± 5 %", ""]) == ()


def test_a_family_that_holds_every_character_comes_first():
    chinese()
    from matplotlib import font_manager

    families = fonts.families_for([HANZI, "plain"])
    path = font_manager.findfont(font_manager.FontProperties(family=list(families[:1])), fallback_to_default=False)
    held = set(font_manager.get_font(path).get_charmap())
    assert {ord(char) for char in HANZI} <= held


def test_rare_characters_of_place_names_are_looked_for():
    chinese()
    assert fonts.missing_characters(["亳州市", "儋州市", "邛崃市", "睢县", "濮阳"]) == ""


def test_spaces_controls_and_joiners_need_no_glyph():
    assert fonts.families_for(["a\u3000b\u200d\n\tc\ufe0f"]) == ()


def test_a_character_that_no_font_has_is_told_with_what_to_install():
    nowhere = "\U0001c8ff\U0001c8fe"  # not assigned: in no font
    import unicodedata

    nowhere = "".join(char for char in nowhere if unicodedata.category(char)[0] not in "ZC") or "\U00016a40"
    with pytest.warns(fonts.FontWarning, match="fonts-noto-cjk"):
        fonts.families_for([nowhere])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fonts.families_for([nowhere])  # once is enough


def test_without_chinese_fonts_the_warning_names_the_characters(monkeypatch):
    monkeypatch.setattr(fonts, "_installed", lambda: iter(["DejaVu Sans", "DejaVu Serif"]))
    fonts._families.cache_clear()
    with pytest.warns(fonts.FontWarning, match="昆"):
        fonts.families_for(["昆山"])
    fonts._families.cache_clear()


def test_nothing_is_set_globally():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    fonts.families_for([HANZI])
    assert dict(mpl.rcParams) == before
