"""Peak memory of scoring 300,000 units × 100 indicators from a frame, as a multiple of the frame."""

from __future__ import annotations

import resource

import numpy as np
import pandas as pd

import cityindex as ci


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


UNITS, COLUMNS = 300_000, 100
rng = np.random.default_rng(0)
frame = pd.DataFrame(rng.random((COLUMNS, UNITS)).T, columns=[f"x{j}" for j in range(COLUMNS)])
frame.insert(0, "unit", [f"U{row:06d}" for row in range(UNITS)])
children = [{"id": f"p{k}", "children": [f"x{j}" for j in range(10 * k, 10 * k + 10)]} for k in range(10)]
spec = ci.load_spec(
    {
        "cityindex": 1,
        "id": "memory",
        "unit": {"kind": "unit", "key": "unit"},
        "defaults": {"indicator": {"steps": [{"winsorise": {"points": 5}}, "minmax"]}},
        "index": {"id": "index", "children": children},
    }
)
size = UNITS * COLUMNS * 8 / 2**20
before = peak()
result = ci.score(spec, frame)
out = result.to_frame()
print(
    f"memory, {UNITS:,} × {COLUMNS}: input {size:.0f} MiB; peak {peak():.0f} MiB, of which {peak() - before:.0f} MiB "
    f"above what was held before scoring: {(peak() - before) / size:.2f}× the input on top of it"
)
