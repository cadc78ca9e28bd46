"""From effects to statements: what a transaction runs to make them so, and what it reads to plan them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from graph_model.changes import Effects, NodeEffect, TieEffect
from graph_model.plan import Stored, StoredNode, Wanted
from graph_model.records import TieKey
from graph_model.schema import NodeType, TieType
from graph_model.statements import Word

__all__ = ["Progress", "Runner", "read_all", "read_stored", "write_effects"]

_BATCH: Final = 5_000
_HEAVY: Final = 8_000_000
"""Characters in one batch: the embedded engine never answers a message above 64 MiB, and a character is up to four."""
_MANY: Final = 2_000
"""From here on reading a whole type costs less than looking its records up one by one."""

Row = TypeVar("Row")
Progress = Callable[[int, int], None]
"""Told how many records are written so far, and of how many."""


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


def read_all(run: Runner) -> tuple[list[StoredNode], list[tuple[TieKey, dict[str, Any]]]]:
    """Everything that is stored."""
    nodes = [StoredNode(node, row["properties"]) for node in NodeType for row in run("list_nodes", {"Node": node})]
    return nodes, [found for tie in TieType for found in _keyed(tie, run("list_ties", {"Tie": tie}))]


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


def write_effects(run: Runner, effects: Effects, progress: Progress | None = None) -> None:
    """Make the effects so: what goes first, then nodes, then ties."""
    done, total = 0, len(effects.nodes) + len(effects.ties)
    for name, words, parameter, rows in _batches(effects):
        run(name, words, **{parameter: rows})
        done += len(rows)
        if progress:
            progress(done, total)


Batch = tuple[str, Mapping[str, Word], str, Sequence[Any]]


def _batches(effects: Effects) -> Iterator[Batch]:
    nodes, ties = effects.nodes, effects.ties
    gone = [tie for tie in ties if tie.after is None]
    yield from _tie_batches("delete_ties", gone, lambda tie: _place(tie.key))
    lost = [node for node in nodes if node.after is None]
    yield from _node_batches("delete_nodes", lost, lambda node: node.id, "ids")
    new = [node for node in nodes if node.before is None]
    yield from _node_batches("create_nodes", new, lambda node: node.after)
    changed = [node for node in nodes if node.before is not None and node.after is not None]
    yield from _node_batches("update_nodes", changed, lambda node: {"id": node.id, "properties": node.after})
    added = [tie for tie in ties if tie.before is None]
    yield from _tie_batches("create_ties", added, _new_tie)
    moved = [tie for tie in ties if tie.before is not None and tie.after is not None]
    yield from _tie_batches("update_ties", moved, lambda tie: {**_place(tie.key), "properties": tie.after})


def _place(key: TieKey) -> dict[str, Any]:
    return {"start": key.start, "end": key.end, "role": key.role, "valid_from": key.valid_from}


def _new_tie(tie: TieEffect) -> dict[str, Any]:
    return {"start": tie.key.start, "end": tie.key.end, "properties": tie.after}


def _node_batches(
    name: str, nodes: Sequence[NodeEffect], row: Callable[[NodeEffect], Any], parameter: str = "rows"
) -> Iterator[Batch]:
    for kind, group in _grouped(nodes, lambda node: node.type):
        yield from _cut(name, {"Node": kind}, parameter, [row(node) for node in group])


def _tie_batches(name: str, ties: Sequence[TieEffect], row: Callable[[TieEffect], Any]) -> Iterator[Batch]:
    for (start, tie, end), group in _grouped(ties, lambda tie: (tie.start_type, tie.key.type, tie.end_type)):
        yield from _cut(name, {"From": start, "Tie": tie, "To": end}, "rows", [row(tie) for tie in group])


def _cut(name: str, words: Mapping[str, Word], parameter: str, rows: Sequence[Any]) -> Iterator[Batch]:
    begin = weight = 0
    for place, row in enumerate(rows):
        heavier = weight + _weight(row)
        if place - begin == _BATCH or (heavier > _HEAVY and place > begin):
            yield name, words, parameter, rows[begin:place]
            begin, heavier = place, _weight(row)
        weight = heavier
    if begin < len(rows):
        yield name, words, parameter, rows[begin:]


def _weight(row: Any) -> int:
    """About how many characters a row holds."""
    if isinstance(row, str):
        return len(row)
    if isinstance(row, dict | list):
        return sum(map(_weight, row.values() if isinstance(row, dict) else row))
    return 8


def _grouped(rows: Iterable[Row], of: Callable[[Row], Any]) -> Iterator[tuple[Any, list[Row]]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[of(row)].append(row)
    yield from groups.items()
