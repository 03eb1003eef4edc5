"""The steps of a group as plain operations that the page repeats, with what was learned held at the calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cityindex.plan import Stage

__all__ = ["Operations", "operations"]

Operation = dict[str, Any]
Operations = tuple[Operation, ...]


def operations(stages: Sequence[Stage], learned: Sequence[Mapping[str, Any] | None]) -> Operations:
    """Stages of one column as operations: ``linear``, ``score``, ``clip``, ``round``.

    Raises
    ------
    NotImplementedError
        With the name of a step that is not among them.
    """
    found: list[Operation] = []
    for stage, params in zip(stages, learned, strict=True):
        make = MAKERS.get(stage.call.name)
        if make is None or stage.call.within or not stage.method.built_in or stage.turned is not None:
            raise NotImplementedError(stage.call.name)
        found += make(stage, stage.posts or params or {})
    return tuple(found)


def _one(value: Any) -> float:
    """The entry of the one column."""
    return float(np.asarray(value, np.float64).reshape(-1)[0])


def _linear(start: float, end: float, options: Mapping[str, Any], beyond: str) -> list[Operation]:
    bottom, top = (float(end) for end in options["to"])
    made: list[Operation] = [{"op": "linear", "start": start, "end": end, "bottom": bottom, "top": top}]
    if beyond == "hold":
        made.append({"op": "clip", "low": min(bottom, top), "high": max(bottom, top)})
    return made


def _minmax(stage: Stage, params: Mapping[str, Any]) -> list[Operation]:
    options = stage.call.settings
    return _linear(_one(params["min"]), _one(params["max"]), options, options["beyond"])


def _rescale(stage: Stage, params: Mapping[str, Any]) -> list[Operation]:
    options = stage.call.settings
    start, end = np.asarray(params["from"], np.float64)[0] if "from" in params else options["from"]
    return _linear(float(start), float(end), options, "allow")


def _goalposts(stage: Stage, params: Mapping[str, Any]) -> list[Operation]:
    options = stage.call.settings
    if options["scale"] != "linear" or not {"low", "high"} <= params.keys():
        raise NotImplementedError(f"goalposts ({options['scale']})")
    return _linear(_one(params["low"]), _one(params["high"]), options, options["beyond"])


def _zscore(stage: Stage, params: Mapping[str, Any]) -> list[Operation]:
    options = stage.call.settings
    own = {"mean": _one(params["mean"]), "sd": _one(params["sd"])}
    return [{"op": "score", **own, "centre": float(options["centre"]), "scale": float(options["scale"])}]


def _clip(stage: Stage, params: Mapping[str, Any]) -> list[Operation]:
    options = stage.call.settings
    ends = {name: params.get(name, options[name]) for name in ("low", "high")}
    return [{"op": "clip", **{name: None if end is None else _one(end) for name, end in ends.items()}}]


def _round(stage: Stage, params: Mapping[str, Any]) -> list[Operation]:
    options = stage.call.settings
    return [{"op": "round", "digits": int(options["digits"]), "how": options["how"]}]


MAKERS: Mapping[str, Callable[[Stage, Mapping[str, Any]], list[Operation]]] = {
    "minmax": _minmax,
    "rescale": _rescale,
    "goalposts": _goalposts,
    "zscore": _zscore,
    "clip": _clip,
    "round": _round,
}
