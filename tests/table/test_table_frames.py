"""Frames of pandas, polars and pyarrow, mappings, Parquet: nothing copied, nothing shared with the caller."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import polars
import pyarrow
import pytest

from cityindex.errors import DependencyError, NotFoundError, TableError
from cityindex.table import read_table


def refused(source, **options):
    with pytest.raises(TableError) as caught:
        read_table(source, **options)
    return str(caught.value)


COLUMNS = {"city": ["a", "b", "c"], "gdp": [1.0, 2.0, 3.0], "n": [1, 2, 3]}


@pytest.mark.parametrize("make", [dict, pd.DataFrame, polars.DataFrame, pyarrow.table])
def test_every_kind_of_frame_reads_alike(make):
    table = read_table(make(COLUMNS), key="city")
    assert table.columns == ("city", "gdp", "n")
    assert table.text("city").tolist() == ["a", "b", "c"]
    assert table.numbers("gdp").values.tolist() == [1.0, 2.0, 3.0]
    assert table.numbers("n").values.tolist() == [1.0, 2.0, 3.0]
    assert table.fingerprint == read_table(COLUMNS).fingerprint
    assert isinstance(table.to_frame(), pd.DataFrame)


@pytest.mark.parametrize("make", [polars.DataFrame, pyarrow.table])
def test_missing_cells_of_other_frames(make):
    table = read_table(make({"k": ["a", None], "x": [None, 1.5], "n": [1, None], "b": [True, None], "o": ["1", None]}))
    assert table.text("k").tolist() == ["a", ""]
    for column, value in {"n": 1.0, "b": 1.0, "o": 1.0}.items():
        np.testing.assert_array_equal(table.numbers(column).values, [value, np.nan])
    np.testing.assert_array_equal(table.numbers("x").values, [np.nan, 1.5])
    assert table.numbers("b").notes == ("column b: 1 cell true or false, read as 1 and 0 (first: 1 of row 1)",)


def test_a_column_of_float64_is_not_copied():
    frame = pd.DataFrame(np.arange(12.0).reshape(4, 3), columns=["x", "y", "z"])
    frame.insert(0, "city", list("abcd"))
    table = read_table(frame, key="city")
    assert np.shares_memory(table.numbers("y").values, frame["y"].to_numpy())
    apart = pd.DataFrame({"x": np.arange(3.0), "y": np.arange(3.0), "z": [1.0, np.nan, 2.0]}, copy=False)
    for column in apart.columns:
        assert np.shares_memory(read_table(apart).numbers(column).values, apart[column].to_numpy())
    other = polars.DataFrame({"city": ["a", "b"], "x": [1.0, 2.0]})
    assert np.shares_memory(read_table(other).numbers("x").values, other["x"].to_numpy())


def test_what_comes_out_cannot_change_the_table():
    frame = pd.DataFrame({"city": ["a", "b"], "gdp": [1.0, 2.0]})
    table = read_table(frame, key="city")
    before = table.fingerprint
    numbers = table.numbers("gdp").values
    for array in (numbers, table.text("city"), table.labels("city")):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]
    out = table.to_frame()
    out.iloc[0, 1] = 9.0
    frame.iloc[0, 1] = 9.0
    assert table.to_frame()["gdp"].tolist() == [1.0, 2.0]
    assert numbers.tolist() == [1.0, 2.0]
    assert table.take([0, 1]).fingerprint == before
    with pytest.raises(AttributeError):
        table.source = "x"


def test_a_named_index_becomes_the_first_column():
    frame = pd.DataFrame({"gdp": [1.0, 2.0]}, index=pd.Index(["昆山市", "江阴市"], name="city"))
    table = read_table(frame)
    assert table.columns == ("city", "gdp")
    assert table.text("city").tolist() == ["昆山市", "江阴市"]
    both = pd.DataFrame({"gdp": [1.0, 2.0]}, index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["k", "year"]))
    assert read_table(both).columns == ("k", "year", "gdp")


def test_an_index_without_a_name():
    text = pd.DataFrame({"gdp": [1.0, 2.0]}, index=["a", "b"])
    assert read_table(text).columns == ("index", "gdp")
    running = pd.DataFrame({"city": ["a", "b", "c", "d"], "gdp": [1.0, 2.0, 3.0, 4.0]})
    assert read_table(running).columns == ("city", "gdp")
    filtered = running[running["gdp"] != 3]
    assert read_table(filtered).columns == ("city", "gdp", "index")
    assert read_table(filtered).text("index").tolist() == ["0", "1", "3"]
    assert read_table(filtered).numbers("gdp").values.tolist() == [1.0, 2.0, 4.0]


def test_codes_as_numbers_are_shown_without_a_point():
    frame = pd.DataFrame({"code": [110000.0, 6001400100.0, np.nan], "gdp": [1, 2, 3]})
    assert read_table(frame).text("code").tolist() == ["110000", "6001400100", ""]


def test_text_columns_of_every_type():
    for cells in (
        ["a", None],
        pd.array(["a", None], dtype="string"),
        pd.Categorical(["a", None]),
        np.array(["a", None], dtype=object),
    ):
        assert read_table(pd.DataFrame({"k": cells, "x": [1, 2]})).text("k").tolist() == ["a", ""]


def test_names_that_are_no_text():
    table = read_table(pd.DataFrame([["a", 1.0]], columns=["city", 2019]))
    assert table.columns == ("city", "2019")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (pd.DataFrame(), "DataFrame has no columns"),
        (pd.DataFrame({"a": []}), "DataFrame has no rows"),
        ({}, "mapping has no columns"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "column a: 2 columns have this name"),
        (pd.DataFrame([[1, 2]], columns=[1, "1"]), "column 1: 2 columns have this name"),
        (pd.DataFrame([[1, 2]], columns=["a", " "]), "column 2: no name"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "have 2 levels"),
        ({"a": [1, 2], "b": [1], "c": "x", "d": [3, 4]}, "column b: 1 values, where others have 2"),
        ({"a": [1, 2], "c": "xy"}, "column c: a sequence is wanted, not str"),
        ({"a": {"b": 1}}, "column a: a sequence is wanted, not dict"),
        (polars.DataFrame({"a": [1]}).lazy(), "collect() it first"),
        (np.zeros((2, 2)), "a table cannot be read from numpy.ndarray. Allowed: a path"),
        ([{"a": 1}], "a table cannot be read from list"),
        (None, "a table cannot be read from NoneType"),
        (pd.Series([1]), "a table cannot be read from pandas"),
    ],
)
def test_what_is_no_table(source, said):
    assert said in refused(source)


def test_series_in_a_mapping_are_taken_in_order():
    """Not aligned by their index."""
    table = read_table({"k": pd.Series(["a", "b"], index=[1, 0]), "x": pd.Series([1.0, 2.0])})
    assert table.text("k").tolist() == ["a", "b"]


def test_parquet(tmp_path):
    frame = pd.DataFrame({"gdp": [1.0, 2.0]}, index=pd.Index(["01", "02"], name="code"))
    frame.to_parquet(tmp_path / "data.parquet")
    table = read_table(tmp_path / "data.parquet", key="code")
    assert table.source == "data.parquet"
    assert table.text("code").tolist() == ["01", "02"]
    assert table.numbers("gdp").values.tolist() == [1.0, 2.0]
    (tmp_path / "bad.parquet").write_bytes(b"not parquet")
    assert "bad.parquet cannot be read as Parquet" in refused(tmp_path / "bad.parquet")
    pd.DataFrame({"a": []}).to_parquet(tmp_path / "none.parquet")
    assert refused(tmp_path / "none.parquet") == "none.parquet has no rows"


def test_parquet_without_its_package(tmp_path, monkeypatch):
    (tmp_path / "data.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DependencyError, match=r"cityindex\[parquet\]"):
        read_table(tmp_path / "data.parquet")


def test_labels_compare_as_numbers_where_they_are():
    frame = pd.DataFrame({"k": ["a", "b", "c"], "year": [2019.0, 2020.0, np.nan], "sea": ["0", " 0.0", "Asia "]})
    table = read_table(frame)
    assert table.labels("year").tolist() == ["2019", "2020", ""]
    assert table.labels("sea").tolist() == ["0", "0", "Asia"]
    assert read_table(frame, missing=["Asia"]).labels("sea").tolist() == ["0", "0", ""]


def test_take_keeps_order_lines_and_names():
    table = read_table({"city": ["a", "b", "c", "d"], "gdp": ["1", "2", "x", "4"]}, key="city")
    taken = table.take([2, 0])
    assert taken.text("city").tolist() == ["c", "a"]
    assert taken.lines.tolist() == [3, 1]
    assert str(taken.numbers("gdp").problems[0]) == "unit c, column gdp: 'x' is not a number"
    assert table.take(np.array([False, True, False, True])).numbers("gdp").values.tolist() == [2.0, 4.0]
    assert table.take(slice(0, 2)).text("city").tolist() == ["a", "b"]
    assert taken.key == "city"


def test_no_rows_may_be_taken():
    table = read_table({"city": ["a", "b"], "gdp": ["1", "2"], "x": [1.0, 2.0], "o": np.array([1, None], dtype=object)})
    none = table.take([])
    assert len(none) == 0
    for column in ("gdp", "x", "o"):
        assert none.numbers(column).values.shape == (0,)
        assert not none.numbers(column).has_missing


def test_keyed_names_rows_by_unit_and_period():
    table = read_table({"city": ["a", "a"], "year": [2019, 2020], "gdp": [1.0, 2.0]})
    assert table.place(1, "gdp") == "row 2, column gdp"
    keyed = table.keyed("city", period="year")
    assert keyed.place(1, "gdp") == "unit a (2020), column gdp"
    assert keyed.keyed("city", period="year") is keyed
    with pytest.raises(NotFoundError, match="has no column 'ciyt'"):
        table.keyed("ciyt")


@pytest.mark.parametrize("ask", ["text", "numbers", "labels"])
def test_a_column_that_is_not_there(ask):
    with pytest.raises(NotFoundError, match=r"mapping has no column 'gpd'. Did you mean 'gdp'\?"):
        getattr(read_table({"city": ["a"], "gdp": [1]}), ask)("gpd")


def test_the_fingerprint_sees_names_order_and_contents():
    base = {"city": ["a", "b"], "gdp": [1.0, float("nan")]}
    same = read_table(base).fingerprint
    assert len(same) == 64
    assert same == read_table(pd.DataFrame(base)).fingerprint
    assert same == read_table(pd.DataFrame({"city": ["a", "b"], "gdp": pd.array([1, None], dtype="Int64")})).fingerprint
    for other in (
        {"city": ["a", "b"], "gdp": [1.0, 2.0]},
        {"city": ["a", "b"], "GDP": [1.0, float("nan")]},
        {"city": ["b", "a"], "gdp": [1.0, float("nan")]},
        {"gdp": [1.0, float("nan")], "city": ["a", "b"]},
    ):
        assert read_table(other).fingerprint != same
    assert read_table({"x": [0.0, 1.0]}).fingerprint == read_table({"x": [-0.0, 1.0]}).fingerprint
