"""What is wrong, doubtful or missing in the data: how many, which, and what to do about it.

A Network cannot hold a tie to a node that is not there: importing refuses it, and deleting a node deletes its ties.
What is left of that mistake, and is found here, is a tie that still counts though an end of it has ended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.doubles import doubles
from analytics.words import counted, tie_says
from graph_model.columns import ALWAYS_HAS, NO_DAY, STILL_DOES, day_number, from_day_number
from graph_model.network import Network, tie_code
from graph_model.schema import NodeType, TieType

__all__ = ["MOST_CASES", "Case", "Checked", "Finding", "Weight", "check"]

MOST_CASES: Final = 100
"""How many cases of a finding are listed."""
_MOST_COUNTED: Final = 10_000
_EARLIEST: Final = date(1900, 1, 1)
_YEARS_AHEAD: Final = 50

Rows = NDArray[np.int64]


class Weight(StrEnum):
    """How much a finding matters."""

    WRONG = "wrong"
    """It cannot be so."""
    DOUBTFUL = "doubtful"
    """It may be so: somebody who knows should look."""
    MISSING = "missing"
    """It is not known yet."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was found: the ids of the nodes it is about, and itself in words."""

    ids: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that was found.

    Attributes
    ----------
    code
        Its name for programs, such as ``self_tie``; never changes.
    count
        How many there are; where ``at_least``, there are more, and they were not counted.
    cases
        Which: the first hundred.
    sentence
        What is wrong.
    remedy
        What to do about it.
    """

    code: str
    weight: Weight
    count: int
    cases: tuple[Case, ...]
    sentence: str
    remedy: str
    at_least: bool = False

    @property
    def truncated(self) -> bool:
        """Whether there are more cases than are listed."""
        return self.count > len(self.cases)


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was found, what is wrong first; nothing found: no finding."""

    version: int
    on: date
    findings: tuple[Finding, ...]


def check(network: Network, on: date) -> Checked:
    """Look through a network for what is wrong, doubtful or missing.

    Dates and sources are looked at in everything that is written down; the rest in what counts on the date.

    Parameters
    ----------
    network
        What to look through.
    on
        The date to ask of, usually today.

    Notes
    -----
    About linear in nodes and ties: under a second at 20,000 nodes and 100,000 ties.
    """
    look = _Look(network, on)
    return Checked(network.version, on, tuple(finding for one_check in _CHECKS for finding in one_check(look)))


class _Look:
    """A network on a date, and the ways in which a case is put into words."""

    def __init__(self, network: Network, on: date) -> None:
        self.network = network
        self.on = on
        self.nodes, self.ties = network.nodes, network.ties
        self.today = day_number(on)
        self.nodes_now, self.ties_now = network.nodes_on(on), network.ties_on(on)

    def node(self, row: int, note: str = "") -> Case:
        return Case((self.nodes.id[row],), self.nodes.name.list[row] + note)

    def tie(self, row: int, note: str = "") -> Case:
        ends = (self.nodes.id[self.ties.start[row]], self.nodes.id[self.ties.end[row]])
        return Case(ends, tie_says(self.network, row) + note)

    def of_kind(self, kind: NodeType) -> Rows:
        """The nodes of one type that count."""
        rows = self.network.rows_of_kind(kind)
        return rows[self.nodes_now[rows]]

    def tied(self, tie: TieType, *, at_start: bool) -> NDArray[np.bool_]:
        """Which nodes are the start (or end) of a tie of this type that counts."""
        chosen = self.ties_now & (self.ties.type == tie_code(tie))
        marks = np.zeros(len(self.nodes), dtype=np.bool_)
        marks[(self.ties.start if at_start else self.ties.end)[chosen]] = True
        return marks


_Case = Callable[[int], Case]


def _found(
    code: str, weight: Weight, rows: Rows, case: _Case, *, says: Callable[[int], str], remedy: str
) -> Iterator[Finding]:
    if len(rows):
        cases = tuple(case(row) for row in rows[:MOST_CASES].tolist())
        yield Finding(code, weight, len(rows), cases, says(len(rows)), remedy)


def _says(one: str, many: str) -> Callable[[int], str]:
    """A sentence that begins with a number: what one is, what many are."""
    return lambda count: f"{counted(count, one, many)}."


