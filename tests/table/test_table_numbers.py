"""Text → number as a person reads it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cityindex.table import read_table
from cityindex.table.numbers import MISSING, Marks, read_cell

READ = {
    "12": 12.0,
    "-3.5": -3.5,
    "+4": 4.0,
    ".5": 0.5,
    "5.": 5.0,
    "1.2e-3": 0.0012,
    "1E+05": 1e5,
    "007": 7.0,
    "1,234": 1234.0,
    "-1,234,567.89": -1234567.89,
    "1 234 567": 1234567.0,
    "1\u00a0234.5": 1234.5,
    "１２．５": 12.5,
    "－3": -3.0,
    "\u22123": -3.0,
    "–3": -3.0,
    "＋３": 3.0,
    "１，２３４": 1234.0,
    "12.5%": 12.5,
    "12.5 %": 12.5,
    "12.5％": 12.5,
    "-1,234.5%": -1234.5,
    "'123": 123.0,
    "\u00a012.5\u3000": 12.5,
    "\ufeff12": 12.0,
}


@pytest.mark.parametrize(("text", "number"), READ.items())
def test_read(text, number):
    cell = read_cell(text)
    assert (cell.value, cell.refusal, cell.missing) == (number, "", False)


@pytest.mark.parametrize("text", ["12", " 12 ", "-3.5", "1e5", ""])
def test_plain_cells_have_nothing_to_note(text):
    assert read_cell(text).traits == ()


@pytest.mark.parametrize(
    "text",
    [
        *("", "—", "–", "－", "-", "―", "/", "／", "...", "…", "……", "*", "＊", "N/A", "Ｎ／Ａ", "NA", "n.a.", "nan"),
        *("NaN", "null", "None", "无", "缺失", "暂无", "不详", "#N/A", "#DIV/0!", "--", "\u3000", "<NA>"),
    ],
)
def test_usual_marks_are_missing(text):
    cell = read_cell(text)
    assert cell.missing
    assert math.isnan(cell.value)
    assert not cell.refusal


def test_zero_is_never_missing():
    assert "0" not in MISSING
    assert not read_cell("0").missing


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,23", "decimal point"),
        ("0,5", "decimal point"),
        ("0,123", "decimal point"),
        ("12,5%", "decimal point"),
        ("1.234,5", "read twice"),
        ("1 234,5", "read twice"),
        ("12,34,567", "read twice"),
        ("1.2.3", "read twice"),
        ("12.5亿元", "something after the number"),
        ("3.2万", "something after the number"),
        ("12.5*", "something after the number"),
        ("5²", "something after the number"),
        ("12①", "something after the number"),
        ("¥12", "something before the number"),
        ("2020-06-04", "is a date"),
        ("2020/6/4", "is a date"),
        ("2020-06-04 10:00:00", "is a date"),
        ("2020年", "is a date"),
        ("6月4日", "is a date"),
        ("12:30", "is a date or a time"),
        ("1/2", "is a fraction"),
        ("10-20", "is a range"),
        ("10～20", "is a range"),
        ("<0.1", "is a bound"),
        ("≥5", "is a bound"),
        ("约12", "is a bound"),
        ("(123)", "stands in brackets"),
        ("（123）", "stands in brackets"),
        ("5‰", "per mille"),
        ("inf", "is infinite"),
        ("-Infinity", "is infinite"),
        ("∞", "is infinite"),
        ("1e999", "is infinite"),
        ("1" * 400, "is infinite"),
        ("TRUE", "write 1 and 0"),
        ("是", "write 1 and 0"),
        ("#REF!", "error of the workbook"),
        ("#NAME?", "error of the workbook"),
        ("=A1/B1", "formula without a saved value"),
        ("昆山市", "is not a number"),
        ("1_000", "something after the number"),
        ("0x10", "something after the number"),
        ("%", "is not a number"),
        ("—3", "something before the number"),
    ],
)
def test_refused_with_a_reason(text, reason):
    cell = read_cell(text)
    assert reason in cell.refusal
    assert math.isnan(cell.value)


def test_superscripts_are_not_digits():
    """A footnote mark must not become part of the number, as NFKC would have it (12² is not 122)."""
    assert read_cell("12²").refusal


@pytest.mark.parametrize("text", ["-999", "-999.0", " -999 ", "－999", "x", "X?", "（缺）"])
def test_marks_of_the_user_compare_as_numbers_or_text(text):
    assert read_cell(text, Marks.of([-999, "x", "X?", "（缺）"])).missing


def column(*cells, **options):
    units = [f"u{i}" for i in range(len(cells))]
    return read_table({"city": units, "gdp": list(cells)}, key="city", **options).numbers("gdp")


def test_everything_read_otherwise_than_plain_is_noted():
    numbers = column("1,234", "１２", "−3", "'5", "\u00a06", "7", "2,000")
    assert numbers.values.tolist() == [1234, 12, -3, 5, 6, 7, 2000]
    assert not numbers.problems
    assert set(numbers.notes) == {
        "column gdp: 2 cells with thousands separators (first: '1,234' of u0)",
        "column gdp: 1 cell in full-width characters (first: '１２' of u1)",
        "column gdp: 1 cell with a minus sign other than '-' (first: '−3' of u2)",
        'column gdp: 1 cell with a leading apostrophe (first: "\'5" of u3)',
        "column gdp: 1 cell with unusual spaces around (first: '\\xa06' of u4)",
    }


def test_marks_read_as_missing_are_noted_with_counts():
    numbers = column("1", "—", "", "N/A", "—", "-999", missing=[-999])
    assert np.isnan(numbers.values).tolist() == [False, True, True, True, True, True]
    assert numbers.has_missing
    assert numbers.notes == (
        "column gdp: read as missing: 2 '—' (first: u1), 1 'N/A' (first: u3), 1 '-999' (first: u5), 1 empty",
    )


def test_empty_cells_alone_are_plain_missing():
    numbers = column("1", "", "3")
    assert numbers.has_missing
    assert numbers.notes == ()


def test_marks_of_the_user_in_a_plain_text_column():
    numbers = column("1", "-999.0", "3", missing=-999)
    assert np.isnan(numbers.values).tolist() == [False, True, False]
    assert numbers.notes == ("column gdp: read as missing: 1 '-999' (first: u1)",)


def test_marks_of_the_user_in_a_column_of_numbers():
    cells = np.array([1.0, -999.0, 3.0])
    frame = pd.DataFrame({"city": ["a", "b", "c"], "gdp": cells})
    numbers = read_table(frame, key="city", missing=[-999, "x"]).numbers("gdp")
    assert np.isnan(numbers.values).tolist() == [False, True, False]
    assert numbers.notes == ("column gdp: read as missing: 1 '-999' (first: b)",)
    assert cells[1] == -999


def test_per_cents_are_noted():
    numbers = column("12.5%", "3％", "0")
    assert numbers.values.tolist() == [12.5, 3, 0]
    assert not numbers.problems
    assert "column gdp: 2 cells with a per-cent sign, read as the number before it" in numbers.notes[0]


def test_per_cents_among_plain_numbers_are_a_problem():
    numbers = column("12.5%", "0.125", "3%", "0.3")
    (problem,) = numbers.problems
    assert problem.place == "column gdp"
    assert problem.message == (
        "2 cells are per cents ('12.5%' of u0, '3%' of u2) and 2 cells are not ('0.125' of u1, '0.3' of u3): "
        "write them all alike"
    )


def test_few_wrong_cells_are_told_one_by_one():
    cells = ["1", "2", "3", "昆山市", "12亿", "6", "7"]
    numbers = column(*cells)
    assert [str(problem) for problem in numbers.problems] == [
        "unit u3, column gdp: '昆山市' is not a number",
        "unit u4, column gdp: '12亿' has something after the number: write it alone, its unit in the header",
    ]
    assert np.isnan(numbers.values).tolist() == [False, False, False, True, True, False, False]


def test_more_than_twenty_wrong_cells_are_counted():
    numbers = column(*["1"] * 60, *["x"] * 25)
    assert len(numbers.problems) == 21
    assert str(numbers.problems[-1]) == "column gdp: 5 more cells of this column cannot be read"


def test_a_column_of_words_is_one_problem():
    numbers = column("昆山市", "江阴市", "", "张家港市", "常熟市")
    (problem,) = numbers.problems
    assert str(problem) == (
        "column gdp: 4 of 4 cells are not numbers (first: '昆山市' of u0); does it stand in another column's place?"
    )


def test_a_column_of_units_is_one_problem():
    (problem,) = column("1亿", "2亿", "3亿").problems
    assert "3 of 3 cells cannot be read as numbers: '1亿' of u0 has something after" in problem.message


def test_infinite_numbers_of_a_frame_are_refused_by_unit():
    frame = pd.DataFrame({"city": ["a", "b", "c"], "gdp": [1.0, np.inf, np.nan]})
    numbers = read_table(frame, key="city").numbers("gdp")
    assert [str(problem) for problem in numbers.problems] == ["unit b, column gdp: inf is infinite"]
    assert np.isnan(numbers.values).tolist() == [False, True, True]
    assert frame["gdp"].tolist()[:2] == [1.0, np.inf]


def test_numbers_that_add_to_infinity_are_not_refused():
    numbers = read_table(pd.DataFrame({"city": ["a", "b"], "gdp": [1.7e308, 1.7e308]}), key="city").numbers("gdp")
    assert not numbers.problems
    assert not numbers.has_missing


def test_booleans_of_a_frame_are_read_and_noted_those_of_text_refused():
    frame = pd.DataFrame({"city": ["a", "b"], "port": [True, False], "sea": ["True", "False"]})
    table = read_table(frame, key="city")
    assert table.numbers("port").values.tolist() == [1.0, 0.0]
    assert table.numbers("port").notes == ("column port: 2 cells true or false, read as 1 and 0 (first: 1 of a)",)
    assert [problem.message for problem in table.numbers("sea").problems] == [
        "'True' is a yes or a no: write 1 and 0",
        "'False' is a yes or a no: write 1 and 0",
    ]


def test_exact_decimals():
    """Texts become the float64 nearest to them."""
    cells = ["390.79999114746801", "0.1", "2.2250738585072014e-308", "0.30000000000000004"]
    assert column(*cells).values.tolist() == [float(cell) for cell in cells]


@pytest.mark.parametrize(
    "cells",
    [
        pd.array([1, None, 3], dtype="Int64"),
        pd.array([1.0, None, 3.0], dtype="Float64"),
        [1, None, 3],
        [1.0, float("nan"), "3"],
        pd.Categorical([1.0, None, 3.0]),
        np.array([1, np.nan, 3], dtype=np.float32),
    ],
)
def test_numbers_of_every_type_of_column(cells):
    frame = pd.DataFrame({"city": ["a", "b", "c"], "gdp": cells})
    numbers = read_table(frame, key="city").numbers("gdp")
    np.testing.assert_array_equal(numbers.values, [1.0, np.nan, 3.0])
    assert numbers.has_missing
    assert not numbers.problems


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (pd.to_datetime(["2020-01-02", "2020-01-03"]), "'2020-01-02' is a date"),
        (np.array([1 + 2j, 2]), "'(1+2j)'"),
        ([10**400, 1], "is infinite"),
    ],
)
def test_what_is_no_number_in_a_frame_is_refused(cells, reason):
    numbers = read_table(pd.DataFrame({"city": ["a", "b"], "gdp": cells}), key="city").numbers("gdp")
    assert reason in str(numbers.problems[0])
