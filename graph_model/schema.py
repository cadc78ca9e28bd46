"""What the network can hold: every node type, tie type and field, each declared once.

Records, statements, forms, the map's legend and ``docs/reference/schema.md`` are read from here, so a new tie type is
one entry in ``TIE_TYPES`` and nothing else. Nothing in this module knows how the network is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

__all__ = [
    "COMMON_FIELDS",
    "NODE_TYPES",
    "TIE_TYPES",
    "Carries",
    "Connects",
    "Field",
    "FieldKind",
    "Level",
    "NodeSpec",
    "NodeType",
    "TieSpec",
    "TieType",
    "strength_words",
    "tie_type",
]


class NodeType(StrEnum):
    """The label of a node. A node has exactly one."""

    __hash__ = str.__hash__  # Enum's own is in Python, and every lookup of a tie by its key would pay for it

    STAKEHOLDER = "Stakeholder"
    ASSOCIATION = "Association"
    ASSET = "Asset"
    PROBLEM = "Problem"
    SOLUTION = "Solution"
    BARRIER = "Barrier"
    PLACE = "Place"
    ACTIVITY = "Activity"
    WORKING_GROUP = "WorkingGroup"
    TEAM = "Team"
    ENGAGEMENT = "Engagement"


class TieType(StrEnum):
    """The type of a tie (a relationship in the database)."""

    __hash__ = str.__hash__  # as above

    KNOWS = "KNOWS"
    REPORTS_TO = "REPORTS_TO"
    MEMBER_OF = "MEMBER_OF"
    PART_OF = "PART_OF"
    CAN_DECIDE = "CAN_DECIDE"
    AFFECTED_BY = "AFFECTED_BY"
    HAS = "HAS"
    ADDRESSES = "ADDRESSES"
    USES = "USES"
    RESPONSIBLE_FOR = "RESPONSIBLE_FOR"
    BLOCKED_BY = "BLOCKED_BY"
    LOCATED_IN = "LOCATED_IN"
    ATTENDED = "ATTENDED"
    ABOUT = "ABOUT"
    IN_GROUP = "IN_GROUP"
    FOR = "FOR"
    OF_TEAM = "OF_TEAM"


class Level(IntEnum):
    """How far up an organisation somebody sits; the order is the order of an escalation."""

    LOCAL = 0
    MANAGER = 1
    AREA = 2
    REGIONAL = 3
    NATIONAL = 4

    @property
    def word(self) -> str:
        """The word used in sheets and sentences, such as ``regional``."""
        return self.name.lower()


class FieldKind(StrEnum):
    """What a field's cell may hold."""

    TEXT = "text"
    LIST = "list of texts"
    FLAG = "yes or no"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "one of a few words"
    STRENGTH = "probability in (0, 1]"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a node or tie type.

    ``sensitive`` fields need a permission of their own. ``choices`` lists the words a CHOICE accepts.
    """

    name: str
    kind: FieldKind
    meaning: str
    required: bool = False
    sensitive: bool = False
    choices: tuple[str, ...] = ()


def _text(name: str, meaning: str, *, required: bool = False, sensitive: bool = False) -> Field:
    return Field(name, FieldKind.TEXT, meaning, required=required, sensitive=sensitive)


def _list(name: str, meaning: str) -> Field:
    return Field(name, FieldKind.LIST, meaning)


def _flag(name: str, meaning: str) -> Field:
    return Field(name, FieldKind.FLAG, meaning)


def _date(name: str, meaning: str, *, required: bool = False) -> Field:
    return Field(name, FieldKind.DATE, meaning, required=required)


def _choice(name: str, meaning: str, *choices: str) -> Field:
    return Field(name, FieldKind.CHOICE, meaning, choices=choices)


_LEVELS = tuple(level.word for level in Level)
_NAME = _text("name", "What people call it.", required=True)
_NOTES = _text("notes", "Anything else worth knowing.")
_STRENGTH = Field(
    "strength",
    FieldKind.STRENGTH,
    "The chance that something asked along this tie is passed on: weak 0.3, some 0.6, strong 0.9.",
)

COMMON_FIELDS: tuple[Field, ...] = (
    _text("source", "Where this was learnt."),
    _choice(
        "source_grade", "How far the source can be relied on, A (always) to E (untested).", "A", "B", "C", "D", "E"
    ),
    _choice("basis", "A fact, or somebody's assessment.", "fact", "assessment"),
    _date("valid_from", "The first day on which it counts; empty: always has."),
    _date("valid_to", "The first day on which it no longer counts; empty: still does."),
    _date("review_by", "When it should be looked at again."),
)
"""The fields that every node and tie may carry, after its own."""


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """One node type: what it means, its fields, and the sheet it is read from."""

    type: NodeType
    meaning: str
    sheet: str
    own_fields: tuple[Field, ...]
    plural: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields but ``id``: its own, then the common ones."""
        return self.own_fields + COMMON_FIELDS


