"""Whatever the index and the table: blocks give the numbers of `score`, and refuse what it refuses."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from scale_support import both, write
from strategies import specs

import cityindex as ci

NAMES = st.sampled_from([f"n{place}" for place in range(14)])


@st.composite
def tables(draw, spec, least=4, most=40):
    """A table that the spec may read: some columns rounded (so that units tie), some with gaps."""
    rows = draw(st.integers(least, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    data = {spec.unit.key or "unit": [f"U{row}" for row in rng.permutation(rows)]}
    for node in spec.indicators:
        values = rng.normal(20, 30, rows) if rng.random() < 0.7 else rng.lognormal(0, 3, rows)
        if rng.random() < 0.4:
            values = np.round(values, -1)
        if rng.random() < 0.3:
            values[rng.random(rows) < 0.2] = np.nan
        data[node.id] = values.astype(np.float32) if rng.random() < 0.3 else values
    return pd.DataFrame(data)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_blocks_are_the_whole(data):
    spec = ci.load_spec(data.draw(specs(NAMES)))
    frame = data.draw(tables(spec))
    rows = len(frame)
    with tempfile.TemporaryDirectory() as folder:
        path = write(frame, f"{folder}/data.parquet", data.draw(st.integers(1, rows)))
        out, block_rows = f"{folder}/out.parquet", data.draw(st.integers(1, rows))
        try:
            ci.score(spec, path)
        except ci.CityIndexError as error:
            event(f"refused: {str(error).splitlines()[-1][:60]}")
            with pytest.raises(ci.CityIndexError):
                ci.score_dataset(spec, path, out, block_rows=block_rows, progress=False)
            assert not Path(out).exists()
            return
        event("scored")
        both(spec, path, out, block_rows=block_rows)
        assert sorted(each.name for each in Path(folder).iterdir()) == ["data.parquet", "out.parquet"]
