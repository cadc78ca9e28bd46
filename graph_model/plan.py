"""What a change would do: its steps against what is stored, checked whole before anything is written.

Pure: the store reads what the steps are about into a ``Stored`` and writes the ``Effects`` that come back. The checks
that need to see more than one record stand here: ids are one space, ends exist, required fields, dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph_model.changes import (
    BOOKKEEPING,
    EDITED,
    Change,
    ChangeKind,
    Conflict,
    DropNode,
    DropTie,
    Effects,
    NodeEffect,
    PutNode,
    PutTie,
    TieEffect,
)
from graph_model.errors import ChangeRefused, RecordError
from graph_model.records import NodeRecord, TieKey, check_dates, check_ends
from graph_model.schema import NODE_TYPES, NodeType

__all__ = ["Properties", "Stored", "StoredNode", "Wanted", "difference", "plan", "stamped", "wanted"]

Properties = dict[str, Any]
_STAMPS = frozenset(BOOKKEEPING)


class StoredNode(NamedTuple):
    """A node as it is kept: its type and all its properties."""

    type: NodeType
    properties: Properties


@dataclass(slots=True)
class Stored:
    """What is kept of the records that a change is about. Absent: it is not there."""

    nodes: dict[str, StoredNode] = field(default_factory=dict)
    ties: dict[TieKey, Properties] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The records that must be read before a change can be planned; ``all_ties_of``: nodes that will go."""

    ids: set[str]
    keys: set[TieKey]
    all_ties_of: set[str]

    def stands_on(self, touched: set[str | TieKey]) -> bool:
        """Whether any of these records is among those that the plan looked at."""
        return not (touched.isdisjoint(self.ids) and touched.isdisjoint(self.keys))


def wanted(change: Change, undone: Effects | None = None) -> Wanted:
    """Which records a change is about. ``undone``: what the change it undoes did."""
    want = Wanted(set(), set(), set())
    for step in change.steps:
        match step:
            case PutNode(record):
                want.ids.add(record.id)
            case DropNode(node_id):
                want.ids.add(node_id)
                want.all_ties_of.add(node_id)
            case PutTie(record):
                want.keys.add(record.key.canonical)
            case DropTie(key):
                want.keys.add(key.canonical)
    if undone:
        want.ids.update(effect.id for effect in undone.nodes)
        want.keys.update(effect.key for effect in undone.ties)
        want.all_ties_of.update(effect.id for effect in undone.nodes if effect.before is None)
    for key in want.keys:
        want.ids.update((key.start, key.end))
    return want


def plan(change: Change, stored: Stored) -> Effects:
    """What a change would do to what is stored.

    Raises
    ------
    ChangeRefused
        With every reason, and the place of the step that each is about.
    """
    draft = _Draft(change, stored)
    for place, step in enumerate(change.steps):
        try:
            match step:
                case PutNode(record, new):
                    draft.put_node(place, record, new=new)
                case PutTie(record, new):
                    draft.put_tie(place, record.key, record.fields, new=new)
                case DropNode(node_id):
                    draft.drop_node(node_id)
                case DropTie(key):
                    draft.drop_tie(key.canonical)
        except RecordError as error:
            draft.refuse(place, error)
        except ChangeRefused as refused:
            draft.refuse(place, *refused.reasons)
    return draft.effects()


