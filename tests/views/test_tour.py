"""The notebook of cards runs from beginning to end and shows every card; its outputs are not kept."""

from __future__ import annotations

import json

import pytest
from support import ROOT, tool

from cityindex.views.html.cards import CARDS, Html

TOUR = ROOT / "examples" / "tour.ipynb"


def cells():
    return [cell for cell in json.loads(TOUR.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def shown():
    names: dict[str, object] = {}
    run = tool("run_notebook").run_cell
    return [value for cell in cells() if (value := run("".join(cell["source"]), names)) is not None]


def test_every_card_is_shown(shown):
    assert {type(value).__name__ for value in shown if not isinstance(value, Html)} == set(CARDS)
    for value in shown:
        page = value._repr_html_()
        assert page.startswith('<div class="ci-card"')
        assert len(page) < 60_000
        assert repr(value)  # what a notebook without HTML shows


def test_cards_speak_the_language_of_the_index_and_one_is_in_english(shown):
    for value in shown:
        page, name = value._repr_html_(), type(value).__name__
        if name in ("Result", "Card", "Contributions", "Uncertainty", "Html"):
            assert ("得分" in page or "名次" in page) == (not isinstance(value, Html)), name
            assert ("Rank" in page or "Score" in page) == isinstance(value, Html), name


def test_no_outputs_are_kept():
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells())
