"""Changes: everything that is written, as what somebody asked for and what it did.

A Change is a list of steps (put or drop a node or tie). Applied, each record it touched leaves one Effect: the fields
before and after. Effects are what the history shows, what undo turns round, and what brings a Network up to date.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import orjson
from uuid6 import uuid7

from graph_model.records import NodeRecord, TieKey, TieRecord
from graph_model.schema import NodeType, TieType

__all__ = [
    "BOOKKEEPING",
    "Change",
    "ChangeKind",
    "Conflict",
    "Counts",
    "DropNode",
    "DropTie",
    "Effects",
    "Entry",
    "NodeEffect",
    "PutNode",
    "PutTie",
    "Step",
    "TieEffect",
    "new_id",
    "now",
    "pack",
    "unpack",
]

Fields = Mapping[str, Any]

BOOKKEEPING: Final = ("created_by", "created_at", "updated_by", "updated_at")
"""The properties Kith keeps on every node and tie beside its fields."""
EDITED: Final = "edited"
"""The property that lists the fields edited in Kith since the last import, which an import leaves alone."""


class ChangeKind(StrEnum):
    """What sort of act a change was."""

    EDIT = "edit"
    IMPORT = "import"
    UNDO = "undo"


def new_id() -> str:
    """A fresh id: a UUIDv7, which sorts by the time it was made."""
    return str(uuid7())


def now() -> str:
    """This moment in UTC, to the second, as it is kept."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class PutNode:
    """Add a node, or set the given fields of one that is there. ``new``: it must not be there yet."""

    record: NodeRecord
    new: bool = False


@dataclass(frozen=True, slots=True)
class PutTie:
    """Add a tie, or set the given fields of one that is there. ``new``: it must not be there yet."""

    record: TieRecord
    new: bool = False


@dataclass(frozen=True, slots=True)
class DropNode:
    """Take away a node and its ties."""

    id: str


@dataclass(frozen=True, slots=True)
class DropTie:
    """Take away a tie."""

    key: TieKey


Step = PutNode | PutTie | DropNode | DropTie


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody asked for. Applying one with the same id again does nothing.

    ``overwrite`` lets an import set fields that were edited in Kith since the last one.
    """

    by: str
    why: str
    steps: Sequence[Step]
    kind: ChangeKind = ChangeKind.EDIT
    overwrite: bool = False
    id: str = field(default_factory=new_id)
    at: str = field(default_factory=now)
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class NodeEffect:
    """What became of one node. None: it was not, or is no longer, there. Else the fields that differ."""

    type: NodeType
    id: str
    before: Fields | None
    after: Fields | None


@dataclass(frozen=True, slots=True)
class TieEffect:
    """What became of one tie, as for a node; with the types of its ends, so that it can be found by label."""

    key: TieKey
    start_type: NodeType
    end_type: NodeType
    before: Fields | None
    after: Fields | None


Effect = NodeEffect | TieEffect
"""What became of one record."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records were added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    @classmethod
    def of(cls, effects: Iterable[Effect]) -> "Counts":
        """Count effects."""
        added = changed = removed = 0
        for effect in effects:
            if effect.before is None:
                added += 1
            elif effect.after is None:
                removed += 1
            else:
                changed += 1
        return cls(added, changed, removed)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody edited in Kith since the last import, and that an import would have changed."""

    place: int
    record: NodeType | TieKey
    id: str
    column: str
    kept: Any
    offered: Any


@dataclass(frozen=True, slots=True)
class Effects:
    """What a change would do, or did: nodes and ties by identity, and the fields it left alone."""

    nodes: tuple[NodeEffect, ...] = ()
    ties: tuple[TieEffect, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing differs."""
        return not self.nodes and not self.ties

    @property
    def touched(self) -> set[str | TieKey]:
        """The identities of all records it touches, and the ends of its ties."""
        ids: set[str | TieKey] = {effect.id for effect in self.nodes}
        for effect in self.ties:
            ids.update((effect.key, effect.key.start, effect.key.end))
        return ids


@dataclass(frozen=True, slots=True)
class Entry:
    """A change on the record. ``number`` is the version it made, ``undoes`` the number of the change it took back."""

    number: int
    id: str
    kind: ChangeKind
    by: str
    at: str
    why: str
    nodes: Counts
    ties: Counts
    chunks: int
    undoes: int | None = None

    def properties(self) -> dict[str, Any]:
        """The properties of its node in the database."""
        return {
            "id": self.id,
            "number": self.number,
            "kind": self.kind.value,
            "by": self.by,
            "at": self.at,
            "why": self.why,
            "nodes": [self.nodes.added, self.nodes.changed, self.nodes.removed],
            "ties": [self.ties.added, self.ties.changed, self.ties.removed],
            "chunks": self.chunks,
            "undoes": self.undoes,
        }

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> "Entry":
        """An entry from the properties of its node."""
        return cls(
            properties["number"],
            properties["id"],
            ChangeKind(properties["kind"]),
            properties["by"],
            properties["at"],
            properties["why"],
            Counts(*properties["nodes"]),
            Counts(*properties["ties"]),
            properties["chunks"],
            properties.get("undoes"),
        )


_CHUNK: Final = 20_000
_PART: Final = 16 * 2**20
"""Bytes above which a part is halved: the embedded engine never answers a message above 64 MiB."""


def pack(effects: Effects) -> list[bytes]:
    """Effects as compressed parts, to be kept with their change.

    A part holds at most 20,000 records and, but for a single record, at most 16 MiB.
    """
    rows: list[list[Any]] = [["n", e.type, e.id, e.before, e.after] for e in effects.nodes]
    rows += [
        [
            "t",
            e.key.type,
            e.key.start,
            e.key.end,
            e.key.role,
            e.key.valid_from,
            e.start_type,
            e.end_type,
            e.before,
            e.after,
        ]
        for e in effects.ties
    ]
    return [part for begin in range(0, len(rows), _CHUNK) for part in _packed(rows[begin : begin + _CHUNK])]


def _packed(rows: list[list[Any]]) -> Iterator[bytes]:
    part = zlib.compress(orjson.dumps(rows), level=1)
    if len(part) <= _PART or len(rows) == 1:
        yield part
    else:
        middle = len(rows) // 2
        yield from _packed(rows[:middle])
        yield from _packed(rows[middle:])


def unpack(chunks: Iterable[bytes]) -> Effects:
    """Effects from their parts, in order."""
    nodes: list[NodeEffect] = []
    ties: list[TieEffect] = []
    for row in _rows(chunks):
        if row[0] == "n":
            nodes.append(NodeEffect(NodeType(row[1]), row[2], row[3], row[4]))
        else:
            key = TieKey(TieType(row[1]), row[2], row[3], row[4], row[5])
            ties.append(TieEffect(key, NodeType(row[6]), NodeType(row[7]), row[8], row[9]))
    return Effects(tuple(nodes), tuple(ties))


def _rows(chunks: Iterable[bytes]) -> Iterator[list[Any]]:
    for chunk in chunks:
        yield from orjson.loads(zlib.decompress(chunk))
