"""Name → method. Four kinds of method (and the four rules for missing children), one mapping each.

A method is a plain function over arrays; its options are its keyword-only parameters, and their annotations say
what is allowed. A user's method is registered with the same decorator as a built-in one:

>>> from cityindex import step
>>> @step(sign=+1)
... def halve(x, params):
...     "Half of each number."
...     return x / 2
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from cityindex.errors import MethodError, nearest

__all__ = [
    "AGGREGATORS",
    "MISSING",
    "STEPS",
    "TIERINGS",
    "WEIGHTINGS",
    "Method",
    "Option",
    "Registry",
    "aggregator",
    "keywords",
    "missing_rule",
    "step",
    "tiering",
    "weighting",
]

Kind = Literal["step", "weighting", "aggregator", "tiering", "missing"]
Function = TypeVar("Function", bound=Callable[..., Any])
Bare = str | tuple[str, ...] | None
Sign = int | Callable[[Mapping[str, Any]], int]

RESERVED: dict[Kind, tuple[str, ...]] = {
    "step": ("within",),
    "weighting": ("children",),
    "aggregator": ("via",),
    "tiering": ("labels",),
    "missing": ("within",),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a method: its name, its type (an annotation) and its default (`inspect.Parameter.empty`: none).

    The parameter ``from_`` is the option ``from``: an underscore at the end is not part of the name.
    """

    name: str
    type: Any
    default: Any

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Method:
    """A registered method: what it is called, what it computes, what it takes. Data, not behaviour.

    Attributes
    ----------
    function
        Step: ``apply(x, params, **options)``; weighting, tiering: ``(ref, **options)``;
        aggregator: ``(x, w, **options)``. Kernels over float64 arrays, ``nan`` missing.
    learn
        Steps only: ``learn(ref, **options) -> {name: one entry per column}``, or None where nothing is learned.
    options
        The keyword-only parameters, of `learn` and `function` together, without the reserved ones.
    bare
        The option that a single value is (``{round: 3}``), or those that a list gives (``{clip: [p5, p95]}``), or None.
    sign
        Steps: +1 rising, -1 falling, 0 unknown; a number, or a function of the options (which hold the
        indicator's ``goalposts`` too).
    reflect
        Turning steps (↺): the options to the number c by which `direction: less` reflects the result, y → c - y.
    check
        Called at load with (options, ids of the children): the problems it sees, as texts.
    check_option
        Called at load with the options: problems that types cannot say, as texts.
    parts
        Aggregators: ``parts(x, w, **options)``, shaped like x, which add up to the aggregate; None: none known.
    additive
        Aggregators: the parts are weight times value.
    averages
        Aggregators: weights are divided by their sum and shared by those present (else they are used as they stand).
    takes_weights
        Aggregators: False where a weight on a child is an error (minimum, maximum).
    """

    kind: Kind
    name: str
    function: Callable[..., Any]
    learn: Callable[..., Any] | None = None
    options: Mapping[str, Option] = field(default_factory=dict)
    bare: Bare = None
    sign: Sign = 0
    reflect: Callable[[Mapping[str, Any]], float] | None = None
    check: Callable[..., list[str]] | None = None
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None
    parts: Callable[..., Any] | None = None
    additive: bool = False
    averages: bool = True
    takes_weights: bool = True
    uses_goalposts: bool = False
    reserved: frozenset[str] = frozenset()

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    @property
    def obvious(self) -> tuple[str, ...]:
        """The options that may stand bare."""
        return (self.bare,) if isinstance(self.bare, str) else self.bare or ()

    @property
    def turns(self) -> bool:
        return self.reflect is not None

    def sign_of(self, options: Mapping[str, Any]) -> int:
        return self.sign(options) if callable(self.sign) else self.sign

    def defaults(self) -> dict[str, Any]:
        return {name: option.default for name, option in self.options.items() if not option.required}


def keywords(function: Callable[..., Any] | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the settings that a function takes, under its own names for them (`from` as ``from_``)."""
    if function is None:
        return {}
    return {own: settings[name] for name, own in _taken(function).items() if name in settings}


@functools.cache
def _taken(function: Callable[..., Any]) -> dict[str, str]:
    parameters = inspect.signature(function).parameters.values()
    return {p.name.rstrip("_"): p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}


class Registry(Mapping[str, Method]):
    """The methods of one kind, by name; an unknown name is an error that names the nearest."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._methods: dict[str, Method] = {}

    def __getitem__(self, name: str) -> Method:
        try:
            return self._methods[name]
        except KeyError:
            raise MethodError(f"unknown {self.kind} {name!r}.{nearest(name, self._methods)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._methods

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)

    def add(self, method: Method) -> None:
        known = self._methods.get(method.name)
        if known is not None and _built_in(known) and not _built_in(method):
            raise MethodError(f"{method.name!r} is a built-in {self.kind}; give yours another name")
        self._methods[method.name] = method


def _built_in(method: Method) -> bool:
    return str(method.function.__module__).startswith("cityindex.")


STEPS, WEIGHTINGS, AGGREGATORS, TIERINGS, MISSING = (Registry(kind) for kind in typing.get_args(Kind))


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
) -> Callable[[Function], Function]:
    """Register a step: a function of columns, row by row, given what `learn` learned.

    The function is ``apply(x, params, *, options)``: x of shape (…, n, k), the result of the same shape; each of
    the k columns is one indicator. ``learn(ref, *, options)`` returns ``{name: one entry per column}``.
    """
    traits: dict[str, Any] = {"learn": learn, "sign": sign, "reflect": reflect, "check_option": check_option}
    return _register(STEPS, name, bare=bare, uses_goalposts=uses_goalposts, **traits)


def weighting(
    name: str | None = None,
    *,
    bare: Bare = None,
    check: Callable[..., list[str]] | None = None,
) -> Callable[[Function], Function]:
    """Register a weighting: ``(ref of shape n × k, *, options) → k`` weights, non-negative, adding to 1.

    A keyword-only parameter ``children`` receives the ids of the k children.
    """
    return _register(WEIGHTINGS, name, bare=bare, check=check)


def aggregator(
    name: str | None = None,
    *,
    bare: Bare = None,
    parts: Callable[..., Any] | None = None,
    additive: bool = False,
    averages: bool = True,
    takes_weights: bool = True,
    check_option: Callable[[Mapping[str, Any]], list[str]] | None = None,
) -> Callable[[Function], Function]:
    """Register an aggregator: ``(x of shape … × n × k, w of shape … × k, *, options) → … × n``; leading axes are draws.

    ``nan`` is an absent child; an average shares its weight among those present.
    """
    traits = {"parts": parts, "additive": additive, "averages": averages, "takes_weights": takes_weights}
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
