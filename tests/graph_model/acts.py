"""Short words for what tests do to a network, and for looking at what came of it."""

from typing import Any

import numpy as np

from graph_model.changes import BOOKKEEPING, EDITED, Change, ChangeKind, DropNode, DropTie, PutNode, PutTie, Step
from graph_model.columns import Texts
from graph_model.network import Network, NodeColumns, TieColumns, column_sources
from graph_model.records import TieKey, read_node, read_tie
from graph_model.schema import NodeType, TieType
from graph_model.store import Applied, Store

State = tuple[dict[str, tuple[NodeType, dict[str, Any]]], dict[TieKey, dict[str, Any]]]
_UNSEEN = {*BOOKKEEPING, EDITED, "id"}


def put(node_id: str, kind: NodeType = NodeType.STAKEHOLDER, /, *, new: bool = False, **cells: Any) -> PutNode:
    return PutNode(read_node(kind, node_id, cells), new=new)


def person(node_id: str, /, *, new: bool = False, **cells: Any) -> PutNode:
    return put(node_id, new=new, **{"name": node_id.title(), **cells})


def tie(start: str, kind: TieType, end: str, /, *, new: bool = False, **cells: Any) -> PutTie:
    return PutTie(read_tie(kind, start, end, cells), new=new)


def knows(start: str, end: str, **cells: Any) -> PutTie:
    return tie(start, TieType.KNOWS, end, **cells)


def untie(start: str, kind: TieType, end: str, role: str = "", valid_from: str = "") -> DropTie:
    return DropTie(TieKey(kind, start, end, role, valid_from))


def drop(node_id: str) -> DropNode:
    return DropNode(node_id)


def change(*steps: Step, by: str = "leah", kind: ChangeKind = ChangeKind.EDIT, overwrite: bool = False) -> Change:
    return Change(by, "because", steps, kind, overwrite)


def act(store: Store, *steps: Step, **about: Any) -> Applied:
    return store.apply(change(*steps, **about))


def seen(properties: dict[str, Any]) -> dict[str, Any]:
    """The fields that people see, without Kith's own bookkeeping."""
    return {name: value for name, value in properties.items() if name not in _UNSEEN}


def state(store: Store) -> State:
    """Everything in the network, without bookkeeping."""
    nodes, ties = store.records()
    return (
        {node.properties["id"]: (node.type, seen(node.properties)) for node in nodes},
        {key: seen(fields) for key, fields in ties},
    )


def columns_of(network: Network) -> dict[str, list[Any]]:
    """Every column of a network as plain values, so that two can be compared; NaN as None."""
    tables: list[tuple[str, NodeColumns | TieColumns]] = [("node", network.nodes), ("tie", network.ties)]
    found: dict[str, list[Any]] = {}
    for word, table in tables:
        for name in column_sources(type(table)):
            values = getattr(table, name)
            plain = values.list if isinstance(values, Texts) else values.tolist()
            found[f"{word}.{name}"] = [
                None if isinstance(value, float) and np.isnan(value) else value for value in plain
            ]
            if not isinstance(values, Texts):
                found[f"{word}.{name}.dtype"] = [str(values.dtype)]
    return found
