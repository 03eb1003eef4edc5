"""The floor: the same numbers by plain numpy, written as one would for one table; the best of three layouts counts.

`winsorise` moves points as COINr does (up to so many, until skewness and kurtosis pass); `treat` goes on to COINr's
logarithm, of the column as it was, where they do not pass then.
"""

from __future__ import annotations

import numpy as np


def minmax(column, sign, low=1.0, high=100.0):
    least, most = column.min(), column.max()
    y = (column - least) / (most - least) * (high - low) + low
    return y if sign > 0 else low + high - y


def by_column(x, signs, normalise):
    out = np.empty_like(x)
    for j in range(x.shape[1]):
        out[:, j] = normalise(x[:, j], signs[j])
    return out


def whole(x, signs, low=1.0, high=100.0):
    least, most = x.min(axis=0), x.max(axis=0)
    y = (x - least) / (most - least) * (high - low) + low
    return np.where(signs > 0, y, low + high - y)


def mean(x, w):
    return x @ (w / w.sum())


def geometric(x, w):
    return np.exp(np.log(x) @ (w / w.sum()))


def tree(y, groups, weights, top, combine):
    columns = [combine(y[:, part], weights[part]) for part in groups]
    return columns, combine(np.column_stack(columns), top)


def skew_kurt(x):
    n, d = len(x), x - x.mean()
    d2 = d * d
    m2, m3, m4 = d2.mean(), (d2 * d).mean(), (d2 * d2).mean()
    skew = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    kurt = ((n + 1) * (m4 / m2**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return skew, kurt


def fails(skew, kurt):
    return abs(skew) > 2 and kurt > 3.5


def winsorise(x, points=5):
    return winsorised(x, points)[0]


def winsorised(x, points=5):
    """The column, and whether its shape fails still."""
    skew, kurt = skew_kurt(x)
    if not fails(skew, kurt):
        return x, False
    x, moved = x.copy(), 0
    while fails(skew, kurt) and moved < points:
        if skew >= 0:
            end = x == x.max()
            x[end] = x[~end].max()
        else:
            end = x == x.min()
            x[end] = x[~end].min()
        moved += 1
        skew, kurt = skew_kurt(x)
    return x, fails(skew, kurt)


def treat(x, points=5):
    y, failing = winsorised(x, points)
    if not failing:
        return y
    least, most = x.min(), x.max()
    return np.log(x - least + 0.01 * (most - least))


TREATMENTS = {"": lambda x: x, "winsorise": winsorise, "treat": treat}


def pipeline(x, signs, groups, weights, top, combine, treated):
    """Treat (if asked), min-max to [1, 100], aggregate twice, rank: what the library is asked for too."""

    def one(column, sign):
        return minmax(TREATMENTS[treated](column), sign)

    y = by_column(x, signs, one)
    return tree(y, groups, weights, top, combine)


def pipeline_whole(x, signs, groups, weights, top, combine, treated):
    y = whole(x, signs) if not treated else by_column(x, signs, lambda c, s: minmax(TREATMENTS[treated](c), s))
    return tree(y, groups, weights, top, combine)


def rank(score):
    order = np.argsort(-score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    ordered = score[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    ranks[order] = np.maximum.accumulate(np.where(first, np.arange(1, len(score) + 1), 0))
    return ranks
