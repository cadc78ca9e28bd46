"""A working group: the people who together reach the most others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.bounds import possible_at_most
from analytics.lookup import look_up
from analytics.projection import LeftOut, Projection, check_tie_types, project
from analytics.reach import Reach
from analytics.scope import affected_by
from analytics.words import counted, listed
from graph_model.errors import DataError
from graph_model.network import Network
from graph_model.schema import NodeType, TieType

__all__ = ["LARGEST_GROUP", "MOST_HOPS", "GroupQuestion", "Member", "WorkingGroup", "working_group"]

LARGEST_GROUP: Final = 100
"""The most members a group may be asked to have."""
MOST_HOPS: Final = 4
"""The most ties over which somebody may count as reached."""
_EQUAL: Final = 1e-9
"""Gains closer than this, relative to their size, are equal: then the smaller id is taken."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupQuestion:
    """What working group is wanted.

    Attributes
    ----------
    on
        The date: only what counts on it is seen.
    size
        How many members, 1 to ``LARGEST_GROUP``.
    hops
        Over how many ties somebody may be reached, 1 to ``MOST_HOPS``.
    weighted
        Whether a person counts by how strongly they are reached; else by whether they are, over contacts only.
    tie_types
        Which ties to count; None: all that join people.
    must_include, exclude
        Ids of people who have to be in the group, and of people who may not.
    problem
        The id of a problem: only people affected by it count. None: everybody counts.

    Raises
    ------
    DataError
        Where one of them cannot be.
    """

    on: date
    size: int = 8
    hops: int = 2
    weighted: bool = True
    tie_types: frozenset[TieType] | None = None
    must_include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    problem: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST_GROUP:
            raise DataError(f"A working group of {self.size} cannot be formed. Ask for 1 to {LARGEST_GROUP} members.")
        if not 1 <= self.hops <= MOST_HOPS:
            raise DataError(f"Reach over {self.hops} ties is not worked out. Ask for 1 to {MOST_HOPS}.")
        if both := self.must_include & self.exclude:
            raise DataError(f"{listed(sorted(both))} cannot both have to be in the group and be kept out of it.")
        if len(self.must_include) > self.size:
            raise DataError(
                f"{len(self.must_include)} people have to be in a group of {self.size}. "
                "Ask for a larger group, or name fewer."
            )
        if self.tie_types is not None:
            check_tie_types(self.tie_types)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a working group.

    ``alone`` is what the group's reach would lose without them. ``only_through`` is how many people who count, they
    themselves aside, no other member reaches at all. ``self_interest`` is what they want out of it, ``""`` where nobody
    has asked.
    """

    id: str
    name: str
    alone: float
    only_through: int
    self_interest: str
    visible_leader: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class WorkingGroup:
    """A working group, what it reaches, and how close that is to the best there could be.

    Attributes
    ----------
    version
        The version of the network it was formed from.
    members
        Those who have to be in it, in order of id, then the others in the order in which they were chosen.
    reach
        The sum over everybody who counts of how strongly the group reaches them, members included (not a number of
        people to expect: see ``working_group``).
    possible_at_most
        What no group of this size that meets the question can reach more than.
    share
        ``reach / possible_at_most``: the group reaches at least this share of the best any such group could.
    people
        How many people count.
    left_out
        The associations whose members were not paired because they are too many.
    threshold
        The least strength of a contact, where reach is not weighted.
    """

    version: int
    question: GroupQuestion
    members: tuple[Member, ...]
    reach: float
    possible_at_most: float
    share: float
    people: int
    left_out: tuple[LeftOut, ...]
    threshold: float


def working_group(network: Network, question: GroupQuestion) -> WorkingGroup:
    """Choose a working group: one by one, whoever adds most to what those before reach.

    The group's reach is ``f(S) = sum over v of c(v) max over s in S of r(s, v)``. ``r(s, v)`` is the largest product of
    strengths over paths of at most ``hops`` ties from s to v, 1 for s themselves, 0 where no path leads. ``c(v)`` is 1,
    or, with a problem, 1 only for people affected by it themselves or through an association they are a member of.
    Unweighted, every contact has strength 1, so that f counts the people within ``hops`` ties. f takes the best path
    where several lead to somebody, and so is less than the number of people to expect; it is no expectation.

    People marked as not to be put into working groups, and those the question excludes, are not chosen, but are reached
    and pass things on. Of people who add equally much, the smaller id is chosen.

    Parameters
    ----------
    network
        The network, at one version.
    question
        What group is wanted.

    Raises
    ------
    NotFound
        Where nothing has an id that the question names.
    DataError
        Where what it names is of a type that does not fit or does not count on the date, where somebody has to be in
        the group who is not to be put into one, where there are fewer people than the group needs, and where nobody is
        affected by the problem.

    Notes
    -----
    Greedy choice reaches at least 1 - 1/e of the best (Nemhauser, Wolsey and Fisher 1978, doi:10.1007/BF01588971); what
    each would add is worked out anew only where it may matter (Leskovec et al. 2007, doi:10.1145/1281192.1281239).
    ``possible_at_most`` is found by ``analytics.bounds``. A few passes over the neighbourhoods of all candidates, and
    memory in proportion to the people, whatever ``hops`` is.

    Examples
    --------
    >>> people = [(NodeType.STAKEHOLDER, name.lower(), {"name": name}) for name in ("Ana", "Ben", "Cat", "Dov")]
    >>> ties = [(TieType.KNOWS, "ana", "ben", {"strength": 0.5}), (TieType.KNOWS, "ben", "cat", {"strength": 0.5})]
    >>> answer = working_group(Network.of(1, people, ties), GroupQuestion(date(2026, 1, 1), size=2))
    >>> [(member.name, member.alone) for member in answer.members], answer.reach, answer.possible_at_most
    ([('Ben', 2.0), ('Dov', 1.0)], 3.0, 3.0)
    """
    projection = project(network, question.on, question.tie_types)
    forced, eligible = _eligible(network, projection, question)
    counts = _counted(network, projection, question)
    reach = Reach(projection, question.hops, weighted=question.weighted, counted=counts)
    group = _chosen(reach, forced, eligible, question.size)
    rows = np.array([reach.row(person) for person in group])
    covered = rows.max(axis=0)
    value = float(covered.sum())
    bound = possible_at_most(reach, eligible, np.isin(eligible, forced), question.size, covered)
    return WorkingGroup(
        version=network.version,
        question=question,
        members=tuple(_members(network, projection, question, group, rows)),
        reach=value,
        possible_at_most=bound,
        share=value / bound if bound else 1.0,
        people=int(counts.sum()),
        left_out=projection.left_out,
        threshold=projection.threshold,
    )


def _eligible(network: Network, projection: Projection, question: GroupQuestion) -> tuple[list[int], NDArray[np.int32]]:
    """Who has to be in the group, and everybody who may be: places among the people, ascending."""
    kinds, on = (NodeType.STAKEHOLDER,), question.on
    purpose = "A working group is made of people"
    forced = [look_up(network, one, on, kinds, purpose) for one in sorted(question.must_include)]
    kept_out = [look_up(network, one, on, kinds, purpose) for one in sorted(question.exclude)]
    barred = network.nodes.excluded == 1
    if not_to_be := [network.nodes.name[row] for row in forced if barred[row]]:
        marked = (
            f"{listed(not_to_be)} {'is' if len(not_to_be) == 1 else 'are'} marked as not to be put into working groups"
        )
        raise DataError(f"{marked}. Take the mark away first, or leave them out.")
    barred[kept_out] = True
    eligible = np.flatnonzero(~barred[projection.rows]).astype(np.int32)
    if len(eligible) < question.size:
        can = counted(len(eligible), "person", "people")
        raise DataError(
            f"Only {can} can be chosen: a working group of {question.size} cannot be formed. Ask for a smaller one."
            if len(eligible)
            else "Nobody can be chosen: there is no one in the network on that day who may be put into a working group."
        )
    return np.searchsorted(projection.rows, forced).tolist(), eligible


def _counted(network: Network, projection: Projection, question: GroupQuestion) -> Floats:
    """1 for each person who counts, 0 for the others."""
    if question.problem is None:
        return np.ones(len(projection))
    problem = look_up(network, question.problem, question.on, (NodeType.PROBLEM,), "People are affected by a problem")
    affected = affected_by(network, question.on, problem)[projection.rows]
    if not affected.any():
        raise DataError(
            f"Nobody is mapped as affected by {network.nodes.name[problem]}. Say first whom it affects, "
            "or ask for a group that reaches everybody."
        )
    return affected.astype(np.float64)


def _chosen(reach: Reach, forced: list[int], eligible: NDArray[np.int32], size: int) -> list[int]:
    """The forced members, then the others one by one, whoever adds most; of equals the first."""
    group = list(forced)
    covered = np.max([reach.row(person) for person in group], axis=0) if group else np.zeros(len(reach.counted))
    free = eligible[~np.isin(eligible, forced)]
    gains, _ = reach.gains(free, covered)
    waiting = list(zip((-gains).tolist(), free.tolist(), strict=True))
    heapify(waiting)
    while len(group) < size:
        # What somebody added before is the most they can add now: whoever waits below the best need not be looked at.
        best, looked_at = 0.0, list[tuple[float, int]]()
        while waiting and -waiting[0][0] >= best * (1 - _EQUAL):
            _, person = heappop(waiting)
            gain = reach.gain(person, covered)
            best = max(best, gain)
            looked_at.append((gain, person))
        taken = min(person for gain, person in looked_at if gain >= best * (1 - _EQUAL))
        for gain, person in looked_at:
            if person != taken:
                heappush(waiting, (-gain, person))
        group.append(taken)
        covered = np.maximum(covered, reach.row(taken))
    return group


def _members(
    network: Network, projection: Projection, question: GroupQuestion, group: list[int], rows: Floats
) -> Iterator[Member]:
    """The members with what each adds; ``rows`` is the reach of each to everybody who counts."""
    first = rows.argmax(axis=0)
    most = rows.max(axis=0)
    others = np.where(np.arange(len(group))[:, None] == first, 0.0, rows).max(axis=0)
    for place, person in enumerate(group):
        row, name = int(projection.rows[person]), projection.names[person]
        mine = first == place
        alone = float((most - others)[mine].sum())
        only = np.flatnonzero(mine & (others == 0) & (most > 0))
        only_through = int((only != person).sum())
        reached = int((rows[place] > 0).sum() - (rows[place, person] > 0))
        yield Member(
            id=projection.ids[person],
            name=name,
            alone=alone,
            only_through=only_through,
            self_interest=network.nodes.self_interest[row],
            visible_leader=bool(network.nodes.visible_leader[row] == 1),
            sentence=_says(name, only_through, reached, alone, question),
        )


def _says(name: str, only_through: int, reached: int, alone: float, question: GroupQuestion) -> str:
    affected = question.problem is not None
    if only_through:
        is_, are = (" who is affected", " who are affected") if affected else ("", "")
        others = counted(only_through, f"other person{is_}", f"other people{are}")
        return f"Only through {name} {'is' if only_through == 1 else 'are'} {others} reached."
    if not reached:
        who = "nobody else who is affected" if affected else "nobody else"
        return f"{name} reaches {who} within {counted(question.hops, 'tie', 'ties')}."
    everybody = "Everybody who is affected and" if affected else "Everybody"
    lost = f"{alone:.1f} less" if alone >= 0.05 else "hardly less" if alone > _EQUAL else "no less"
    return (
        f"{everybody} whom {name} reaches is reached by others of the group too; "
        f"without {name} the group's reach would be {lost}."
    )
