"""What is kept as plain data: a node with its ties in words, a change, what an import did.

The store's own classes are known here by their shape only, because analytics never sees the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, runtime_checkable

from analytics.words import counted, listed
from graph_model.changes import BOOKKEEPING, ChangeKind, Counts, Effects, Entry
from graph_model.plan import StoredNode
from graph_model.records import TieKey
from graph_model.schema import NODE_TYPES, TIE_TYPES, NodeType

__all__ = ["effects_plain", "entry_plain", "imported_plain", "neighbour_plain", "node_plain", "tie_plain"]

Plain = dict[str, Any]
_PROBLEMS_SHOWN: Final = 100
_EFFECTS_SHOWN: Final = 1_000


class _Neighbour(Protocol):
    """A tie seen from one of its ends: ``graph_model.store.Neighbour``."""

    @property
    def key(self) -> TieKey: ...
    @property
    def outward(self) -> bool: ...
    @property
    def other(self) -> str: ...
    @property
    def other_type(self) -> NodeType: ...
    @property
    def other_name(self) -> str: ...
    @property
    def fields(self) -> dict[str, Any]: ...


class _Place(Protocol):
    @property
    def file(self) -> str: ...
    @property
    def row(self) -> int: ...


class _Problem(_Place, Protocol):
    @property
    def column(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def right(self) -> str: ...


class _Conflict(Protocol):
    @property
    def place(self) -> _Place: ...
    @property
    def id(self) -> str: ...
    @property
    def column(self) -> str: ...
    @property
    def kept(self) -> str: ...
    @property
    def offered(self) -> str: ...


class _Imported(Protocol):
    """What an import did: ``graph_model.importing.Imported``."""

    @property
    def rows(self) -> int: ...
    @property
    def nodes(self) -> Counts: ...
    @property
    def ties(self) -> Counts: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def conflicts(self) -> Sequence[_Conflict]: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def entry(self) -> Entry | None: ...


@runtime_checkable
class _Refused(Protocol):
    """An import that was refused: ``graph_model.importing.ImportRefused``."""

    @property
    def problems(self) -> Sequence[_Problem]: ...
    @property
    def notes(self) -> Sequence[str]: ...


def node_plain(node: StoredNode, ties: Iterable[_Neighbour]) -> Plain:
    """One node: its fields in the schema's order, who wrote it when, and its ties in words.

    Parameters
    ----------
    node
        What ``Store.node`` gave.
    ties
        What ``Store.ties_of`` gave.
    """
    properties = node.properties
    name = str(properties.get("name") or "")
    return {
        "id": properties["id"],
        "type": node.type.value,
        "name": name,
        "fields": _fields(properties, (field.name for field in NODE_TYPES[node.type].fields)),
        "record": _record(properties),
        "ties": [neighbour_plain(name, tie) for tie in ties],
    }


def neighbour_plain(name: str, tie: _Neighbour) -> Plain:
    """One tie seen from one of its ends, which is called ``name``; the sentence reads from there."""
    spec = TIE_TYPES[tie.key.type]
    names = {"start": name, "end": tie.other_name} if tie.outward else {"start": tie.other_name, "end": name}
    says = (spec.says if tie.outward else spec.says_back).format(**names)
    return {
        **tie_plain(tie.key, tie.fields),
        "outward": tie.outward,
        "other": tie.other,
        "other_type": tie.other_type.value,
        "other_name": tie.other_name,
        "sentence": f"{says}, as {tie.key.role}" if tie.key.role else says,
    }


def tie_plain(key: TieKey, fields: Mapping[str, Any]) -> Plain:
    """One tie: what makes it that tie, its fields in the schema's order, and who wrote it when."""
    return {
        **_key(key),
        "fields": _fields(fields, (field.name for field in TIE_TYPES[key.type].fields)),
        "record": _record(fields),
    }


def entry_plain(entry: Entry) -> Plain:
    """One change of the history, with a sentence that says what it did."""
    return {
        "number": entry.number,
        "id": entry.id,
        "kind": entry.kind.value,
        "by": entry.by,
        "at": entry.at,
        "why": entry.why,
        "undoes": entry.undoes,
        "nodes": _counts(entry.nodes),
        "ties": _counts(entry.ties),
        "sentence": _did(entry),
    }


def effects_plain(effects: Effects) -> Plain:
    """What a change did to each record: the fields before and after (None: it was not, or is no longer, there).

    The first thousand records are listed; ``truncated`` says that there are more.
    """
    nodes = effects.nodes[:_EFFECTS_SHOWN]
    ties = effects.ties[: _EFFECTS_SHOWN - len(nodes)]
    return {
        "nodes": [
            {
                "id": effect.id,
                "type": effect.type.value,
                "before": _or_none(effect.before),
                "after": _or_none(effect.after),
            }
            for effect in nodes
        ],
        "ties": [
            {**_key(effect.key), "before": _or_none(effect.before), "after": _or_none(effect.after)} for effect in ties
        ],
        "truncated": len(nodes) < len(effects.nodes) or len(ties) < len(effects.ties),
    }


