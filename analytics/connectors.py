"""Highly connected people: who is asked first, by whichever measure, with a sentence that says what it means."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.connector_sentences import Standing, links, says
from analytics.kernels.cuts import cut_off
from analytics.measures import Measure, Sampled, Scores, scores
from analytics.projection import LeftOut, Projection, check_tie_types, project
from analytics.ranking import TOLERANCE, ranking
from analytics.scope import in_scope
from graph_model.errors import DataError
from graph_model.network import Network
from graph_model.schema import TieType

__all__ = ["MOST_ROWS", "Connector", "Connectors", "ConnectorsQuestion", "Measure", "highly_connected"]

MOST_ROWS: Final = 1_000
"""The longest list one answer holds."""


@dataclass(frozen=True, slots=True)
class ConnectorsQuestion:
    """Who is highly connected, in what sense, and among whom.

    Attributes
    ----------
    on
        The date: only what counts on it is seen.
    measure
        What "connected" is to mean.
    top
        How many people to list, 1 to ``MOST_ROWS``.
    tie_types
        Which ties to count; None: all that join people.
    scope
        The id of a place, association or problem: only those in it are ranked and listed, by their scores in the whole
        network. None: everybody.

    Raises
    ------
    DataError
        Where one of them cannot be.
    """

    on: date
    measure: Measure = Measure.BETWEENNESS
    top: int = 20
    tie_types: frozenset[TieType] | None = None
    scope: str | None = None

    def __post_init__(self) -> None:
        if self.measure not in Measure.__members__.values():
            raise DataError(f"There is no measure {self.measure!r}. Choose among {', '.join(Measure)}.")
        if not 1 <= self.top <= MOST_ROWS:
            raise DataError(f"A list of {self.top} people cannot be made. Ask for 1 to {MOST_ROWS:,}.")
        if self.tie_types is not None:
            check_tie_types(self.tie_types)


@dataclass(frozen=True, slots=True)
class Connector:
    """One person of the list.

    ``rank`` is 1 + the number of people ranked who are better; None where the score is undefined. ``half_width`` is how
    far off the score may be, and ``not_told_apart`` how many others may be as good or better, or as bad or worse, for
    all that is known: both 0 unless the answer was ``sampled``.
    """

    id: str
    name: str
    score: float | None
    rank: int | None
    visible_leader: bool
    sentence: str
    half_width: float
    not_told_apart: int


@dataclass(frozen=True, slots=True)
class Connectors:
    """The answer.

    Attributes
    ----------
    version, question
        The version of the network it was asked of, and what was asked.
    rows
        The people listed, in order of rank, name and id.
    people
        How many were ranked: all who count on the date, or those of them in the scope.
    tied_at_cut
        How many share the last rank listed, where some of them did not make the list; else 0.
    left_out
        The associations too large for their members to be taken to be in contact.
    sampled
        How the scores were estimated; None where they are exact.
    threshold
        The least strength of a contact.
    """

    version: int
    question: ConnectorsQuestion
    rows: tuple[Connector, ...]
    people: int
    tied_at_cut: int
    left_out: tuple[LeftOut, ...]
    sampled: Sampled | None
    threshold: float


def highly_connected(network: Network, question: ConnectorsQuestion) -> Connectors:
    """The most highly connected people of a network.

    Parameters
    ----------
    network
        The network, at one version.
    question
        What is asked of it.

    Returns
    -------
    Connectors
        A row a person, each with a sentence that is true of the network as it is recorded.

    Raises
    ------
    NotFound, DataError
        Where the scope is nothing, or nothing people can be in; see ``analytics.scope.in_scope``.

    Examples
    --------
    >>> from graph_model.schema import NodeType
    >>> people = [(NodeType.STAKEHOLDER, person, {"name": person.title()}) for person in ("ana", "ben", "cat")]
    >>> ties = [(TieType.KNOWS, "ana", "ben", {}), (TieType.KNOWS, "ben", "cat", {})]
    >>> answer = highly_connected(Network.of(1, people, ties), ConnectorsQuestion(date(2026, 1, 1), top=1))
    >>> answer.rows[0].name, answer.rows[0].score, answer.rows[0].rank
    ('Ben', 1.0, 1)
    >>> answer.rows[0].sentence
    'Ben links 2 groups that otherwise have no contact (one person each)'
    """
    projection = project(network, question.on, question.tie_types)
    everybody = np.arange(len(projection))
    if question.scope is not None:
        everybody = np.flatnonzero(in_scope(network, question.on, question.scope)[projection.rows])
    found = scores(projection, question.measure)
    within = Scores(found.values[everybody], found.half_widths[everybody], found.sampled)
    ids, names = ([column[place] for place in everybody] for column in (projection.ids, projection.names))
    ranked = ranking(within.values, names, ids, question.top)
    parts = _parts_without(projection, everybody[list(ranked.places)])
    leaders = network.nodes.visible_leader[projection.rows[everybody]] == 1
    rows = []
    for place, rank, sizes in zip(ranked.places, ranked.ranks, parts, strict=True):
        below, close = _compared(within, place)
        if len(sizes) > 1:
            sentence = links(names[place], sizes, projection.tie_types)
        else:
            standing = _standing(
                projection, int(everybody[place]), found, _of_others(below, len(everybody) - 1, question)
            )
            sentence = says(question.measure, standing)
        rows.append(
            Connector(
                id=ids[place],
                name=names[place],
                score=None if rank is None else float(within.values[place]),
                rank=rank,
                visible_leader=bool(leaders[place]),
                sentence=sentence,
                half_width=float(within.half_widths[place]),
                not_told_apart=close,
            )
        )
    return Connectors(
        version=network.version,
        question=question,
        rows=tuple(rows),
        people=len(everybody),
        tied_at_cut=ranked.tied_at_cut,
        left_out=projection.left_out,
        sampled=found.sampled,
        threshold=projection.threshold,
    )


def _compared(within: Scores, place: int) -> tuple[int, int]:
    """How many people are surely below somebody, and how many the sample cannot tell from them."""
    score, half_width = within.values[place], within.half_widths[place]
    rounding = TOLERANCE * np.maximum(np.abs(score), np.abs(within.values))
    apart = np.maximum(half_width + within.half_widths, rounding)
    below = int((score - within.values > apart).sum())
    return below, int((np.abs(score - within.values) <= apart).sum()) - 1 if within.sampled else 0


def _of_others(below: int, others: int, question: ConnectorsQuestion) -> str:
    """How many are below somebody, of how many."""
    if not below:
        return ""
    return f"{below:,} of the {others:,} others" + ("" if question.scope is None else " asked about")


def _standing(projection: Projection, place: int, found: Scores, below: str) -> Standing:
    """What there is to say of one person."""
    contacts, strengths = projection.contacts.indptr, projection.strengths.indptr
    return Standing(
        name=projection.names[place],
        score=float(found.values[place]),
        contacts=int(contacts[place + 1] - contacts[place]),
        joined_to=int(strengths[place + 1] - strengths[place]),
        people=len(projection),
        below=below,
        sampled=found.sampled is not None,
    )


def _parts_without(projection: Projection, places: NDArray[np.int64]) -> list[list[int]]:
    """For each person, the sizes of the parts their component falls into without them, the largest first.

    Any tie holds a component together here, those too weak to be a contact as well: otherwise "no contact" would be
    said of groups that share a large association.
    """
    by, below, root = cut_off(projection.strengths.indptr, projection.strengths.indices)
    parts = []
    for place in places:
        sizes = below[by == place].tolist()
        rest = int(below[root[place]]) - 1 - sum(sizes)
        parts.append(sorted([*sizes, rest] if rest else sizes, reverse=True))
    return parts
