"""What can go wrong, as one tree.

    CityIndexError
    ├── SpecError          (ValueError)    the spec: every problem, with file, line and column
    ├── TableError         (ValueError)    the data: every problem, by unit and column
    ├── MethodError        (ValueError)    an unknown method, or a method badly registered
    ├── DomainError        (ValueError)    numbers that a method cannot take (kernels raise it; they know no names)
    ├── ScoreError         (ValueError)    data that the spec refuses: missing cells, domains, labels not learned
    │   └── UnpublishedError               weights or judgements that the source does not print
    ├── CalibrationError   (ValueError)    a calibration that does not fit the spec or the file
    ├── NotFoundError      (LookupError)   a unit, node, period or shipped index that is not there
    └── DependencyError    (ImportError)   an optional package that is not installed

Each also inherits the builtin that a user would already catch. A message says what was found, where, what is
allowed and the nearest name; several problems are told together (`problems`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = [
    "CalibrationError",
    "CityIndexError",
    "DependencyError",
    "DomainError",
    "MethodError",
    "NotFoundError",
    "Problem",
    "ScoreError",
    "SpecError",
    "TableError",
    "UnpublishedError",
    "closest",
    "guesses",
    "nearest",
]

SHOWN = 50  # problems printed in one message; all of them are in `problems`


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands and what is wrong with it.

    `place` is `file:line:column` in a spec, `unit 昆山市, column gdp` (or `row 7, column gdp`) in a table, or empty.
    `rows`: every row of a run that the same trouble is about, those that are not listed too, where it is one of rows.
    """

    message: str
    place: str = ""
    rows: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class CityIndexError(Exception):
    """Anything this library refuses; `problems` holds every single one."""

    def __init__(self, problems: str | Problem | Sequence[Problem], *, summary: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.summary = summary
        super().__init__(self._text())

    def _text(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        hidden = len(self.problems) - SHOWN
        if hidden > 0:
            lines.append(f"… and {hidden} more (all of them are in .problems)")
        if not self.summary:
            return "\n".join(lines)
        return "\n  ".join([self.summary, *lines])

    def __reduce__(self) -> tuple[object, ...]:  # so that an error crosses a process pool whole
        return _rebuild, (type(self), self.problems, self.summary)


def _rebuild(kind: type[CityIndexError], problems: tuple[Problem, ...], summary: str) -> CityIndexError:
    return kind(problems, summary=summary)


class SpecError(CityIndexError, ValueError):
    """A spec that cannot be an index: every problem in it, with its line and column."""


class TableError(CityIndexError, ValueError):
    """Data that cannot be read as asked: every problem, by unit and column."""


class MethodError(CityIndexError, ValueError):
    """A method that is not known, or an option that it does not take."""


class ScoreError(CityIndexError, ValueError):
    """Data that the spec does not allow to be scored."""


class UnpublishedError(ScoreError):
    """Weights or judgements that the source does not print: the user has to supply some."""


class CalibrationError(CityIndexError, ValueError):
    """A calibration that does not belong to this spec, or a file that is none."""


class NotFoundError(CityIndexError, LookupError):
    """A unit, node, period or index that is not there; the message names the nearest."""


class DependencyError(CityIndexError, ImportError):
    """An optional package is needed and not installed; the message says how to install it."""


class DomainError(CityIndexError, ValueError):
    """Numbers that a method cannot take, told by position: kernels know no names.

    Parameters
    ----------
    reason
        What is wrong, without a place: ``"the logarithm needs numbers above 0"``.
    columns
        Positions of the offending columns (last axis), if whole columns offend (a constant one has no range).
    cells
        Positions (row, column) of the offending cells, the first few at least.
    """

    def __init__(
        self,
        reason: str,
        *,
        columns: Iterable[int] = (),
        cells: Iterable[tuple[int, int]] = (),
    ) -> None:
        self.reason = reason
        self.columns = tuple(int(j) for j in columns)
        self.cells = tuple((int(i), int(j)) for i, j in cells)
        places = ", ".join(
            [*(f"column {j}" for j in self.columns[:5]), *(f"row {i}, column {j}" for i, j in self.cells[:5])]
        )
        super().__init__(Problem(reason, places))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_domain, (self.reason, self.columns, self.cells)


def _rebuild_domain(reason: str, columns: tuple[int, ...], cells: tuple[tuple[int, int], ...]) -> DomainError:
    return DomainError(reason, columns=columns, cells=cells)


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter left out, added, changed or swapped with its neighbour makes one word of the other."""
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return (len(a) <= 1 and len(b) <= 1) or (len(a) == 2 and a == b[::-1])


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant: one slip of the fingers away, else much alike, else None.

    >>> closest("di", ["column", "id"])
    'id'
    """
    return next(iter(guesses(word, known)), None)


def guesses(word: str, known: Iterable[str]) -> list[str]:
    """The known names that may have been meant, the likeliest first: all that are one slip away, else the most alike.

    >>> guesses("weigth", ["weight", "weights", "where"])
    ['weight']
    """
    folded = {str(name).casefold(): str(name) for name in reversed(list(known))}
    typed = str(word).casefold()
    slips = [name for name in reversed(folded) if max(len(name), len(typed)) > 1 and _one_slip(typed, name)]
    alike = difflib.get_close_matches(typed, slips or folded, n=len(slips) or 1, cutoff=0.0 if slips else 0.6)
    return [folded[name] for name in alike]


def nearest(word: str, known: Iterable[str], *, limit: int = 12) -> str:
    """The hint at the end of a message: the nearest known name, or the known names if there are few.

    >>> nearest("minmx", ["minmax", "zscore"])
    " Did you mean 'minmax'?"
    >>> nearest("qqq", ["minmax", "zscore"])
    " Known: 'minmax', 'zscore'."
    >>> nearest("qqq", [])
    ''
    """
    names = [str(name) for name in dict.fromkeys(known)]
    close = closest(word, names)
    if close is not None:
        return f" Did you mean {close!r}?"
    if not names:
        return ""
    shown = ", ".join(repr(name) for name in names[:limit])
    return f" Known: {shown}{', …' if len(names) > limit else ''}."
