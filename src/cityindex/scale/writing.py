"""The output: the blocks with their ranks and tiers, as one Parquet file or a folder of them, whole or not at all."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._files import replacing
from cityindex.errors import TableError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.tier import assign, assign_places
from cityindex.scale.blocks import Kept
from cityindex.scale.job import Job
from cityindex.scale.work import BlockFile, reason_of
from cityindex.spec.model import Group

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Layout", "check_output", "is_file", "write_output"]

TOGETHER = 1 << 19  # rows of a row group
PART = 1 << 22  # rows of a file in a folder
BATCH = 1 << 16  # values written at once
OURS = "part-*.parquet"


def is_file(out: Path) -> bool:
    """Whether the output is one file; a name without such an ending is a folder's."""
    return out.suffix.casefold() in (".parquet", ".pq")


def check_output(out: Path, source: Path) -> None:
    """Before any work: the output can be put there, and takes the place of nothing that is not its own.

    Raises
    ------
    TableError
        No such folder; the data themselves; a folder that holds other things; a file where a folder is to be.
    """
    if out.suffix and not is_file(out):
        raise TableError(
            f"cannot write {out}: scores of a data set are written as Parquet: a file .parquet, or a folder"
        )
    if not out.absolute().parent.is_dir():
        raise TableError(f"cannot write {out}: there is no folder {out.parent}")
    if out.exists() and source.exists() and out.samefile(source):
        raise TableError(f"cannot write {out}: it is read as input; give the output a name of its own")
    if out.is_dir() and is_file(out):
        raise TableError(f"cannot write {out}: it is a folder; name a file in it, or a folder without an ending")
    if out.is_file() and not is_file(out):
        raise TableError(f"cannot write {out}: it is a file; name one that ends in .parquet, or a folder")
    if out.is_dir():
        if source.is_relative_to(out):
            raise TableError(f"cannot write {out}: the data are in it; give the output a folder of its own")
        others = [each.name for each in out.iterdir() if not each.match(OURS)]
        if others:
            raise TableError(
                f"cannot write {out}: it holds other things ({', '.join(sorted(others)[:3])}); empty it first"
            )


@dataclass(frozen=True, eq=False)
class Layout:
    """The columns of the output, and how each is made of those of a block.

    `tiers`: group → by part, its cuts (None: no tiers to be had) and labels.
    """

    job: Job
    kept: Kept
    tiers: Mapping[str, Sequence[tuple[FloatArray | None, tuple[str, ...] | None]]]
    whole_ranks: bool
    gaps: frozenset[str]  # the groups (and ``rank``) that some unit has no value of

    def titles(self) -> dict[str, str]:
        """What it is called in a block → what it is called in the output, in the order of `Result.to_frame`."""
        roles, root = self.job.roles, self.job.spec.index.id
        found = dict(roles.names)
        for name in self.kept.groups:
            found[f"group {name}"] = _free(name, found)
        found["rank"] = _free("rank", found)
        for name in self.kept.tiered:
            found[f"tier {name}"] = _free("tier" if name == root else f"{name}_tier", found)
        return found

    def schema(self) -> pa.Schema:
        """The names and types of the output's columns."""
        import pyarrow as pa

        def kind(name: str) -> Any:
            if name == "rank":
                return pa.int64() if self.whole_ranks else pa.float64()
            if name.startswith("tier "):
                return pa.dictionary(pa.int32(), pa.string())
            return pa.float64() if name.startswith("group ") else pa.string()

        fields = [pa.field(title, kind(name), self._lacks(name)) for name, title in self.titles().items()]
        return pa.schema(fields)

    def _lacks(self, name: str) -> bool:
        """Whether a unit may have nothing there."""
        return name.startswith("tier ") or name.removeprefix("group ") in self.gaps

    def rows(self, batch: pa.RecordBatch, ranks: FloatArray, schema: pa.Schema) -> pa.RecordBatch:
        """One block of the output."""
        import pyarrow as pa

        part = batch.column("part").to_numpy() if "part" in batch.schema.names else None
        columns = []
        for name in self.titles():
            if name == "rank":
                columns.append(self._ranks(ranks))
            elif name.startswith("tier "):
                columns.append(self._tier(name[5:], batch, part))
            elif name.startswith("group "):
                columns.append(_without_nan(batch.column(name)))
            else:
                columns.append(batch.column(name))
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _ranks(self, ranks: FloatArray) -> pa.Array:
        import pyarrow as pa

        gone = np.isnan(ranks)
        mask = gone if gone.any() else None
        if not self.whole_ranks:
            return pa.array(ranks, pa.float64(), mask=mask)
        return pa.array((ranks if mask is None else np.where(gone, 0, ranks)).astype(np.int64), mask=mask)

    def _tier(self, name: str, batch: pa.RecordBatch, part: Any) -> pa.Array:
        import pyarrow as pa

        codes = np.zeros(batch.num_rows, np.int32)
        names: list[str] = [""]
        for index, (cuts, labels) in enumerate(self.tiers[name]):
            node = self.job.plan(index).spec.nodes.get(name)
            rows = slice(None) if part is None else part == index
            if cuts is None or not isinstance(node, Group):
                continue
            numbers = self._numbers(name, node, batch, rows, cuts)
            codes[rows] = np.where(numbers == 0, 0, numbers + len(names) - 1)
            names += labels or [str(number + 1) for number in range(len(cuts) + 1)]
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == 0), pa.array(names))

    def _numbers(self, name: str, node: Group, batch: pa.RecordBatch, rows: Any, cuts: FloatArray) -> Any:
        """The tier of some rows by one group, from 1; 0: none."""
        if name == self.job.spec.index.id:  # what decides ranks is rounded already
            return assign_places(batch.column("place").to_numpy()[rows], cuts, first=node.rank.first)
        own = f"carried {name}" if node.rank.of == "carried" and name in self.kept.carried else f"group {name}"
        return assign(batch.column(own).to_numpy()[rows], cuts, first=node.rank.first)


