"""What became of places from one code book to the next: the rules by which `build_places` finds former names."""

from __future__ import annotations

import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from cityindex.places.spelling import stem_of  # the package need not be installed

MUNICIPALITIES = ("11", "12", "31", "50")
MISPRINTS = {
    "420802鄂城区", "420803黄州区", "340704铜山区", "379006威海市", "370620威海市", "379017蓬莱市", "379018招远市",
    "232303肇东市", "510200重庆市",  # under another place's code, or one of its own for a while
}  # fmt: skip
MISSPELT = {
    "荷泽市": "菏泽市", "墉桥区": "埇桥区", "廛河回族区": "瀍河回族区", "师河区": "浉河区", "乔口区": "硚口区",
    "虎亭区": "猇亭区", "达豪区": "达濠区", "荔蒲县": "荔浦县", "华莹市": "华蓥市", "邵通市": "昭通市",
    "穷结县": "琼结县", "古楼区": "鼓楼区", "马尔康区": "马尔康市", "杨凌区": "杨陵区", "江洲区": "江州区",
}  # fmt: skip
Unit = tuple[str, str]  # code, name
Book = dict[str, str]  # code → name


@dataclass(frozen=True)
class Former:
    """A name that is not valid today, as it was last."""

    code: str
    name: str
    prefecture: str  # its name then; none for provinces, prefectures and counties under a province
    year: int  # in which it went
    change: str
    to: tuple[str, ...]
    note: str = ""
    caveat: str = ""  # what speaks against relying on it


def level_of(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def parent_of(code: str, book: Book) -> str:
    """The code of the unit that it stands under in that book."""
    if level_of(code) == "province":
        return ""
    prefecture = f"{code[:4]}00"
    return prefecture if level_of(code) == "county" and prefecture in book else f"{code[:2]}0000"


def linked(old: Book, new: Book, decided: set[Unit]) -> dict[Unit, tuple[Unit, ...]]:
    """Which unit of the old book became which of the new one, where both changed: the rules of the docstring above."""
    gone = [unit for unit in old.items() if new.get(unit[0]) != unit[1] and unit not in decided]
    came = [unit for unit in new.items() if old.get(unit[0]) != unit[1]]
    found: dict[Unit, Unit] = {}

    def rule(key: Callable[[Unit], object], fits: Callable[[Unit], bool] = lambda unit: True) -> None:
        left, right = defaultdict(list), defaultdict(list)
        for unit in gone:
            if unit not in found and fits(unit):
                left[key(unit)].append(unit)
        taken = set(found.values())
        for unit in came:
            if unit not in taken:
                right[key(unit)].append(unit)
        for label, units in left.items():
            if len(units) == 1 and len(right[label]) == 1:
                found[units[0]] = right[label][0]

    rule(lambda unit: (unit[0][:4], level_of(unit[0]), unit[1]))
    many = Counter(label for code, name in old.items() for label in (name, code[:2] + name))
    rule(lambda unit: (unit[0][:2], level_of(unit[0]), unit[1]), lambda unit: many[unit[0][:2] + unit[1]] <= 1)
    rule(lambda unit: (level_of(unit[0]), unit[1]),  # to another province: 海南, 重庆
         lambda unit: many[unit[1]] <= 1 or unit[0].startswith("5102"))  # fmt: skip
    rule(lambda unit: (unit[0][:4], level_of(unit[0]), stem_of(unit[1])))
    rule(lambda unit: (unit[0][:2], level_of(unit[0]), stem_of(unit[1])), lambda unit: len(stem_of(unit[1])) > 1)
    rule(lambda unit: unit[0], lambda unit: unit[0][2] != "9" or level_of(unit[0]) != "county" or unit[0][:2] == "46")
    seats = seated(old, new, found, came)
    rule(
        lambda unit: (unit[0][:2] if unit[0][:2] in MUNICIPALITIES else unit[0][:4], level_of(unit[0])),
        lambda unit: level_of(unit[0]) == "county" and not unit[1].endswith("区") and unit not in seats,
    )
    return {**{unit: (successor,) for unit, successor in found.items()}, **seats}


def seated(old: Book, new: Book, found: dict[Unit, Unit], came: list[Unit]) -> dict[Unit, tuple[Unit, ...]]:
    """Counties that went as a prefecture of their name came: what came under it that is no other old unit."""
    prefectures = {(code[:2], stem_of(name)): code for code, name in came if level_of(code) == "prefecture"}
    fresh = [unit for unit in came if unit not in set(found.values()) and level_of(unit[0]) == "county"]
    seats = {}
    for unit in old.items():
        above = prefectures.get((unit[0][:2], stem_of(unit[1])))
        if above and level_of(unit[0]) == "county" and unit not in found and new.get(unit[0]) != unit[1]:
            seats[unit] = tuple(each for each in fresh if each[0][:4] == above[:4])
    return seats


def traced(books: list[tuple[int, Book]], changes: dict[Unit, Former]) -> list[Former]:
    """Every name of the books that today's list does not have at its place, with what became of it."""
    fate: dict[Unit, tuple[str, ...]] = {unit: (unit[0],) for unit in books[-1][1].items()}
    formers: dict[Unit, Former] = {}
    for (_, old), (year, new) in reversed(list(itertools.pairwise(books))):
        same = linked(old, new, set(changes))
        for unit in old.items():
            if new.get(unit[0]) == unit[1]:
                continue
            decided, successors = changes.get(unit), same.get(unit, ())
            to = tuple(dict.fromkeys(code for successor in successors for code in fate.get(successor, ())))
            to = decided.to if decided else to
            fate[unit] = to
            above = parent_of(unit[0], old)
            prefecture = old[above] if level_of(above) == "prefecture" else ""
            changed = [formers[successor].change for successor in successors if successor in formers]
            change = "split" if len(to) > 1 else "abolished" if not to else changed[0] if changed else "renamed"
            last = decided or Former(*unit, prefecture, year, change, to)
            formers.setdefault(unit, Former(*unit, prefecture, last.year, last.change, to, last.note, last.caveat))
    return list(formers.values())


def worth_keeping(formers: Iterable[Former], units: dict[str, tuple[str, str]]) -> list[Former]:
    """Without misprints, and without what today's list says too: the same name for the same place, the same prefecture.

    Of a name that a place had under several codes the last stays, once for each prefecture that it stood under.
    """
    today = {code: name for code, (name, _) in units.items()}
    became = {(f.code[:2], f.name): f.to for f in formers if level_of(f.code) == "prefecture"}
    became |= {(code[:2], name): (code,) for code, name in today.items() if level_of(code) == "prefecture"}
    kept: dict[tuple[object, ...], Former] = {}
    for each in sorted(formers, key=lambda former: -former.year):
        if each.code + each.name in MISPRINTS or today.get(each.code) == each.name:
            continue
        under = became.get((each.code[:2], each.prefecture), (each.prefecture,)) if each.prefecture else ()
        if len(each.to) == 1:
            now = parent_of(each.to[0], today)
            under = () if under in ((now,), ()) else under
            if not under and today[each.to[0]] == each.name and level_of(each.to[0]) == level_of(each.code):
                continue
        kept.setdefault((each.name, level_of(each.code), each.code[:2], under, each.to), each)
    return sorted(kept.values(), key=lambda former: (former.code, former.year, former.name))
