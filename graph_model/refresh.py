"""Bringing a Network up to date from what changes did, without reading it all again.

Effects are laid over the columns in order. One that is in the Network already changes nothing, so a Network that was
read while others wrote can be put right by the changes since: where an effect edits a record that is not there, or ties
to one, that record went before it was read, and a later effect says so.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph_model.changes import Effects, NodeEffect, TieEffect
from graph_model.columns import ALWAYS_HAS, ColumnKind, Texts, day_number, encode
from graph_model.network import Network, NodeColumns, TieColumns, column_sources, node_kind, tie_code
from graph_model.records import TieKey

__all__ = ["refreshed"]

Table = TypeVar("Table", NodeColumns, TieColumns)


def refreshed(network: Network, version: int, effects: Iterable[Effects]) -> Network:
    """The network after these effects, in order, as ``version``.

    Cost: a copy of the columns a record touches, so linear in the network with a very small factor, times the records.
    """
    nodes, ties = network.nodes, network.ties
    ids = list(nodes.id.list)
    for effect in effects:
        for tie in effect.ties:
            if tie.after is None:
                ties = _without_tie(ties, tie, ids)
        for node in effect.nodes:
            nodes, ties = _with_node(nodes, ties, node, ids)
        for tie in effect.ties:
            if tie.after is not None:
                ties = _with_tie(ties, tie, ids)
    return Network(version, nodes, ties)


def _with_node(
    nodes: NodeColumns, ties: TieColumns, effect: NodeEffect, ids: list[str]
) -> tuple[NodeColumns, TieColumns]:
    row = bisect_left(ids, effect.id)
    there = row < len(ids) and ids[row] == effect.id
    if effect.after is None:
        if not there:
            return nodes, ties
        del ids[row]
        kept = (ties.start != row) & (ties.end != row)
        if not kept.all():
            ties = ties.take(np.flatnonzero(kept))
        return _spliced(nodes, row, 1, []), _moved(ties, row, -1)
    if there:
        return _edited(nodes, row, effect.after), ties
    if effect.before is not None:
        return nodes, ties
    ids.insert(row, effect.id)
    fixed = {"id": effect.id, "kind": node_kind(effect.type)}
    return _spliced(nodes, row, 0, [(fixed, effect.after)]), _moved(ties, row, 1)


def _moved(ties: TieColumns, row: int, by: int) -> TieColumns:
    """The ties after node rows from ``row`` on have moved."""
    start = np.where(ties.start >= row, ties.start + by, ties.start).astype(np.int32)
    end = np.where(ties.end >= row, ties.end + by, ties.end).astype(np.int32)
    return replace(ties, start=start, end=end)


def _without_tie(ties: TieColumns, effect: TieEffect, ids: list[str]) -> TieColumns:
    row, there = _find(ties, effect.key, ids)
    return _spliced(ties, row, 1, []) if there else ties


def _with_tie(ties: TieColumns, effect: TieEffect, ids: list[str]) -> TieColumns:
    row, there = _find(ties, effect.key, ids)
    if there:
        return _edited(ties, row, effect.after or {})
    fixed = {
        "type": tie_code(effect.key.type),
        "start": _row_of(ids, effect.key.start),
        "end": _row_of(ids, effect.key.end),
    }
    if effect.before is not None or -1 in fixed.values():
        return ties
    return _spliced(ties, row, 0, [(fixed, effect.after or {})])


def _row_of(ids: list[str], node_id: str) -> int:
    row = bisect_left(ids, node_id)
    return row if row < len(ids) and ids[row] == node_id else -1


def _find(ties: TieColumns, key: TieKey, ids: list[str]) -> tuple[int, bool]:
    """Where a tie stands, or would stand, in the order (type, start, end, valid_from, role); and whether it does."""
    wanted = (tie_code(key.type), _row_of(ids, key.start), _row_of(ids, key.end))
    low, high = 0, len(ties)
    columns: tuple[NDArray[Any], ...] = (ties.type, ties.start, ties.end)
    begin = day_number(key.valid_from) if key.valid_from else ALWAYS_HAS
    for column, value in zip((*columns, ties.valid_from), (*wanted, begin), strict=True):
        part = column[low:high]
        low, high = low + int(np.searchsorted(part, value, "left")), low + int(np.searchsorted(part, value, "right"))
    roles = [ties.role[row] for row in range(low, high)]
    row = bisect_left(roles, key.role)
    return low + row, row < len(roles) and roles[row] == key.role


def _edited(table: Table, row: int, given: Mapping[str, Any]) -> Table:
    """The table with the given fields of one row set."""
    changed: dict[str, Any] = {}
    for name, (kind, source) in column_sources(type(table)).items():
        if source not in given or kind in (ColumnKind.ROW, ColumnKind.CODE) or name == "id":
            continue
        values = getattr(table, name)
        put = encode(kind, [given[source]])
        if isinstance(values, Texts):
            changed[name] = values.spliced(row, 1, [put[0]])
        else:
            changed[name] = values.copy()
            changed[name][row] = put[0]
    return replace(table, **changed) if changed else table


def _spliced(table: Table, row: int, dropped: int, put: list[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Table:
    """The table with rows from ``row`` on dropped and others put there: each (columns as they are, fields)."""
    columns: dict[str, Any] = {}
    for name, (kind, source) in column_sources(type(table)).items():
        given = [fixed[name] if name in fixed else fields_.get(source) for fixed, fields_ in put]
        values, new = getattr(table, name), encode(kind, given)
        if isinstance(values, Texts) or isinstance(new, Texts):
            columns[name] = values.spliced(row, dropped, list(new))
        else:
            columns[name] = np.concatenate((values[:row], new, values[row + dropped :]))
    return type(table)(**columns)
