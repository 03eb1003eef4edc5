"""Write, compute, reproduce and audit composite indices."""
from cityindex._registry import aggregator, step, tiering, weighting

__all__ = ["aggregator", "step", "tiering", "weighting"]
