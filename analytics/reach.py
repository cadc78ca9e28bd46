"""Who is reached by whom: reach by best path over a projection, in rows worked out when they are needed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import sum_in_blocks
from analytics.kernels.reach import fill_rows, gains, kept_gains, reach_of
from analytics.projection import Projection

__all__ = ["KeptRows", "Reach"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class KeptRows:
    """The reach of a few candidates, kept: rows end to end, of the people who count."""

    candidates: Ints
    offsets: NDArray[np.int64]
    columns: Ints
    values: Floats

    def gains(self, covered: Floats) -> Floats:
        """What each of them adds to what is covered."""
        # On one core: a call takes a few milliseconds, and there are many of them.
        found: Floats = kept_gains(self.offsets, self.columns, self.values, covered)
        return found

    def row(self, place: int) -> tuple[Ints, Floats]:
        """Whom the candidate at this place reaches, and how strongly."""
        span = slice(self.offsets[place], self.offsets[place + 1])
        return self.columns[span], self.values[span]


class Reach:
    """Reach by best path among the people of a projection.

    Parameters
    ----------
    projection
        Who is joined, and how strongly.
    hops
        The most ties of a path.
    weighted
        Whether strengths multiply along a path; else every contact is 1 and a person is reached or not.
    counted
        1.0 for each person who counts, 0.0 for the others.
    """

    def __init__(self, projection: Projection, hops: int, *, weighted: bool, counted: Floats) -> None:
        matrix = projection.strengths if weighted else projection.contacts
        strength = matrix.data if weighted else np.ones(matrix.nnz)
        self._graph = (matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), strength, hops)
        self.counted = counted

    def row(self, person: int) -> Floats:
        """The reach of one person to everybody who counts; 0 to the others."""
        found: Floats = reach_of(*self._graph, person) * self.counted
        return found

    def gain(self, person: int, covered: Floats) -> float:
        """What one person adds to what is covered."""
        candidate = np.array([person], dtype=np.int32)
        return float(gains(*self._graph, self.counted, covered, candidate, 0, 1)[0, 0])

    def gains(self, candidates: Ints, covered: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """What each candidate adds to what is covered, and how many people who count each reaches."""
        found = sum_in_blocks(
            lambda first, last: gains(*self._graph, self.counted, covered, candidates, first, last), len(candidates)
        )
        return found[0], found[1].astype(np.int64)

    def keep(self, candidates: Ints, sizes: NDArray[np.int64]) -> KeptRows:
        """The rows of some candidates, who reach ``sizes`` people who count."""
        offsets = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
        columns, values = np.empty(offsets[-1], dtype=np.int32), np.empty(offsets[-1])
        fill_rows(*self._graph, self.counted, candidates, offsets, columns, values)
        return KeptRows(candidates, offsets, columns, values)
