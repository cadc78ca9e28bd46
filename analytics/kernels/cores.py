"""Core numbers of an undirected graph, given as the ``indptr`` and ``indices`` of a symmetric CSR matrix."""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import kernel

__all__ = ["core_numbers", "warm"]

Index = NDArray[np.int32]


@kernel
def core_numbers(indptr: Index, indices: Index) -> Index:
    """For each vertex the largest k such that it is in a subgraph whose vertices all have degree k or more.

    Batagelj and Zaversnik (2011), doi:10.1007/s11634-010-0079-y: vertices in order of degree, kept in buckets; each is
    taken away in turn, and its neighbours move down one bucket. O(n + m).
    """
    n = len(indptr) - 1
    degree = indptr[1:] - indptr[:-1]
    begins = np.zeros(n + 2, dtype=np.int32)
    for v in range(n):
        begins[degree[v] + 1] += 1
    begins = np.cumsum(begins).astype(np.int32)
    order = np.empty(n, dtype=np.int32)
    place = np.empty(n, dtype=np.int32)
    filled = begins.copy()
    for v in range(n):
        place[v] = filled[degree[v]]
        order[place[v]] = v
        filled[degree[v]] += 1
    for taken in range(n):
        v = order[taken]
        for e in range(indptr[v], indptr[v + 1]):
            w = indices[e]
            if degree[w] > degree[v]:
                # w changes places with the first of its bucket, and the bucket begins one later.
                first = begins[degree[w]]
                u = order[first]
                order[place[w]], place[u] = u, place[w]
                order[first], place[w] = w, first
                begins[degree[w]] = first + 1
                degree[w] -= 1
    return degree


def warm() -> None:
    """Compile every kernel, for the dtypes of a projection."""
    core_numbers(np.array([0, 1, 2], dtype=np.int32), np.array([1, 0], dtype=np.int32))
