"""Lists of records: by the alphabet, a page at a time, and as a search found them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from analytics.search import Found, words_of
from analytics.words import noun
from api.people.addresses import record_address
from graph_model.columns import from_day_number
from graph_model.network import KINDS, Network, node_kind, tie_code
from graph_model.schema import NodeType, TieType

__all__ = ["PAGE", "Letter", "Listed", "Page", "alphabetical", "counts", "found_rows"]

PAGE: Final = 50
"""How many records stand on one page."""
_OTHER: Final = "#"

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Listed:
    """One record in a list.

    ``also`` is the other name a search found it by; ``where`` the places it is in on the date; ``until`` the first day
    on which it no longer counted, None where it still does.
    """

    name: str
    href: str
    what: str
    where: tuple[str, ...]
    leader: bool
    also: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the alphabet, and the first page with a name that begins with it."""

    sign: str
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an alphabetical list: its rows under their letters, and the way to every other page."""

    sections: tuple[tuple[str, tuple[Listed, ...]], ...]
    first: int
    last: int
    total: int
    number: int
    pages: int
    letters: tuple[Letter, ...]


def counts(network: Network) -> dict[NodeType, int]:
    """How many records there are of each type."""
    of = np.bincount(network.nodes.kind, minlength=len(KINDS)).tolist()
    return dict(zip(KINDS, of, strict=True))


def alphabetical(network: Network, kind: NodeType | None, number: int, on: date) -> Page:
    """One page of all records of a type (None: of every type), by name.

    A number beyond the last page is the last page. Cost: O(n log n) for n records once a version, then O(n) a page.
    """
    order, initials = _alphabet(network)
    if kind is not None:
        chosen = network.nodes.kind[order] == node_kind(kind)
        order, initials = order[chosen], initials[chosen]
    pages = max(-(-len(order) // PAGE), 1)
    number = min(max(number, 1), pages)
    first = (number - 1) * PAGE
    rows, signs = order[first : first + PAGE], initials[first : first + PAGE].tolist()
    listed = zip(signs, _listed(network, rows, on), strict=True)
    signs_there, starts = np.unique(initials, return_index=True)
    return Page(
        tuple((sign, tuple(row for _, row in group)) for sign, group in groupby(listed, key=lambda pair: pair[0])),
        first + 1,
        first + len(rows),
        len(order),
        number,
        pages,
        tuple(Letter(sign, at // PAGE + 1) for sign, at in zip(signs_there.tolist(), starts.tolist(), strict=True)),
    )


def found_rows(network: Network, found: Found, on: date) -> list[Listed]:
    """What a search found, best first."""
    rows = np.array([network.row_of[hit.id] for hit in found.rows], dtype=np.int64)
    also = [hit.matched if hit.matched != hit.name else "" for hit in found.rows]
    return _listed(network, rows, on, also)


def _listed(network: Network, rows: Rows, on: date, also: Iterable[str] = ()) -> list[Listed]:
    nodes = network.nodes
    where = _places(network, rows, on)
    ended = nodes.valid_to[rows] <= on.toordinal()
    matched = list(also) or [""] * len(rows)
    return [
        Listed(
            nodes.name[row],
            record_address(nodes.id[row]),
            nodes.sort[row]
            if network.kind_of(row) is NodeType.STAKEHOLDER and nodes.sort[row]
            else _what(network, row),
            where[row],
            int(nodes.visible_leader[row]) == 1,
            matched[at],
            from_day_number(int(nodes.valid_to[row])) if ended[at] else None,
        )
        for at, row in enumerate(rows.tolist())
    ]


def _what(network: Network, row: int) -> str:
    kind, sort = noun(network.kind_of(row)), network.nodes.sort[row]
    return f"{kind}, {sort}" if sort else kind


def _places(network: Network, rows: Rows, on: date) -> dict[int, tuple[str, ...]]:
    """The names of the places each of these rows is in."""
    ties = network.ties
    there = (ties.type == tie_code(TieType.LOCATED_IN)) & np.isin(ties.start, rows) & network.ties_on(on)
    places: dict[int, list[str]] = {row: [] for row in rows.tolist()}
    for tie in np.flatnonzero(there).tolist():
        places[int(ties.start[tie])].append(network.nodes.name[int(ties.end[tie])])
    return {row: tuple(names) for row, names in places.items()}


@lru_cache(maxsize=65_536)
def _key(name: str) -> str:
    """What a name is sorted by; kept, because from one version to the next nearly all names stay."""
    return " ".join(words_of(name))


_ORDERED: WeakKeyDictionary[Network, tuple[Rows, NDArray[np.str_]]] = WeakKeyDictionary()


def _alphabet(network: Network) -> tuple[Rows, NDArray[np.str_]]:
    """The rows by name, with the sign each name begins with: ``#`` for what is no letter, and those first."""
    kept = _ORDERED.get(network)
    if kept is None:
        names, ids = network.nodes.name.list, network.nodes.id.list
        keyed = sorted((_initial(name), _key(name), name, ids[row], row) for row, name in enumerate(names))
        rows = np.array([key[-1] for key in keyed], dtype=np.int64)
        kept = _ORDERED[network] = rows, np.array([key[0] for key in keyed], dtype=np.str_)
    return kept


def _initial(name: str) -> str:
    first = _key(name)[:1].upper()
    return first if first.isalpha() else _OTHER
