"""In which language a view speaks: one rule for all of them."""

from __future__ import annotations

from typing import Literal, get_args

from cityindex._values import Text
from cityindex.errors import NotFoundError, nearest
from cityindex.spec.model import Spec

__all__ = ["LANGUAGES", "Language", "checked", "chosen"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def chosen(of: Spec | Text | None, language: str | None) -> Language:
    """The language asked for; else that of the index: Chinese where its title has a Chinese text, English otherwise.

    Parameters
    ----------
    of
        The index, or its title (None: no index is known). An index without a title is called as its root is.
    language
        ``"zh"``, ``"en"`` or None.

    Raises
    ------
    NotFoundError
        There is no such language.

    Examples
    --------
    >>> chosen(Text({"zh": "城市指数", "en": "City index"}), None), chosen(Text.of("City index"), None)
    ('zh', 'en')
    >>> chosen(Text.of("城市指数"), "en"), chosen(None, None)
    ('en', 'en')
    """
    if language is not None:
        return checked(language)
    title = of.title or of.index.title if isinstance(of, Spec) else of
    return "zh" if title is not None and "zh" in title else "en"


def checked(language: str) -> Language:
    """The language, where there is one of that name.

    >>> checked("zn")
    Traceback (most recent call last):
    cityindex.errors.NotFoundError: language='zn': 'zh' or 'en' is wanted. Did you mean 'zh'?
    """
    if language not in LANGUAGES:
        raise NotFoundError(f"language={language!r}: 'zh' or 'en' is wanted.{nearest(str(language), LANGUAGES)}")
    return language