def _self_ties(look: _Look) -> Iterator[Finding]:
    rows = np.flatnonzero(look.ties.start == look.ties.end)
    says = _says("tie joins a node to itself", "ties join a node to itself")
    yield from _found(
        "self_tie", Weight.WRONG, rows, look.tie, says=says, remedy="Delete it, or correct one of its ends."
    )


def _dangling(look: _Look) -> Iterator[Finding]:
    ties = look.ties
    counts = (ties.valid_from <= look.today) & (look.today < ties.valid_to)
    rows = np.flatnonzero(counts & ~look.ties_now)
    says = _says(
        "tie goes on though one of its ends does not count", "ties go on though one of their ends does not count"
    )
    remedy = (
        "Give the tie the same last day as its end, or correct the dates of the end. It is left out of every answer."
    )
    yield from _found("dangling_tie", Weight.WRONG, rows, look.tie, says=says, remedy=remedy)


def _backward_dates(look: _Look) -> Iterator[Finding]:
    remedy = (
        "valid_to is the first day that no longer counts: make it later than valid_from. As it stands it never counts."
    )
    for code, table, case, says in (
        (
            "node_dates_backward",
            look.nodes,
            look.node,
            _says("node ends before it begins", "nodes end before they begin"),
        ),
        ("tie_dates_backward", look.ties, look.tie, _says("tie ends before it begins", "ties end before they begin")),
    ):
        rows = np.flatnonzero(table.valid_from >= table.valid_to)
        yield from _found(code, Weight.WRONG, rows, case, says=says, remedy=remedy)


def _far_dates(look: _Look) -> Iterator[Finding]:
    earliest = _EARLIEST.toordinal()
    latest = look.today + round(_YEARS_AHEAD * 365.25)

    def far(days: NDArray[np.int32]) -> NDArray[np.bool_]:
        given = (days != ALWAYS_HAS) & (days != STILL_DOES)
        return np.asarray(given & ((days < earliest) | (days > latest)))

    nodes, ties = look.nodes, look.ties
    remedy = (
        f"Correct the year (before {_EARLIEST.year}, or more than {_YEARS_AHEAD} years from now). "
        "Leave a date empty where it is not known, and valid_to where it goes on."
    )
    for code, columns, case, one, many in (
        (
            "node_date_far",
            (nodes.valid_from, nodes.valid_to, nodes.review_by, nodes.on, nodes.since, nodes.asked_on),
            look.node,
            "node has",
            "nodes have",
        ),
        ("tie_date_far", (ties.valid_from, ties.valid_to, ties.review_by), look.tie, "tie has", "ties have"),
    ):
        rows = np.flatnonzero(np.logical_or.reduce([far(days) for days in columns]))
        says = _says(f"{one} a date that can hardly be right", f"{many} a date that can hardly be right")
        yield from _found(code, Weight.WRONG, rows, case, says=says, remedy=remedy)


def _future_dates(look: _Look) -> Iterator[Finding]:
    nodes = look.nodes
    for code, days, one, many in (
        ("activity_in_future", nodes.on, "activity is", "activities are"),
        ("asked_in_future", nodes.asked_on, "person was last asked", "people were last asked"),
    ):
        rows = np.flatnonzero((days != NO_DAY) & (days > look.today))
        says = _says(f"{one} on a day that has not come yet", f"{many} on a day that has not come yet")

        def case(row: int, days: NDArray[np.int32] = days) -> Case:
            return look.node(row, f" ({from_day_number(int(days[row]))})")

        remedy = "Correct the date: what is written down here has happened."
        yield from _found(code, Weight.WRONG, rows, case, says=says, remedy=remedy)


def _no_source(look: _Look) -> Iterator[Finding]:
    for code, table, case, one, many in (
        ("node_no_source", look.nodes, look.node, "node says", "nodes say"),
        ("tie_no_source", look.ties, look.tie, "tie says", "ties say"),
    ):
        rows = np.flatnonzero(~table.source.given)
        says = _says(f"{one} nothing about where it was learnt", f"{many} nothing about where they were learnt")
        yield from _found(
            code, Weight.MISSING, rows, case, says=says, remedy="Write down who said so, or where it was seen."
        )


