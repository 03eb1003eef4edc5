"""Identification of files: folders of an index with published tables, tables of one's own, the command; and inputs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import cityindex as ci
from cityindex.auditing.identify_files import identify_table
from cityindex.auditing.identify_inputs import decimals_of, read_inputs
from cityindex.cli import main

SPEC = """cityindex: 1
id: mine
title: {{en: Mine}}
unit: {{kind: city, key: name}}
index:
  id: score
  publish: [{{round: 1}}]
  {keys}
  children: [{{id: economy, weight: 60%}}, {{id: green, weight: 40%}}]
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a spec and published tables."""

    def make(tables, keys="note: nothing"):
        (tmp_path / "published").mkdir(exist_ok=True)
        (tmp_path / "spec.yaml").write_text(SPEC.format(keys=keys), encoding="utf-8")
        for name, text in tables.items():
            (tmp_path / "published" / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return make


# 0.6 and 0.4: 甲 62.0, 乙 50.0, 丙 44.0, 丁 30.0
WIDE = "name,economy,green,score\n甲,70.0,50.0,62.0\n乙,50.0,50.0,50.0\n丙,40.0,50.0,44.0\n丁,20.0,45.0,30.0\n"
LISTS = {
    "economy": "rank,name,score\n1,甲,70.0\n2,乙,50.0\n",
    "green": "rank,name,score\n1,甲,50.0\n1,乙,50.0\n1,丙,50.0\n",
    "score": "rank,name,score\n1,甲,62.0\n2,乙,50.0\n3,丙,44.0\n4,丁,30.0\n",
}


class TestFolders:
    def test_a_wide_table(self, folder):
        found = ci.identify_index(folder({"score": WIDE}))
        assert found.low["economy"] <= 0.6 <= found.high["economy"]
        assert any("4 of 4 units have all" in note for note in found.notes)

    def test_lists_bound_whoever_they_leave_out(self, folder):
        found = ci.identify_index(folder(LISTS))
        assert found.low["economy"] <= 0.6 <= found.high["economy"]
        assert any("2 of 4 units have all their numbers, 2 more give bounds" in note for note in found.notes)
        assert any("leaves out scores at most its last score, at least 0" in note for note in found.notes)
        assert found.rows == 8

    def test_a_blank_cell_is_no_absence(self, folder):
        """丙 stands in the list of green without a number: it may have any."""
        blank = {**LISTS, "green": "rank,name,score\n1,甲,50.0\n1,乙,50.0\n1,丙,—\n"}
        assert ci.identify_index(folder(blank)).rows == 7

    def test_a_list_without_ranks_bounds_nobody(self, folder):
        plain = {**LISTS, "green": "name,score\n甲,50.0\n乙,50.0\n丙,50.0\n"}
        found = ci.identify_index(folder(plain))
        assert found.rows == 7
        assert any("green: not all units are in its list, and it has no ranks" in note for note in found.notes)

    def test_whoever_may_be_there_under_another_name_is_not_bounded(self, folder):
        longer = {**LISTS, "green": "rank,name,score\n1,甲,50.0\n1,乙,50.0\n1,丙,50.0\n4,丁市,45.0\n"}
        assert ci.identify_index(folder(longer)).rows == 7

    def test_units_that_the_totals_leave_out_are_bounded(self, folder):
        """戊 is in both lists and not among the four totals: it scores 30.05 at most."""
        more = {
            "economy": LISTS["economy"] + "3,丙,40.0\n4,戊,20.0\n",
            "green": LISTS["green"] + "4,丁,45.0\n5,戊,40.0\n",
            "score": LISTS["score"],
        }
        found = ci.identify_index(folder(more))
        assert found.low["economy"] <= 0.6 <= found.high["economy"]
        assert found.low["economy"] >= (39.95 - 30.05) / 20 - 1e-9

    def test_the_aggregate_of_the_index_is_taken(self, folder):
        table = "name,economy,green,score\n甲,81.0,16.0,42.3\n乙,9.0,25.0,13.5\n"
        found = ci.identify_index(folder({"score": table}, "aggregate: geometric"))
        assert found.low["economy"] <= 0.6 <= found.high["economy"]
        assert not ci.identify_index(folder({"score": table}), aggregate="arithmetic").feasible
        free = ci.identify_index(folder({"score": WIDE}, "aggregate: sum"))
        assert free.schemes == ()

    def test_what_need_not_count_is_left_out(self, folder):
        blank = WIDE.replace("乙,50.0,50.0", "乙,50.0,")
        found = ci.identify_index(folder({"score": blank}, "missing: reweight"))
        assert found.rows == 6
        assert any("left out: what is missing need not count (reweight)" in note for note in found.notes)

    @pytest.mark.parametrize(
        ("keys", "words"),
        [
            ("aggregate: harmonic", "no weighted mean: its aggregate is harmonic"),
            ("aggregate: {geometric: {via: {from: [0, 100], to: [1, 10]}}}", "geometric on another axis"),
            ("steps: [{rescale: {from: [0, 100], to: [0, 1]}}]", "not what is weighed: rescale"),
        ],
    )
    def test_what_is_no_weighted_mean_is_refused(self, folder, keys, words):
        with pytest.raises(ci.TableError, match=words):
            ci.identify_index(folder({"score": WIDE}, keys))

    def test_what_is_not_published_is_named(self, folder):
        with pytest.raises(ci.TableError, match="no published table of economy, green: the scores are needed"):
            ci.identify_index(folder({"score": LISTS["score"]}))

    def test_a_folder_without_tables_says_so(self, folder):
        with pytest.raises(ci.TableError, match=r"of score, economy, green.*no tables at all"):
            ci.identify_index(folder({}))


def test_the_bounds_of_the_shipped_lists_are_exact():
    """The last score of a list bounds many rows and stands in one: with an unknown for it, the ranges are the same."""
    lists = ci.load_published("tech-capability-2021")
    children = ("technology", "economy", "governance", "livelihood")
    scores = {name: lists[name].set_index("name")["score"] for name in (*children, "score")}
    half, g, h = 0.0005, [], []
    for unit, total in scores["score"].items():
        most, least = np.zeros(8), np.zeros(8)  # weights, then weight times the last score of each list
        for place, child in enumerate(children):
            if unit not in scores[child]:
                least[4 + place] = -1
            elif unit == scores[child].index[-1]:
                most[4 + place], least[4 + place] = 1, -1
            else:
                most[place], least[place] = scores[child][unit] - half, -scores[child][unit] - half
        g, h = [*g, most, least], [*h, total + half, half - total]
    for place, child in enumerate(children):
        for sign in (1, -1):
            row = np.zeros(8)
            row[4 + place], row[place] = sign, -sign * (scores[child].iloc[-1] + sign * half)
            g, h = [*g, row], [*h, 0.0]
    found, sums = ci.identify_index("tech-capability-2021"), np.repeat([1.0, 0.0], 4)[None]
    for place, child in enumerate(children):
        axis = np.eye(8)[place]
        low, high = (sign * linprog(sign * axis, np.array(g), h, sums, [1.0]).fun for sign in (1, -1))
        assert (found.low[child], found.high[child]) == pytest.approx((low, high), abs=1e-6)


class TestTables:
    def test_columns_of_words_are_left_out_and_named(self, tmp_path):
        path = tmp_path / "printed.csv"
        path.write_text("city,province,a,b,total\nx,甲省,10.0,30.0,20.0\ny,乙省,50.0,20.0,35.0\n", encoding="utf-8")
        found = identify_table(path, total="total")
        assert found.children == ("a", "b")
        assert "left out, for they hold no numbers: province" in found.notes

    def test_parts_can_be_named(self, tmp_path):
        path = tmp_path / "printed.csv"
        path.write_text("rank,city,a,b,total\n1,x,10.0,30.0,20.0\n2,y,50.0,20.0,35.0\n", encoding="utf-8")
        found = identify_table(path, total="total", key="city", parts=["a", "b"])
        assert found.children == ("a", "b")
        assert found.equal

    def test_full_width_digits_and_dashes(self, tmp_path):
        path = tmp_path / "printed.csv"
        path.write_text("city,a,b,total\nx,１０.０,30.0,20.0\ny,—,20.0,35.0\n", encoding="utf-8")
        found = identify_table(path, total="total")
        assert found.equal
        assert any("1 of 2 units" in note for note in found.notes)

    def test_every_column_that_is_not_there_is_named(self, tmp_path):
        path = tmp_path / "printed.csv"
        path.write_text("city,a,b,total\nx,1,2,3\n", encoding="utf-8")
        with pytest.raises(ci.TableError) as raised:
            identify_table(path, total="totle", parts=["a", "c"])
        assert [str(problem) for problem in raised.value.problems] == [
            "printed.csv has no column 'totle'. Did you mean 'total'?",
            "printed.csv has no column 'c'. Known: 'city', 'a', 'b', 'total'.",
        ]


class TestCommand:
    def test_parts(self, tmp_path, capsys):
        path = tmp_path / "printed.csv"
        path.write_text("rank,city,a,b,total\n1,x,10.0,30.0,20.0\n2,y,50.0,20.0,35.0\n", encoding="utf-8")
        arguments = [str(path), "--total", "total", "--key", "city", "--part", "a", "--part", "b", "--format", "json"]
        assert main(["identify", *arguments]) == 0
        assert set(json.loads(capsys.readouterr().out)["weights"]) == {"a", "b"}

    def test_what_does_not_go_together(self, tmp_path, capsys):
        path = tmp_path / "printed.csv"
        path.write_text("city,a,b,total\nx,1,2,1.5\n", encoding="utf-8")
        assert main(["identify", str(path), "--total", "total", "--node", "score"]) == 2
        assert "a table has no groups" in " ".join(capsys.readouterr().err.split())
        assert main(["identify", "tech-capability-2021", "--part", "economy"]) == 2
        assert main(["identify", str(path)]) == 2
        assert "--total COLUMN" in " ".join(capsys.readouterr().err.split())

    def test_an_open_end_is_null(self, tmp_path, capsys):
        path = tmp_path / "printed.csv"
        path.write_text("city,a,b,total\nx,0.0,1.0,1.0\n", encoding="utf-8")
        assert (
            main(["identify", str(path), "--total", "total", "--free", "--rounding", "none", "--format", "json"]) == 0
        )
        assert json.loads(capsys.readouterr().out)["weights"]["a"] == {"low": 0.0, "high": None, "centre": None}


class TestInputs:
    """Totals find their units; whatever is doubtful is told."""

    X = pd.DataFrame({"a": ["1.0", "2.0"], "b": ["3.0", "4.0"]}, index=["p", "q"])

    def test_totals_are_laid_beside_the_units_by_name(self):
        wanted = [2.0, 3.0]
        for total in (
            [2.0, 3.0],
            np.array([2.0, 3.0]),
            pd.Series([2.0, 3.0]),
            {"q": "3.0", "p": "2.0"},
            pd.Series({"q": 3.0, "p": 2.0, "z": 9.0}),
        ):
            assert read_inputs(self.X, total, None, None).total.tolist() == wanted
        assert np.isnan(read_inputs(self.X, {"q": 3.0}, None, None).total[0])

    @pytest.mark.parametrize(
        ("total", "words"),
        [
            (pd.Series([2.0, 3.0], index=["x", "y"]), "no total is of a unit of the table: 'x' is none"),
            (pd.Series([2.0, 3.0], index=["p", "p"]), "unit p: has two totals"),
            ([1.0], "1 totals for 2 units"),
            (["1.0", "x"], "unit q, column total: found 'x'"),
        ],
    )
    def test_totals_that_find_none(self, total, words):
        with pytest.raises(ci.TableError, match=words):
            read_inputs(self.X, total, None, None)

    def test_every_problem_is_told(self):
        bad = pd.DataFrame([["x", 1.0], [np.inf, "y"]], columns=["a", "a"], index=["p", "p"])
        with pytest.raises(ci.TableError) as raised:
            read_inputs(bad, [1.0, 2.0], {"z": 1}, None)
        told = str(raised.value)
        for words in ("unit p: stands twice", "column a: stands twice", "'x'", "infinite", "'y'", "no column 'z'"):
            assert words in told

    def test_columns_of_different_lengths(self):
        with pytest.raises(ci.TableError, match="columns that are alike long"):
            read_inputs({"a": [1], "b": [1, 2]}, [1], None, None)

    @pytest.mark.parametrize(
        ("cells", "digits"),
        [
            (["1,234.50", "7%"], 2),
            ([0.1, 0.25, np.nan], 2),
            ([1.0, 2.0], 0),
            ([1e-07], 7),
            ([0.30000000000000004], 17),
            ([None, "—"], 0),
            ([0.1 + 0.2, "1.5"], 17),
            ([], 0),
        ],
    )
    def test_decimals(self, cells, digits):
        assert decimals_of(pd.Series(cells, dtype=None if cells else object)) == digits