def _without_nan(column: pa.Array) -> pa.Array:
    """No value is null in a file, as pandas writes it."""
    import pyarrow as pa

    values = column.to_numpy()
    gone = np.isnan(values)
    return pa.array(values, mask=gone) if gone.any() else column


def _free(name: str, taken: Mapping[str, str]) -> str:
    """A column name that is not taken yet: `rank`, else `rank_`, …"""
    while name in taken.values():
        name += "_"
    return name


def write_output(
    out: Path,
    layout: Layout,
    files: Sequence[BlockFile],
    ranks: Iterator[FloatArray],
    record: Mapping[str, Any],
    tell: Any,
) -> None:
    """Write the blocks with their ranks.

    Raises
    ------
    TableError
        Where the output cannot be written.
    """
    import pyarrow as pa

    text = json.dumps(record, ensure_ascii=False).encode()
    schema = layout.schema()
    written = schema.with_metadata({b"cityindex": text})
    try:
        with _target(out) as target:
            _write(target, written, _rows(layout, schema, files, ranks, tell), single=is_file(out))
    except (OSError, pa.ArrowException) as error:
        raise TableError(f"cannot write {out}: {reason_of(error)}") from None


def _rows(
    layout: Layout, schema: pa.Schema, files: Sequence[BlockFile], ranks: Iterator[FloatArray], tell: Any
) -> Iterator[pa.Table]:
    """The output, a row group at a time."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    tell("writing", 0, len(files))
    for place, (file, own) in enumerate(zip(files, ranks, strict=True)):
        held.append(layout.rows(file.read(), own, schema))
        if sum(batch.num_rows for batch in held) >= TOGETHER or place == len(files) - 1:
            yield pa.Table.from_batches(held)
            held = []
        tell("writing", place + 1, len(files))


def _write(target: Path, schema: pa.Schema, tables: Iterator[pa.Table], *, single: bool) -> None:
    with contextlib.ExitStack() as opened:
        writer, rows, number = None, 0, 0
        for table in tables:
            if writer is None or (not single and rows >= PART):
                opened.close()  # the file before is whole
                path = target if single else target / f"part-{number:05d}.parquet"
                writer, rows, number = opened.enter_context(_writer(path, schema)), 0, number + 1
            writer.write_table(table, row_group_size=table.num_rows)
            rows += table.num_rows


def _writer(path: Path, schema: pa.Schema) -> Any:
    """A writer of one Parquet file; numbers hardly shrink, and packing the keys costs more time than it saves room."""
    import pyarrow.parquet as pq

    texts = [field.name for field in schema if str(field.type) not in ("double", "int64")]
    writer = pq.ParquetWriter(
        path,
        schema,
        use_dictionary=texts[1:],  # keys differ
        compression="NONE",
        write_statistics=False,  # in no order that a range of rows could be told by
        write_batch_size=BATCH,
        store_schema=False,  # tiers are texts to those who read them
    )
    writer.add_key_value_metadata(schema.metadata)  # of the schema, which is not stored
    return writer


@contextlib.contextmanager
def _target(out: Path) -> Iterator[Path]:
    """What to write to; it takes its place only if all went well."""
    if is_file(out):
        with replacing(out) as temporary:
            yield temporary
        return
    temporary = Path(tempfile.mkdtemp(dir=out.absolute().parent, prefix=f".{out.name}-"))
    try:
        yield temporary
        temporary.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        temporary.rename(out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
