"""The most that any group could reach: a bound that is always valid, found by subgradient steps.

For any prices lambda >= 0 on people, no group of k reaches more than

    sum of lambda + the k largest of g(s),    g(s) = sum over v of max(0, c(v) r(s, v) - lambda(v)),

because what a group reaches of v is at most lambda(v) plus what each member's reach exceeds it by. Those who must be in
the group are in it whatever their g. The prices that make this least are looked for among a few rows only, those that
matter; the bound is then taken over every candidate, so it holds whatever was left out in looking.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.reach import KeptRows, Reach

__all__ = ["possible_at_most"]

_MOST_ENTRIES: Final = 1_000_000
"""The most entries of rows that are kept to look for prices with (12 MB)."""
_MOST_ROWS: Final = 500
_ROUNDS: Final = 3
_STEPS: Final = 80
_CLOSE_ENOUGH: Final = 5e-3
"""Steps end when the bound is proven this close, or a round gains less than this, relative to the reach."""
_EQUAL: Final = 1e-9
"""Bounds closer than this, relative to their size, are equal."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Marks = NDArray[np.bool_]


def possible_at_most(reach: Reach, candidates: Ints, must: Marks, size: int, covered: Floats) -> float:
    """The most that any group of ``size`` of the candidates could reach; never less than the best group does.

    Parameters
    ----------
    reach
        Who reaches whom.
    candidates
        Who may be in the group.
    must
        Which of them have to be in it.
    size
        How many are in it, at least as many as must be.
    covered
        How strongly each person is reached by the group that was found: the prices to begin with, and what is to be
        proven close to the best.

    Notes
    -----
    The relaxation is that of Cornuejols, Fisher and Nemhauser (1977), doi:10.1287/mnsc.23.8.789; steps are Polyak's.
    One pass over the reach of every candidate a round, at most three rounds.
    """
    found = float(covered.sum())
    gains, sizes = reach.gains(candidates, covered)
    best = float(covered.sum()) + _largest(gains, must, size)[0]
    prices, kept_places = covered, np.empty(0, dtype=np.int64)
    for _ in range(_ROUNDS):
        kept_places = _with_the_largest(kept_places, gains, sizes, must)
        kept = reach.keep(candidates[kept_places], sizes[kept_places])
        prices, promised = _lowered(kept, must[kept_places], size, prices, found)
        gains, _ = reach.gains(candidates, prices)
        proven = float(prices.sum()) + _largest(gains, must, size)[0]
        gained, best = best - proven, min(best, proven)
        # Where the rows left out change nothing, and where they do not let the bound down, there is no more to gain.
        if proven <= promised * (1 + _EQUAL) or gained < _CLOSE_ENOUGH * found:
            break
    return min(float(reach.counted.sum()), max(found, best))


def _with_the_largest(
    places: NDArray[np.int64], gains: Floats, sizes: NDArray[np.int64], must: Marks
) -> NDArray[np.int64]:
    """These places and those that gain most, musts first, as many as may be kept."""
    order = np.lexsort((-gains, ~must))
    order = np.concatenate((places, order[~np.isin(order, places)]))
    fits = np.cumsum(sizes[order]) <= _MOST_ENTRIES
    fits |= must[order]
    return order[fits][: max(_MOST_ROWS + len(places), int(must.sum()))]


def _lowered(kept: KeptRows, must: Marks, size: int, prices: Floats, found: float) -> tuple[Floats, float]:
    """Prices with a lower bound over the kept rows, and that bound, by Polyak's steps towards what was found."""
    best, best_prices, scale, since = np.inf, prices, 1.0, 0
    for _ in range(_STEPS):
        total, places = _largest(kept.gains(prices), must, size)
        bound = float(prices.sum()) + total
        if bound < best * (1 - 1e-7):
            best, best_prices, since = bound, prices, 0
        else:
            since += 1
            if since == 5:
                scale, since = scale / 2, 0
        if best - found <= _CLOSE_ENOUGH * found or scale < 0.01:
            break
        slope = np.ones(len(prices))
        for place in places:
            people, values = kept.row(int(place))
            slope[people] -= values > prices[people]
        slope[(prices == 0) & (slope > 0)] = 0.0  # no price goes below 0
        length = float(slope @ slope)
        if length == 0:
            break
        prices = np.maximum(0.0, prices - scale * (bound - found) / length * slope)
    return best_prices, float(best)


def _largest(gains: Floats, must: Marks, size: int) -> tuple[float, NDArray[np.int64]]:
    """The sum of the gains of those who must be in a group and of the largest others, and the places of them all."""
    forced, free = np.flatnonzero(must), np.flatnonzero(~must)
    wanted = min(size - len(forced), len(free))
    if wanted < len(free):
        free = free[np.argpartition(-gains[free], wanted)[:wanted]] if wanted else free[:0]
    places = np.concatenate((forced, free))
    return float(gains[places].sum()), places
