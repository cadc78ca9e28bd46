"""The ties of a record in words: in groups, each with a heading that reads on into the names under it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from analytics.words import noun
from api.people.addresses import record_address
from api.people.wording import day_words
from graph_model.schema import TIE_TYPES, Level, NodeType, TieType, strength_words
from graph_model.store import Neighbour

__all__ = ["TieGroup", "TieLine", "grouped", "source_words", "strength_in_words"]

_HEADINGS: Final[Mapping[tuple[TieType, bool], str]] = {
    (TieType.MEMBER_OF, False): "Its members",
    (TieType.LOCATED_IN, False): "Who and what is there",
}
"""Where the schema's sentence, read from its end, leaves no words that a list of names could follow."""
_OPENED: Final = 24


@dataclass(frozen=True, slots=True)
class TieLine:
    """One tie: who or what is at the other end, what the tie itself says, and where that was learnt."""

    name: str
    href: str
    what: str
    details: tuple[str, ...]
    learnt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TieGroup:
    """Ties of one type, read one way. ``lines`` are shown at once, ``more`` when asked for."""

    heading: str
    hint: str
    lines: tuple[TieLine, ...]
    more: tuple[TieLine, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines) + len(self.more)


def grouped(node: NodeType, ties: Iterable[Neighbour]) -> tuple[TieGroup, ...]:
    """The ties of a node of this type, in the schema's order, each group by strength, level, type and name."""

    def order(tie: Neighbour) -> tuple[Any, ...]:
        return (list(TieType).index(tie.key.type), not _outward(tie), *_within(tie))

    found: list[TieGroup] = []
    for (kind, outward), group in groupby(sorted(ties, key=order), key=lambda tie: (tie.key.type, _outward(tie))):
        lines = tuple(_line(node, tie) for tie in group)
        opened = len(lines) if len(lines) <= _OPENED + 4 else _OPENED
        found.append(TieGroup(_heading(node, kind, outward), _hint(kind, found), lines[:opened], lines[opened:]))
    return tuple(found)


def strength_in_words(strength: float | None) -> str:
    """The nearest of the words a strength may be given in, with the number: ``strong, 0.9``."""
    if strength is None:
        return "strength not stated"
    word = min(strength_words, key=lambda known: abs(strength_words[known] - strength))
    return f"{word}, {strength:g}"


def source_words(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Where something was learnt, how far that can be relied on, and from when to when it counts."""
    parts = []
    if fields.get("source"):
        parts.append(str(fields["source"]))
    if fields.get("source_grade"):
        parts.append(f"source grade {fields['source_grade']}")
    if fields.get("basis"):
        parts.append({"fact": "a fact", "assessment": "an assessment"}.get(fields["basis"], str(fields["basis"])))
    parts += [
        f"{word} {day_words(fields[name])}"
        for name, word in (("valid_from", "from"), ("valid_to", "until"), ("review_by", "to be looked at again by"))
        if fields.get(name)
    ]
    return tuple(parts)


def _outward(tie: Neighbour) -> bool:
    return tie.outward or not TIE_TYPES[tie.key.type].directed


def _within(tie: Neighbour) -> tuple[Any, ...]:
    level = tie.fields.get("level")
    rank = Level[level.upper()] if level else Level.LOCAL
    other = list(NodeType).index(tie.other_type)
    return (-(tie.fields.get("strength") or 0), -rank, other, tie.other_name.casefold(), tie.other)


def _heading(node: NodeType, kind: TieType, outward: bool) -> str:
    """Such as ``Knows`` or ``Manages``; with its end where a tie of the node reads the same: ``Is in a place``."""
    if (kind, outward) in _HEADINGS:
        return _HEADINGS[kind, outward]
    words = _bare(kind, outward)
    side = 0 if outward else 1
    possible = [tie for tie, spec in TIE_TYPES.items() if any(ends[side] is node for ends in spec.ends)]
    if sum(_bare(tie, outward) == words for tie in possible) > 1:
        words = f"{words} a {noun(TIE_TYPES[kind].ends[0][1 - side])}"
    return words[:1].upper() + words[1:]


def _bare(kind: TieType, outward: bool) -> str:
    spec = TIE_TYPES[kind]
    return " ".join((spec.says if outward else spec.says_back).format(start="", end="").split())


def _hint(kind: TieType, before: Iterable[TieGroup]) -> str:
    """What the numbers beside the names mean, unless a group before says it already."""
    hint = next((field.meaning for field in TIE_TYPES[kind].own_fields if field.name == "strength"), "")
    return "" if any(group.hint == hint for group in before) else hint


def _line(node: NodeType, tie: Neighbour) -> TieLine:
    fields, details = tie.fields, []
    own = {field.name for field in TIE_TYPES[tie.key.type].own_fields}
    if fields.get("role"):
        details.append(str(fields["role"]))
    if fields.get("level"):
        details.append(f"{fields['level']} level{' or above' if tie.key.type is TieType.CAN_DECIDE else ''}")
    if fields.get("accepted") is not None:
        details.append("has said yes" if fields["accepted"] else "has not said yes")
    if "strength" in own:
        details.append(strength_in_words(fields.get("strength")))
    what = "" if _one_kind(node, tie) else noun(tie.other_type)
    return TieLine(tie.other_name or tie.other, record_address(tie.other), what, tuple(details), source_words(fields))


def _one_kind(node: NodeType, tie: Neighbour) -> bool:
    """Whether the reader knows of what type it is: it is a person, or nothing else could stand in the same list."""
    side = 0 if tie.outward else 1
    ends = TIE_TYPES[tie.key.type].ends
    return tie.other_type is NodeType.STAKEHOLDER or len({pair[1 - side] for pair in ends if pair[side] is node}) == 1
