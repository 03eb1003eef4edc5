"""Laws of resolving: a unit's own names lead to it or are refused, and no other text leads anywhere."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import oracle

import cityindex as ci

UNITS = {row["code"]: row for row in oracle.rows("units.csv")}
LEVELS = ("province", "prefecture", "county")


def above(code: str) -> list[str]:
    found = []
    while code := UNITS[code]["parent"]:
        found.insert(0, UNITS[code]["name"])
    return found


def right_or_refused(found: ci.ResolvedPlaces, codes: list[str]) -> int:
    """How many are refused; those have the right one among the candidates."""
    for match, code in zip(found, codes, strict=True):
        if match.place is None:
            assert match.status == "ambiguous", match
            assert code in {place.code for place in match.candidates}
        else:
            assert match.place.code == code, match
            assert match.status in ("exact", "short")
    return len(found.unresolved)


def test_full_paths():
    found = ci.resolve_places(["".join([*above(code), row["name"]]) for code, row in UNITS.items()])
    refused = {match.written for match in found.unresolved}
    assert right_or_refused(found, list(UNITS)) == len(refused)
    assert refused == set()


@pytest.mark.parametrize("level", LEVELS)
def test_names_with_their_level(level):
    codes = [code for code, row in UNITS.items() if row["level"] == level]
    refused = right_or_refused(ci.resolve_places([UNITS[code]["name"] for code in codes], level=level), codes)
    assert refused <= {"province": 0, "prefecture": 0, "county": 150}[level]


def test_the_province_before_the_name_or_beside_it():
    codes = [code for code, row in UNITS.items() if row["level"] == "county"]
    names, provinces = [UNITS[code]["name"] for code in codes], [above(code)[0] for code in codes]
    before = ci.resolve_places([top + name for top, name in zip(provinces, names, strict=True)])
    beside = ci.resolve_places(names, province=provinces)
    assert before.codes == beside.codes
    assert right_or_refused(before, codes) < 30
    with_level = ci.resolve_places(names, province=provinces, level="county")
    assert right_or_refused(with_level, codes) < 30


def test_names_with_all_that_is_above():
    codes = [code for code, row in UNITS.items() if row["level"] == "county" and len(above(code)) == 2]
    columns = [above(code) for code in codes]
    found = ci.resolve_places(
        [UNITS[code]["name"] for code in codes],
        province=[top for top, _ in columns],
        prefecture=[prefecture for _, prefecture in columns],
        level="county",
    )
    assert right_or_refused(found, codes) == 0


def test_codes():
    found = ci.resolve_places(list(UNITS))
    assert list(found.codes) == list(UNITS)
    assert {match.status for match in found} == {"code"}


def test_every_text_of_the_oracle_means_what_it_says():
    """Whatever the oracle knows is resolved to one of its meanings; where it has one meaning, to that or not at all."""
    known = oracle.meanings()
    texts = sorted(known)
    found = ci.resolve_places(texts)
    assert all(match.place is None or match.place.code in known[match.written] for match in found)
    assert found.rate > 0.95
    unknown = [match.written for match in found if match.status == "unknown"]
    assert unknown == []


ALPHABET = sorted({sign for row in (*UNITS.values(), *oracle.rows("former.csv")) for sign in row["name"]})
TEXTS = sorted(oracle.meanings())


def edited(generator: random.Random) -> str:
    """A name, or two of them together, with one or two slips in it."""
    text = "".join(generator.choices(TEXTS, k=generator.choice([1, 1, 2])))
    for _ in range(generator.choice([1, 1, 2])):
        place, sign = generator.randrange(len(text) + 1), generator.choice(ALPHABET)
        text = generator.choice([
            text[:place] + sign + text[place:],
            text[:place] + text[place + 1 :],
            text[:place] + sign + text[place + 1 :],
            text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
        ])  # fmt: skip
    return text


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_a_text_that_is_no_name_of_a_place_is_refused(seed):
    generator = random.Random(seed)
    known = oracle.meanings()
    for match in ci.resolve_places([edited(generator) for _ in range(50)]):
        if match.place is not None:
            assert match.place.code in known.get(match.written, ()), match


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_a_wrong_province_or_prefecture_is_refused(code, other):
    """A unit named under one that it does not stand under has no place, or is another unit of that name there."""
    chain = {code, UNITS[code]["parent"], UNITS[UNITS[code]["parent"]]["parent"] if UNITS[code]["parent"] else ""}
    match = ci.resolve_places([UNITS[code]["name"]], within=[UNITS[other]["name"]])[0]
    if match.place is not None and match.status in ("exact", "short"):
        inside = {match.place.code, *(c for c, row in UNITS.items() if row["name"] in above(match.place.code))}
        assert any(UNITS[c]["name"] == UNITS[other]["name"] for c in inside)
        if other not in chain:
            assert match.place.code in oracle.meanings()[UNITS[code]["name"]]


def test_width_spaces_and_strokes_change_nothing():
    generator = random.Random(7)
    codes = generator.sample(sorted(UNITS), 300)
    plain = ["".join([*above(code), UNITS[code]["name"]]) for code in codes]
    for between in (" ", "\u3000", "-", "/", "·", "\u200b"):
        spaced = [between.join([*above(code), UNITS[code]["name"]]) + between for code in codes]
        assert ci.resolve_places(spaced).codes == ci.resolve_places(plain).codes


def test_resolving_is_blind_to_the_order_and_to_repeats():
    names = ["昆山", "朝阳区", "海门市", "昆山", "昆仑山市"] * 3
    once = {match.written: match for match in ci.resolve_places(names[:5])}
    assert [once[name] for name in reversed(names)] == list(ci.resolve_places(names[::-1]))
