"""What the effects of a comparison, and the units of one side alone, are called in Chinese and English."""

from __future__ import annotations

from cityindex.views._language import LANGUAGES, Language

__all__ = ["effect_name", "side_names"]

_NAMES = {
    "data": ("数据", "data"),
    "weights": ("权重", "weights"),
    "structure": ("结构", "structure"),
    "calibration": ("校准", "calibration"),
    "joint": ("不可分", "joint"),
    "rounding": ("取整", "rounding"),
    "entered_left": ("新进与退出", "entered and left"),
    "entered": ("新进", "entered"),
    "left": ("退出", "left"),
}


def effect_name(effect: str, language: Language) -> str:
    """The name of an effect, or of the units that ``entered`` or ``left``, in a language.

    >>> effect_name("calibration", "zh"), effect_name("entered_left", "en")
    ('校准', 'entered and left')
    """
    return _NAMES[effect][LANGUAGES.index(language)]


def side_names(names: tuple[str, str], language: Language) -> tuple[str, str]:
    """What before and after are called; in Chinese too, where they have no names of their own.

    >>> side_names(("before", "after"), "zh"), side_names(("2023", "2024"), "zh")
    (('此前', '此后'), ('2023', '2024'))
    """
    return ("此前", "此后") if language == "zh" and names == ("before", "after") else names
