"""Laws: what is written is what is read, keys never change, rows keep their order."""

from __future__ import annotations

import csv
import io
import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared

from cityindex.table import read_table
from cityindex.table.names import fold
from cityindex.table.numbers import read_cell

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=12)
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def write(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def read(content, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(content)
        return read_table(path, **options)


@given(NUMBERS)
def test_a_number_written_is_read_to_the_bit(number):
    for text in (repr(number), f" {number!r} ", repr(number).translate(WIDE), f"'{number!r}"):
        cell = read_cell(text)
        assert cell.value == number
        assert math.copysign(1, cell.value) == math.copysign(1, number)


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
def test_thousands_separators_and_per_cents_change_nothing(number, digits):
    plain = f"{number:.{digits}f}"
    for text in (f"{number:,.{digits}f}", f"{number:,.{digits}f}".replace(",", " "), f"{plain}%", f"{plain} ％"):
        assert read_cell(text).value == float(plain)


@given(st.text(max_size=20))
def test_any_text_is_read_or_missing_or_refused_and_never_breaks(text):
    cell = read_cell(text)
    assert math.isfinite(cell.value) != (cell.missing or bool(cell.refusal))
    assert not (cell.missing and cell.refusal)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(KEYS, NUMBERS), min_size=1, max_size=15))
def test_keys_never_change_and_rows_keep_their_order(rows):
    keys = [key for key, _ in rows]
    table = read(write([("city", "gdp"), *((key, repr(number)) for key, number in rows)]))
    assert table.text("city").tolist() == keys
    assert table.numbers("gdp").values.tolist() == [number for _, number in rows]
    frame = read_table(pd.DataFrame({"city": keys, "gdp": [number for _, number in rows]}))
    assert frame.text("city").tolist() == keys
    assert frame.numbers("gdp").values.tolist() == [number for _, number in rows]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.sampled_from("01234567890.,%-— '亿１－\u3000"), max_size=8), min_size=1, max_size=30))
def test_a_column_is_read_cell_by_cell(cells):
    """The fast path and the slow one agree, whatever stands beside a cell."""
    numbers = read_table({"gdp": np.array(cells, dtype=object)}).numbers("gdp")
    np.testing.assert_array_equal(numbers.values, [read_cell(cell).value for cell in cells])
    assert numbers.has_missing == any(math.isnan(read_cell(cell).value) for cell in cells)
    refused = sum(bool(read_cell(cell).refusal) for cell in cells)
    assert bool(refused) <= bool(numbers.problems)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.lists(NUMBERS, min_size=1, max_size=20))
def test_taking_rows_reads_those_rows(data, values):
    rows = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=10))
    table = read_table({"city": [f"u{i}" for i in range(len(values))], "gdp": [repr(value) for value in values]})
    taken = table.take(rows)
    assert taken.numbers("gdp").values.tolist() == [values[row] for row in rows]
    assert taken.text("city").tolist() == [f"u{row}" for row in rows]


@given(st.text(max_size=20), st.sampled_from([" ", "_", "-", "（", "】", "\u3000", ":"]))
def test_a_folded_name_is_blind_to_case_width_and_punctuation(name, mark):
    assert fold(name + mark) == fold(mark + name) == fold(name)
    plain = "".join(letter for letter in name if letter.isascii() and letter.isalnum())
    assert fold(plain.upper()) == fold(plain.lower().translate(WIDE)) == plain.lower()


@pytest.mark.parametrize(
    ("parts", "text_columns"),
    [
        (("asem", "00_iData.csv"), 7),
        (("bench", "data_300_50_iData.csv"), 2),
        (("indices", "undp_hdi_2021", "inputs.csv"), 2),
        (("indices", "cdc_svi_2018_county", "inputs.csv"), 3),
    ],
)
def test_published_tables_are_read_as_they_stand(parts, text_columns):
    path = shared(*parts)
    table = read_table(path)
    plain = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert table.columns == tuple(plain.columns)
    assert table.notes == ()
    for column in table.columns[:text_columns]:
        assert table.text(column).tolist() == plain[column].tolist()
    for column in table.columns[text_columns:]:
        numbers = table.numbers(column)
        expected = [float(cell) if cell not in ("", "NA") else math.nan for cell in plain[column]]
        np.testing.assert_array_equal(numbers.values, expected)
        assert not numbers.problems
