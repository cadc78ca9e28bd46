"""Shortest paths in an unweighted, undirected graph: all of them, from some, and between some pairs.

A graph is the ``indptr`` and ``indices`` (int32) of a symmetric CSR matrix without a diagonal.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import kernel

__all__ = ["harmonic_sums", "pair_dependencies", "source_dependencies", "warm"]

Index = NDArray[np.int32]
Float = NDArray[np.float64]
Bits = NDArray[np.uint64]


@kernel
def source_dependencies(indptr: Index, indices: Index, first: int, last: int) -> Float:
    """For each vertex, the share of shortest paths it is on, summed over pairs whose start is in [first, last).

    Brandes (2001), doi:10.1080/0022250X.2001.9990249: counting paths on the way out, adding up on the way back.
    O(n + m) a start.
    """
    n = len(indptr) - 1
    total = np.zeros(n)
    distance = np.full(n, -1, dtype=np.int32)
    paths = np.zeros(n)
    dependency = np.zeros(n)
    queue = np.empty(n, dtype=np.int32)
    for source in range(first, last):
        queue[0] = source
        distance[source] = 0
        paths[source] = 1.0
        reached = 1
        head = 0
        while head < reached:
            v = queue[head]
            head += 1
            for e in range(indptr[v], indptr[v + 1]):
                w = indices[e]
                if distance[w] < 0:
                    distance[w] = distance[v] + 1
                    queue[reached] = w
                    reached += 1
                if distance[w] == distance[v] + 1:
                    paths[w] += paths[v]
        for place in range(reached - 1, 0, -1):
            w = queue[place]
            share = (1.0 + dependency[w]) / paths[w]
            for e in range(indptr[w], indptr[w + 1]):
                v = indices[e]
                if distance[v] == distance[w] - 1:
                    dependency[v] += paths[v] * share
            total[w] += dependency[w]
        for place in range(reached):
            v = queue[place]
            distance[v] = -1
            paths[v] = 0.0
            dependency[v] = 0.0
    return total


@kernel
def harmonic_sums(indptr: Index, indices: Index, sources: Index, first: int, last: int) -> Float:
    """For each vertex, 1 / distance summed over ``sources[first:last]`` (row 0), and its square (row 1).

    A source counts nothing for itself, and nothing where there is no path. 64 sources are searched at once, one bit
    each (Then et al. 2014, doi:10.14778/2735496.2735507).
    """
    n = len(indptr) - 1
    total = np.zeros((2, n))
    none = np.uint64(0)
    seen = np.empty(n, dtype=np.uint64)
    fresh = np.zeros(n, dtype=np.uint64)
    arriving = np.zeros(n, dtype=np.uint64)
    front = np.empty(n, dtype=np.int32)
    following = np.empty(n, dtype=np.int32)
    for begin in range(first, last, 64):
        seen[:] = none
        size = 0
        for bit in range(min(64, last - begin)):
            source = sources[begin + bit]
            if fresh[source] == none:
                front[size] = source
                size += 1
            fresh[source] |= np.uint64(1) << np.uint64(bit)
            seen[source] = fresh[source]
        distance = 0
        while size > 0:
            distance += 1
            if size > n // 4:
                reached = _gather(indptr, indices, fresh, seen, arriving, following)
            else:
                reached = _spread(indptr, indices, front[:size], fresh, seen, arriving, following)
            for place in range(size):
                fresh[front[place]] = none
            share = 1.0 / distance
            for place in range(reached):
                w = following[place]
                new = arriving[w]
                arriving[w] = none
                fresh[w] = new
                seen[w] |= new
                count = float(_ones(new))
                total[0, w] += count * share
                total[1, w] += count * share * share
            front, following = following, front
            size = reached
    return total


@kernel
def _spread(
    indptr: Index, indices: Index, front: Index, fresh: Bits, seen: Bits, arriving: Bits, following: Index
) -> int:
    """One level on from the few vertices where something is new: how many it reaches, now in ``following``."""
    none = np.uint64(0)
    reached = 0
    for v in front:
        for e in range(indptr[v], indptr[v + 1]):
            w = indices[e]
            new = fresh[v] & ~seen[w]
            if new != none:
                if arriving[w] == none:
                    following[reached] = w
                    reached += 1
                arriving[w] |= new
    return reached


@kernel
def _gather(indptr: Index, indices: Index, fresh: Bits, seen: Bits, arriving: Bits, following: Index) -> int:
    """The same where something is new in so many places that asking every vertex what it is offered is quicker."""
    none = np.uint64(0)
    reached = 0
    for w in range(len(indptr) - 1):
        new = none
        for e in range(indptr[w], indptr[w + 1]):
            new |= fresh[indices[e]]
        new &= ~seen[w]
        if new != none:
            arriving[w] = new
            following[reached] = w
            reached += 1
    return reached


@kernel
def _ones(word: np.uint64) -> np.uint64:
    """How many bits are set."""
    one, two, four = np.uint64(1), np.uint64(2), np.uint64(4)
    word = word - ((word >> one) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> two) & np.uint64(0x3333333333333333))
    word = (word + (word >> four)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@kernel
def pair_dependencies(
    graph: tuple[Index, Index], pairs: tuple[Index, Index], first: int, last: int
) -> tuple[Float, int]:
    """For each vertex, its share of each pair's shortest paths, summed (row 0), and squared and summed (row 1).

    The pairs are ``pairs[0][i], pairs[1][i]`` for i in [first, last), two different vertices each. The second answer
    is how many ties were looked at. A search from both ends meets in the middle (Riondato and Kornaropoulos 2016,
    doi:10.1007/s10618-015-0423-0); where they draw one of a pair's paths at random, all are counted here, which has
    the same mean and less variance.
    """
    n = len(graph[0]) - 1
    total = np.zeros((2, n))
    # Row 0 of each belongs to the search from the start of a pair, row 1 to the one from its end.
    queue = np.empty((2, n), dtype=np.int32)
    distance = np.full((2, n), -1, dtype=np.int32)
    paths = np.zeros((2, n))
    meeting = np.empty(n, dtype=np.int32)
    onward = np.zeros(n)
    looked_at = 0
    for pair in range(first, last):
        for side in range(2):
            root = pairs[side][pair]
            queue[side, 0] = root
            distance[side, root] = 0
            paths[side, root] = 1.0
        met, reached, looked = _search_both_ways(graph, queue, distance, paths, meeting)
        looked_at += looked
        # Every shortest path passes exactly one of the vertices at which the two searches met.
        count = 0.0
        for place in range(met):
            count += paths[0, meeting[place]] * paths[1, meeting[place]]
        for place in range(met):
            v = meeting[place]
            if distance[0, v] > 0 and distance[1, v] > 0:
                share = paths[0, v] * paths[1, v] / count
                total[0, v] += share
                total[1, v] += share * share
        for side in range(2):
            for place in range(met):
                onward[meeting[place]] = paths[1 - side, meeting[place]] / count
            _add_shares(graph, (meeting, met), distance[side], paths[side], onward, total)
        for side in range(2):
            for place in range(reached[side]):
                v = queue[side, place]
                distance[side, v] = -1
                paths[side, v] = 0.0
    return total, looked_at


@kernel
def _search_both_ways(
    graph: tuple[Index, Index], queue: Index, distance: Index, paths: Float, meeting: Index
) -> tuple[int, tuple[int, int], int]:
    """Search a level at a time, on the side where that is less work, until the two sides meet.

    Gives how many vertices they met at (now in ``meeting``; none: there is no path), how many each side reached (now in
    its ``queue``), and how many ties were looked at.
    """
    indptr, indices = graph
    begin = np.zeros(2, dtype=np.int64)
    end = np.ones(2, dtype=np.int64)
    work = np.empty(2, dtype=np.int64)
    for side in range(2):
        work[side] = indptr[queue[side, 0] + 1] - indptr[queue[side, 0]]
    looked_at = 0
    met = 0
    while met == 0 and begin[0] < end[0] and begin[1] < end[1]:
        side = 0 if work[0] <= work[1] else 1
        looked_at += work[side]
        reached = end[side]
        for place in range(begin[side], end[side]):
            v = queue[side, place]
            following = distance[side, v] + 1
            for e in range(indptr[v], indptr[v + 1]):
                w = indices[e]
                if distance[side, w] < 0:
                    distance[side, w] = following
                    queue[side, reached] = w
                    reached += 1
                if distance[side, w] == following:
                    paths[side, w] += paths[side, v]
        begin[side], end[side] = end[side], reached
        work[side] = 0
        for place in range(begin[side], end[side]):
            v = queue[side, place]
            work[side] += indptr[v + 1] - indptr[v]
            if distance[1 - side, v] >= 0:
                meeting[met] = v
                met += 1
    return met, (end[0], end[1]), looked_at


@kernel
def _add_shares(
    graph: tuple[Index, Index], met: tuple[Index, int], distance: Index, paths: Float, onward: Float, total: Float
) -> None:
    """Go back from the vertices where the searches met to where one began, adding the share of each passed.

    ``onward`` has, for those met, the paths on to the other end as a share of all; afterwards it is all zeros again.
    """
    indptr, indices = graph
    queue, tail = met
    head, meeting = 0, tail
    while head < tail:
        w = queue[head]
        if head >= meeting and distance[w] > 0:
            share = paths[w] * onward[w]
            total[0, w] += share
            total[1, w] += share * share
        head += 1
        for e in range(indptr[w], indptr[w + 1]):
            v = indices[e]
            if distance[v] >= 0 and distance[v] == distance[w] - 1:
                if onward[v] == 0.0:
                    queue[tail] = v
                    tail += 1
                onward[v] += onward[w]
    for place in range(tail):
        onward[queue[place]] = 0.0


def warm() -> None:
    """Compile every kernel, for the dtypes of a projection."""
    indptr, indices = np.array([0, 1, 2], dtype=np.int32), np.array([1, 0], dtype=np.int32)
    source_dependencies(indptr, indices, 0, 2)
    harmonic_sums(indptr, indices, np.arange(2, dtype=np.int32), 0, 2)
    pair_dependencies((indptr, indices), (indptr[:1], indptr[1:2]), 0, 1)
