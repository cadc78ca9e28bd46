"""People who are likely to be in the network twice: nearly the same name, in the same place or in none.

Two names are nearly the same where, word order, accents and case aside, their digits and the first letters of their
words are equal and at most one letter was added, dropped, changed or swapped with the next. Every such pair is found:
two names one slip apart share a text that dropping at most one letter of each leaves (Garbe's symmetric deletes), so
only names that share one are compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
from rapidfuzz.distance import OSA

from analytics.search import words_of
from graph_model.network import Network, tie_code
from graph_model.schema import NodeType, TieType

__all__ = ["Double", "doubles"]

_SHORTEST_WITH_A_SLIP = 5


@dataclass(frozen=True, slots=True)
class Double:
    """Two people who may be one: their rows (the smaller id first), and the row of a place they share, or None."""

    first: int
    second: int
    place: int | None


def doubles(network: Network, on: date) -> Iterator[Double]:
    """Each pair of people, valid on a date, who may be the same person; names in order of the alphabet.

    A pair is left out where both are in a place, and in none that they share. Lazily, so that who asks can stop.
    """
    people = network.rows_of_kind(NodeType.STAKEHOLDER)
    people = people[network.nodes_on(on)[people]]
    places = _places(network, on)
    bearers = _bearers(network, people.tolist())
    told: set[tuple[int, int]] = set()
    for one, other in _near(bearers):
        for first, second, place in _meeting(bearers[one], bearers[other], places):
            pair = (min(first, second), max(first, second))
            if first != second and pair not in told:
                told.add(pair)
                yield Double(*pair, place)


def _meeting(some: list[int], others: list[int], places: dict[int, set[int]]) -> Iterator[tuple[int, int, int | None]]:
    """Each two of them who share a place, with the place; then each two of whom one is in none."""
    others_in: dict[int, list[int]] = defaultdict(list)
    for other in others:
        for place in places.get(other, ()):
            others_in[place].append(other)
    for one in some:
        for place in sorted(places.get(one, ())):
            yield from ((one, other, place) for other in others_in[place])
    nowhere = [other for other in others if other not in places]
    for one in some:
        yield from ((one, other, None) for other in (nowhere if one in places else others))


def _places(network: Network, on: date) -> dict[int, set[int]]:
    """The places each node is in."""
    ties = network.ties
    located = np.flatnonzero((ties.type == tie_code(TieType.LOCATED_IN)) & network.ties_on(on))
    places: dict[int, set[int]] = defaultdict(set)
    for node, place in zip(ties.start[located].tolist(), ties.end[located].tolist(), strict=True):
        places[node].add(place)
    return places


def _bearers(network: Network, people: list[int]) -> dict[str, list[int]]:
    """The people who go by each name, taken apart and put in order; a name of one word says too little."""
    names, also = network.nodes.name.list, network.nodes.also_known_as.list
    bearers: dict[str, list[int]] = defaultdict(list)
    for row in people:
        wearing = {" ".join(sorted(words_of(name))) for name in (names[row], *also[row].split(";"))}
        for name in wearing:
            if " " in name:
                bearers[name].append(row)
    return bearers


def _near(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each name with itself and with every later name one slip away, in order of the alphabet."""
    ordered = sorted(names)
    sharing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in ordered:
        for left in _left(name):
            sharing[left].append(name)
    later: dict[str, set[str]] = defaultdict(set)
    for block in sharing.values():
        for one, other in combinations(block, 2):
            if other not in later[one] and OSA.distance(one, other, score_cutoff=1) <= 1:
                later[one].add(other)
    for name in ordered:
        yield name, name
        for other in sorted(later.get(name, ())):
            yield name, other


def _left(name: str) -> set[tuple[str, str]]:
    """What may be left of a name by a slip, each beside what a slip must leave as it is."""
    if len(name) < _SHORTEST_WITH_A_SLIP:
        return set()
    kept = [sign.isdigit() or place == 0 or name[place - 1] == " " for place, sign in enumerate(name)]
    marks = "".join(sign if keep else " " if sign == " " else "" for sign, keep in zip(name, kept, strict=True))
    cuts = (place for place, sign in enumerate(name) if not kept[place] and sign != " ")
    return {(marks, name), *((marks, name[:cut] + name[cut + 1 :]) for cut in cuts)}
