"""The decorators that make a function a method; its options are read off its signature."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any

from cityindex._registry.records import (
    AGGREGATORS,
    MISSING,
    RESERVED,
    STEPS,
    TIERINGS,
    WEIGHTINGS,
    Bare,
    Ends,
    Function,
    Kind,
    Method,
    Option,
    Registry,
    Sign,
)
from cityindex.errors import MethodError

__all__ = ["aggregator", "missing_rule", "step", "tiering", "weighting"]


def _options(kind: Kind, functions: tuple[Callable[..., Any] | None, ...]) -> tuple[dict[str, Option], frozenset[str]]:
    found: dict[str, Option] = {}
    reserved: set[str] = set()
    for function in functions:
        if function is None:
            continue
        try:
            hints = typing.get_type_hints(function, include_extras=True)
        except NameError:  # annotations of a user's module that cannot be resolved: accept any value
            hints = {}
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                continue
            name = parameter.name.rstrip("_")
            if name in RESERVED[kind]:
                if kind not in ("weighting", "missing"):
                    raise MethodError(f"{function.__name__}: {name!r} is a reserved option of every {kind}")
                reserved.add(name)
                continue
            found[name] = Option(name, hints.get(parameter.name, Any), parameter.default)
    return found, frozenset(reserved)


def _register(registry: Registry, name: str | None, *, bare: Bare, **traits: Any) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        options, reserved = _options(registry.kind, (traits.get("learn"), function))
        named = name or function.__name__.rstrip("_")
        method = Method(registry.kind, named, function, options=options, bare=bare, reserved=reserved, **traits)
        strange = [option for option in method.obvious if option not in options]
        if strange:
            raise MethodError(f"{function.__name__}: the bare option {strange[0]!r} is none of its options")
        registry.add(method)
        return function

    return decorate


def step(
    name: str | None = None,
    *,
    learn: Callable[..., Any] | None = None,
    sign: Sign = 0,
    reflect: Callable[[Mapping[str, Any]], float] | None = None,
    bare: Bare = None,
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None,
    uses_goalposts: bool = False,
    treats: bool = False,
    ends: Ends = None,
) -> Callable[[Function], Function]:
    """Register a step: a function of columns, row by row, given what `learn` learned.

    The function is ``apply(x, params, *, options)``: x of shape (…, n, k), the result of the same shape; each of
    the k columns is one indicator. ``learn(ref, *, options)`` returns ``{name: one entry per column}``.
    ``ends(params, options)`` returns the lowest and the highest number that each column was learned from or written
    for, and whether others are held there.
    """
    traits: dict[str, Any] = {"learn": learn, "sign": sign, "reflect": reflect, "check_option": check_option}
    traits["ends"] = ends
    return _register(STEPS, name, bare=bare, uses_goalposts=uses_goalposts, treats=treats, **traits)


def weighting(
    name: str | None = None,
    *,
    bare: Bare = None,
    check: Callable[..., list[str]] | None = None,
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None,
    from_data: bool = False,
) -> Callable[[Function], Function]:
    """Register a weighting: ``(ref of shape n × k, *, options) → k`` weights, non-negative, adding to 1.

    A keyword-only parameter ``children`` receives the ids of the k children. With ``from_data`` the weights depend on
    the columns, and may be learned once per label (``within``). A keyword-only parameter ``directions`` (k numbers, 1
    or −1; None: all 1) says that it can be shown raw columns (``on: raw``), which direction has not turned.
    """
    return _register(WEIGHTINGS, name, bare=bare, check=check, check_option=check_option, from_data=from_data)


def aggregator(
    name: str | None = None,
    *,
    bare: Bare = None,
    learn: Callable[..., Any] | None = None,
    parts: Callable[..., Any] | None = None,
    additive: bool = False,
    averages: bool = True,
    takes_weights: bool = True,
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None,
) -> Callable[[Function], Function]:
    """Register an aggregator: ``(x of shape … × n × k, w of shape … × k, *, options) → … × n``; leading axes are draws.

    ``nan`` is an absent child; an average shares its weight among those present. One that compares units has
    ``learn(ref of shape n × k, w of shape k, *, options)``, whose result (names to numbers or arrays) is kept in the
    calibration and given as third argument to the function and to `parts`: it is then row by row again.
    """
    traits = {
        "learn": learn,
        "parts": parts,
        "additive": additive,
        "averages": averages,
        "takes_weights": takes_weights,
    }
    return _register(AGGREGATORS, name, bare=bare, check_option=check_option, **traits)


def tiering(
    name: str | None = None,
    *,
    bare: Bare = None,
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None,
) -> Callable[[Function], Function]:
    """Register a tiering: ``(ref of shape n, *, options) → cuts``; higher is better; who is on a cut is above it."""
    return _register(TIERINGS, name, bare=bare, check_option=check_option)


def missing_rule(
    name: str | None = None,
    *,
    learn: Callable[..., Any] | None = None,
    bare: Bare = None,
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None,
) -> Callable[[Function], Function]:
    """Register a rule for missing children (internal: there are four)."""
    return _register(MISSING, name, learn=learn, bare=bare, check_option=check_option)
