"""How much of a ranking survives: the index scored again, slightly differently; sensitivity; exact bounds."""

from cityindex.robustness import vary

__all__ = ["vary"]
