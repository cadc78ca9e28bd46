"""The network as frozen columns: what every question is asked of.

A Network holds one version of the whole graph as numpy arrays: a row a node, sorted by id, and a row a tie, sorted by
(type, start, end, valid_from, role). The order is part of the contract: two engines, and a Network read afresh or
brought up to date from changes, give the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph_model.columns import ColumnKind, Texts, day_number, encode, from_day_number
from graph_model.schema import Level, NodeType, TieType

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "KINDS",
    "TYPES",
    "Network",
    "NodeColumns",
    "NodeRow",
    "TieColumns",
    "TieRow",
    "column_sources",
    "node_kind",
    "tie_code",
]

KINDS: tuple[NodeType, ...] = tuple(NodeType)
"""What the codes in ``nodes.kind`` stand for."""
TYPES: tuple[TieType, ...] = tuple(TieType)
"""What the codes in ``ties.type`` stand for."""
_KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}
_TYPE_CODES = {tie: code for code, tie in enumerate(TYPES)}

Days = NDArray[np.int32]
Rows = NDArray[np.int32]
Codes = NDArray[np.uint8]
Flags = NDArray[np.int8]

NodeRow = tuple[NodeType, str, Mapping[str, Any]]
"""A node as (type, id, fields)."""
TieRow = tuple[TieType, str, str, Mapping[str, Any]]
"""A tie as (type, start id, end id, fields)."""


def node_kind(kind: NodeType) -> int:
    """The code of a node type in ``nodes.kind``."""
    return _KIND_CODES[kind]


def tie_code(tie: TieType) -> int:
    """The code of a tie type in ``ties.type``."""
    return _TYPE_CODES[tie]


def _column(kind: ColumnKind, source: str | None = None) -> Any:
    """A column; ``source`` is the field it comes from where that has another name."""
    return field(metadata={"kind": kind, "source": source})


@dataclass(frozen=True, eq=False)
class NodeColumns:
    """One row a node. Flags: 1 yes, 0 no, -1 not given. Days: see ``graph_model.columns``."""

    id: Texts = _column(ColumnKind.TEXT)
    kind: Codes = _column(ColumnKind.CODE)
    name: Texts = _column(ColumnKind.TEXT)
    also_known_as: Texts = _column(ColumnKind.TEXTS)
    sort: Texts = _column(ColumnKind.TEXT, "kind")
    """The node's own ``kind`` field: resident, retailer, building, ..."""
    state: Texts = _column(ColumnKind.TEXT)
    skills: Texts = _column(ColumnKind.TEXTS)
    self_interest: Texts = _column(ColumnKind.TEXT)
    visible_leader: Flags = _column(ColumnKind.FLAG)
    excluded: Flags = _column(ColumnKind.FLAG)
    over_committed: Flags = _column(ColumnKind.FLAG)
    contact_upward: Flags = _column(ColumnKind.FLAG)
    own: Flags = _column(ColumnKind.FLAG)
    size: NDArray[np.int32] = _column(ColumnKind.SIZE)
    on: Days = _column(ColumnKind.DAY)
    since: Days = _column(ColumnKind.DAY)
    asked_on: Days = _column(ColumnKind.DAY)
    source: Texts = _column(ColumnKind.TEXT)
    basis: NDArray[np.int8] = _column(ColumnKind.BASIS)
    valid_from: Days = _column(ColumnKind.FROM)
    valid_to: Days = _column(ColumnKind.TO)
    review_by: Days = _column(ColumnKind.DAY)
    created_by: Texts = _column(ColumnKind.TEXT)

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, eq=False)
class TieColumns:
    """One row a tie. ``start`` and ``end`` are rows of the nodes; ``strength`` is NaN where none was stated."""

    type: Codes = _column(ColumnKind.CODE)
    start: Rows = _column(ColumnKind.ROW)
    end: Rows = _column(ColumnKind.ROW)
    strength: NDArray[np.float64] = _column(ColumnKind.NUMBER)
    role: Texts = _column(ColumnKind.TEXT)
    level: NDArray[np.int8] = _column(ColumnKind.LEVEL)
    source: Texts = _column(ColumnKind.TEXT)
    basis: NDArray[np.int8] = _column(ColumnKind.BASIS)
    valid_from: Days = _column(ColumnKind.FROM)
    valid_to: Days = _column(ColumnKind.TO)
    review_by: Days = _column(ColumnKind.DAY)
    created_by: Texts = _column(ColumnKind.TEXT)

    def __len__(self) -> int:
        return len(self.type)

    def take(self, rows: NDArray[np.int64]) -> "TieColumns":
        """The ties in these rows, in this order."""
        taken: dict[str, Any] = {}
        for column in fields(self):
            values = getattr(self, column.name)
            taken[column.name] = values.take(rows) if isinstance(values, Texts) else values[rows]
        return TieColumns(**taken)


def column_sources(table: type[NodeColumns] | type[TieColumns]) -> dict[str, tuple[ColumnKind, str]]:
    """Each column of a table with its kind and the field it is read from."""
    return {
        column.name: (column.metadata["kind"], column.metadata["source"] or column.name) for column in fields(table)
    }


