"""The most reliable ways from some people to others: best-first search that is told how good what remains can be.

Reliabilities to the ends are found first, backward, for every number of ties left: no way that begins like this can do
better than its beginning times that. Ways are then begun in the order of what they can be at best, so the first to be
complete is the best there is, the next the next best, until there are enough. Where the best continuation of a
beginning would meet somebody already passed, that bound is too high and many beginnings would be tried in vain; the
reliabilities are then found again without those passed, once for all beginnings that differ in the last step. Yen's
algorithm (1971, doi:10.1287/mnsc.17.11.712) does that for every step of every way; here it is done where it matters.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.asks import AskGraph
from analytics.kernels.ways import best_onward, runs_into

__all__ = ["MOST_BEGINNINGS", "Search", "best_ways"]

MOST_BEGINNINGS: Final = 20_000
"""The most beginnings that are followed; past it the answer holds what was found, and says that it was cut."""
_MOST_BOUNDS: Final = 500
"""How often the reliabilities are found again; past it the search goes on with the bounds it has."""
_EQUAL: Final = 1e-9
"""Reliabilities closer than this, relative to their size, count as equal."""

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Search:
    """The best ways, as the states they pass, and whether there may be more that were not looked for."""

    ways: tuple[tuple[int, ...], ...]
    truncated: bool


@dataclass(eq=False, slots=True)
class _Beginning:
    """The first states of a way, all passed already but the last, and how reliable it is so far."""

    states: tuple[int, ...]
    rows: tuple[int, ...]
    reliability: float
    before: "_Beginning | None"
    exact: bool = False
    """Whether its bound takes into account whom it has passed."""
    bounds: Floats | None = field(default=None, repr=False)
    """What can be reached from everywhere without those it has passed; found when first needed."""


def best_ways(graph: AskGraph, starts: NDArray[np.int64], ends: NDArray[np.int64], count: int, steps: int) -> Search:
    """The ``count`` most reliable ways of at most ``steps`` ties from any of the starts to any of the ends.

    A way passes nobody and no association twice. Two ways are different when the people they pass, in order, differ;
    of those that pass the same people the best is given. Order: reliability down, ties up, ids of all that is passed.

    Parameters
    ----------
    graph
        Where an ask can go.
    starts, ends
        States of the graph; somebody who is both is a way of no ties.
    count, steps
        How many ways, and of how many ties at most.
    """
    return _Searching(graph, ends, steps).run(starts, count)


class _Searching:
    """One search: what is known of the graph, and the beginnings not yet followed, best first."""

    def __init__(self, graph: AskGraph, ends: NDArray[np.int64], steps: int) -> None:
        self.graph = graph
        self.steps = steps
        self.ends: Marks = np.zeros(len(graph.rows), dtype=np.bool_)
        self.ends[ends] = True
        self.best = self._best_without(())
        self.bounds_found = 0
        self.waiting: list[tuple[int, int, tuple[int, ...], bool, _Beginning]] = []
        self.followed: dict[tuple[int, ...], list[tuple[float, int, frozenset[int]]]] = {}

    def run(self, starts: NDArray[np.int64], count: int) -> Search:
        """Follow beginnings, best first, until there are enough complete ways."""
        for state in starts.tolist():
            row = int(self.graph.rows[state])
            self._wait(_Beginning((state,), (row,), 1.0, None), self.best[:, state])
        ways: dict[tuple[int, ...], tuple[int, ...]] = {}
        left = MOST_BEGINNINGS
        while self.waiting and len(ways) < count:
            *_, unfinished, beginning = heappop(self.waiting)
            if not unfinished:
                ways.setdefault(self._people(beginning), beginning.states)
            elif not left:
                return Search(tuple(ways.values()), truncated=True)
            elif not self._bound_too_high(beginning) and self._worth_following(beginning):
                left -= 1
                self._follow(beginning)
        return Search(tuple(ways.values()), truncated=False)

    def _follow(self, beginning: _Beginning) -> None:
        """Let everything wait that comes after this beginning: its end, where it may end, and each next step."""
        state = beginning.states[-1]
        if self.ends[state]:
            key = (_cost(beginning.reliability), len(beginning.states) - 1, beginning.rows, False, beginning)
            heappush(self.waiting, key)
        left = self.steps - len(beginning.states)
        if left < 0:
            return
        graph = self.graph
        edges = slice(graph.indptr[state], graph.indptr[state + 1])
        after = graph.indices[edges]
        fresh = (self.best[left, after] > 0) & ~np.isin(graph.rows[after], beginning.rows)
        for following, strength in zip(after[fresh].tolist(), graph.strengths[edges][fresh].tolist(), strict=True):
            longer = _Beginning(
                (*beginning.states, following),
                (*beginning.rows, int(graph.rows[following])),
                beginning.reliability * strength,
                beginning,
            )
            self._wait(longer, self.best[: left + 1, following])

    def _wait(self, beginning: _Beginning, onward: Floats) -> None:
        """Put a beginning in its place; ``onward`` is the best that can follow, by the number of ties left."""
        if onward[-1] > 0:
            fewest = int((onward >= onward[-1] * (1 - _EQUAL)).argmax())
            ties = len(beginning.states) - 1 + fewest
            heappush(self.waiting, (_cost(beginning.reliability * onward[-1]), ties, beginning.rows, True, beginning))

    def _bound_too_high(self, beginning: _Beginning) -> bool:
        """Whether the bound of a beginning had to be lowered; it then waits again, or is given up."""
        before = beginning.before
        if beginning.exact or before is None:
            return False
        graph, state, left = self.graph, beginning.states[-1], self.steps - len(beginning.states) + 1
        passed = np.array(before.rows, dtype=np.int32)
        if not runs_into(graph.indptr, graph.indices, graph.strengths, self.best, graph.rows, state, left, passed):
            return False
        if before.bounds is None:
            if self.bounds_found == _MOST_BOUNDS:
                return False
            self.bounds_found += 1
            begin, end = graph.indptr[before.states[-1]], graph.indptr[before.states[-1] + 1]
            before.bounds = self._best_without(before.rows)[: left + 1, graph.indices[begin:end]]
        place = graph.edge(before.states[-1], state) - graph.indptr[before.states[-1]]
        beginning.exact = True
        self._wait(beginning, before.bounds[:, place])
        return True

    def _best_without(self, rows: tuple[int, ...]) -> Floats:
        """The reliabilities to the ends where nothing of these rows may be passed."""
        graph = self.graph
        removed = np.zeros(len(graph.rows), dtype=np.bool_)
        for row in rows:
            removed[list(graph.states_of(row))] = True
        return best_onward(graph.indptr, graph.indices, graph.strengths, self.ends, removed, self.steps)

    def _worth_following(self, beginning: _Beginning) -> bool:
        """Whether no other beginning with the same people does at least as well whatever comes after.

        It does where it is as reliable, as short, and has passed no association that this one has not.
        """
        if beginning.states[-1] >= self.graph.people:
            return True
        people = self._people(beginning)
        passed = frozenset(beginning.rows).difference(people)
        ties = len(beginning.states)
        others = self.followed.setdefault(people, [])
        for reliability, fewer, associations in others:
            if reliability >= beginning.reliability * (1 - _EQUAL) and fewer <= ties and associations <= passed:
                return False
        others.append((beginning.reliability, ties, passed))
        return True

    def _people(self, beginning: _Beginning) -> tuple[int, ...]:
        """Whom a beginning has passed: the rows of its people, and of the association it may have started at."""
        people = self.graph.people
        return tuple(
            row
            for place, (state, row) in enumerate(zip(beginning.states, beginning.rows, strict=True))
            if state < people or place == 0
        )


def _cost(reliability: float) -> int:
    """A whole number that is the smaller the more reliable a way is, and the same for equal reliabilities."""
    return round(-float(np.log(reliability)) / _EQUAL)