def imported_plain(outcome: _Imported | _Refused, *, dry_run: bool) -> Plain:
    """What an import did, would do in a dry run, or why it was refused; ``sentences`` say the same.

    Of a refused one ``problem_count`` counts in full, and ``problems`` lists the first hundred.
    """
    if isinstance(outcome, _Refused):
        return _refused(outcome)
    return {
        "dry_run": dry_run,
        "rows": outcome.rows,
        "nodes": _counts(outcome.nodes),
        "ties": _counts(outcome.ties),
        "unchanged": outcome.unchanged,
        "conflicts": [
            {
                "file": conflict.place.file,
                "row": conflict.place.row,
                "id": conflict.id,
                "column": conflict.column,
                "kept": conflict.kept,
                "offered": conflict.offered,
            }
            for conflict in outcome.conflicts[:_PROBLEMS_SHOWN]
        ],
        "conflict_count": len(outcome.conflicts),
        "notes": list(outcome.notes),
        "change": None if outcome.entry is None else entry_plain(outcome.entry),
        "sentences": _import_says(outcome, dry_run=dry_run),
    }


def _refused(refused: _Refused) -> Plain:
    count = len(refused.problems)
    is_wrong = counted(count, "thing is", "things are")
    return {
        "problems": [
            {
                "file": problem.file,
                "row": problem.row,
                "column": problem.column,
                "what": problem.what,
                "right": problem.right,
                "sentence": str(problem),
            }
            for problem in refused.problems[:_PROBLEMS_SHOWN]
        ],
        "problem_count": count,
        "notes": list(refused.notes),
        "sentences": [f"Nothing was imported: {is_wrong} wrong."],
    }


def _import_says(outcome: _Imported, *, dry_run: bool) -> list[str]:
    done = _happened(outcome.nodes, outcome.ties)
    read = counted(outcome.rows, "row was", "rows were")
    if not done:
        sentences = [
            f"{read} read. All of it is in Kith already, so nothing {'would change' if dry_run else 'changed'}."
        ]
    elif dry_run:
        sentences = [f"{read} read. Importing them would do this: {done}. Nothing was written."]
    else:
        number = f"change {outcome.entry.number}" if outcome.entry else "a change"
        sentences = [f"{read} read. {done[0].upper()}{done[1:]}: that is {number}."]
    if outcome.unchanged and done:
        sentences.append(f"{counted(outcome.unchanged, 'row says', 'rows say')} what Kith says already.")
    sentences += [str(conflict) for conflict in outcome.conflicts[:_PROBLEMS_SHOWN]]
    if len(outcome.conflicts) > _PROBLEMS_SHOWN:
        sentences.append(f"... and {len(outcome.conflicts) - _PROBLEMS_SHOWN:,} more that were edited in Kith.")
    return sentences + list(outcome.notes)


def _did(entry: Entry) -> str:
    """What a change did, in words without a full stop."""
    did = _happened(entry.nodes, entry.ties) or "nothing was changed"
    if entry.kind is ChangeKind.UNDO:
        return f"change {entry.undoes} was taken back: {did}"
    return f"a folder was imported: {did}" if entry.kind is ChangeKind.IMPORT else did


def _happened(nodes: Counts, ties: Counts) -> str:
    """Such as ``3 records and 5 ties added, 1 record changed``; empty where nothing was."""
    parts = []
    for name in ("added", "changed", "removed"):
        of_nodes, of_ties = getattr(nodes, name), getattr(ties, name)
        what = [counted(of_nodes, "record", "records")] if of_nodes else []
        what += [counted(of_ties, "tie", "ties")] if of_ties else []
        if what:
            parts.append(f"{listed(what)} {name}")
    return ", ".join(parts)


def _counts(counts: Counts) -> Plain:
    return {"added": counts.added, "changed": counts.changed, "removed": counts.removed}


def _key(key: TieKey) -> Plain:
    return {"type": key.type.value, "from": key.start, "to": key.end, "role": key.role, "valid_from": key.valid_from}


def _fields(properties: Mapping[str, Any], names: Iterable[str]) -> Plain:
    """The fields that are filled in."""
    return {name: properties[name] for name in names if properties.get(name) is not None}


def _record(properties: Mapping[str, Any]) -> Plain:
    """Who wrote it, and who changed it last; None: nobody has."""
    return {name: properties.get(name) for name in BOOKKEEPING}


def _or_none(fields: Mapping[str, Any] | None) -> Plain | None:
    return None if fields is None else dict(fields)
