"""Which people are joined, and how strongly: what every question about the network is asked of.

Ties of several types become one number for each pair of people, the chance that something asked of one reaches the
other directly. The schema says which tie types join people (``Connects``); nothing here names one.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph_model.columns import NO_SIZE
from graph_model.errors import DataError
from graph_model.network import Network, node_kind, tie_code
from graph_model.schema import TIE_TYPES, Connects, NodeType, TieType

__all__ = ["CONNECTING", "LARGEST_ASSOCIATION", "THRESHOLD", "LeftOut", "Projection", "check_tie_types", "project"]

THRESHOLD = 0.05
"""Pairs whose combined strength is less are no contact for unweighted measures and unweighted reach."""
LARGEST_ASSOCIATION = 50
"""Members of an association larger than this are not taken to be in contact through it."""
CONNECTING: dict[TieType, Connects] = {tie: spec.connects for tie, spec in TIE_TYPES.items() if spec.connects}
"""The tie types that join two people, and how."""


class LeftOut(NamedTuple):
    """An association too large for its members to be taken to know one another."""

    id: str
    name: str


@dataclass(frozen=True, eq=False)
class Projection:
    """The people of a network on one date, and how strongly each two of them are joined.

    Attributes
    ----------
    version, on, tie_types, threshold
        What was asked: the version of the network, the date, the tie types counted (those that join people, where all
        were asked for), and the least strength of a contact.
    rows
        The row in the Network of each person, n of them; everybody who counts on the date, in order of id.
    ids, names
        Their ids and names, in the same order.
    strengths
        n x n, symmetric, nothing on the diagonal: the combined strength in (0, 1] of each pair that is joined.
    contacts
        ``strengths`` without the pairs weaker than ``threshold``: who is in contact, for measures that only count.
    left_out
        The associations whose members were not paired because they have more than ``LARGEST_ASSOCIATION``.
    """

    version: int
    on: date
    tie_types: frozenset[TieType]
    rows: NDArray[np.int32]
    ids: list[str]
    names: list[str]
    strengths: "sparse.csr_array[Any]"
    contacts: "sparse.csr_array[Any]"
    left_out: tuple[LeftOut, ...]
    threshold: float

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Where each person's id stands among the people (their row and column in ``strengths``)."""
        return {person: place for place, person in enumerate(self.ids)}


class _Pairs(NamedTuple):
    """Pairs of people as ``low * n + high``, in any order and possibly repeated, and the strength of each."""

    key: NDArray[np.int64]
    strength: NDArray[np.float64]


