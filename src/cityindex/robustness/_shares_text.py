"""Sobol' shares as a page of text."""

from __future__ import annotations

import numpy as np

from cityindex.robustness.shares import SETTLED, Sensitivity

__all__ = ["shares_text"]


def shares_text(found: Sensitivity) -> str:
    """What matters most, how much is interaction, whether the shares are settled, and a line for each choice."""
    base = found.design.sampler.base
    lines = [
        f"{base.spec.id}: what {found.output} ({base.node}) depends on",
        f"{found.asked:,} samples × {found.design.runs} = {found.runs:,} runs, seed {found.seed}{_failed(found)}",
        "",
    ]
    if found.constant:
        value = float(found.values[0, 0])
        return "\n".join(
            [*lines, f"It is {value:.12g} in every run: nothing that was varied changes it.", *_small(found)]
        )
    return "\n".join([*lines, *_table(found), "", *_words(found), *_small(found)])


def _failed(found: Sensitivity) -> str:
    if not found.failed:
        return ""
    first = min(found.failed)
    return f"; {len(found.failed):,} samples left out (sample {first}: {found.failed[first].splitlines()[0]})"


def _table(found: Sensitivity) -> list[str]:
    own = found.estimate
    width = max(len("choice"), *(len(label) for label in found.choices))
    level = f"{found.level * 100:.6g} %"
    lines = [f"{'choice':<{width}}  first {level:>15}  total {level:>15}"]
    for place in np.argsort(-own.total, kind="stable").tolist():
        first = f"{_number(own.first[place]):>5} {_between(own.first_low[place], own.first_high[place]):>15}"
        total = f"{_number(own.total[place]):>5} {_between(own.total_low[place], own.total_high[place]):>15}"
        lines.append(f"{found.choices[place]:<{width}}  {first}  {total}")
    return lines


def _between(low: float, high: float) -> str:
    return f"{_number(low)} to {_number(high)}"


def _number(share: float) -> str:
    return f"{round(share, 2) + 0.0:.2f}"  # no -0.00


def _words(found: Sensitivity) -> list[str]:
    own = found.estimate
    order = np.argsort(-own.total, kind="stable").tolist()
    lines = [f"It depends most on {found.choices[order[0]]!r}."]
    if len(order) > 1:
        leads = own.total_low[order[0]] > own.total_high[order[1]]
        second = found.choices[order[1]]
        told = f"Its interval lies above that of {second!r}." if leads else f"It cannot be told from {second!r}."
        lines[0] += f" {told}"
        share, low, high = own.interactions.tolist()
        lines.append(f"Interactions of choices: {_number(share)} of the variance ({_between(low, high)}).")
    widest = float((own.total_high - own.total_low).max())
    if found.settled:
        lines.append(f"Settled: no total share is uncertain by more than ± {widest / 2:.3f}.")
    else:
        needed = 2 ** int(np.ceil(np.log2(found.samples * (widest / SETTLED) ** 2)))
        lines.append(f"Not settled: a total share is uncertain by ± {widest / 2:.3f}; try samples={needed}.")
    return lines


def _small(found: Sensitivity) -> list[str]:
    return ["first: Saltelli 2010, centred; total: Jansen 1999; intervals: bootstrap of the samples"]
