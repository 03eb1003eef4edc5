"""Aggregators: the children of a group to one column. Plain ones: averages (`means`), sums and extremes (`totals`).

Each is ``(x, w, *, options) → y`` with x of shape (…, n, k), w of shape (…, k) and y of shape (…, n): n units, k
children, leading axes for draws on either. ``nan`` is an absent child: an average shares its weight among those
present, a sum or product is then ``nan`` itself. The order of the children does not matter (but for the last bit), and
a unit's value does not depend on which other units there are (to the last bit).

What is registered as `parts` splits an aggregate among the children present (see `_parts`): weight times value where
the aggregate is a weighted sum, Euler's theorem elsewhere.

Source of the means as aggregators of an index: OECD and JRC, *Handbook on Constructing Composite Indicators* (2008),
step 6, doi:10.1787/9789264043466-en; of their properties: P. S. Bullen, *Handbook of Means and Their Inequalities*
(2003), doi:10.1007/978-94-017-0399-4.
"""

from __future__ import annotations

from cityindex.methods.means import arithmetic, geometric, harmonic, power
from cityindex.methods.totals import maximum, minimum, product, sum_

__all__ = ["arithmetic", "geometric", "harmonic", "maximum", "minimum", "power", "product", "sum_"]
