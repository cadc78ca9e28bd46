"""What the page of highly connected people is asked, and its answer as it is shown."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from analytics.connectors import MOST_ROWS, Connector, Connectors, ConnectorsQuestion, Measure
from api.connectors.wording import TIES
from api.forms import Sent
from graph_model.schema import NodeType, TieType

__all__ = ["SCOPES", "Form", "Leader", "Shown", "shown"]

SCOPES: Final = {
    "place": NodeType.PLACE,
    "association": NodeType.ASSOCIATION,
    "problem": NodeType.PROBLEM,
}
"""Among whom people may be listed, by the name of the field."""
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form, read; where ``among`` is no scope, everybody is listed."""

    sent: Sent
    measure: Measure
    top: int
    among: str
    scope: str
    ties: frozenset[TieType]
    on: date

    @classmethod
    def of(cls, sent: Sent) -> "Form":
        """Read the form. A link from a record names only the record, which says among whom."""
        measure = Measure(sent.choice("measure", list(Measure), Measure.BETWEENNESS))
        given = next((name for name in SCOPES if sent.text(name)), _ALL)
        among = sent.choice("among", [_ALL, *SCOPES], given)
        scope = sent.text(among) if among in SCOPES else ""
        if among in SCOPES and not scope:
            sent.errors[among] = f"Choose which {among}, or list everybody."
        names = sent.texts("type")
        ties = frozenset(tie for tie in TIES if tie.value in names)
        if len(ties) < len(names):
            sent.errors["type"] = f"This joins no people. Choose among {', '.join(TIES)}."
        top = sent.whole("top", "How many people to list", (1, MOST_ROWS), 20)
        return cls(sent, measure, top, among, scope, ties, sent.day())

    @property
    def question(self) -> ConnectorsQuestion:
        """The longest list, so that where the visible leaders stand is known, and longer ones need no new answer."""
        return ConnectorsQuestion(self.on, self.measure, MOST_ROWS, self.ties or None, self.scope or None)


@dataclass(frozen=True, slots=True)
class Leader:
    """A visible leader: where they stand among all, from 0 (first) to 1 (last)."""

    row: Connector
    place: float
    listed: bool

    @property
    def low(self) -> bool:
        """Whether they connect fewer than the person in the middle does."""
        return self.place > 0.5


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer as the page shows it.

    Attributes
    ----------
    rows
        Those listed, each with their score as a share of the best.
    tied_at_cut
        How many share the last rank listed, where some of them did not make the list; else 0.
    leaders
        The visible leaders among the first thousand, in order.
    """

    answer: Connectors
    rows: tuple[tuple[Connector, float], ...]
    tied_at_cut: int
    leaders: tuple[Leader, ...] = field(default=())

    @property
    def unseen(self) -> int:
        """How many of those listed are no visible leaders."""
        return sum(not row.visible_leader for row, _ in self.rows)


def shown(answer: Connectors, top: int) -> Shown:
    """The first so many of the longest list."""
    rows = answer.rows[:top]
    best = max((row.score or 0.0 for row in rows), default=0.0) or 1.0
    last = max(answer.people - 1, 1)
    leaders = tuple(
        Leader(row, ((row.rank or answer.people) - 1) / last, place < top)
        for place, row in enumerate(answer.rows)
        if row.visible_leader
    )
    return Shown(answer, tuple((row, (row.score or 0.0) / best) for row in rows), _tied(answer, top), leaders)


def _tied(answer: Connectors, top: int) -> int:
    if top >= len(answer.rows):
        return answer.tied_at_cut
    rank = answer.rows[top - 1].rank
    if answer.rows[top].rank != rank:
        return 0
    if answer.tied_at_cut and answer.rows[-1].rank == rank:
        return answer.tied_at_cut  # they go on beyond the longest list
    return Counter(row.rank for row in answer.rows)[rank]
