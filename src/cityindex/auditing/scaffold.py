"""A folder to begin with: spec, table and claims of a made-up report, to be replaced by one's own."""

from __future__ import annotations

from pathlib import Path

from cityindex._files import write_whole
from cityindex.errors import TableError

__all__ = ["new_folder"]

HERE = Path(__file__).parent / "templates" / "new"
FILES = ("spec.yaml", "published/score.csv", "claims.yaml", "README.md")


def new_folder(place: str | Path) -> tuple[Path, ...]:
    """Write a small index that passes `check` and `audit` as it stands.

    Parameters
    ----------
    place
        The folder to write: new, or empty.

    Returns
    -------
    The files that were written.

    Raises
    ------
    TableError
        Where the folder holds something, or is a file.
    OSError
        As the file system says.
    """
    folder = Path(place)
    if folder.exists() and not folder.is_dir():
        raise TableError(f"{folder} is a file; name a folder that is new or empty")
    if folder.is_dir() and any(folder.iterdir()):
        raise TableError(f"{folder} is not empty; name a folder that is new or empty")
    (folder / "published").mkdir(parents=True, exist_ok=True)
    return tuple(write_whole(folder / name, (HERE / name).read_text(encoding="utf-8")) for name in FILES)
