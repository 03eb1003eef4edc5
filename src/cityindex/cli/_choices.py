"""What ``--weights`` and ``--methods`` say may differ, as choices of a robustness run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

__all__ = ["MethodsOption", "SpreadOption", "choices_of"]

LAWS = {"dirichlet": "concentration", "factor": "factor", "simplex": ""}

SpreadOption = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="LAW",
        help="How weights differ: dirichlet, dirichlet:50, factor:0.25, simplex "
        "(default: factor:0.25 where no --methods are given).",
    ),
]
MethodsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--methods",
        metavar="PATH=A,B",
        help="Alternatives for a method, e.g. score.aggregate=arithmetic,geometric or "
        "indicators.steps=[minmax],[zscore]. May be repeated.",
    ),
]


def choices_of(
    weights: str | None = None, methods: Sequence[str] | None = None, groups: Sequence[str] | None = None
) -> list[Any]:
    """The choices that a command line asks for; without any, weights differ by up to a quarter.

    Parameters
    ----------
    weights
        A law, with its number after a colon: ``dirichlet``, ``dirichlet:50``, ``factor:0.25``, ``simplex``.
    methods
        ``PATH=A,B``; what stands after the sign is read as a YAML list.
    groups
        Each of these groups is a choice of its own; None: the weights of all groups are one choice.
    """
    found: list[Any] = [_methods(text) for text in methods or ()]
    law = weights if weights is not None or found else "factor:0.25"
    if law is not None:
        found = [*_weights(law, groups), *found]
    return found


def _weights(text: str, groups: Sequence[str] | None) -> list[Any]:
    from cityindex.errors import nearest
    from cityindex.robustness import vary

    law, colon, number = text.partition(":")
    if law not in LAWS:
        raise typer.BadParameter(f"--weights {text!r}: {', '.join(LAWS)} are allowed.{nearest(law, LAWS)}")
    options: dict[str, Any] = {}
    if colon:
        if not LAWS[law]:
            raise typer.BadParameter(f"--weights {text!r}: {law} takes no number")
        try:
            options[LAWS[law]] = float(number)
        except ValueError:
            raise typer.BadParameter(f"--weights {text!r}: {number!r} is no number") from None
    if groups is None:
        return [vary.weights(law, **options)]  # type: ignore[arg-type]  # one of the laws
    return [vary.weights(law, groups=name, label=f"weights of {name}", **options) for name in groups]  # type: ignore[arg-type]  # one of the laws


def _methods(text: str) -> Any:
    import yaml

    from cityindex.robustness import vary

    path, equals, said = text.partition("=")
    wanted = "PATH=A,B is wanted, such as score.aggregate=arithmetic,geometric"
    if not (path and equals):
        raise typer.BadParameter(f"--methods {text!r}: {wanted}")
    try:
        alternatives = yaml.safe_load(f"[{said}]")
    except (yaml.YAMLError, ValueError):  # a date that is none is a ValueError
        raise typer.BadParameter(f"--methods {text!r}: what stands after = is no list; {wanted}") from None
    if len(alternatives) < 2:
        raise typer.BadParameter(f"--methods {text!r}: two alternatives or more are wanted, between commas")
    return vary.methods(path.strip(), alternatives)
