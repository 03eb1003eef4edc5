"""What a registered method is, and the registries that hold them."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from cityindex.errors import MethodError, nearest

__all__ = [
    "AGGREGATORS",
    "MISSING",
    "STEPS",
    "TIERINGS",
    "WEIGHTINGS",
    "Bare",
    "Ends",
    "Function",
    "Kind",
    "Method",
    "Option",
    "Range",
    "Registry",
    "Sign",
    "Weightings",
    "keywords",
]

Kind = Literal["step", "weighting", "aggregator", "tiering", "missing"]
Function = TypeVar("Function", bound=Callable[..., Any])
Bare = str | tuple[str, ...] | None
Sign = int | Callable[[Mapping[str, Any]], int]


class Range(NamedTuple):
    """Which numbers a step was made for: the lowest and the highest of each column, and whether others are held there.

    An infinite end is none. `seen`: the ends of a step that learns are the lowest and highest number it learned from,
    and no quantiles or written numbers.
    """

    low: Any
    high: Any
    held: bool
    seen: bool = True


Ends = Callable[[Mapping[str, Any], Mapping[str, Any]], Range | tuple[Any, Any, bool] | None] | None
Weightings = Annotated[tuple[str | Mapping[str, Any], ...], "weightings"]  # an option that is a list of weightings

RESERVED: dict[Kind, tuple[str, ...]] = {
    "step": ("within",),
    "weighting": ("children", "directions"),
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
        Steps: ``learn(ref, **options) -> {name: one entry per column}``, or None where nothing is learned.
        Aggregators that need many units at once: ``learn(ref, w, **options) -> {name: number or array}``; `function`
        and `parts` then take what it returns as their third argument.
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
    from_data
        Weightings: the weights depend on the columns (not on judgements): ``within`` may be said.
    treats
        Steps that move single values and leave the others as they are (outliers): a result lists what they moved.
    ends
        Steps made for a range: ``ends(params, options)``, the `Range` that each column was learned from or written
        for, or None. A result tells the numbers beyond it.
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
    from_data: bool = False
    treats: bool = False
    ends: Ends = None
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
    def built_in(self) -> bool:
        return str(self.function.__module__).startswith("cityindex.")

    @property
    def turns(self) -> bool:
        return self.reflect is not None

    @property
    def pooled(self) -> bool:
        """Aggregators: it compares units, so it takes its reference from the calibration."""
        return self.kind == "aggregator" and self.learn is not None

    @property
    def reads_raw(self) -> bool:
        """Weightings: they know what to do with raw columns and their directions (``on: raw``)."""
        return self.kind == "weighting" and "directions" in self.reserved

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
        if known is not None and known.built_in and not method.built_in:
            raise MethodError(f"{method.name!r} is a built-in {self.kind}; give yours another name")
        self._methods[method.name] = method


STEPS, WEIGHTINGS, AGGREGATORS, TIERINGS, MISSING = (Registry(kind) for kind in typing.get_args(Kind))
