"""The words that figures write themselves, in Chinese and English; titles of nodes and names of units."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from cityindex._values import Text, label_of, width_of
from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.spec.model import Spec
from cityindex.table.periods import in_time
from cityindex.views._language import Language, chosen
from cityindex.views.report.words import Voice

__all__ = ["Language", "Words", "clean", "count_words", "number_words", "rows_of", "shorten", "wrapped"]

WORDS = {
    "acceptability": ("各名次的抽样占比", "share of draws at each rank"),
    "among": ("取值范围", "range of all units"),
    "average": ("平均", "mean"),
    "before": ("此前", "before"),
    "bounds": ("经过证明的界", "proved bounds"),
    "change": ("变化", "change"),
    "choice": ("选择", "choice"),
    "contribution": ("对得分的贡献", "points of the score"),
    "correlation": ("相关系数", "correlation"),
    "draws": ("次抽样", "draws"),
    "end": ("期末", "end"),
    "first": ("一阶份额", "first-order share"),
    "half": ("中间一半", "middle half"),
    "interval": ("5%–95% 区间", "5–95 % of the draws"),
    "median": ("中位数", "median"),
    "nominal": ("公布方案", "as published"),
    "none": ("无", "none"),
    "off_map": ("图上没有", "not on the map"),
    "other": ("其他", "other"),
    "not_from_0": ("横轴不从 0 开始", "the axis does not begin at 0"),
    "own_scale": ("各行刻度不同", "each row has its own scale"),
    "places_gained": ("上升的名次", "places gained"),
    "points_gained": ("得分的变化", "points gained"),
    "published": ("公布值", "published"),
    "rank": ("名次", "rank"),
    "raw": ("原始值", "raw"),
    "score": ("得分", "score"),
    "start": ("期初", "start"),
    "sum": ("合计", "sum"),
    "tier": ("档", "tier"),
    "total": ("总份额", "total share"),
    "unlabelled": ("未标注", "without a label"),
    "weight": ("权重", "weight"),
}
EVERY = {"indicators": "全部指标", "groups": "全部分组"}  # what a choice of methods is about
SETTINGS = {"aggregate": "合成方法", "missing": "缺失值的处理", "steps": "处理步骤", "weights": "权重"}


class Words:
    """What a figure writes, in one language: that asked for, else that of the index."""

    def __init__(self, spec: Spec, language: str | None) -> None:
        self.spec = spec
        self.language = chosen(spec, language)
        self.voice = Voice(self.language)

    def __getitem__(self, key: str) -> str:
        return WORDS[key][0 if self.language == "zh" else 1]

    def shown(self, text: Text | None, otherwise: str) -> str:
        return clean(otherwise if text is None else text.shown(self.language))

    def told(self, head: str, text: str) -> str:
        return f"{head}：{text}" if self.language == "zh" else f"{head}: {text}"

    @property
    def index(self) -> str:
        """The title of the index."""
        return self.shown(self.spec.title or self.spec.index.title, self.spec.id)

    def node(self, name: str) -> str:
        """The title of a node (its id where it has none); the root is the index itself."""
        node = self.spec.nodes.get(name)
        if node is None:  # of another edition
            return clean(name)
        return self.shown(node.title or (self.spec.title if name == self.spec.index.id else None), name)

    def path(self, path: str) -> str:
        return self.node(path.rsplit("/", 1)[-1])

    def units(self, count: int) -> str:
        if self.language == "zh":
            return f"{count} 个{self.voice.unit(self.spec.unit.kind)}"
        return f"{count} unit{'' if count == 1 else 's'}"

    def dated(self, title: str, period: str) -> str:
        return f"{title} {period}" if period else title

    def joined(self, *parts: str) -> str:
        """Parts of a caption, one after the other."""
        return ("；" if self.language == "zh" else "; ").join(filter(None, parts))

    def choice(self, label: str) -> str:
        """What a choice is called: a node by its title, the usual ones in this language, any other as it is."""
        name, _, setting = label.partition(".")
        if name not in self.spec.nodes and name not in EVERY:
            return clean(self.voice.choice(label))
        if self.language == "zh":
            setting = SETTINGS.get(setting, setting)
            name = EVERY.get(name, name)
        return self.told(shorten(self.node(name), 36), clean(setting)) if setting else self.node(name)


def clean(text: object) -> str:
    """Text on one line, without control characters."""
    kept = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in str(text))
    return " ".join(kept.split())


def shorten(text: str, width: int) -> str:
    """A text cut to a width in halves, with … for what is gone.

    >>> shorten("数据及信息化基础设施", 9)
    '数据及信…'
    """
    if width_of(text) <= width:
        return text
    kept = ""
    for char in text:
        if width_of(kept + char) > width - 1:
            break
        kept += char
    return kept.rstrip() + "…"


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """A text on at most so many lines of a width in halves; breaks at spaces, and anywhere in Chinese.

    >>> wrapped("Universities and research institutes", 14).splitlines()
    ['Universities', 'and research…']
    """
    found: list[str] = []
    rest = clean(text)
    needed = min(-(-width_of(rest) // width), lines)
    even = min(-(-width_of(rest) // needed) + 1, width) if needed and width_of(rest) <= needed * width else width
    while rest and len(found) < lines - 1 and width_of(rest) > width:
        cut = len(shorten(rest, even + 1).removesuffix("…"))
        if not (_breaks(rest[cut - 1]) or _breaks(rest[cut])):
            space = rest.rfind(" ", 0, cut + 1)
            if space < 1:
                break  # a word is not torn apart
            cut = space
        found.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return "\n".join([*found, shorten(rest, width)])


def _breaks(char: str) -> bool:
    """Whether a line may end or begin at a character."""
    return unicodedata.east_asian_width(char) in "WF"


def number_words(values: Iterable[float]) -> list[str]:
    """Numbers with the same decimals: as many as they have, up to 4 (published ones are shown as published); of those
    that have more as many as their size asks for.

    >>> number_words([90.5, 7.0]), number_words([1234.56]), number_words([1234.56789])
    (['90.5', '7.0'], ['1,234.56'], ['1,234.6'])
    """
    found = np.asarray(list(values), np.float64)
    real = found[np.isfinite(found)]
    largest = float(np.abs(real).max()) if len(real) else 0.0
    most = 3 if largest < 10 else 2 if largest < 100 else 1 if largest < 10_000 else 0
    decimals = next((d for d in range(5) if np.allclose(np.round(real, d), real, rtol=0, atol=1e-9)), most)
    return ["–" if value != value else f"{value:,.{decimals}f}".replace("-", "−") for value in found.tolist()]


def share_words(share: float) -> str:
    """A share with two decimals.

    >>> share_words(-0.001), share_words(-0.25)
    ('0.00', '−0.25')
    """
    text = f"{share:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", "−")


def count_words(words: Words, shown: int, total: int, without: int = 0) -> str:
    """How many units a figure shows, and how many it cannot."""
    zh = words.language == "zh"
    first = f"前 {shown} 个，共 {total} 个" if zh else f"the first {shown} of {total} units"
    gone = f"{without} 个没有数值" if zh else f"{without} without a value"
    return words.joined(first if shown < total else "", gone if without else "")


def rows_of(result: Result, period: str | None = None) -> tuple[IntArray, str]:
    """The rows of one period (the last one, where none is said) and its name; all rows where there are no periods."""
    if result.periods is None:
        if period is not None:
            raise NotFoundError(f"{result.spec.id} has no periods; period={period!r} says which one is meant")
        return np.arange(len(result)), ""
    labels = [label_of(each) for each in result.periods]
    known = in_time(labels)
    wanted = known[-1] if period is None else label_of(period)
    if wanted not in known:
        raise NotFoundError(f"there is no period {period!r}.{nearest(str(period), known)}")
    return np.flatnonzero([label == wanted for label in labels]), wanted


def unit_names(result: Result, rows: IntArray | Sequence[int]) -> list[str]:
    """The names of some rows: their labels, else their keys."""
    names = result.labels or result.units
    return [clean(names[row] or result.units[row]) for row in rows]


def expect(record: Any, kind: type | tuple[type, ...], call: str, wanted: str) -> None:
    """Say it in words where a figure is given the wrong record."""
    if not isinstance(record, kind):
        raise ScoreError(f"plot.{call} draws {wanted}; it was given a {type(record).__name__}")


def at_least(value: Any, name: str, least: int) -> int:
    """A whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ScoreError(f"{name}={value!r}: a whole number of {least} or more is wanted")
    return int(value)


def one_of(value: Any, name: str, known: Sequence[str]) -> None:
    """A word out of a few."""
    if value not in known:
        raise NotFoundError(
            f"{name}={value!r}: one of {', '.join(map(repr, known))} is wanted.{nearest(str(value), known)}"
        )