@dataclass(frozen=True, eq=False)
class Network:
    """One version of the whole network.

    ``version`` is the number of the last Change in it (0: nothing was ever written).
    """

    version: int
    nodes: NodeColumns
    ties: TieColumns

    @classmethod
    def of(cls, version: int, nodes: Iterable[NodeRow], ties: Iterable[TieRow]) -> "Network":
        """A Network from rows, in any order.

        Raises
        ------
        ValueError
            Where two nodes share an id, or a tie names a node that is not there.
        """
        node_rows = sorted(nodes, key=lambda node: node[1])
        raw_nodes = {
            name: [node[2].get(source) for node in node_rows]
            for name, (_, source) in column_sources(NodeColumns).items()
        }
        raw_nodes["id"] = [node[1] for node in node_rows]
        raw_nodes["kind"] = [_KIND_CODES[node[0]] for node in node_rows]
        tie_rows = list(ties)
        raw_ties = {
            name: [tie[3].get(source) for tie in tie_rows] for name, (_, source) in column_sources(TieColumns).items()
        }
        raw_ties["type"] = [_TYPE_CODES[tie[0]] for tie in tie_rows]
        raw_ties["start"] = [tie[1] for tie in tie_rows]
        raw_ties["end"] = [tie[2] for tie in tie_rows]
        return cls.from_lists(version, raw_nodes, raw_ties)

    @classmethod
    def from_lists(
        cls, version: int, nodes: Mapping[str, Sequence[Any]], ties: Mapping[str, Sequence[Any]]
    ) -> "Network":
        """A Network from one list a column, values as the database gives them.

        ``nodes["kind"]`` and ``ties["type"]`` are codes, ``ties["start"]`` and ``ties["end"]`` ids.
        """
        ids = nodes["id"]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        row_of = {ids[place]: row for row, place in enumerate(order)}
        if len(row_of) != len(ids):
            raise ValueError("two nodes share an id")
        node_columns: dict[str, Any] = {
            name: encode(kind, [nodes[name][place] for place in order])
            for name, (kind, _) in column_sources(NodeColumns).items()
        }
        try:
            start = np.fromiter(map(row_of.__getitem__, ties["start"]), dtype=np.int32, count=len(ties["start"]))
            end = np.fromiter(map(row_of.__getitem__, ties["end"]), dtype=np.int32, count=len(ties["end"]))
        except KeyError as missing:
            raise ValueError(f"a tie names the node {missing.args[0]!r}, which is not there") from None
        tie_columns: dict[str, Any] = {
            name: encode(kind, ties[name])
            for name, (kind, _) in column_sources(TieColumns).items()
            if kind is not ColumnKind.ROW
        }
        tie_columns["start"], tie_columns["end"] = start, end
        return cls(version, NodeColumns(**node_columns), _in_order(TieColumns(**tie_columns)))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each id."""
        return {node_id: row for row, node_id in enumerate(self.nodes.id.list)}

    def kind_of(self, row: int) -> NodeType:
        """The node type of a row."""
        return KINDS[int(self.nodes.kind[row])]

    def rows_of_kind(self, kind: NodeType) -> NDArray[np.int64]:
        """The rows of all nodes of one type, ascending."""
        return np.flatnonzero(self.nodes.kind == _KIND_CODES[kind])

    def nodes_on(self, day: date) -> NDArray[np.bool_]:
        """Which nodes count on a date: valid_from <= date < valid_to."""
        number = day_number(day)
        return (self.nodes.valid_from <= number) & (number < self.nodes.valid_to)

    def ties_on(self, day: date) -> NDArray[np.bool_]:
        """Which ties count on a date: valid themselves, and both their ends."""
        number = day_number(day)
        nodes = self.nodes_on(day)
        return (
            (self.ties.valid_from <= number)
            & (number < self.ties.valid_to)
            & nodes[self.ties.start]
            & nodes[self.ties.end]
        )

    def matrix(self, tie: TieType, day: date | None = None) -> "sparse.csr_array[Any]":
        """The ties of one type as a matrix, nodes by nodes, start to end.

        Entries are strengths, 1 where a tie states none; parallel ties keep the strongest. With ``day``, only ties
        that count on it.
        """
        chosen = self.ties.type == _TYPE_CODES[tie]
        if day is not None:
            chosen &= self.ties_on(day)
        strength = np.nan_to_num(self.ties.strength[chosen], nan=1.0)
        start, end = self.ties.start[chosen], self.ties.end[chosen]
        strongest = np.lexsort((-strength, end, start))
        start, end, strength = start[strongest], end[strongest], strength[strongest]
        first = np.ones(len(start), dtype=np.bool_)
        first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
        size = len(self.nodes)
        return sparse.csr_array((strength[first], (start[first], end[first])), shape=(size, size))

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """The whole network for a notebook: ids as nodes, fields as attributes, the tie type as the edge's key."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(version=self.version)
        for row, node_id in enumerate(self.nodes.id.list):
            graph.add_node(node_id, kind=self.kind_of(row).value, name=self.nodes.name[row], sort=self.nodes.sort[row])
        ids = self.nodes.id.list
        for row in range(len(self.ties)):
            level = int(self.ties.level[row])
            strength = float(self.ties.strength[row])
            graph.add_edge(
                ids[self.ties.start[row]],
                ids[self.ties.end[row]],
                type=TYPES[self.ties.type[row]].value,
                strength=None if np.isnan(strength) else strength,
                role=self.ties.role[row] or None,
                level=None if level < 0 else Level(level).word,
                valid_from=from_day_number(int(self.ties.valid_from[row])),
                valid_to=from_day_number(int(self.ties.valid_to[row])),
            )
        return graph


def _in_order(ties: TieColumns) -> TieColumns:
    """Sort ties by (type, start, end, valid_from, role)."""
    roles = ties.role.list
    rank = {role: place for place, role in enumerate(sorted(set(roles)))}
    role_rank = np.fromiter(map(rank.__getitem__, roles), dtype=np.int32, count=len(roles))
    order = np.lexsort((role_rank, ties.valid_from, ties.end, ties.start, ties.type))
    return ties.take(order)
