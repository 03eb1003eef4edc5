"""Write the JSON Schema of the spec language beside the reader, where the shipped specs point editors to.

python tools/write_schema.py
"""

from __future__ import annotations

import json
from pathlib import Path

from cityindex.spec import schema

TARGET = Path(__file__).resolve().parents[1] / "src" / "cityindex" / "spec" / "schema.json"


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"{TARGET.name}: {len(text()):,} characters")
