"""The user's data: files and frames read, columns matched to a spec, every problem told at once."""

from cityindex.table.growth import add_growth, growth
from cityindex.table.match import Match, match
from cityindex.table.operations import Filled, fill_iterative, fill_neighbours, fill_panel
from cityindex.table.read import read_table
from cityindex.table.record import Note, Numbers, Table

__all__ = [
    "Filled",
    "Match",
    "Note",
    "Numbers",
    "Table",
    "add_growth",
    "fill_iterative",
    "fill_neighbours",
    "fill_panel",
    "growth",
    "match",
    "read_table",
]
