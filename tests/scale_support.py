"""Shared by the tests of data sets: a table as Parquet in small row groups, and both ways of scoring it compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import cityindex as ci


def write(frame, path, group_rows=None, schema=None):
    """The frame as a Parquet file of small row groups."""
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    pq.write_table(table, path, row_group_size=group_rows or max(len(frame), 1))
    return path


def read(path):
    return pd.read_parquet(path)


def assert_same_numbers(found, wanted, exact=False):
    """Two frames as `to_frame` gives them: columns, order and texts alike, numbers to the bit or to 1e-12 of them."""
    assert list(found.columns) == list(wanted.columns)
    assert len(found) == len(wanted)
    for name in wanted.columns:
        one, other = found[name], wanted[name]
        if pd.api.types.is_numeric_dtype(other):
            a, b = (each.to_numpy(dtype=np.float64, na_value=np.nan) for each in (one, other))
            if exact:
                np.testing.assert_array_equal(a, b, err_msg=name)
            else:
                np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12, err_msg=name)
        else:
            texts = [each.where(each.notna(), "").astype(str).tolist() for each in (one, other)]
            assert texts[0] == texts[1], name


def assert_same_calibration(found, wanted, where=""):
    """Two calibrations as plain data, numbers to 1e-12."""
    if isinstance(wanted, dict):
        assert set(found) == set(wanted), where
        for key in wanted:
            assert_same_calibration(found[key], wanted[key], f"{where}.{key}")
    elif isinstance(wanted, list | tuple):
        assert len(found) == len(wanted), where
        for place, (one, other) in enumerate(zip(found, wanted, strict=True)):
            assert_same_calibration(one, other, f"{where}[{place}]")
    elif isinstance(wanted, float):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12, err_msg=where)
    else:
        assert found == wanted, where


def both(spec, path, out, exact=False, **options):
    """The data set scored in blocks and in memory, compared; both results."""
    memory = {name: options[name] for name in ("calibration", "given") if name in options}
    result = ci.score(spec, path, **memory)
    scored = ci.score_dataset(spec, path, out, progress=False, **options)
    assert scored.rows == len(result)
    assert_same_numbers(read(out), result.to_frame(), exact=exact)
    assert_same_calibration(scored.calibration.to_dict(), result.calibration.to_dict())
    return scored, result