def _likely_twice(look: _Look) -> Iterator[Finding]:
    names, ids = look.nodes.name.list, look.nodes.id
    cases: list[Case] = []
    count = 0
    for count, double in enumerate(islice(doubles(look.network, look.on), _MOST_COUNTED + 1), 1):
        if count <= MOST_CASES:
            where = f", both in {names[double.place]}" if double.place is not None else ""
            words = f"{names[double.first]} and {names[double.second]}{where}"
            cases.append(Case((ids[double.first], ids[double.second]), words))
    if count:
        more = count > _MOST_COUNTED
        count = min(count, _MOST_COUNTED)
        start = "More than " if more else ""
        pairs = counted(count, "pair of people has", "pairs of people have")
        yield Finding(
            "likely_twice",
            Weight.DOUBTFUL,
            count,
            tuple(cases),
            f"{start}{pairs} nearly the same name, and no places that tell them apart.",
            "If they are one person, move the ties to one of the two and delete the other.",
            at_least=more,
        )


def _without_tie(look: _Look) -> Iterator[Finding]:
    """The nodes that lack a tie they need to be of any use."""
    state = np.array(look.nodes.state.list, dtype=object)
    for code, kind, tie, at_start, settled, one, many, remedy in (
        (
            "problem_affects_nobody",
            NodeType.PROBLEM,
            TieType.AFFECTED_BY,
            False,
            (),
            "problem affects nobody",
            "problems affect nobody",
            "Say who is AFFECTED_BY it: ask those who live with it.",
        ),
        (
            "barrier_nobody_decides",
            NodeType.BARRIER,
            TieType.CAN_DECIDE,
            False,
            ("lifted",),
            "barrier can be lifted by nobody",
            "barriers can be lifted by nobody",
            "Say who CAN_DECIDE it: no way up to them can be found before.",
        ),
        (
            "solution_addresses_nothing",
            NodeType.SOLUTION,
            TieType.ADDRESSES,
            True,
            ("dropped",),
            "solution addresses no problem",
            "solutions address no problem",
            "Say which problem it ADDRESSES, or drop it.",
        ),
        (
            "association_no_member",
            NodeType.ASSOCIATION,
            TieType.MEMBER_OF,
            False,
            (),
            "association has no member",
            "associations have no member",
            "Say who is a MEMBER_OF it: whoever it reaches is not counted before.",
        ),
    ):
        rows = look.of_kind(kind)
        rows = rows[~look.tied(tie, at_start=at_start)[rows] & ~np.isin(state[rows], settled)]
        yield from _found(code, Weight.MISSING, rows, look.node, says=_says(one, many), remedy=remedy)


def _no_own(look: _Look) -> Iterator[Finding]:
    associations = look.of_kind(NodeType.ASSOCIATION)
    if len(look.nodes) and not (look.nodes.own[associations] == 1).any():
        yield Finding(
            "no_own_organisation",
            Weight.MISSING,
            1,
            (),
            "No association is marked as one of our own, so no way up can start unless it is said where.",
            "Set own to yes on the associations whose members can take something up.",
        )


def _alone(look: _Look) -> Iterator[Finding]:
    ties = look.ties
    tied = np.zeros(len(look.nodes), dtype=np.bool_)
    elsewhere = look.ties_now & (ties.start != ties.end)
    tied[ties.start[elsewhere]] = True
    tied[ties.end[elsewhere]] = True
    rows = look.of_kind(NodeType.STAKEHOLDER)
    says = _says("person has no tie at all", "people have no tie at all")
    remedy = "Ask them whom they know and where they belong: they are counted, and nothing reaches them."
    yield from _found("person_alone", Weight.MISSING, rows[~tied[rows]], look.node, says=says, remedy=remedy)


_CHECKS: Final[tuple[Callable[[_Look], Iterator[Finding]], ...]] = (
    _self_ties,
    _dangling,
    _backward_dates,
    _far_dates,
    _future_dates,
    _likely_twice,
    _no_own,
    _without_tie,
    _alone,
    _no_source,
)
"""What is wrong, then what is doubtful, then what is missing."""
