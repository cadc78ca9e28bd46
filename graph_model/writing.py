"""From effects to statements: what a transaction runs to make them so, and what it reads to plan them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from graph_model.changes import Effects
from graph_model.plan import Stored, StoredNode, Wanted
from graph_model.records import TieKey
from graph_model.schema import NodeType, TieType
from graph_model.statements import Word

__all__ = ["Runner", "read_stored", "write_effects"]

_BATCH: Final = 5_000
_MANY: Final = 2_000
"""From here on reading a whole type costs less than looking its records up one by one."""

Row = TypeVar("Row")
Properties = Mapping[str, Any]


class Runner(Protocol):
    """Something that runs a statement by name inside a transaction, and gives its rows."""

    def __call__(
        self, name: str, words: Mapping[str, Word] | None = None, /, **parameters: Any
    ) -> list[dict[str, Any]]:
        """Run it."""


def read_stored(run: Runner, want: Wanted) -> Stored:
    """What is stored of the records a change is about."""
    stored = Stored()
    for node in _nodes(run, want.ids):
        stored.nodes[node.properties["id"]] = node
    known = [key for key in want.keys if key.start in stored.nodes and key.end in stored.nodes]
    for key, properties in _ties(run, known, stored.nodes):
        stored.ties[key] = properties
    for key, properties in _ties_of(run, want.all_ties_of, stored.nodes):
        stored.ties[key] = properties
        # An effect on such a tie names the types of both its ends.
    missing = {end for key in stored.ties for end in (key.start, key.end)} - stored.nodes.keys()
    for node in _nodes(run, missing):
        stored.nodes[node.properties["id"]] = node
    return stored


def _nodes(run: Runner, ids: set[str]) -> Iterator[StoredNode]:
    if len(ids) > _MANY:
        for node in NodeType:
            for row in run("list_nodes", {"Node": node}):
                if row["properties"]["id"] in ids:
                    yield StoredNode(node, row["properties"])
    elif ids:
        for row in run("find_nodes", ids=sorted(ids)):
            yield StoredNode(NodeType(row["type"]), row["properties"])


def _ties(
    run: Runner, keys: Sequence[TieKey], nodes: Mapping[str, StoredNode]
) -> Iterator[tuple[TieKey, dict[str, Any]]]:
    wanted = set(keys)
    if len(keys) > _MANY:
        for tie in TieType:
            yield from (found for found in _keyed(tie, run("list_ties", {"Tie": tie})) if found[0] in wanted)
        return
    for (start, tie, end), group in _grouped(keys, lambda key: (nodes[key.start].type, key.type, nodes[key.end].type)):
        pairs = {(key.start, key.end) for key in group}
        rows = run("find_ties", {"From": start, "Tie": tie, "To": end}, rows=[{"start": a, "end": b} for a, b in pairs])
        yield from (found for found in _keyed(tie, rows) if found[0] in wanted)


def _ties_of(run: Runner, ids: set[str], nodes: Mapping[str, StoredNode]) -> Iterator[tuple[TieKey, dict[str, Any]]]:
    there = ids & nodes.keys()
    if len(there) > _MANY // 10:
        for tie in TieType:
            for key, properties in _keyed(tie, run("list_ties", {"Tie": tie})):
                if key.start in there or key.end in there:
                    yield key, properties
        return
    for node_id in sorted(there):
        for row in run("list_all_ties_of", {"Node": nodes[node_id].type}, id=node_id):
            start, end = (node_id, row["other"]) if row["outward"] else (row["other"], node_id)
            yield from _keyed(TieType(row["type"]), [{"start": start, "end": end, "properties": row["properties"]}])


def _keyed(tie: TieType, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[TieKey, dict[str, Any]]]:
    for row in rows:
        fields = row["properties"]
        yield TieKey(tie, row["start"], row["end"], fields.get("role") or "", fields.get("valid_from") or ""), fields


def write_effects(run: Runner, effects: Effects) -> None:
    """Make the effects so: what goes first, then nodes, then ties."""
    gone = [tie for tie in effects.ties if tie.after is None]
    _write_ties(run, "delete_ties", [(tie, _place(tie.key)) for tie in gone])
    for kind, group in _grouped([node for node in effects.nodes if node.after is None], lambda node: node.type):
        _batched(run, "delete_nodes", {"Node": kind}, "ids", [node.id for node in group])
    for kind, group in _grouped([node for node in effects.nodes if node.before is None], lambda node: node.type):
        _batched(run, "create_nodes", {"Node": kind}, "rows", [node.after for node in group])
    changed = [node for node in effects.nodes if node.before is not None and node.after is not None]
    for kind, group in _grouped(changed, lambda node: node.type):
        rows = [{"id": node.id, "properties": node.after} for node in group]
        _batched(run, "update_nodes", {"Node": kind}, "rows", rows)
    new = [tie for tie in effects.ties if tie.before is None]
    _write_ties(run, "create_ties", [(e, {"start": e.key.start, "end": e.key.end, "properties": e.after}) for e in new])
    changed_ties = [tie for tie in effects.ties if tie.before is not None and tie.after is not None]
    _write_ties(run, "update_ties", [(e, {**_place(e.key), "properties": e.after}) for e in changed_ties])


def _place(key: TieKey) -> dict[str, Any]:
    return {"start": key.start, "end": key.end, "role": key.role, "valid_from": key.valid_from}


def _write_ties(run: Runner, name: str, rows: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    for (start, tie, end), group in _grouped(rows, lambda row: (row[0].start_type, row[0].key.type, row[0].end_type)):
        _batched(run, name, {"From": start, "Tie": tie, "To": end}, "rows", [row for _, row in group])


def _batched(run: Runner, name: str, words: Mapping[str, Word], parameter: str, rows: Sequence[Any]) -> None:
    for begin in range(0, len(rows), _BATCH):
        run(name, words, **{parameter: rows[begin : begin + _BATCH]})


def _grouped(rows: Iterable[Row], of: Any) -> Iterator[tuple[Any, list[Row]]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[of(row)].append(row)
    yield from groups.items()
