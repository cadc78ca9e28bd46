"""What the page of a record says, worked out from what the store has of it and of its ties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from analytics.words import listed, noun
from api.people.ties import TieGroup, grouped
from api.people.wording import day_words, moment_words
from graph_model.plan import StoredNode
from graph_model.records import counts_on
from graph_model.schema import COMMON_FIELDS, NODE_TYPES, Field, FieldKind, NodeType
from graph_model.store import Neighbour

__all__ = ["Flag", "Line", "RecordView", "view_of"]

_FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "visible_leader": ("Visible leader", "blue"),
    "own": ("Our own organisation", "teal"),
    "excluded": ("Not for working groups", "orange"),
    "over_committed": ("Over-committed", "orange"),
    "contact_upward": ("May be shown to teams below", "grey"),
}
_ELSEWHERE: Final = frozenset({"name", "kind", "state", "description", "self_interest", *_FLAGS})
"""Fields that have a place of their own on the page."""
_NOT_MISSED: Final = frozenset({"also_known_as", "excluded_why", "notes", "website"})
"""Fields that many records rightly leave empty."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is true of a record, in two or three words; ``colour`` is a govuk-frontend tag's."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what it is called, what it holds, and what it means."""

    label: str
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record as its page shows it.

    Attributes
    ----------
    what
        Such as ``person, shift supervisor``.
    counts, eligible
        Whether it counts on the date, and whether it may also be put into a working group.
    asks_interest, self_interest
        Whether such a record has a self-interest at all, and what it is; ``""``: not yet asked.
    fields, personal, about
        Fields of its own, those that are sensitive, and where all this was learnt.
    missing
        Own fields that are worth asking for, such as ``skills and asked on``.
    groups, past
        Its ties that count on the date, and those that do not.
    ties
        How many of the former there are.
    shown, truncated
        How many ties are shown, and whether it has more.
    """

    id: str
    type: NodeType
    name: str
    what: str
    flags: tuple[Flag, ...]
    counts: bool
    eligible: bool
    description: str
    asks_interest: bool
    self_interest: str
    fields: tuple[Line, ...]
    personal: tuple[Line, ...]
    about: tuple[Line, ...]
    missing: str
    groups: tuple[TieGroup, ...]
    past: tuple[TieGroup, ...]
    ties: int
    shown: int
    truncated: bool


def view_of(node: StoredNode, ties: list[Neighbour], on: date, limit: int) -> RecordView:
    """The page of a node with its ties, of which ``limit`` at most are shown, on a date."""
    kept = node.properties
    own = {field.name: field for field in NODE_TYPES[node.type].own_fields}
    plain = [field for field in own.values() if not field.sensitive and field.name not in _ELSEWHERE]
    shown = ties[:limit]
    now = [tie for tie in shown if tie.counts_on(on)]
    past = [tie for tie in shown if not tie.counts_on(on)]
    sort = kept.get("kind")
    return RecordView(
        id=kept["id"],
        type=node.type,
        name=kept.get("name") or kept["id"],
        what=f"{noun(node.type)}, {sort}" if sort else noun(node.type),
        flags=_flags(kept, own, on),
        counts=counts_on(kept, on),
        eligible=counts_on(kept, on) and not kept.get("excluded"),
        description=kept.get("description") or "",
        asks_interest="self_interest" in own,
        self_interest=kept.get("self_interest") or "",
        fields=_lines(kept, plain),
        personal=_lines(kept, [field for field in own.values() if field.sensitive]),
        about=(*_lines(kept, COMMON_FIELDS), *_written(kept)),
        missing=listed(
            [_label(field.name).lower() for field in plain if _empty(kept, field) and field.name not in _NOT_MISSED]
        ),
        groups=grouped(node.type, now),
        past=grouped(node.type, past),
        ties=len(now),
        shown=len(shown),
        truncated=len(ties) > limit,
    )


def _flags(kept: Mapping[str, Any], own: Mapping[str, Field], on: date) -> tuple[Flag, ...]:
    flags = [Flag(text, colour) for name, (text, colour) in _FLAGS.items() if name in own and kept.get(name)]
    if kept.get("state"):
        flags.insert(0, Flag(str(kept["state"]).capitalize(), "grey"))
    if not counts_on(kept, on):
        ended = kept.get("valid_to") and kept["valid_to"] <= on.isoformat()
        words = f"No longer, since {day_words(kept['valid_to'])}" if ended else "Not yet"
        flags.append(Flag(words, "red"))
    if kept.get("review_by") and kept["review_by"] < on.isoformat():
        flags.append(Flag("Review is due", "yellow"))
    return tuple(flags)


def _lines(kept: Mapping[str, Any], fields: Iterable[Field]) -> tuple[Line, ...]:
    return tuple(
        Line(_label(field.name), _text(field, kept[field.name]), field.meaning)
        for field in fields
        if not _empty(kept, field)
    )


def _written(kept: Mapping[str, Any]) -> list[Line]:
    """Who wrote the record, and who changed it last."""
    lines = []
    for word, meaning in (("created", "Who wrote it first."), ("updated", "Who changed it last.")):
        by, at = kept.get(f"{word}_by"), kept.get(f"{word}_at")
        if by and at and not (word == "updated" and at == kept.get("created_at")):
            lines.append(Line({"created": "Added", "updated": "Changed"}[word], f"{by}, {moment_words(at)}", meaning))
    return lines


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _empty(kept: Mapping[str, Any], field: Field) -> bool:
    return kept.get(field.name) in (None, "", [])


def _text(field: Field, value: Any) -> str:
    match field.kind:
        case FieldKind.LIST:
            return ", ".join(value)
        case FieldKind.FLAG:
            return "yes" if value else "no"
        case FieldKind.DATE:
            return day_words(value)
        case FieldKind.WHOLE:
            return f"{value:,}"
        case _:
            return str(value)
