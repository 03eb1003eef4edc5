"""Keeps a solver's stray lines off standard output."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["quiet"]

LOCK = threading.Lock()  # the descriptor belongs to the whole process


@contextmanager
def quiet() -> Iterator[None]:
    """Send what native code writes to standard output nowhere; whatever happens, it is put back.

    Python's own text is written out before. Where there is no standard output, nothing is done.
    """
    with LOCK:
        with suppress(OSError, ValueError, AttributeError):
            sys.stdout.flush()
        try:
            kept = os.dup(1)
        except OSError:
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            _flush()
            os.dup2(nowhere, 1)
            yield
        finally:
            _flush()
            os.dup2(kept, 1)
            os.close(nowhere)
            os.close(kept)


def _flush() -> None:
    """Write out what C keeps in its buffers."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
