"""Reach by best path: how strongly one person reaches everybody else over at most a few ties.

A network is the ``indptr`` and ``indices`` (int32) and ``strength`` (float64) of a symmetric CSR matrix. Rows of reach
are worked out when they are needed and mostly not kept: at four ties everybody reaches nearly everybody, and the matrix
would not fit. ``counted`` is 1 for the people who count and 0 for the others, who still pass things on.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import kernel

__all__ = ["fill_rows", "gains", "kept_gains", "reach_of", "warm"]

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


@kernel
def _spread(
    indptr: Ints,
    indices: Ints,
    strength: Floats,
    source: int,
    hops: int,
    best: Floats,
    reached: Ints,
    queued: Ints,
    front: Ints,
    value: Floats,
) -> int:
    """Fill ``best`` with the reach of one person, and the first of ``reached`` with whom; returns how many.

    ``best`` and ``queued`` are all 0 before. O(ties met within ``hops`` - 1).
    """
    best[source] = 1.0
    reached[0] = source
    count = 1
    front[0] = source
    waiting = 1
    for hop in range(1, hops + 1):
        # What was reached by fewer ties, as it stood then: a path may not grow by two ties in one round.
        for place in range(waiting):
            value[place] = best[front[place]]
        begin = waiting
        following = begin
        for place in range(begin):
            v = front[place]
            for e in range(indptr[v], indptr[v + 1]):
                w = indices[e]
                product = value[place] * strength[e]
                if product > best[w]:
                    if best[w] == 0.0:
                        reached[count] = w
                        count += 1
                    best[w] = product
                    if queued[w] != hop:
                        queued[w] = hop
                        front[following] = w
                        following += 1
        waiting = following - begin
        for place in range(waiting):
            front[place] = front[begin + place]
    return count


@kernel
def gains(
    indptr: Ints,
    indices: Ints,
    strength: Floats,
    hops: int,
    counted: Floats,
    covered: Floats,
    candidates: Ints,
    first: int,
    last: int,
) -> Floats:
    """What each candidate adds to what is covered, and how many people who count they reach.

    Returns
    -------
    array of shape (2, candidates)
        Row 0: sum over v of max(0, counted(v) reach(candidate, v) - covered(v)). Row 1: the number of v reached. Only
        for the candidates in [first, last); 0 for the others.
    """
    n = len(indptr) - 1
    found = np.zeros((2, len(candidates)))
    best = np.zeros(n)
    queued = np.zeros(n, dtype=np.int32)
    reached = np.empty(n, dtype=np.int32)
    front = np.empty(2 * n, dtype=np.int32)
    value = np.empty(n)
    for place in range(first, last):
        count = _spread(indptr, indices, strength, candidates[place], hops, best, reached, queued, front, value)
        total = 0.0
        entries = 0
        for k in range(count):
            v = reached[k]
            if counted[v] > 0.0:
                entries += 1
                gain = counted[v] * best[v] - covered[v]
                if gain > 0.0:
                    total += gain
            best[v] = 0.0
            queued[v] = 0
        found[0, place] = total
        found[1, place] = entries
    return found


@kernel
def reach_of(indptr: Ints, indices: Ints, strength: Floats, hops: int, source: int) -> Floats:
    """The reach of one person to everybody: 1 to themselves, 0 where nothing leads."""
    n = len(indptr) - 1
    best = np.zeros(n)
    queued = np.zeros(n, dtype=np.int32)
    reached = np.empty(n, dtype=np.int32)
    _spread(
        indptr, indices, strength, source, hops, best, reached, queued, np.empty(2 * n, dtype=np.int32), np.empty(n)
    )
    return best


@kernel
def fill_rows(
    indptr: Ints,
    indices: Ints,
    strength: Floats,
    hops: int,
    counted: Floats,
    candidates: Ints,
    offsets: Longs,
    columns: Ints,
    values: Floats,
) -> None:
    """Write the rows of reach of some candidates, of whom the people who count, end to end from ``offsets`` on."""
    n = len(indptr) - 1
    best = np.zeros(n)
    queued = np.zeros(n, dtype=np.int32)
    reached = np.empty(n, dtype=np.int32)
    front = np.empty(2 * n, dtype=np.int32)
    value = np.empty(n)
    for place in range(len(candidates)):
        count = _spread(indptr, indices, strength, candidates[place], hops, best, reached, queued, front, value)
        at = offsets[place]
        for k in range(count):
            v = reached[k]
            if counted[v] > 0.0:
                columns[at] = v
                values[at] = counted[v] * best[v]
                at += 1
            best[v] = 0.0
            queued[v] = 0


@kernel
def kept_gains(offsets: Longs, columns: Ints, values: Floats, covered: Floats) -> Floats:
    """What each of the rows written by ``fill_rows`` adds to what is covered."""
    found = np.zeros(len(offsets) - 1)
    for place in range(len(found)):
        total = 0.0
        for k in range(offsets[place], offsets[place + 1]):
            gain = values[k] - covered[columns[k]]
            if gain > 0.0:
                total += gain
        found[place] = total
    return found


def warm() -> None:
    """Compile everything for the types that are really used."""
    indptr, indices = np.array([0, 1, 2], dtype=np.int32), np.array([1, 0], dtype=np.int32)
    strength, counted, covered = np.array([0.5, 0.5]), np.ones(2), np.zeros(2)
    gains(indptr, indices, strength, 2, counted, covered, indices, 0, 2)
    reach_of(indptr, indices, strength, 2, 0)
    offsets, columns, values = np.array([0, 2, 4]), np.empty(4, dtype=np.int32), np.empty(4)
    fill_rows(indptr, indices, strength, 2, counted, indices, offsets, columns, values)
    kept_gains(offsets, columns, values, covered)