@dataclass(frozen=True, slots=True)
class Connects:
    """How a tie joins people: ``strength`` where the tie states none, or a share of a membership's pairs."""

    strength: float
    by_membership: bool = False


@dataclass(frozen=True, slots=True)
class Carries:
    """How an ask travels: ``onward`` from the tie's start to its end, ``back`` the other way; None: it does not.

    ``own`` says that a strength stated on the tie is used instead.
    """

    onward: float | None
    back: float | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class TieSpec:
    """One tie type: what it means, the ends it may join, how it connects people and carries an ask.

    ``says`` and ``says_back`` are the tie in words, read from its start and from its end.
    """

    type: TieType
    meaning: str
    ends: tuple[tuple[NodeType, NodeType], ...]
    says: str
    says_back: str
    own_fields: tuple[Field, ...] = ()
    connects: Connects | None = None
    carries: Carries | None = None
    directed: bool = True

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields: its own, then the common ones."""
        return self.own_fields + COMMON_FIELDS

    def allows(self, start: NodeType, end: NodeType) -> bool:
        """Whether a tie of this type may join these two node types, in this order."""
        return (start, end) in self.ends


_S, _A, _PLACE = NodeType.STAKEHOLDER, NodeType.ASSOCIATION, NodeType.PLACE
_ASSET, _PROBLEM, _SOLUTION, _BARRIER = NodeType.ASSET, NodeType.PROBLEM, NodeType.SOLUTION, NodeType.BARRIER

NODE_TYPES: Mapping[NodeType, NodeSpec] = MappingProxyType(
    {
        spec.type: spec
        for spec in (
            NodeSpec(
                _S,
                "A person with a stake in the place or the problem.",
                "stakeholders.csv",
                (
                    _NAME,
                    _list("also_known_as", "Other names they go by."),
                    _text("kind", "What they are here: resident, trader, officer, ..."),
                    _list("skills", "What they can do that a working group may need."),
                    _text("self_interest", "What they want out of it, in their own words."),
                    _flag(
                        "visible_leader", "Seen as a community leader. Whether they are connected is another question."
                    ),
                    _flag("excluded", "Not to be put into working groups."),
                    _text("excluded_why", "Why they are not to be put into working groups."),
                    _flag("over_committed", "Already in as many groups as they can carry."),
                    _flag("contact_upward", "May be shown to teams below, so that a way up can be found."),
                    _date("asked_on", "When they were last asked whom they know."),
                    _text("phone", "Telephone number.", sensitive=True),
                    _text("email", "E-mail address.", sensitive=True),
                    _text("address", "Postal address.", sensitive=True),
                    _text(
                        "category", "Category of data subject (Data Protection Act 2018, section 38).", sensitive=True
                    ),
                    _text("health", "Anything about health that was volunteered.", sensitive=True),
                    _NOTES,
                ),
                "people",
            ),
            NodeSpec(
                _A,
                "An organisation, group, agency, business or network that people belong to.",
                "associations.csv",
                (
                    _NAME,
                    _choice(
                        "kind",
                        "What sort of association it is.",
                        "residents",
                        "faith",
                        "business",
                        "retailer",
                        "school",
                        "council",
                        "police",
                        "housing",
                        "health",
                        "charity",
                        "club",
                        "network",
                        "other",
                    ),
                    _flag("own", "One of our own organisations: a way up may start with any of its members."),
                    Field("size", FieldKind.WHOLE, "How many members it really has, where more than are mapped."),
                    _flag("contact_upward", "May be shown to teams below, so that a way up can be found."),
                    _text("website", "Its address on the web."),
                    _NOTES,
                ),
                "associations",
            ),
            NodeSpec(
                _ASSET,
                "Something the community already has and can put to use.",
                "assets.csv",
                (
                    _NAME,
                    _choice(
                        "kind",
                        "What sort of asset it is.",
                        "building",
                        "space",
                        "skill",
                        "equipment",
                        "network",
                        "funding",
                        "information",
                    ),
                    _text("available", "When and how it can be had."),
                    _NOTES,
                ),
                "assets",
            ),
            NodeSpec(
                _PROBLEM,
                "What is wrong, as those who live with it see it.",
                "problems.csv",
                (
                    _NAME,
                    _text("description", "The problem in a few sentences."),
                    _choice("demand", "The kind of demand it makes.", "excess", "preventable", "shunt", "failure"),
                    _date("since", "Since when it has been a problem."),
                    Field("population", FieldKind.WHOLE, "How many people live with it."),
                    _text("solved_looks_like", "What the place looks like when it is solved."),
                ),
                "problems",
            ),
            NodeSpec(
                _SOLUTION,
                "Something that may solve a problem, from idea to done.",
                "solutions.csv",
                (
                    _NAME,
                    _text("description", "The solution in a few sentences."),
                    _choice("state", "How far it has come.", "idea", "agreed", "under way", "done", "dropped"),
                    _text("success_measure", "How anybody will know that it worked."),
                ),
                "solutions",
            ),
            NodeSpec(
                _BARRIER,
                "What will make a solution fail unless somebody lifts it.",
                "barriers.csv",
                (
                    _NAME,
                    _text("description", "The barrier in a few sentences."),
                    _choice("state", "Whether it still stands.", "open", "escalated", "lifted"),
                ),
                "barriers",
            ),
            NodeSpec(
                _PLACE,
                "A place: a street, an estate, a beat, a town.",
                "places.csv",
                (
                    _NAME,
                    _text("kind", "What sort of place it is: street, estate, beat, town, ..."),
                    Field("latitude", FieldKind.NUMBER, "Degrees north, WGS 84."),
                    Field("longitude", FieldKind.NUMBER, "Degrees east, WGS 84."),
                ),
                "places",
            ),
            NodeSpec(
                NodeType.ACTIVITY,
                "A contact, visit or meeting: the dose of engagement.",
                "activities.csv",
                (
                    _NAME,
                    _choice("kind", "What sort of contact it was.", "visit", "meeting", "call", "event", "walk-round"),
                    _date("on", "The day it took place.", required=True),
                    Field("minutes", FieldKind.WHOLE, "How long it took, in minutes."),
                    _NOTES,
                ),
                "activities",
            ),
            NodeSpec(
                NodeType.WORKING_GROUP,
                "People who have agreed to work on a problem together.",
                "working_groups.csv",
                (_NAME, _date("since", "When it was formed."), _NOTES),
                "working groups",
            ),
            NodeSpec(
                NodeType.TEAM,
                "A team of officers or partners that uses Kith.",
                "teams.csv",
                (_NAME, _date("since", "When it was formed."), _NOTES),
                "teams",
            ),
            NodeSpec(
                NodeType.ENGAGEMENT,
                "One run of the eight steps of Intensive Engagement.",
                "engagements.csv",
                (_NAME, _date("since", "When it began."), _NOTES),
                "engagements",
            ),
        )
    }
)


def _pairs(starts: tuple[NodeType, ...], ends: tuple[NodeType, ...]) -> tuple[tuple[NodeType, NodeType], ...]:
    return tuple((start, end) for start in starts for end in ends)


_LOCATABLE = tuple(node for node in NodeType if node is not _PLACE)

TIE_TYPES: Mapping[TieType, TieSpec] = MappingProxyType(
    {
        spec.type: spec
        for spec in (
            TieSpec(
                TieType.KNOWS,
                "Two people know each other well enough to ask something of one another.",
                _pairs((_S,), (_S,)),
                "{start} knows {end}",
                "{end} knows {start}",
                (_STRENGTH,),
                Connects(0.6),
                Carries(0.6, 0.6, own=True),
                directed=False,
            ),
            TieSpec(
                TieType.REPORTS_TO,
                "One person answers to another at work.",
                _pairs((_S,), (_S,)),
                "{start} reports to {end}",
                "{end} manages {start}",
                (_STRENGTH,),
                Connects(0.6),
                Carries(0.8, None, own=True),
            ),
            TieSpec(
                TieType.MEMBER_OF,
                "A person belongs to an association, in a role and at a level of it.",
                _pairs((_S,), (_A,)),
                "{start} belongs to {end}",
                "{end} counts {start} among its members",
                (
                    _text("role", "What they are in it: secretary, store manager, ..."),
                    _choice("level", "How far up they sit; empty: local.", *_LEVELS),
                ),
                Connects(0.5, by_membership=True),
                Carries(0.7, 0.7),
            ),
            TieSpec(
                TieType.PART_OF,
                "An association or place is part of a larger one.",
                (*_pairs((_A,), (_A,)), *_pairs((_PLACE,), (_PLACE,))),
                "{start} is part of {end}",
                "{end} includes {start}",
                carries=Carries(0.7, None),
            ),
            TieSpec(
                TieType.CAN_DECIDE,
                "A person, or an association at a level of it, has the power to decide this.",
                _pairs((_S, _A), (_BARRIER, _SOLUTION, _PROBLEM, _ASSET)),
                "{start} can decide {end}",
                "{end} can be decided by {start}",
                (_choice("level", "The lowest level that can decide it; empty: local.", *_LEVELS),),
            ),
            TieSpec(
                TieType.AFFECTED_BY,
                "A person or association lives with a problem.",
                _pairs((_S, _A), (_PROBLEM,)),
                "{start} is affected by {end}",
                "{end} affects {start}",
            ),
            TieSpec(
                TieType.HAS,
                "A person, association or place has an asset.",
                _pairs((_S, _A, _PLACE), (_ASSET,)),
                "{start} has {end}",
                "{end} belongs to {start}",
            ),
            TieSpec(
                TieType.ADDRESSES,
                "A solution is meant to solve a problem.",
                _pairs((_SOLUTION,), (_PROBLEM,)),
                "{start} addresses {end}",
                "{end} is addressed by {start}",
            ),
            TieSpec(
                TieType.USES,
                "A solution puts an asset to use.",
                _pairs((_SOLUTION,), (_ASSET,)),
                "{start} uses {end}",
                "{end} is used by {start}",
            ),
            TieSpec(
                TieType.RESPONSIBLE_FOR,
                "A person or association has to see to this.",
                _pairs((_S, _A), (_SOLUTION, _ASSET, _PROBLEM)),
                "{start} is responsible for {end}",
                "{end} is seen to by {start}",
            ),
            TieSpec(
                TieType.BLOCKED_BY,
                "A solution will fail unless a barrier is lifted.",
                _pairs((_SOLUTION,), (_BARRIER,)),
                "{start} is blocked by {end}",
                "{end} blocks {start}",
            ),
            TieSpec(
                TieType.LOCATED_IN,
                "Something or somebody is to be found in a place.",
                _pairs(_LOCATABLE, (_PLACE,)),
                "{start} is in {end}",
                "{end} is where {start} is",
            ),
            TieSpec(
                TieType.ATTENDED,
                "A person was at an activity.",
                _pairs((_S,), (NodeType.ACTIVITY,)),
                "{start} was at {end}",
                "{end} was attended by {start}",
            ),
            TieSpec(
                TieType.ABOUT,
                "An activity was about this.",
                _pairs((NodeType.ACTIVITY,), (_PROBLEM, _SOLUTION, _ASSET, _A)),
                "{start} was about {end}",
                "{end} was the subject of {start}",
            ),
            TieSpec(
                TieType.IN_GROUP,
                "A person is in a working group.",
                _pairs((_S,), (NodeType.WORKING_GROUP,)),
                "{start} is in {end}",
                "{end} includes {start}",
                (
                    _text("role", "What they are in the group."),
                    _flag("accepted", "They have said yes."),
                ),
            ),
            TieSpec(
                TieType.FOR,
                "A working group works on a problem.",
                _pairs((NodeType.WORKING_GROUP,), (_PROBLEM,)),
                "{start} works on {end}",
                "{end} is worked on by {start}",
            ),
            TieSpec(
                TieType.OF_TEAM,
                "A person is in a team that uses Kith.",
                _pairs((_S,), (NodeType.TEAM,)),
                "{start} is in {end}",
                "{end} includes {start}",
            ),
        )
    }
)

strength_words: Mapping[str, float] = MappingProxyType({"weak": 0.3, "some": 0.6, "strong": 0.9})
"""The words that a strength may be given in, and what each stands for."""


def tie_type(name: str) -> TieType | None:
    """The tie type of this name, whatever its case; None where there is none."""
    folded = name.strip().upper()
    return TieType(folded) if folded in TieType.__members__.values() else None
