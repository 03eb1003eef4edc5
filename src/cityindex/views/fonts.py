"""Which installed font holds every character of some texts: Chinese in figures without boxes.

matplotlib draws a box for a character that its font lacks. Here an installed family is looked up that holds all of
them; nothing is set globally.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from functools import cache

from cityindex.errors import DependencyError

__all__ = ["FontWarning", "families_for", "missing_characters"]

PREFERRED = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti SC",
    "Arial Unicode MS",
    "Droid Sans Fallback",
    "Noto Sans CJK TC",
    "Noto Sans CJK HK",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "SimSun",
)
NO_REAL_GLYPHS = ("Last Resort", "LastResort", "Adobe Blank")  # they "hold" every character, as a box
ADVICE = (
    "install a font that has them (Debian, Ubuntu: apt install fonts-noto-cjk or fonts-wqy-microhei; Fedora: "
    "google-noto-sans-cjk-fonts; elsewhere: Noto Sans CJK SC from https://github.com/notofonts/noto-cjk) and start anew"
)


class FontWarning(UserWarning):
    """No installed font holds every character that a figure needs."""


def families_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The font families to draw some texts with; none where the fonts that are set hold every character.

    The first family holds all characters; those that were set follow it. Where no installed family holds all, the one
    that lacks the fewest is taken, and a warning says once which characters are missing and what to install.

    Examples
    --------
    >>> families_for(["plain"])
    ()
    """
    needed = _characters(texts)
    return _families(needed) if needed else ()


def missing_characters(texts: Iterable[str]) -> str:
    """The characters that the fonts drawn with will lack (empty: every one is there).

    Examples
    --------
    >>> missing_characters(["plain"])
    ''
    """
    needed = _characters(texts)
    held: set[str] = set().union(*(_charmap(name, default=True) for name in families_for(needed)))
    return "".join(sorted(needed - held))


def _characters(texts: Iterable[str]) -> frozenset[str]:
    """The characters beyond those that the fonts that are set hold; spaces, controls and joiners left out."""
    seen = {char for text in texts for char in text if unicodedata.category(char)[0] not in "ZC"}
    seen -= {char for char in seen if unicodedata.category(char) == "Mn"}
    return frozenset(seen - _usual(_set_families()))


def _set_families() -> tuple[str, ...]:
    try:
        import matplotlib as mpl
    except ImportError:
        raise DependencyError("figures need matplotlib: pip install 'cityindex[plot]'") from None
    return tuple(mpl.rcParams["font.family"])


def _usual(families: tuple[str, ...]) -> frozenset[str]:
    """What the families that are set hold, all of them: matplotlib falls back from one to the next."""
    return frozenset().union(*(_charmap(name, default=True) for name in families))


def _charmap(family: str, *, default: bool = False) -> frozenset[str]:
    """The characters of a family (with `default`: of the one that is drawn where it is not installed)."""
    from matplotlib import font_manager

    try:
        wanted = font_manager.FontProperties(family=[family])
        return _characters_of(font_manager.findfont(wanted, fallback_to_default=default))
    except (ValueError, OSError, RuntimeError):  # not installed, not readable
        return frozenset()


@cache
def _characters_of(path: str) -> frozenset[str]:
    from matplotlib import font_manager

    return frozenset(map(chr, font_manager.get_font(path).get_charmap()))


@cache
def _held(family: str) -> frozenset[str]:
    """The characters that an installed family holds."""
    return _charmap(family)


def _installed() -> Iterator[str]:
    """Installed families: the preferred ones that matplotlib knows, those that it has not seen yet, then all others.

    Its list is kept in a file and may be older than the fonts: the new ones are told to it.
    """
    known = _names()
    yield from (name for name in PREFERRED if name in known)
    _look_again()
    later = _names()
    yield from (name for name in PREFERRED if name in later - known)
    yield from sorted(later - set(PREFERRED))


def _names() -> set[str]:
    from matplotlib import font_manager

    return {entry.name for entry in font_manager.fontManager.ttflist if not entry.name.startswith(NO_REAL_GLYPHS)}


@cache
def _look_again() -> None:
    """Tell matplotlib of fonts that were installed after it made its list."""
    from matplotlib import font_manager

    seen = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - seen):
        try:
            font_manager.fontManager.addfont(path)
        except (OSError, RuntimeError):  # not a font that can be read
            continue


@cache
def _families(needed: frozenset[str]) -> tuple[str, ...]:
    """The family that holds all of these characters, or most of them, and those that are set."""
    best, most = "", 0
    for name in _installed():
        there = len(needed & _held(name))
        if there > most:
            best, most = name, there
        if most == len(needed):
            break
    lacking = sorted(needed - _held(best)) if best else sorted(needed)
    if lacking:
        some = "".join(lacking[:20]) + ("…" if len(lacking) > 20 else "")
        warnings.warn(
            f"no installed font holds every character of this figure: {some} will be boxes; {ADVICE}",
            FontWarning,
            stacklevel=2,
        )
    return (best, *_set_families()) if best else ()
