"""The user's data: files and frames read, columns matched to a spec, every problem told at once."""

from cityindex.table.match import Match, match
from cityindex.table.read import read_table
from cityindex.table.record import Note, Numbers, Table

__all__ = ["Match", "Note", "Numbers", "Table", "match", "read_table"]
