"""Whom a question is about: those in a place, in an association, or affected by a problem."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from graph_model.errors import DataError, NotFound
from graph_model.network import Network, node_kind, tie_code
from graph_model.schema import NodeType, TieType

__all__ = ["affected_by", "in_scope"]

Marks = NDArray[np.bool_]


def in_scope(network: Network, on: date, scope: str) -> Marks:
    """Which nodes are in a scope on a date.

    Parameters
    ----------
    network
        The network.
    on
        The date.
    scope
        The id of a place (those LOCATED_IN it, or in a place that is PART_OF it, however deep), an association (its
        members) or a problem (those affected, see ``affected_by``).

    Returns
    -------
    array of bool, one a node
        Nodes of any type: take the people from it.

    Raises
    ------
    NotFound
        Where nothing has this id.
    DataError
        Where it is of another type, or does not count on the date.
    """
    row = network.row_of.get(scope)
    if row is None:
        raise NotFound(f"Nothing in the network has the id {scope!r}.")
    name = network.nodes.name[row]
    if not network.nodes_on(on)[row]:
        raise DataError(
            f"{name} does not count on {on:%d %B %Y}. Choose another date, or change from when to when it counts."
        )
    match network.kind_of(row):
        case NodeType.PLACE:
            return _starts(network, on, TieType.LOCATED_IN, _parts(network, on, row))
        case NodeType.ASSOCIATION:
            return _starts(network, on, TieType.MEMBER_OF, _only(network, row))
        case NodeType.PROBLEM:
            return affected_by(network, on, row)
        case kind:
            raise DataError(
                f"{name} is of the type {kind.value}. Choose a place, an association or a problem to look within."
            )


def affected_by(network: Network, on: date, problem: int) -> Marks:
    """Which nodes live with the problem of this row: themselves, or as members of an association that does."""
    directly = _starts(network, on, TieType.AFFECTED_BY, _only(network, problem))
    return directly | _starts(network, on, TieType.MEMBER_OF, directly)


def _only(network: Network, row: int) -> Marks:
    marks = np.zeros(len(network.nodes), dtype=np.bool_)
    marks[row] = True
    return marks


def _starts(network: Network, on: date, tie: TieType, ends: Marks) -> Marks:
    """Where the ties of a type that lead to any of ``ends`` start."""
    chosen = network.ties_on(on) & (network.ties.type == tie_code(tie)) & ends[network.ties.end]
    marks = np.zeros(len(network.nodes), dtype=np.bool_)
    marks[network.ties.start[chosen]] = True
    return marks


def _parts(network: Network, on: date, place: int) -> Marks:
    """A place and every place that is part of it, or of a part of it."""
    places = network.nodes.kind == node_kind(NodeType.PLACE)
    inside = _only(network, place)
    while True:
        wider = inside | (_starts(network, on, TieType.PART_OF, inside) & places)
        if np.array_equal(wider, inside):
            return inside
        inside = wider
