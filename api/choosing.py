"""Choosing records in a form: short lists to select from, and whoever is found by a name that was typed.

A name is only ever posted. What was found comes back as boxes or buttons whose values are ids, so that the address of
a question never holds a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from analytics.search import LONGEST_TEXT, find
from analytics.words import listed, noun
from graph_model.network import Network, tie_code
from graph_model.schema import NodeType, TieType

__all__ = ["Choice", "Finding", "chosen", "finding", "options", "people_on"]

_FOUND: Final = 8
_ASSOCIATIONS: Final = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One record to choose; ``what`` tells those of one name apart."""

    id: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search for a name found: a few ``choices`` out of ``total``.

    ``likely`` is the id of the one that must be meant: the only one, or the only one of exactly this name; else ``""``.
    """

    text: str
    choices: tuple[Choice, ...]
    likely: str
    total: int
    error: str = ""


def options(network: Network, on: date, kind: NodeType, *, without: str = "") -> list[Choice]:
    """All records of a type that count on a date, by name; but not those in the state ``without``."""
    rows = network.rows_of_kind(kind)
    rows = rows[network.nodes_on(on)[rows]]
    kept = [row for row in rows.tolist() if not without or network.nodes.state[row] != without]
    found = [Choice(network.nodes.id[row], network.nodes.name[row], "") for row in kept]
    return sorted(found, key=lambda choice: (choice.name.casefold(), choice.id))


def chosen(network: Network, ids: Iterable[str], on: date) -> list[Choice]:
    """Records that were chosen before; one that is no longer there goes by its id."""
    rows = {node_id: network.row_of.get(node_id) for node_id in ids}
    told = _told_apart(network, [row for row in rows.values() if row is not None], on)
    return [
        Choice(node_id, node_id, "nothing has this id")
        if row is None
        else Choice(node_id, network.nodes.name[row], told[row])
        for node_id, row in rows.items()
    ]


def finding(network: Network, text: str, kinds: frozenset[NodeType], on: date) -> Finding:
    """Who is called so, or nearly so."""
    if len(text) > LONGEST_TEXT:
        return Finding(text, (), "", 0, f"A name has at most {LONGEST_TEXT} letters. Type less of it.")
    found = find(network, text, kinds=kinds, limit=_FOUND)
    if not found.rows:
        wanted = " or ".join(noun(kind) for kind in sorted(kinds, reverse=True))
        error = f"No {wanted} is called anything like “{text}”. Try only the first letters, or another spelling."
        return Finding(text, (), "", 0, error)
    exact = [hit.id for hit in found.rows if hit.score == 100] or [hit.id for hit in found.rows]
    likely = exact[0] if len(exact) == 1 else ""
    return Finding(text, tuple(chosen(network, (hit.id for hit in found.rows), on)), likely, found.total)


def people_on(network: Network, on: date) -> int:
    """How many people count on a date."""
    return int(np.count_nonzero(network.nodes_on(on)[network.rows_of_kind(NodeType.STAKEHOLDER)]))


def _told_apart(network: Network, rows: list[int], on: date) -> dict[int, str]:
    """What each of these rows is, and for people where they belong."""
    ties, nodes = network.ties, network.nodes
    belongs: dict[int, list[str]] = {row: [] for row in rows}
    there = (ties.type == tie_code(TieType.MEMBER_OF)) & np.isin(ties.start, rows) & network.ties_on(on)
    for tie in np.flatnonzero(there).tolist():
        belongs[int(ties.start[tie])].append(nodes.name[int(ties.end[tie])])
    return {
        row: ", ".join(
            part
            for part in (nodes.sort[row] or noun(network.kind_of(row)), listed(belongs[row][:_ASSOCIATIONS]))
            if part
        )
        for row in rows
    }
