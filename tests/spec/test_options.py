"""Options of methods, built-in and of a user's own: checked by type, told in our words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import Field

from cityindex._registry import STEPS, WEIGHTINGS, Weightings, step, weighting
from cityindex._values import Percent
from cityindex.errors import SpecError
from cityindex.spec import load_spec, schema
from cityindex.spec.options import describe

HALF = Percent(0.5)


@pytest.fixture(scope="module")
def own_methods():
    """A user's step and weighting with options of every kind; taken away again afterwards."""

    @step(bare="exponent", check_option=lambda o: ["low is above high"] if o["low"] > o["high"] else [])
    def stretch(
        x: Any,
        params: Any,
        *,
        exponent: float = 1.0,
        low: int = 0,
        high: int = 9,
        share: Percent = HALF,
        how: Literal["up", "down"] = "up",
        limit: Annotated[float, Field(gt=0, le=10)] = 1,
        names: tuple[str, ...] = (),
        table: Mapping[str, float] | None = None,
        flags: list[bool] = [],  # noqa: B006  # a user may write that
        count: int | Percent = 1,
        free: np.ndarray | None = None,
        pair: tuple[float, str] = (0, ""),
        ends: Sequence[float] = (),
    ) -> Any:
        """Stretch each number."""
        return x

    @weighting(check=lambda options, children: [f"{len(children)} children, {options['among']} wanted"])
    def picky(ref: Any, *, among: int, children: Sequence[str]) -> Any:
        return ref

    yield
    STEPS._methods.pop("stretch")
    WEIGHTINGS._methods.pop("picky")


def load(step: str):
    return load_spec(f"cityindex: 1\nid: x\nindex:\n  id: score\n  children:\n    - {{id: a, steps: [{step}]}}\n")[
        "a"
    ].steps[0]


GOOD = {
    "stretch": {},
    "{stretch: 2}": {"exponent": 2},
    "{stretch: 1/4}": {"exponent": 0.25},
    "{stretch: {share: 60%, count: 60%}}": {"share": 0.6, "count": 0.6},
    "{stretch: {count: 3, how: down}}": {"count": 3, "how": "down"},
    "{stretch: {names: [no, 010, 2020, '3']}}": {"names": ("no", "010", "2020", "3")},
    "{stretch: {table: {a: 1, 2020: 0.5}, flags: [true, false]}}": {
        "table": {"a": 1, "2020": 0.5},
        "flags": (True, False),
    },
    "{stretch: {pair: [1, x], ends: [1, 2.5]}}": {"pair": (1, "x"), "ends": (1, 2.5)},
}


@pytest.mark.usefixtures("own_methods")
@pytest.mark.parametrize("text", GOOD)
def test_options_arrive_as_written(text):
    call = load(text)
    assert call.options == GOOD[text]
    assert isinstance(call.options.get("share", Percent(0)), Percent)


BAD = {
    "{stretch: {exponent: fast}}": "stretch.exponent: found text 'fast'; allowed: a number.",
    "{stretch: {exponent: 5%}}": "stretch.exponent: found 5%; allowed: a number. Write 0.05.",
    "{stretch: {exponent: .inf}}": "stretch.exponent: found .inf; allowed: a number, finite and without empty values.",
    "{stretch: {exponent: }}": "stretch.exponent: found nothing; allowed: a number, finite",
    "{stretch: {exponent: '2'}}": "stretch.exponent: found text '2'; allowed: a number.",
    "{stretch: {exponent: true}}": "stretch.exponent: found text 'true'; allowed: a number.",
    "{stretch: {low: 1.5}}": "stretch.low: found 1.5; allowed: a whole number.",
    "{stretch: {low: 8, high: 2}}": "stretch: low is above high",
    "{stretch: {share: 0.5}}": "stretch.share: found 0.5; allowed: a per cent (60%).",
    "{stretch: {count: 0.5}}": "stretch.count: found 0.5; allowed: a whole number or a per cent (60%).",
    "{stretch: {how: dwon}}": "stretch.how: found text 'dwon'; allowed: up or down. Did you mean 'down'?",
    "{stretch: {limit: 0}}": "stretch.limit: found 0; allowed: a number, above 0.0.",
    "{stretch: {limit: 11}}": "stretch.limit: found 11; allowed: a number, 10.0 or less.",
    "{stretch: {names: a}}": "stretch.names: found text 'a'; allowed: a list of texts.",
    "{stretch: {table: {a: x}}}": "stretch.table: found text 'x' in a mapping; allowed: a mapping of names to numbers.",
    "{stretch: {table: {a: 1, b: .nan}}}": "stretch.table: found .nan; allowed: a mapping of names to numbers, finite",
    "{stretch: {table: {a: 1, b: 50%}}}": "stretch.table: found 50% in a mapping; allowed: a mapping of names to",
    "{stretch: {flags: [yes]}}": "stretch.flags: found text 'yes' in a list; allowed: a list of true or false.",
    "{stretch: {pair: [1]}}": "stretch.pair: found a list; allowed: [a number, text].",
    "{stretch: {lim: 3}}": "unknown key 'lim' of stretch. Did you mean 'limit'?",
    "{stretch: [1, 2]}": "stretch.exponent: found a list; allowed: a number.",
    "{stretch: }": "stretch: found nothing; allowed: its options (exponent, low,",
    "{minmax: [0, 100]}": "minmax: found a list; allowed: its options by name (to, beyond, within).",
    "{minmax: {to: [0, 100], within: }}": "minmax.within: found nothing; allowed: a column",
    "{round: {digits: 1, within: year}}": "'within' is a key of a step that learns; this is round.",
    "round": "round: the option digits is missing; allowed: a whole number.",
    "{round: 1.5}": "round.digits: found 1.5; allowed: a whole number.",
    "{rescale: {from: [0, 1]}}": "rescale: the option to is missing; allowed: [a number, a number].",
    "arithmetic": "steps[0]: unknown step 'arithmetic'. It is an aggregator.",
    "{minmax: {}, zscore: {}}": "steps[0]: found a mapping; allowed: a step, as its name or {name: options}.",
    "[minmax]": "steps[0]: found a list; allowed: a step",
    "min max": "steps[0]: unknown step 'min max'. Did you mean 'minmax'?",
    "minmax（to）": "steps[0]: unknown step 'minmax（to）'.",
}