class _Draft:
    """The stored records with the steps so far laid over them."""

    def __init__(self, change: Change, stored: Stored) -> None:
        self._change = change
        self._stored = stored
        self._nodes: dict[str, StoredNode | None] = {}
        self._ties: dict[TieKey, Properties | None] = {}
        self._conflicts: list[Conflict] = []
        self._reasons: list[RecordError] = []
        self._places: list[int | None] = []

    def refuse(self, place: int, *errors: RecordError) -> None:
        self._reasons.extend(errors)
        self._places.extend(place for _ in errors)

    def put_node(self, place: int, record: NodeRecord, *, new: bool) -> None:
        current = self._node(record.id)
        if current is None:
            was = self._stored.nodes.get(record.id)
            if was and was.type is not record.type:
                raise RecordError(
                    "id",
                    f'"{record.id}" is a {was.type.value} until this change removes it.',
                    "Remove it first, then add this one by a change of its own.",
                )
            missing = [
                RecordError(field.name, "is missing.", f"A new {record.type.value} needs it.")
                for field in NODE_TYPES[record.type].own_fields
                if field.required and record.fields.get(field.name) is None
            ]
            if missing:
                raise ChangeRefused(missing)
            self._nodes[record.id] = StoredNode(record.type, self._created({"id": record.id}, record.fields))
            return
        if current.type is not record.type:
            raise RecordError(
                "id",
                f'"{record.id}" is the id of the {current.type.value} {current.properties.get("name", "")} already.',
                "Ids are one space over all types: give this one another.",
            )
        if new:
            raise RecordError("id", f'"{record.id}" is there already.', "Change that one, or give this one another id.")
        changed = self._changed(place, record.type, record.id, current.properties, record.fields)
        if changed is not None:
            self._nodes[record.id] = StoredNode(record.type, changed)

    def put_tie(self, place: int, given: TieKey, fields: Mapping[str, Any], *, new: bool) -> None:
        start, end = self._end("from", given.start), self._end("to", given.end)
        check_ends(given.type, start, end)
        key = given.canonical
        current = self._tie(key)
        if current is None:
            self._ties[key] = self._created({}, fields)
            return
        if new:
            raise RecordError("", "This tie is there already.", "Change that one.")
        changed = self._changed(place, key, f"{key.start} {key.type.value} {key.end}", current, fields)
        if changed is not None:
            self._ties[key] = changed

    def drop_node(self, node_id: str) -> None:
        if self._node(node_id) is None:
            raise RecordError("id", f'Nothing has the id "{node_id}".', "It may have been removed already.")
        self._nodes[node_id] = None
        for key in {**self._stored.ties, **self._ties}:
            if node_id in (key.start, key.end):
                self._ties[key] = None

    def drop_tie(self, key: TieKey) -> None:
        if self._tie(key) is None:
            raise RecordError("", "This tie is not there.", "It may have been removed already.")
        self._ties[key] = None

    def effects(self) -> Effects:
        if self._reasons:
            raise ChangeRefused(self._reasons, self._places)
        nodes, ties = [], []
        for node_id, node in self._nodes.items():
            was = self._stored.nodes.get(node_id)
            kept = node or was
            before, after = difference(was and was.properties, node and node.properties)
            if kept and _matters(before, after):
                nodes.append(NodeEffect(kept.type, node_id, before, after))
        for key, tie in self._ties.items():
            before, after = difference(self._stored.ties.get(key), tie)
            if _matters(before, after):
                ties.append(TieEffect(key, self._type(key.start), self._type(key.end), before, after))
        return Effects(tuple(nodes), tuple(ties), tuple(self._conflicts))

    def _node(self, node_id: str) -> StoredNode | None:
        return self._nodes[node_id] if node_id in self._nodes else self._stored.nodes.get(node_id)

    def _tie(self, key: TieKey) -> Properties | None:
        return self._ties[key] if key in self._ties else self._stored.ties.get(key)

    def _type(self, node_id: str) -> NodeType:
        node = self._node(node_id) or self._stored.nodes[node_id]
        return node.type

    def _end(self, column: str, node_id: str) -> NodeType:
        node = self._node(node_id)
        if node is None:
            raise RecordError(column, f'nothing has the id "{node_id}".', "Add it first, or correct the id.")
        return node.type

    def _created(self, properties: Properties, fields: Mapping[str, Any]) -> Properties:
        for name, value in fields.items():
            if value is not None:
                properties[name] = value
        if self._change.kind is not ChangeKind.IMPORT and (edited := sorted(properties.keys() - {"id"})):
            properties[EDITED] = edited
        properties["created_by"] = self._change.by
        properties["created_at"] = self._change.at
        return properties

    def _changed(
        self, place: int, record: NodeType | TieKey, record_id: str, current: Properties, fields: Mapping[str, Any]
    ) -> Properties | None:
        """The properties with the fields set; None where nothing differs."""
        offered = {name: value for name, value in fields.items() if current.get(name) != value}
        edited = set(current.get(EDITED) or ())
        if self._change.kind is ChangeKind.IMPORT and not self._change.overwrite:
            for name in sorted(edited & offered.keys()):
                value = offered.pop(name)
                self._conflicts.append(Conflict(place, record, record_id, name, current.get(name), value))
        if not offered:
            return None
        merged = {**current, **offered}
        check_dates(merged)
        edited = edited - offered.keys() if self._change.kind is ChangeKind.IMPORT else edited | offered.keys()
        merged[EDITED] = sorted(edited) or None
        return stamped(merged, self._change)


def stamped(properties: Properties, change: Change) -> Properties:
    """The properties marked as updated by a change, those that are None left out."""
    properties["updated_by"], properties["updated_at"] = change.by, change.at
    return {name: value for name, value in properties.items() if value is not None}


def _matters(before: Properties | None, after: Properties | None) -> bool:
    """Whether anything but who touched it last differs: a step may take back what one before it did."""
    if before is None or after is None:
        return before is not after
    return not after.keys() <= _STAMPS


def difference(was: Properties | None, now: Properties | None) -> tuple[Properties | None, Properties | None]:
    """The properties that differ, before and after; whole where the record came or went."""
    if was is None or now is None:
        return was, now
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return {name: was.get(name) for name in names}, {name: now.get(name) for name in names}
