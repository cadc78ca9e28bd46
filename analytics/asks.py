"""Where an ask can go next: the graph of states that a way up is a path in.

A state is a person, or an association together with the level of whoever brought the ask into it, because an
association passes it on only to members who sit above that person. Which ties carry an ask, which way and how reliably
is read from the schema (``Carries``); the rule for leaving an association is the only thing added here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph_model.network import Network, node_kind, tie_code
from graph_model.schema import TIE_TYPES, Carries, Level, NodeType, TieType

__all__ = ["AskGraph", "ask_graph", "standing"]

_ENTRANTS = [level for level in Level if level < max(Level)]
"""The levels somebody may bring an ask into an association at; above the highest there is nobody to pass it to."""
_LOWEST_ASKED = Level.MANAGER
"""An association passes an ask on to members of this level or above only."""

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class AskGraph:
    """The states an ask can be in, and where it can go from each.

    People come first, in order of id, then the associations, each once for every level an ask may be brought in at.

    Attributes
    ----------
    rows
        The row in the Network of each state.
    indptr, indices
        The states that an ask can go to next (compressed rows, ascending within each).
    strengths
        The chance that it is passed on, in (0, 1].
    ties
        The row in ``network.ties`` of the tie it is passed along: the best of the ordered pair.
    """

    network: Network
    on: date
    rows: Ints
    people: int
    indptr: Ints
    indices: Ints
    strengths: NDArray[np.float64]
    ties: Ints

    @cached_property
    def _first_state(self) -> Ints:
        """The first state of each row of the Network; -1 where it has none."""
        first = np.full(len(self.network.nodes), -1, dtype=np.int32)
        states = np.arange(len(self.rows), dtype=np.int32)
        first[self.rows[::-1]] = states[::-1]
        return first

    def states_of(self, row: int) -> range:
        """All states of a row of the Network: one of a person, several of an association, none of anything else."""
        first = int(self._first_state[row])
        return range(first, first + (1 if first < self.people else len(_ENTRANTS))) if first >= 0 else range(0)

    def states_of_people(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """The states of these people (rows of the Network), without those who are avoided or do not count."""
        states: NDArray[np.int64] = self._first_state[rows].astype(np.int64)
        return np.extract(states >= 0, states)

    def start_at(self, row: int) -> int:
        """The state of an ask that starts with a person, or with an association: as if brought in at local level."""
        return self.states_of(row)[0]

    def edge(self, state: int, following: int) -> int:
        """The position in ``strengths`` and ``ties`` of the step from one state to a state it leads to."""
        begin, end = self.indptr[state], self.indptr[state + 1]
        return int(begin + np.searchsorted(self.indices[begin:end], following))


class _Edges(NamedTuple):
    """Steps from state to state, in any order and possibly repeated."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    strength: NDArray[np.float64]
    tie: NDArray[np.int64]


def standing(network: Network, valid: NDArray[np.bool_]) -> NDArray[np.int64]:
    """One tie for each person and association: the membership of the highest level, the first of equals.

    ``valid`` marks the ties that count. A membership without a level is at local level.
    """
    ties = network.ties
    members = np.flatnonzero(valid & (ties.type == tie_code(TieType.MEMBER_OF)))
    order = np.lexsort((members, -ties.level[members].astype(np.int64), ties.end[members], ties.start[members]))
    members = members[order]
    first = np.ones(len(members), dtype=np.bool_)
    first[1:] = (np.diff(ties.start[members]) != 0) | (np.diff(ties.end[members]) != 0)
    return members[first]


def ask_graph(network: Network, on: date, avoid: NDArray[np.int64]) -> AskGraph:
    """The graph of a network on a date, without the nodes (rows) that are to be avoided.

    O(n + m log m) for n nodes and m ties.
    """
    kept = network.nodes_on(on)
    kept[avoid] = False
    valid = network.ties_on(on) & kept[network.ties.start] & kept[network.ties.end]
    valid &= network.ties.start != network.ties.end
    people = np.flatnonzero(kept & (network.nodes.kind == node_kind(NodeType.STAKEHOLDER)))
    associations = np.flatnonzero(kept & (network.nodes.kind == node_kind(NodeType.ASSOCIATION)))
    first_state = np.full(len(network.nodes), -1, dtype=np.int64)
    first_state[people] = np.arange(len(people))
    first_state[associations] = len(people) + np.arange(len(associations)) * len(_ENTRANTS)

    parts = list(_steps(network, valid, first_state, len(people)))
    start, end, strength, tie = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((tie, -strength, end, start))
    start, end, strength, tie = start[order], end[order], strength[order], tie[order]
    best = np.ones(len(start), dtype=np.bool_)
    best[1:] = (np.diff(start) != 0) | (np.diff(end) != 0)
    rows = np.concatenate((people, np.repeat(associations, len(_ENTRANTS)))).astype(np.int32)
    return AskGraph(
        network=network,
        on=on,
        rows=rows,
        people=len(people),
        indptr=np.searchsorted(start[best], np.arange(len(rows) + 1)).astype(np.int32),
        indices=end[best].astype(np.int32),
        strengths=strength[best],
        ties=tie[best].astype(np.int32),
    )


def _steps(network: Network, valid: NDArray[np.bool_], first_state: NDArray[np.int64], people: int) -> Iterator[_Edges]:
    """The steps each tie type allows, both ways where it carries both ways."""
    ties = network.ties
    for tie, spec in TIE_TYPES.items():
        if spec.carries is None:
            continue
        if (NodeType.STAKEHOLDER, NodeType.ASSOCIATION) in spec.ends:
            yield from _through_associations(network, standing(network, valid), first_state, spec.carries)
            continue
        rows = np.flatnonzero(valid & (ties.type == tie_code(tie)))
        start, end = first_state[ties.start[rows]], first_state[ties.end[rows]]
        # Ends that are neither (PART_OF joins places too) have no state and fall into neither part.
        between_people = (start >= 0) & (start < people) & (end >= 0)
        between_associations = start >= people
        for among, entrants in ((between_people, 1), (between_associations, len(_ENTRANTS))):
            for entrant in range(entrants):
                ends = (start[among] + entrant, end[among] + entrant)
                for chance, back in ((spec.carries.onward, False), (spec.carries.back, True)):
                    if chance is not None:
                        strength = _strengths(network, rows[among], chance, spec.carries)
                        yield _Edges(*(ends[::-1] if back else ends), strength, rows[among])


def _through_associations(
    network: Network, members: NDArray[np.int64], first_state: NDArray[np.int64], carries: Carries
) -> Iterator[_Edges]:
    """Into an association at one's own level there; out of it to those above whoever brought the ask in."""
    ties = network.ties
    person, association = first_state[ties.start[members]], first_state[ties.end[members]]
    level = np.maximum(ties.level[members], Level.LOCAL)
    for entrant in _ENTRANTS:
        if carries.onward is not None:
            going = level == entrant
            strength = _strengths(network, members[going], carries.onward, carries)
            yield _Edges(person[going], association[going] + entrant, strength, members[going])
        if carries.back is not None:
            asked = (level > entrant) & (level >= _LOWEST_ASKED)
            strength = _strengths(network, members[asked], carries.back, carries)
            yield _Edges(association[asked] + entrant, person[asked], strength, members[asked])


def _strengths(network: Network, ties: NDArray[np.int64], chance: float, carries: Carries) -> NDArray[np.float64]:
    """The chance that each of these ties passes an ask on: its own where it may state one, else ``chance``."""
    if carries.own:
        return np.nan_to_num(network.ties.strength[ties], nan=chance)
    return np.full(len(ties), chance)
