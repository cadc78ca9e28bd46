"""How reliably an ask can get from anywhere to those it is meant for, by the number of ties left."""

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import kernel

__all__ = ["best_onward", "runs_into", "warm"]

Ints = NDArray[np.int32]
Marks = NDArray[np.bool_]
Floats = NDArray[np.float64]


@kernel
def best_onward(indptr: Ints, indices: Ints, strength: Floats, ends: Marks, removed: Marks, steps: int) -> Floats:
    """The reliability of the best walk from every state to one of the ends, over at most t ties.

    Parameters
    ----------
    indptr, indices, strength
        The states an ask can go to next from each state (compressed rows), and the chance that it is passed on.
    ends
        Where an ask may end, a mark a state.
    removed
        The states no walk may begin at or pass.
    steps
        The most ties of a walk.

    Returns
    -------
    array of shape (steps + 1, states)
        Entry (t, s): the largest product of strengths over walks of at most t ties from s; 0 where there is none.

    Notes
    -----
    O(steps times edges), less where walks of fewer ties are already the best.
    """
    states = len(indptr) - 1
    best = np.zeros((steps + 1, states), dtype=np.float64)
    for state in range(states):
        if ends[state] and not removed[state]:
            best[0, state] = 1.0
    for left in range(1, steps + 1):
        changed = False
        for state in range(states):
            top = best[left - 1, state]
            if not removed[state]:
                for edge in range(indptr[state], indptr[state + 1]):
                    value = strength[edge] * best[left - 1, indices[edge]]
                    if value > top:
                        top = value
                        changed = True
            best[left, state] = top
        if not changed:
            for later in range(left + 1, steps + 1):
                best[later] = best[left]
            break
    return best


@kernel
def runs_into(
    indptr: Ints, indices: Ints, strength: Floats, best: Floats, rows: Ints, state: int, left: int, passed: Ints
) -> bool:
    """Whether the walk that ``best`` has from a state, over at most ``left`` ties, meets a node already passed.

    ``rows`` is the node of each state, ``passed`` the nodes that may not be met.
    """
    while True:
        value = best[left, state]
        while left > 0 and best[left - 1, state] == value:
            left -= 1
        if left == 0 or value == 0.0:
            return False
        # The same product that made the entry: the comparison is exact.
        for edge in range(indptr[state], indptr[state + 1]):
            if strength[edge] * best[left - 1, indices[edge]] == value:
                state = indices[edge]
                left -= 1
                break
        for node in passed:
            if rows[state] == node:
                return True


def warm() -> None:
    """Compile everything for the types that are really used."""
    indptr, indices = np.array([0, 1, 1], dtype=np.int32), np.array([1], dtype=np.int32)
    strength, nothing = np.array([0.5]), np.zeros(2, dtype=np.bool_)
    best = best_onward(indptr, indices, strength, np.array([False, True]), nothing, 1)
    runs_into(indptr, indices, strength, best, indices, 0, 1, indices)
