"""The steps of a way up, in words: who asks whom, and through what."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np

from analytics.asks import AskGraph
from analytics.words import listed, tie_says
from graph_model.network import TYPES
from graph_model.schema import TIE_TYPES, Level

__all__ = ["Passed", "Step", "reliability", "steps_of"]


@dataclass(frozen=True, slots=True)
class Passed:
    """An association that an ask is passed through."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One ask: of a person, by a person or by the association that a way starts with.

    Attributes
    ----------
    start, start_name, end, end_name
        Who asks, and who is asked.
    through, through_name
        The association whose member is asked, where the ask goes through one; ``""`` as its name where it does not.
    passed
        All associations it goes through, in order: the one entered, those that one is part of, the last of which is
        ``through``.
    tie
        The type of the tie that leads to the one who is asked.
    ties
        How many ties the step takes: one, or two and more through associations.
    strength
        The chance that the ask is passed on: the product of the strengths of its ties.
    also
        Sentences that name what else would carry the ask between the two: it is not counted.
    sentence
        The step for an officer, such as ``Sam Okafor reports to Priya Shah.``
    """

    start: str
    start_name: str
    end: str
    end_name: str
    through: str | None
    through_name: str
    passed: tuple[Passed, ...]
    tie: str
    ties: int
    strength: float
    also: tuple[str, ...]
    sentence: str


def reliability(strengths: list[float]) -> float:
    """The product of strengths to twelve digits, the same in whatever order they come."""
    return float(f"{prod(sorted(strengths)):.12g}")


def steps_of(graph: AskGraph, states: tuple[int, ...]) -> Iterator[Step]:
    """The steps of a way through these states, and none where it has only one."""
    begun = 0
    for place in range(1, len(states)):
        if states[place] < graph.people:
            yield _step(graph, states[begun : place + 1])
            begun = place


def _step(graph: AskGraph, states: tuple[int, ...]) -> Step:
    network, names = graph.network, graph.network.nodes.name.list
    ids = network.nodes.id.list
    rows = [int(row) for row in graph.rows[list(states)]]
    edges = [graph.edge(one, following) for one, following in pairwise(states)]
    last = int(graph.ties[edges[-1]])
    passed = tuple(Passed(ids[row], names[row]) for row in rows[1:-1])
    return Step(
        start=ids[rows[0]],
        start_name=names[rows[0]],
        end=ids[rows[-1]],
        end_name=names[rows[-1]],
        through=passed[-1].id if passed else None,
        through_name=passed[-1].name if passed else "",
        passed=passed,
        tie=TYPES[network.ties.type[last]].value,
        ties=len(edges),
        strength=reliability([float(graph.strengths[edge]) for edge in edges]),
        also=tuple(_also(graph, states, last)),
        sentence=f"{_says(graph, rows, last)}.",
    )


def _says(graph: AskGraph, rows: list[int], tie: int) -> str:
    """A step as a sentence without a full stop; ``tie`` is the one that leads to whom is asked."""
    ties, names = graph.network.ties, graph.network.nodes.name.list
    starts_with_person = graph.start_at(rows[0]) < graph.people
    if len(rows) == 2 and starts_with_person:
        return _tie_says(graph, tie, rows[0])
    associations = rows[1:-1] if starts_with_person else rows[:-1]
    where = names[associations[-1]]
    role, level = ties.role[tie], Level(max(int(ties.level[tie]), Level.LOCAL)).word
    says = f"{names[rows[0]]} asks {names[rows[-1]]}"
    if associations == rows[:1]:
        return f"{says}, {role} there" if role else f"{says}, who is at {level} level there"
    says += f", {role} of {where}" if role else f", who is at {level} level in {where}"
    if len(associations) > 1:
        first, *between = (names[row] for row in associations[:-1])
        says += f", which {first} is part of" + (f" through {listed(between)}" if between else "")
    return says


def _tie_says(graph: AskGraph, tie: int, asker: int) -> str:
    """A tie between two people, read from the one who asks."""
    return tie_says(graph.network, tie, back=int(graph.network.ties.start[tie]) != asker)


def _also(graph: AskGraph, states: tuple[int, ...], used: int) -> Iterator[str]:
    """What else would carry an ask from the first of these states to the last: other ties, and associations."""
    start, end = states[0], states[-1]
    if start >= graph.people:
        return
    names = graph.network.nodes.name.list
    asker, asked = int(graph.rows[start]), int(graph.rows[end])
    for tie in _direct_ties(graph, asker, asked):
        if tie != used:
            yield f"{_tie_says(graph, tie, asker)}."
    passed = states[1:-1]
    for entered in graph.indices[graph.indptr[start] : graph.indptr[start + 1]].tolist():
        onward = graph.indices[graph.indptr[entered] : graph.indptr[entered + 1]]
        if entered >= graph.people and (entered,) != passed and end in onward:
            yield f"{names[asker]} and {names[asked]} both belong to {names[graph.rows[entered]]}."


def _direct_ties(graph: AskGraph, asker: int, asked: int) -> list[int]:
    """The ties that carry an ask from one person straight to another, in the order they are kept."""
    ties = graph.network.ties
    there, back = (ties.start == asker) & (ties.end == asked), (ties.start == asked) & (ties.end == asker)
    carrying: list[int] = []
    for tie in np.flatnonzero((there | back) & graph.network.ties_on(graph.on)).tolist():
        carries = TIE_TYPES[TYPES[ties.type[tie]]].carries
        if carries and (carries.onward if there[tie] else carries.back) is not None:
            carrying.append(tie)
    return carrying
