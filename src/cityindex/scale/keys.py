"""Whether a unit stands twice, without holding the keys: by a number made of each key, and the keys where two agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cityindex.engine import Labels
from cityindex.errors import Problem
from cityindex.methods.rank_blocks import targets
from cityindex.scale.work import BlockFile

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["hash_texts", "twice"]

Hashes = npt.NDArray[np.uint64]
ODD = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xBF58476D1CE4E5B9)
LONG = 256  # bytes; keys beyond are rare, and are hashed one by one
AT_ONCE = 1 << 25  # numbers held at once
PART_BITS = 12
PARTS = 1 << PART_BITS
LISTED = 50


def hash_texts(texts: pa.Array, periods: Labels | None = None) -> Hashes:
    """A number for each text (and its period): alike for texts that are alike, and hardly ever for others."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, 4 * texts.offset).astype(np.int64)
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    lengths = np.diff(offsets)
    found = np.zeros(len(texts), np.uint64)
    alike = len(lengths) > 0 and lengths.min() == lengths.max()
    sizes = [int(lengths[0])] if alike else np.unique(lengths).tolist()
    for size in sizes:
        if size > LONG:
            rows = np.flatnonzero(lengths == size)
            found[rows] = [_of_bytes(data[offsets[row] : offsets[row + 1]].tobytes()) for row in rows]
        elif len(sizes) == 1:
            found = _of_matrix(data[offsets[0] : offsets[-1]].reshape(len(texts), size))
        else:
            rows = np.flatnonzero(lengths == size)
            found[rows] = _of_matrix(data[offsets[rows, None] + np.arange(size)])
    if periods is not None:
        when = np.array([_of_bytes(name.encode()) for name in periods.names], np.uint64)
        found = _mixed(found ^ when[periods.codes])
    return found


def _of_bytes(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


def _of_matrix(letters: npt.NDArray[np.uint8]) -> Hashes:
    """Of texts of one length, n × bytes."""
    rows, size = letters.shape
    words = -(-size // 8)
    padded = np.zeros((rows, 8 * max(words, 1)), np.uint8)
    padded[:, :size] = letters
    found = np.full(rows, size, np.uint64)
    for word in np.ascontiguousarray(padded.view(np.uint64).T):
        found *= ODD
        found ^= word
        found = _mixed(found)
    return found


def _mixed(found: Hashes) -> Hashes:
    found = found ^ (found >> np.uint64(30))
    found *= MIX
    found ^= found >> np.uint64(27)
    return found


def twice(files: Sequence[BlockFile], rows: int, place_of: Any, *, by_period: bool) -> list[Problem]:
    """The units that stand several times; `place_of(block, row)` says where, in words."""
    doubtful = _doubtful(files, rows)
    if not len(doubtful):
        return []
    found: dict[tuple[str, str], list[str]] = {}
    columns = ["key", "hash", *(["period"] if by_period else [])]
    for number, file in enumerate(files):
        batch = file.read(columns)
        places = np.flatnonzero(np.isin(batch.column("hash").to_numpy(), doubtful))
        for row in places.tolist():
            unit = batch.column("key")[row].as_py()
            when = batch.column("period")[row].as_py() if by_period else ""
            if unit:  # those without a key were told already
                found.setdefault((unit, when), []).append(place_of(number, row))
    several = {unit: where for unit, where in found.items() if len(where) > 1}
    problems = [
        Problem(
            f"stands {len(where)} times ({' and '.join(where[:5])}{', …' if len(where) > 5 else ''})",
            f"unit {unit}" + (f" ({when})" if when else ""),
        )
        for (unit, when), where in list(several.items())[:LISTED]
    ]
    if len(several) > LISTED:
        problems.append(Problem(f"{len(several) - LISTED:,} more units stand several times"))
    if not by_period and 2 * len(several) >= rows - sum(map(len, several.values())) + len(several) and len(several) > 1:
        problems.append(
            Problem("most units stand several times: is one of the columns a period? Say unit: {period: …}")
        )
    return problems


def _doubtful(files: Sequence[BlockFile], rows: int) -> Hashes:
    """The numbers that occur twice; those of one range at a time, each range in parts that fit in the cache."""
    ranges = -(-rows // AT_ONCE)
    found = []
    for own in range(ranges):
        counts = np.zeros(PARTS, np.int64)
        for hashes in _of_range(files, own, ranges):
            counts += np.bincount(_part(hashes), minlength=PARTS)
        ends = np.cumsum(counts)
        held, fill = np.empty(int(ends[-1]), np.uint64), ends - counts
        for hashes in _of_range(files, own, ranges):
            order, target = targets(_part(hashes), fill)
            held[target] = hashes[order]
        for start, end in zip((ends - counts).tolist(), ends.tolist(), strict=True):
            held[start:end].sort()
        found.append(np.unique(held[1:][held[1:] == held[:-1]]))
    return np.concatenate(found)


def _part(hashes: Hashes) -> npt.NDArray[np.uint32]:
    return (hashes >> np.uint64(64 - PART_BITS)).astype(np.uint32)


def _of_range(files: Sequence[BlockFile], own: int, ranges: int) -> Iterator[Hashes]:
    for file in files:
        hashes = file.read(["hash"]).column(0).to_numpy()
        yield hashes if ranges == 1 else hashes[hashes % np.uint64(ranges) == own]
