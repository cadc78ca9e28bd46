"""Which vertices hold an undirected graph together, given as ``indptr`` and ``indices`` of a symmetric CSR matrix."""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import kernel

__all__ = ["cut_off", "warm"]

Index = NDArray[np.int32]


@kernel
def cut_off(indptr: Index, indices: Index) -> tuple[Index, Index, Index]:
    """What falls away when one vertex is taken out, for all vertices in one depth-first search.

    For each vertex c: ``by[c]`` is the vertex p without which c and all below it have no tie to the rest (-1: none),
    ``below[c]`` how many they are, c included, and ``root[c]`` the vertex its component was entered by. So what is left
    of p's component without p is one part of ``below[c]`` for each c with ``by[c] == p``, and what remains.
    Hopcroft and Tarjan (1973), doi:10.1145/362248.362272. O(n + m).
    """
    n = len(indptr) - 1
    by = np.full(n, -1, dtype=np.int32)
    below = np.ones(n, dtype=np.int32)
    root = np.full(n, -1, dtype=np.int32)
    entered = np.full(n, -1, dtype=np.int32)
    lowest = np.empty(n, dtype=np.int32)
    parent = np.full(n, -1, dtype=np.int32)
    upcoming = indptr[:-1].copy()
    time = 0
    for start in range(n):
        if entered[start] >= 0:
            continue
        v = start
        entered[v] = lowest[v] = time
        root[v] = start
        time += 1
        while v >= 0:
            if upcoming[v] < indptr[v + 1]:
                w = indices[upcoming[v]]
                upcoming[v] += 1
                if entered[w] < 0:
                    parent[w] = v
                    root[w] = start
                    entered[w] = lowest[w] = time
                    time += 1
                    v = w
                else:
                    lowest[v] = min(lowest[v], entered[w])
            else:
                p = parent[v]
                if p >= 0:
                    below[p] += below[v]
                    lowest[p] = min(lowest[p], lowest[v])
                    if lowest[v] >= entered[p]:
                        by[v] = p
                v = p
    return by, below, root


def warm() -> None:
    """Compile every kernel, for the dtypes of a projection."""
    cut_off(np.array([0, 1, 2], dtype=np.int32), np.array([1, 0], dtype=np.int32))
