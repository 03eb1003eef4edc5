"""The folder beside the output in which a run leaves what is finished, so that it can go on after it was stopped."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityindex._files import write_whole
from cityindex._values import digest
from cityindex._version import __version__
from cityindex.calibration import Calibration
from cityindex.errors import TableError
from cityindex.scale.source import Run, Source
from cityindex.spec import fingerprint
from cityindex.spec.model import Spec

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["BlockFile", "Work", "identity", "open_work", "reason_of"]

FORMAT = 1
OURS = ("manifest.json", "calibration.json", "block-*.arrow", "ranks.f64", ".*")  # what a run leaves in its folder


def identity(
    spec: Spec, source: Source, runs: tuple[Run, ...], calibration: Calibration | None, options: Mapping[str, Any]
) -> dict[str, Any]:
    """By what a run is known again: what goes in, and how it is cut into blocks."""
    return {
        "format": FORMAT,
        "version": __version__,
        "spec": fingerprint(spec),
        "written": digest(spec.data),
        "calibration": None if calibration is None else digest(calibration.to_dict()),
        "files": [[file.path, file.size, file.changed] for file in source.files],
        "blocks": digest([[block.rows for block in run.blocks] for run in runs]),
        "options": digest(options),
    }


NAMES = {
    "format": "the format of this folder",
    "version": "the version of cityindex",
    "spec": "the index",
    "written": "the text of the index",
    "calibration": "the calibration",
    "files": "the data",
    "blocks": "the size of the blocks",
    "options": "the options of reading",
}


class BlockFile:
    """One finished block: its columns and what was noticed, in one Arrow file that is there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, rows: pa.RecordBatch, noticed: Mapping[str, Any]) -> None:
        """Write the block; a file of that name is replaced."""
        import pyarrow as pa

        marked = rows.schema.with_metadata({b"noticed": json.dumps(noticed, ensure_ascii=False).encode()})
        temporary = self.path.with_name(f".{self.path.name}-{os.getpid()}")
        with _writing(self.path.parent):
            try:
                with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_file(sink, marked) as writer:
                    writer.write_batch(rows.replace_schema_metadata(marked.metadata))
                temporary.replace(self.path)
            finally:
                temporary.unlink(missing_ok=True)

    def noticed(self) -> dict[str, Any]:
        """What was noticed in the block."""
        import pyarrow as pa

        with pa.OSFile(str(self.path)) as file, pa.ipc.open_file(file) as reader:
            found: dict[str, Any] = json.loads(reader.schema.metadata[b"noticed"])
        return found

    def names(self) -> list[str]:
        """The names of the block's columns."""
        import pyarrow as pa

        with pa.OSFile(str(self.path)) as file, pa.ipc.open_file(file) as reader:
            return list(reader.schema.names)

    def read(self, columns: list[str] | None = None) -> pa.RecordBatch:
        """The rows of the block (some of the columns), read from the file where they are looked at."""
        import pyarrow as pa

        with pa.memory_map(str(self.path)) as file:
            options = None
            if columns is not None:
                names = pa.ipc.open_file(file).schema.names
                options = pa.ipc.IpcReadOptions(included_fields=[names.index(name) for name in columns])
            with pa.ipc.open_file(file, options=options) as reader:
                return reader.get_batch(0)


class Work:
    """The folder of one run: a manifest, the calibration once it is learned, and a file a block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def block(self, number: int) -> BlockFile:
        return BlockFile(self.folder / f"block-{number:07d}.arrow")

    def finished(self) -> frozenset[int]:
        """The numbers of the blocks that are there."""
        return frozenset(int(each.stem[6:]) for each in self.folder.glob("block-*.arrow"))

    @property
    def _learned(self) -> Path:
        return self.folder / "calibration.json"

    def keep(self, calibration: Calibration, passes: int) -> None:
        """Keep what was learned."""
        with _writing(self.folder):
            write_whole(self._learned, json.dumps({"passes": passes, "calibration": calibration.to_dict()}))

    def kept(self) -> tuple[Calibration, int] | None:
        """What was learned before this run was stopped, and in how many passes."""
        if not self._learned.exists():
            return None
        record = json.loads(self._learned.read_text(encoding="utf-8"))
        return Calibration.from_dict(record["calibration"]), int(record["passes"])

    def remove_if_empty(self) -> None:
        """Remove the folder of a run that came to nothing: what is finished stays, for one that goes on."""
        if not self._learned.exists() and not self.finished():
            self.remove()

    def empty(self) -> None:
        """Remove what a run left in the folder."""
        for each in self.folder.iterdir():
            each.unlink()

    def remove(self) -> None:
        """Remove the folder and everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def open_work(folder: Path, known: Mapping[str, Any], *, resume: bool) -> Iterator[tuple[Work, str]]:
    """The folder of a run, and what became of one that was there: kept, or emptied for what has changed since.

    Raises
    ------
    TableError
        The folder cannot be made, holds other things, or belongs to a run that is still at work.
    """
    work, manifest = Work(folder), folder / "manifest.json"
    with _writing(folder):
        folder.mkdir(exist_ok=True)
        others = sorted(each.name for each in folder.iterdir() if not any(each.match(name) for name in OURS))
    if others:
        raise TableError(f"cannot work in {folder}: it holds other things ({', '.join(others[:3])}); move it away")
    with _held_alone(folder):
        said = _changed(work, _manifest(manifest), known, resume=resume)
        try:
            with _writing(folder):
                if said:
                    work.empty()
                if not manifest.exists():
                    write_whole(manifest, json.dumps(known, ensure_ascii=False, indent=1) + "\n")
                for left in folder.glob(".block-*"):
                    left.unlink(missing_ok=True)
            yield work, said
        except BaseException:
            work.remove_if_empty()
            raise


def _changed(work: Work, found: Any, known: Mapping[str, Any], *, resume: bool) -> str:
    """Why a run starts over; empty where it begins, or goes on."""
    if not any(work.folder.iterdir()):
        return ""
    if found is None:
        return "started over: what the run before left cannot be read"
    if found != known:
        changed = [NAMES[name] for name in known if found.get(name) != known[name]]
        return f"started over: {' and '.join(changed) or 'the manifest'} changed since the run before"
    return "" if resume else "started over, as asked"


@contextlib.contextmanager
def _held_alone(folder: Path) -> Iterator[None]:
    """Nobody else works in the folder meanwhile, where the system can lock a folder; a killed run holds nothing."""
    try:
        import fcntl
    except ImportError:  # Windows has no locks of folders
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TableError(f"another run is at work in {folder}: wait for it, or give another output") from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What the system refuses (no room, no permission, a file in the place of the folder), as an error of ours."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise TableError(f"cannot write {folder}, where finished blocks are kept: {reason_of(error)}") from None


def reason_of(error: Exception) -> str:
    """Why the system refused, in its own words."""
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else str(error).splitlines()[0]


def _manifest(path: Path) -> Any:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
