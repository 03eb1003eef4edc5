"""Peak memory of scoring 300,000 units × 100 indicators from a frame, as a multiple of the frame (Linux only)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import cityindex as ci

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def mebibytes(field):
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


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
ci.score(spec, frame.head(100)).to_frame()  # imports and caches are not the scoring's
size = UNITS * COLUMNS * 8 / 2**20
RESET.write_text("5", encoding="ascii")  # the peak starts again from what is held now
before = mebibytes("VmRSS")
result = ci.score(spec, frame)
out = result.to_frame()
peak = mebibytes("VmHWM")
print(
    f"memory, {UNITS:,} × {COLUMNS}: the input takes {size:.0f} MiB; scoring adds {peak - before:.0f} MiB at its peak "
    f"({(peak - before) / size:.2f} × the input; with the input itself {1 + (peak - before) / size:.2f} ×)"
)