@pytest.mark.usefixtures("own_methods")
@pytest.mark.parametrize("text", BAD)
def test_what_is_wrong_is_told_in_our_words(text):
    with pytest.raises(SpecError) as caught:
        load(text)
    (problem,) = caught.value.problems
    assert problem.message.startswith(BAD[text])
    assert problem.place.startswith("text:6:")


@pytest.mark.usefixtures("own_methods")
def test_a_weighting_sees_the_children():
    with pytest.raises(SpecError, match="'score': picky: 2 children, 3 wanted"):
        load_spec("cityindex: 1\nid: x\nindex: {id: score, weights: {picky: {among: 3}}, children: [a, b]}\n")


@pytest.mark.usefixtures("own_methods")
def test_the_schema_knows_a_users_method():
    options = schema()["$defs"]["step"]["anyOf"][1]["properties"]["stretch"]["anyOf"][1]["properties"]
    assert options["share"]["type"] == "string"
    assert options["share"]["default"] == "50%"
    assert options["how"]["enum"] == ["up", "down"]
    assert options["free"] == {"anyOf": [{}]}  # anything goes


WITHIN = {
    "aggregate: {arithmetic: {via: {from: [0, 10], too: [1, 2]}}}": "unknown key 'too' of arithmetic.via (from, to)",
    "aggregate: {arithmetic: {via: {from: [0, 0], to: [1, 2]}}}": "arithmetic.via.from: both are 0; allowed",
    "aggregate: {arithmetic: {via: {from: [0, max], to: [1, 2]}}}": "arithmetic.via.from[1]: found text 'max'; allowed",
    "aggregate: {arithmetic: {via: {from: [0, 1]}}}": "arithmetic.via: to is missing",
    "aggregate: {power: 0}": "power: ",
    "missing: {reweight: {within: region}}": "'within' is a key of the rule impute; this is reweight.",
    "missing: {reweight: {covered: 0.5}}": "reweight.covered: found 0.5; allowed: a per cent (60%).",
    "missing: {reweight: {at_least: 1.5}}": "reweight.at_least: found 1.5; allowed: a whole number or",
    "missing: imput": "missing: unknown rule for missing children 'imput'. Did you mean 'impute'?",
    "weights: unpublishd": "weights: unknown weighting 'unpublishd'. Did you mean 'unpublished'?",
}


@pytest.mark.parametrize("text", WITHIN)
def test_methods_of_groups(text):
    with pytest.raises(SpecError) as caught:
        load_spec(f"cityindex: 1\nid: x\nindex: {{id: score, {text}, children: [a, b]}}\n")
    (problem,) = caught.value.problems
    assert problem.message.startswith(WITHIN[text])


def test_types_in_words():
    assert describe(float | str) == "a number or text"
    assert describe(Sequence[Mapping[str, float]]) == "a list of mappings of names to numbers"
    assert describe(Mapping[str, tuple[tuple[float, ...], ...]]) == "a mapping of names to lists of lists of numbers"
    assert describe(Weightings) == "a list of weightings: [name, {name: options}]"
    assert describe(np.ndarray) == "another kind of value"
    assert describe(float | Literal["min", "max"] | None) == "a number, min or max"
