"""The command line: list, show, check, describe, score, calibrate, explain, audit, identify, new, methods, schema.

Exit status: 0 all is well, 1 a check failed, 2 bad usage or bad input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cityindex.errors import CityIndexError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the entry point of the script ``cityindex``."""
    from cityindex.cli.commands import app

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Chinese on any console
    try:
        code = app(args=None if arguments is None else list(arguments), standalone_mode=True)
    except SystemExit as done:
        code = done.code
    except CityIndexError as error:
        print(f"cityindex: {error}", file=sys.stderr)
        code = 2
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        print(f"cityindex: {what}", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        print("cityindex: interrupted", file=sys.stderr)
        code = 130
    status = code if isinstance(code, int) else 0 if code is None else 2
    if arguments is None:
        raise SystemExit(status)
    return status