def project(
    network: Network,
    on: date,
    tie_types: frozenset[TieType] | None = None,
    *,
    threshold: float = THRESHOLD,
) -> Projection:
    """Join the people of a network by the ties that count on a date.

    Within a tie type the strongest tie of a pair counts; each association two people share counts as one of its own.
    What remains is combined as if each were passed on independently, ``1 - prod(1 - s)``. The members of an
    association of K are joined in pairs of strength ``min(0.5, 1 / (K - 1))``, K being its distinct members on the
    date, or its stated size where that is larger.

    Parameters
    ----------
    network
        The network, at one version.
    on
        The date: only nodes and ties that count on it are seen.
    tie_types
        Which tie types to count; None: all that join people.
    threshold
        The least combined strength of a contact.

    Returns
    -------
    Projection
        Everybody who counts on the date, those whom nothing joins to anybody included.

    Raises
    ------
    DataError
        Where a chosen tie type does not join people.

    Notes
    -----
    O(n + m log m), m being the ties plus the pairs made by shared associations.

    Examples
    --------
    >>> from graph_model.network import Network
    >>> from graph_model.schema import NodeType, TieType
    >>> people = [(NodeType.STAKEHOLDER, person, {"name": person}) for person in ("ana", "ben", "cat")]
    >>> ties = [(TieType.KNOWS, "ana", "ben", {"strength": 0.5}), (TieType.REPORTS_TO, "ben", "ana", {})]
    >>> project(Network.of(1, people, ties), date(2026, 1, 1)).strengths.toarray().round(3).tolist()
    [[0.0, 0.8, 0.0], [0.8, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    chosen = frozenset(CONNECTING) if tie_types is None else tie_types
    check_tie_types(chosen)
    stakeholders = network.nodes.kind == node_kind(NodeType.STAKEHOLDER)
    rows = np.flatnonzero(stakeholders & network.nodes_on(on)).astype(np.int32)
    place = np.full(len(network.nodes), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    valid = network.ties_on(on)
    parts: list[_Pairs] = []
    left_out: NDArray[np.int64] = np.empty(0, dtype=np.int64)
    for tie in sorted(chosen):
        connects = CONNECTING[tie]
        of_type = np.flatnonzero(valid & (network.ties.type == tie_code(tie)))
        if connects.by_membership:
            pairs, too_large = _joined_by_membership(network, of_type, place, len(rows), connects.strength)
            left_out = np.union1d(left_out, too_large)
        else:
            pairs = _joined_directly(network, of_type, place, len(rows), connects.strength)
        parts.append(pairs)
    strengths = _matrix(_combined(parts), len(rows))
    return Projection(
        version=network.version,
        on=on,
        tie_types=chosen,
        rows=rows,
        ids=network.nodes.id.take(rows).list,
        names=network.nodes.name.take(rows).list,
        strengths=strengths,
        contacts=_at_least(strengths, threshold),
        left_out=tuple(LeftOut(network.nodes.id[row], network.nodes.name[row]) for row in left_out.tolist()),
        threshold=threshold,
    )


def check_tie_types(tie_types: frozenset[TieType]) -> None:
    """Raise a DataError where one of these tie types does not join people, so that nobody counts on it in vain."""
    if useless := tie_types - CONNECTING.keys():
        raise DataError(
            f"{', '.join(sorted(useless))}: ties of this type do not join two people. "
            f"Choose among {', '.join(sorted(CONNECTING))}."
        )


def _joined_directly(
    network: Network, ties: NDArray[np.int64], place: NDArray[np.int32], people: int, default: float
) -> _Pairs:
    """The pairs that ties of one type join, each with the strongest of its ties."""
    start, end = place[network.ties.start[ties]], place[network.ties.end[ties]]
    kept = (start >= 0) & (end >= 0) & (start != end)
    start, end = start[kept], end[kept]
    strength = np.nan_to_num(network.ties.strength[ties][kept], nan=default)
    key = np.minimum(start, end).astype(np.int64) * people + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    firsts = _firsts(key[order])
    if not len(firsts):
        return _Pairs(key, strength)
    return _Pairs(key[order][firsts], np.maximum.reduceat(strength[order], firsts))


def _joined_by_membership(
    network: Network, ties: NDArray[np.int64], place: NDArray[np.int32], people: int, most: float
) -> tuple[_Pairs, NDArray[np.int64]]:
    """The pairs that shared associations join, one for each association shared, and the associations left out."""
    member, of = place[network.ties.start[ties]], network.ties.end[ties].astype(np.int64)
    kept = member >= 0
    # Somebody who is in an association twice, in two roles, is one member of it.
    memberships = np.unique(of[kept] * people + member[kept])
    association, person = memberships // max(people, 1), memberships % max(people, 1)
    firsts = _firsts(association)
    count = np.diff(firsts, append=len(association))
    association = association[firsts]
    stated = network.nodes.size[association]
    size = np.where(stated == NO_SIZE, count, np.maximum(count, stated))
    paired = (count > 1) & (size <= LARGEST_ASSOCIATION)
    too_large = association[(count > 1) & ~paired]

    # Member number r of an association of c is paired with the c - 1 - r members after it.
    rank = np.arange(len(person)) - np.repeat(firsts, count)
    partners = np.where(np.repeat(paired, count), np.repeat(count, count) - 1 - rank, 0)
    low = np.repeat(np.arange(len(person)), partners)
    high = low + 1 + np.arange(len(low)) - np.repeat(np.cumsum(partners) - partners, partners)
    strength = np.minimum(most, 1 / np.maximum(size - 1, 1))
    # Within an association the people stand in ascending order, so the lower place comes first.
    return _Pairs(person[low] * people + person[high], np.repeat(np.repeat(strength, count), partners)), too_large


def _combined(parts: list[_Pairs]) -> _Pairs:
    """Each pair once, with 1 - prod(1 - s) over everything that joins it."""
    key = np.concatenate([np.empty(0, dtype=np.int64), *(part.key for part in parts)])
    strength = np.concatenate([np.empty(0, dtype=np.float64), *(part.strength for part in parts)])
    order = np.argsort(key, kind="stable")
    key, strength = key[order], strength[order]
    firsts = _firsts(key)
    if not len(firsts):
        return _Pairs(key, strength)
    combined = 1 - np.multiply.reduceat(1 - strength, firsts)
    # What only one thing joins keeps its strength to the last bit: 1 - (1 - 0.3) is not 0.3.
    alone = np.diff(firsts, append=len(key)) == 1
    return _Pairs(key[firsts], np.where(alone, strength[firsts], combined))


def _firsts(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal keys begins."""
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    return np.flatnonzero(new)


def _matrix(pairs: _Pairs, people: int) -> "sparse.csr_array[Any]":
    """The symmetric matrix of these pairs, columns ascending within each row."""
    low, high = (pairs.key // max(people, 1)).astype(np.int32), (pairs.key % max(people, 1)).astype(np.int32)
    matrix = sparse.coo_array(
        (np.concatenate((pairs.strength, pairs.strength)), (np.concatenate((low, high)), np.concatenate((high, low)))),
        shape=(people, people),
    ).tocsr()
    matrix.sort_indices()
    return matrix


def _at_least(matrix: "sparse.csr_array[Any]", threshold: float) -> "sparse.csr_array[Any]":
    """The matrix without its entries below ``threshold``."""
    kept = matrix.data >= threshold
    before = np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(kept, dtype=np.int32)))
    return sparse.csr_array((matrix.data[kept], matrix.indices[kept], before[matrix.indptr]), shape=matrix.shape)
