"""Who comes before whom: ranks that rounding cannot split, in an order that is the same everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["TOLERANCE", "Ranking", "how_many_better", "ranking"]

TOLERANCE: Final = 1e-9
"""Scores closer than this, relative to the larger, are the same score."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first of a ranking.

    Attributes
    ----------
    places
        Where each person listed stands among all scores given, best first.
    ranks
        The rank of each; None where the score is undefined.
    tied_at_cut
        How many share the last rank listed, where some of them were cut off; else 0.
    """

    places: tuple[int, ...]
    ranks: tuple[int | None, ...]
    tied_at_cut: int


def how_many_better(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many values are greater by more than ``TOLERANCE``, for each of some values, none of them NaN.

    Of two values a < b, b is better where b - a > TOLERANCE * max(|a|, |b|). O(n log n).

    Examples
    --------
    >>> how_many_better(np.array([2.0, 1.0, 2.0 + 1e-12, 0.0])).tolist()
    [0, 2, 0, 3]
    """
    bar = np.where(values > 0, values / (1 - TOLERANCE), values * (1 - TOLERANCE))
    return len(values) - np.searchsorted(np.sort(values), bar, side="right")


def ranking(values: NDArray[np.float64], names: Sequence[str], ids: Sequence[str], top: int) -> Ranking:
    """The ``top`` people by score: in order of rank, then name, then id; undefined scores (NaN) last and unranked.

    A rank is 1 + the number of people better by more than ``TOLERANCE``.
    """
    ranks = np.full(len(values), len(values) + 1)
    defined = ~np.isnan(values)
    ranks[defined] = 1 + how_many_better(values[defined])
    if not len(values):
        return Ranking((), (), 0)
    # Only those who can make the list are put in order of name.
    last = np.partition(ranks, min(top, len(ranks)) - 1)[min(top, len(ranks)) - 1]
    candidates = np.flatnonzero(ranks <= last).tolist()
    places = tuple(sorted(candidates, key=lambda place: (ranks[place], names[place], ids[place]))[:top])
    return Ranking(
        places=places,
        ranks=tuple(int(ranks[place]) if defined[place] else None for place in places),
        tied_at_cut=int((ranks == last).sum()) if len(candidates) > len(places) else 0,
    )
