"""Communities to measure with: one seeded generator, in the row form that ``Network.of`` takes.

Of the ties 60 % are KNOWS and 25 % MEMBER_OF; the rest is spread over the other types. People live in communities of
skewed size, know mostly those around them, and a few know very many. Every name is invented.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph_model.network import NodeRow, TieRow
from graph_model.schema import Level, NodeType, TieType

__all__ = ["community"]

_FIRST = [
    "Amira",
    "Bela",
    "Cleo",
    "Dara",
    "Edda",
    "Finn",
    "Gus",
    "Hana",
    "Imre",
    "Jonah",
    "Kezia",
    "Lior",
    "Mina",
    "Noor",
    "Otis",
    "Petra",
    "Quill",
    "Rafe",
    "Sana",
    "Tomas",
    "Uma",
    "Vikram",
]
_LAST = [
    "Abara",
    "Brisk",
    "Calder",
    "Dunmore",
    "Ellery",
    "Fenn",
    "Gaunt",
    "Hollis",
    "Ingram",
    "Jessop",
    "Kember",
    "Lund",
    "Marlow",
    "Nettle",
    "Okafor",
    "Pell",
    "Quince",
    "Rudd",
    "Sorrel",
    "Tarn",
    "Underhay",
    "Vance",
    "Wick",
    "Yarrow",
]
_SOURCES = ("door to door", "beat meeting", "residents' survey", "shop visit", "school gate", "partner agency")
_REST: tuple[tuple[TieType, NodeType, NodeType, float], ...] = (
    (TieType.REPORTS_TO, NodeType.STAKEHOLDER, NodeType.STAKEHOLDER, 0.30),
    (TieType.AFFECTED_BY, NodeType.STAKEHOLDER, NodeType.PROBLEM, 0.20),
    (TieType.LOCATED_IN, NodeType.STAKEHOLDER, NodeType.PLACE, 0.20),
    (TieType.RESPONSIBLE_FOR, NodeType.STAKEHOLDER, NodeType.ASSET, 0.06),
    (TieType.RESPONSIBLE_FOR, NodeType.ASSOCIATION, NodeType.PROBLEM, 0.02),
    (TieType.HAS, NodeType.ASSOCIATION, NodeType.ASSET, 0.04),
    (TieType.AFFECTED_BY, NodeType.ASSOCIATION, NodeType.PROBLEM, 0.03),
    (TieType.LOCATED_IN, NodeType.ASSOCIATION, NodeType.PLACE, 0.05),
    (TieType.PART_OF, NodeType.ASSOCIATION, NodeType.ASSOCIATION, 0.04),
    (TieType.PART_OF, NodeType.PLACE, NodeType.PLACE, 0.005),
    (TieType.CAN_DECIDE, NodeType.STAKEHOLDER, NodeType.BARRIER, 0.015),
    (TieType.CAN_DECIDE, NodeType.ASSOCIATION, NodeType.PROBLEM, 0.01),
    (TieType.ADDRESSES, NodeType.SOLUTION, NodeType.PROBLEM, 0.015),
    (TieType.BLOCKED_BY, NodeType.SOLUTION, NodeType.BARRIER, 0.015),
)
_LEVEL_SHARES = {Level.LOCAL: 0.78, Level.MANAGER: 0.13, Level.AREA: 0.05, Level.REGIONAL: 0.03, Level.NATIONAL: 0.01}
Indices = NDArray[np.int64]


def community(people: int = 20_000, ties: int = 100_000, seed: int = 1) -> tuple[list[NodeRow], list[TieRow]]:
    """Rows of an invented community; the same seed gives the same rows.

    Parameters
    ----------
    people
        How many Stakeholders; associations, places, problems and the rest come on top (about 3,400 with 20,000 people
        and 100,000 ties).
    ties
        How many ties, all distinct; in a small community a few more or fewer.
    seed
        Seed of the random numbers.
    """
    rng = np.random.default_rng(seed)
    town = _Town(rng, people)
    members = town.memberships(round(0.25 * ties))
    counts = {
        NodeType.STAKEHOLDER: people,
        NodeType.ASSOCIATION: len(members),
        NodeType.PLACE: 4 + people // 100,
        NodeType.PROBLEM: 4 + people // 200,
        NodeType.SOLUTION: 4 + people // 200,
        NodeType.BARRIER: 4 + people // 400,
        NodeType.ASSET: 4 + people // 50,
    }
    ids = {kind: [f"{kind.value.lower()}-{number:06}" for number in range(count)] for kind, count in counts.items()}
    who, of = np.concatenate(members), np.repeat(np.arange(len(members)), [len(group) for group in members])
    rest = ties - len(who) - round(0.6 * ties)
    pairs = [
        (TieType.KNOWS, NodeType.STAKEHOLDER, NodeType.STAKEHOLDER, town.acquaintances(round(0.6 * ties))),
        (TieType.MEMBER_OF, NodeType.STAKEHOLDER, NodeType.ASSOCIATION, np.column_stack((who, of))),
    ]
    for tie, start, end, share in _REST:
        drawn = _distinct_pairs(rng, counts[start], counts[end], round(share * rest), within_kind=start is end)
        pairs.append((tie, start, end, drawn))
    rows = [
        (tie, ids[start][one], ids[end][other]) for tie, start, end, drawn in pairs for one, other in drawn.tolist()
    ]
    return _nodes(rng, ids, town.pull, [len(group) for group in members]), _with_fields(rng, rows)


class _Town:
    """Who lives in which community, and how much they draw others to them."""

    def __init__(self, rng: np.random.Generator, people: int) -> None:
        self.rng = rng
        sizes = np.sort(rng.pareto(1.5, size=max(1, people // 80)) + 0.3)[::-1]
        self.home = np.sort(rng.choice(len(sizes), size=people, p=sizes / sizes.sum()))
        self.bounds = np.searchsorted(self.home, np.arange(len(sizes) + 1))
        self.pull = rng.pareto(2.2, size=people) + 0.4
        self.total = np.concatenate(([0.0], np.cumsum(self.pull)))

    def acquaintances(self, count: int) -> Indices:
        """Distinct pairs (lower, higher), most of them within one community, both ends drawn by their pull."""
        found: Indices = np.empty(0, dtype=np.int64)
        people = len(self.home)
        for _ in range(8):
            size = 2 * count + 64
            one = self._by_pull(np.zeros(size), np.full(size, self.total[-1]))
            near = self.rng.random(size) < 0.85
            community_of = self.home[one]
            low = np.where(near, self.total[self.bounds[community_of]], 0.0)
            high = np.where(near, self.total[self.bounds[community_of + 1]], self.total[-1])
            other = self._by_pull(low, high)
            keys = np.minimum(one, other) * people + np.maximum(one, other)
            found = np.unique(np.concatenate((found, keys[one != other])))
            if len(found) >= count:
                break
        chosen = np.sort(self.rng.permutation(found)[:count])
        return np.column_stack((chosen // people, chosen % people))

    def memberships(self, count: int) -> list[Indices]:
        """The members of each association: sizes of median 8 and at most 50, four of five from one community."""
        groups: list[Indices] = []
        left = count
        while left > 0:
            size = min(left, len(self.home), int(np.clip(round(self.rng.lognormal(np.log(8), 0.75)), 2, 50)))
            begin, end = self._community()
            near = begin + self.rng.permutation(end - begin)[: round(0.8 * size)]
            group = np.unique(np.concatenate((near, self.rng.integers(0, len(self.home), size - len(near)))))
            groups.append(group)
            left -= len(group)
        return groups

    def _community(self) -> tuple[int, int]:
        """The first and last + 1 person of the community of somebody drawn at random."""
        home = self.home[self.rng.integers(0, len(self.home))]
        return int(self.bounds[home]), int(self.bounds[home + 1])

    def _by_pull(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> Indices:
        drawn = np.searchsorted(self.total, low + self.rng.random(len(low)) * (high - low), side="right") - 1
        return np.clip(drawn, 0, len(self.home) - 1)


def _distinct_pairs(rng: np.random.Generator, starts: int, ends: int, count: int, *, within_kind: bool) -> Indices:
    """Distinct pairs (start, end) at random; within one kind from the later to the earlier, so that none go round."""
    start, end = rng.integers(0, starts, 3 * count), rng.integers(0, ends, 3 * count)
    if within_kind:
        start, end = np.maximum(start, end), np.minimum(start, end)
    keys = np.unique((start * ends + end)[(start != end) | (not within_kind)])
    chosen = np.sort(rng.permutation(keys)[:count])
    return np.column_stack((chosen // ends, chosen % ends))


def _nodes(
    rng: np.random.Generator, ids: dict[NodeType, list[str]], pull: NDArray[np.float64], sizes: Sequence[int]
) -> list[NodeRow]:
    """The nodes, with a source and a first day on each."""
    own_fields: dict[NodeType, list[dict[str, Any]]] = {kind: [{} for _ in names] for kind, names in ids.items()}
    people, associations = own_fields[NodeType.STAKEHOLDER], own_fields[NodeType.ASSOCIATION]
    leaders = (rng.random(len(people)) < 0.01) | ((pull > 4) & (rng.random(len(people)) < 0.4))
    first, last = rng.integers(0, len(_FIRST), len(people)), rng.integers(0, len(_LAST), len(people))
    for person, one, other, leader in zip(people, first, last, leaders.tolist(), strict=True):
        person["name"] = f"{_FIRST[one]} {_LAST[other]}"
        if leader:
            person["visible_leader"] = True
    kinds = ("police", "residents", "faith", "business", "retailer", "school", "charity", "club")
    for number, (association, size, stated) in enumerate(
        zip(associations, sizes, (rng.random(len(sizes)) < 0.1).tolist(), strict=True)
    ):
        association["kind"] = kinds[0] if number == 0 else kinds[1 + number % 7]
        if number == 0:
            association["own"] = True
        if stated:
            association["size"] = min(50, size + 3)
    rows: list[NodeRow] = []
    for kind, names in ids.items():
        days = _days(rng, len(names))
        sources = rng.integers(0, len(_SOURCES), len(names)).tolist()
        for number, (node_id, fields, day, source) in enumerate(
            zip(names, own_fields[kind], days, sources, strict=True)
        ):
            named = {"name": f"{kind.value} {number + 1}", "source": _SOURCES[source], "basis": "fact"}
            rows.append((kind, node_id, {**named, **fields, "valid_from": day}))
    return rows


def _with_fields(rng: np.random.Generator, rows: Sequence[tuple[TieType, str, str]]) -> list[TieRow]:
    """The ties, with a source and a first day on each, a strength or a level where the type has one."""
    days, sources = _days(rng, len(rows)), rng.integers(0, len(_SOURCES), len(rows)).tolist()
    strengths = rng.choice([0.3, 0.6, 0.9], size=len(rows), p=[0.4, 0.4, 0.2]).tolist()
    words = [level.word for level in _LEVEL_SHARES]
    levels = rng.choice(len(words), size=len(rows), p=list(_LEVEL_SHARES.values())).tolist()
    ties: list[TieRow] = []
    for (tie, start, end), day, source, strength, level in zip(rows, days, sources, strengths, levels, strict=True):
        fields: dict[str, Any] = {"source": _SOURCES[source], "basis": "assessment", "valid_from": day}
        match tie:
            case TieType.KNOWS | TieType.REPORTS_TO:
                fields["strength"] = strength
            case TieType.MEMBER_OF | TieType.CAN_DECIDE:
                fields["level"] = words[level]
        ties.append((tie, start, end, fields))
    return ties


def _days(rng: np.random.Generator, count: int) -> list[str]:
    """Days of the ten years from 2015, as ISO dates."""
    drawn: list[str] = (np.datetime64("2015-01-01") + rng.integers(0, 3650, count)).astype(str).tolist()
    return drawn
