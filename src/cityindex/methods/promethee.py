"""PROMETHEE II as an aggregator: how much each unit is preferred to the reference units, less how much they to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityindex._registry import aggregator
from cityindex.methods._arrays import FloatArray, like, significant
from cityindex.methods._preference import Preference, Threshold, net_preference, preference_problems, shapes
from cityindex.methods._stored import keep_sorted, sorted_columns
from cityindex.methods._weighted import shares, weighted_mean

__all__ = ["promethee"]


def _learn(
    ref: FloatArray,
    w: FloatArray,
    *,
    preference: Preference | tuple[Preference, ...] = "usual",
    q: Threshold = None,
    p: Threshold = None,
    s: Threshold = None,
) -> dict[str, Any]:
    shapes({"preference": preference, "q": q, "p": p, "s": s}, ref.shape[1])
    return keep_sorted(ref, 2)


def _flows(x: FloatArray, params: Mapping[str, Any], options: Mapping[str, Any]) -> FloatArray:
    """The net flow of each number in its own child, (…, n, k); ``nan`` stays."""
    compared, flows = significant(x), like(x)
    functions = shapes(options, x.shape[-1])
    for j, (column, shape) in enumerate(zip(sorted_columns(params), functions, strict=True)):
        flows[..., j] = net_preference(compared[..., j], column, shape)
        flows[..., j] /= len(column) - 1
    return flows


def _parts(
    x: FloatArray,
    w: FloatArray,
    params: Mapping[str, Any],
    *,
    preference: Preference | tuple[Preference, ...] = "usual",
    q: Threshold = None,
    p: Threshold = None,
    s: Threshold = None,
) -> FloatArray:
    return shares(x, w) * _flows(x, params, {"preference": preference, "q": q, "p": p, "s": s})


@aggregator(learn=_learn, parts=_parts, bare="preference", check_option=preference_problems)
def promethee(
    x: FloatArray,
    w: FloatArray,
    params: Mapping[str, Any],
    *,
    preference: Preference | tuple[Preference, ...] = "usual",
    q: Threshold = None,
    p: Threshold = None,
    s: Threshold = None,
) -> FloatArray:
    """PROMETHEE II: the net outranking flow, the mean preference over the reference units less theirs over the unit.

    φ = Σ w φ_j / Σ w with φ_j(a) = Σ_b (P_j(a_j - b_j) - P_j(b_j - a_j)) / (m - 1), b the m reference units that have
    child j. Parts: w φ_j / Σ w. Up to d = 0 every P is 0; above it

    - ``usual``: 1;
    - ``u_shape``: 1 where d > q;
    - ``v_shape``: d / p, from p on 1;
    - ``level``: ½ where d > q, 1 where d > p;
    - ``linear``: from q on (d - q) / (p - q), from p on 1;
    - ``gaussian``: 1 - exp(-d² / 2s²).

    Parameters
    ----------
    x
        Shape (…, n, k); ``nan`` is absent and its weight shared by the others.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.
    params
        ``{"columns": (n, k), "units": (k,)}``: each child's numbers in the reference, ascending, and how many there
        are; the rest of a column fills up.
    preference
        One preference function for all children, or a list in their order.
    q
        The largest difference that does not count, in the unit of the children, one for all or a list in their order
        (what stands there for a child whose function takes none is not looked at).
    p
        The smallest difference that counts in full.
    s
        The difference where the Gaussian turns from rising faster to rising slower.

    Returns
    -------
    Shape (…, n), -1 to 1 among the reference units, where it adds up to 0; a new unit meets one unit more, so it can
    pass either end by 1 / (m - 1). ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        A child that fewer than two reference units have. Thresholds that lack, that no function takes, that are
        negative or in the wrong order, or lists that are not as long as the children. Weights that are negative or add
        up to 0.

    Notes
    -----
    Peers: pymcdm's `PROMETHEE_II` gives the same flows for five of the functions (no Gaussian; `vshape_2` is
    ``linear``), but takes the weights as they stand where they do not add to 1, and compares bare floats, so that
    0.8 - 0.6 > 0.2; here a difference within 1e-12 of a threshold is on it. A missing cell ties with everybody there;
    here its weight is shared. A threshold that no function takes is ignored there and refused here.

    References
    ----------
    Brans, J.-P. and Vincke, Ph. (1985). A preference ranking organisation method. Management Science 31(6), 647-656.
    https://doi.org/10.1287/mnsc.31.6.647
    Brans, J.-P., Vincke, Ph. and Mareschal, B. (1986). How to select and how to rank projects: the PROMETHEE method.
    European Journal of Operational Research 24(2), 228-238. https://doi.org/10.1016/0377-2217(86)90044-5

    Examples
    --------
    >>> import numpy as np
    >>> x, w = np.array([[4.0, 3, 2], [3, 2, 4], [5, 1, 3]]), np.array([0.5, 0.3, 0.2])
    >>> reference = {"columns": np.sort(x, axis=0), "units": [3, 3, 3]}
    >>> promethee(x, w, reference).round(12)
    array([ 0.1, -0.3,  0.2])
    >>> promethee(x, w, reference, preference="v_shape", p=2.0).round(12)
    array([ 0.075, -0.225,  0.15 ])
    """
    return weighted_mean(_flows(x, params, {"preference": preference, "q": q, "p": p, "s": s}), w)
