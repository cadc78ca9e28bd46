"""What is on a map and where it stands: a pure function from a Network to a Picture."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.maps.layout import layout
from analytics.words import counted, tie_says
from graph_model.errors import DataError, NotFound
from graph_model.network import TYPES, Network
from graph_model.schema import NodeType, TieType

__all__ = ["MOST_HOPS", "MOST_NODES", "TIES_PER_NODE", "Dot", "Line", "MapQuestion", "Picture", "draw"]

MOST_NODES: Final = 5_000
MOST_HOPS: Final = 6
TIES_PER_NODE: Final = 5
"""A map holds at most this many times as many ties as it may hold nodes: more is only a blot."""

Rows = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """Which map: everything that counts on a date, or what is within a few ties of one node.

    Attributes
    ----------
    on
        The date.
    around
        The id of the node in the middle; None: the whole network.
    hops
        How many ties away from it, of any type and either way, 0 to 6.
    limit
        How many nodes at most, 1 to 5,000.

    Raises
    ------
    DataError
        Where ``hops`` or ``limit`` is out of bounds.
    """

    on: date
    around: str | None = None
    hops: int = 2
    limit: int = 2_000

    def __post_init__(self) -> None:
        if not 0 <= self.hops <= MOST_HOPS:
            raise DataError(f"A map cannot go {self.hops} ties far. Give 0 to {MOST_HOPS} hops.")
        if not 1 <= self.limit <= MOST_NODES:
            raise DataError(f"A map cannot hold {self.limit:,} nodes. Give 1 to {MOST_NODES:,}.")


@dataclass(frozen=True, slots=True)
class Dot:
    """One node of a picture. ``x`` goes right, ``y`` down; ``ties`` counts its lines on this picture."""

    id: str
    kind: NodeType
    name: str
    sort: str
    x: float
    y: float
    ties: int


@dataclass(frozen=True, slots=True)
class Line:
    """One tie of a picture.

    ``start`` and ``end`` are positions in ``Picture.dots``; ``says`` is the tie as a sentence; ``bend`` tells apart
    the ties between the same two nodes: 0, 1, 2, ...
    """

    start: int
    end: int
    type: TieType
    says: str
    bend: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A map, ready to be drawn.

    Attributes
    ----------
    version, question
        What was drawn.
    dots
        Its nodes: the one in the middle first, then those with most ties.
    lines
        Its ties, in the order of the network.
    nodes, ties
        How many nodes and ties it would have if it were whole.
    """

    version: int
    question: MapQuestion
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    nodes: int
    ties: int

    @property
    def truncated(self) -> bool:
        """Whether something was left out."""
        return self.nodes > len(self.dots) or self.ties > len(self.lines)

    @property
    def heading(self) -> str:
        """What it shows, in a few words."""
        return "The whole network" if self.question.around is None else f"Around {self.dots[0].name}"

    @property
    def left_out(self) -> str:
        """What was left out and by which rule, as sentences; ``""`` where nothing was."""
        parts = []
        if self.nodes > len(self.dots):
            rule = "those with most ties" if self.question.around is None else "the nearest, then those with most ties"
            nodes = counted(len(self.dots), "node", "nodes")
            parts.append(f"Not everything is on this map: it shows {nodes} of {self.nodes:,}, {rule}.")
        if self.ties > len(self.lines):
            parts.append(
                f"Of the {counted(self.ties, 'tie', 'ties')} between them it shows {len(self.lines):,}, "
                "first those of nodes with few ties."
            )
        return " ".join(parts)


def draw(network: Network, question: MapQuestion) -> Picture:
    """The picture that answers a question, each node in its place.

    A map that would be too large keeps the nodes nearest to the middle, and those with most ties; of the ties between
    them, those of nodes with few ties, so that nobody looks alone who is not.

    Raises
    ------
    NotFound
        Where nothing has the id ``question.around``.

    Notes
    -----
    O(ties) to choose, then O(n^2) for n chosen nodes to lay out: about a second for 2,000.
    """
    counts = np.flatnonzero(network.ties_on(question.on))
    start, end = network.ties.start[counts], network.ties.end[counts]
    degree = np.bincount(np.concatenate((start, end)), minlength=len(network.nodes))
    distance = _distances(network, question, start, end)
    near = np.flatnonzero(distance >= 0)
    chosen = near[np.lexsort((near, -degree[near], distance[near]))[: question.limit]]
    place = np.full(len(network.nodes), -1)
    place[chosen] = np.arange(len(chosen))
    between = np.flatnonzero((place[start] >= 0) & (place[end] >= 0))
    fewest = np.minimum(degree[start[between]], degree[end[between]])
    shown = np.sort(between[np.argsort(fewest, kind="stable")[: TIES_PER_NODE * question.limit]])
    low, high = place[start[shown]], place[end[shown]]
    x, y = np.round(layout(len(chosen), low, high), 1).T.tolist()
    lines = _lines(network, counts[shown], low, high)
    drawn = np.bincount(np.concatenate((low, high)), minlength=len(chosen)).tolist()
    nodes = network.nodes
    dots = tuple(
        Dot(nodes.id[row], network.kind_of(row), nodes.name[row], nodes.sort[row], x[at], y[at], drawn[at])
        for at, row in enumerate(chosen.tolist())
    )
    return Picture(network.version, question, dots, lines, len(near), len(between))


def _distances(network: Network, question: MapQuestion, start: Rows, end: Rows) -> Rows:
    """How many ties each node is away from the middle, -1 where it is too far or does not count."""
    distance = np.full(len(network.nodes), -1)
    if question.around is None:
        distance[network.nodes_on(question.on)] = 0
        return distance
    middle = network.row_of.get(question.around)
    if middle is None:
        raise NotFound(f"Nothing in the network has the id {question.around!r}.")
    distance[middle] = 0
    for hop in range(question.hops):
        reached = np.concatenate((end[distance[start] == hop], start[distance[end] == hop]))
        distance[reached[distance[reached] < 0]] = hop + 1
    return distance


def _lines(network: Network, ties: Rows, low: Rows, high: Rows) -> tuple[Line, ...]:
    seen: dict[tuple[int, int], int] = {}
    lines = []
    for tie, start, end in zip(ties.tolist(), low.tolist(), high.tolist(), strict=True):
        pair = (min(start, end), max(start, end))
        bend = seen.get(pair, 0)
        seen[pair] = bend + 1
        lines.append(Line(start, end, TYPES[network.ties.type[tie]], tie_says(network, tie), bend))
    return tuple(lines)
