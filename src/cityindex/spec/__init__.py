"""The spec language: what an index is, read from YAML with every problem told at its line and column."""

from cityindex.spec.change import read_weights, replace, with_weights
from cityindex.spec.compare import Difference, diff, fingerprint
from cityindex.spec.load import load_spec
from cityindex.spec.schemas import schema
from cityindex.spec.write import dump

__all__ = [
    "Difference",
    "diff",
    "dump",
    "fingerprint",
    "load_spec",
    "read_weights",
    "replace",
    "schema",
    "with_weights",
]
