"""Small random networks for hypothesis, and what they join in plain Python: the oracle of every measure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations
from math import prod

import networkx as nx
from hypothesis import strategies as st

from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import NodeType, TieType

TODAY = date(2026, 6, 15)
Rows = tuple[list[NodeRow], list[TieRow]]

_DAYS = [TODAY + timedelta(days=days) for days in (-30, -1, 0, 1, 30)]
_VALID = st.fixed_dictionaries(
    {},
    optional={
        "valid_from": st.sampled_from([day.isoformat() for day in _DAYS]),
        "valid_to": st.sampled_from([day.isoformat() for day in _DAYS]),
    },
)
# Mostly open, or nothing would be left to compute with.
VALIDITY = st.one_of(st.just({}), st.just({}), st.just({}), _VALID)
STRENGTHS = st.one_of(st.none(), st.sampled_from([0.01, 0.04, 0.05, 0.3, 0.6, 0.9, 1.0]), st.floats(0.001, 1.0))


@st.composite
def network_rows(draw: st.DrawFn, *, max_people: int = 12, max_associations: int = 4, max_ties: int = 30) -> Rows:
    """Rows of a network: people, associations, a problem, ties of every type that joins people and some that do not.

    With isolates, several components, self-ties, parallel ties and ties both ways, double memberships, stated sizes,
    and nodes and ties that do not count on ``TODAY``.
    """
    people = [f"p{number:02}" for number in range(draw(st.integers(0, max_people)))]
    associations = [f"a{number}" for number in range(draw(st.integers(0, max_associations)))]
    nodes: list[NodeRow] = [
        (NodeType.STAKEHOLDER, person, {"name": draw(st.sampled_from(["Ana", "Ben", "Cat"])), **draw(VALIDITY)})
        for person in people
    ]
    for association in associations:
        size = draw(st.one_of(st.none(), st.integers(1, 60)))
        nodes.append((NodeType.ASSOCIATION, association, {"name": association, "size": size, **draw(VALIDITY)}))
    nodes.append((NodeType.PROBLEM, "problem", {"name": "Fly-tipping"}))
    ties: list[TieRow] = []
    if people:
        person, association = st.sampled_from(people), st.sampled_from(associations or ["none"])
        for _ in range(draw(st.integers(0, max_ties))):
            tie = draw(
                st.sampled_from(
                    [TieType.KNOWS, TieType.KNOWS, TieType.REPORTS_TO, TieType.MEMBER_OF, TieType.MEMBER_OF]
                )
            )
            if tie is TieType.MEMBER_OF:
                if associations:
                    role = draw(st.sampled_from([None, "chair"]))
                    ties.append((tie, draw(person), draw(association), {"role": role, **draw(VALIDITY)}))
            else:
                ties.append((tie, draw(person), draw(person), {"strength": draw(STRENGTHS), **draw(VALIDITY)}))
        affected = draw(st.lists(person, max_size=3))
        ties.extend((TieType.AFFECTED_BY, one, "problem", {}) for one in affected)
    return nodes, ties


@st.composite
def networks(draw: st.DrawFn, *, max_people: int = 12, max_ties: int = 30) -> Network:
    """A Network of such rows."""
    return Network.of(draw(st.integers(1, 9)), *draw(network_rows(max_people=max_people, max_ties=max_ties)))


def counts(fields: object, day: date) -> bool:
    """Whether a node or tie with these fields counts on a day."""
    assert isinstance(fields, dict)
    begins, ends = fields.get("valid_from"), fields.get("valid_to")
    return (begins is None or begins <= day.isoformat()) and (ends is None or day.isoformat() < ends)


def plain_pairs(
    rows: Rows, day: date, tie_types: Iterable[TieType] | None = None
) -> tuple[list[str], dict[frozenset[str], float], set[str]]:
    """The people, the combined strength of each pair, and the associations left out, straight from the definitions."""
    chosen = set(TieType) if tie_types is None else set(tie_types)
    nodes = {node_id: (kind, fields) for kind, node_id, fields in rows[0] if counts(fields, day)}
    people = sorted(node_id for node_id, (kind, _) in nodes.items() if kind is NodeType.STAKEHOLDER)
    joined: dict[frozenset[str], dict[str, float]] = defaultdict(dict)
    members: dict[str, set[str]] = defaultdict(set)
    for tie, start, end, fields in rows[1]:
        if tie not in chosen or start not in nodes or end not in nodes or not counts(fields, day):
            continue
        if tie in (TieType.KNOWS, TieType.REPORTS_TO) and start != end:
            stated = fields.get("strength")
            by_type = joined[frozenset((start, end))]
            by_type[tie] = max(by_type.get(tie, 0.0), 0.6 if stated is None else stated)
        elif tie is TieType.MEMBER_OF:
            members[end].add(start)
    left_out = set()
    for association, belonging in members.items():
        size = max(len(belonging), nodes[association][1].get("size") or 0)
        if size > 50 and len(belonging) > 1:
            left_out.add(association)
        elif len(belonging) > 1:
            for pair in combinations(belonging, 2):
                joined[frozenset(pair)][association] = min(0.5, 1 / (size - 1))
    pairs = {
        pair: next(iter(by.values())) if len(by) == 1 else 1 - prod(1 - strength for strength in by.values())
        for pair, by in joined.items()
    }
    return people, pairs, left_out


def graph_of(people: Iterable[str], pairs: dict[frozenset[str], float], *, at_least: float = 0.0) -> "nx.Graph[str]":
    """The same as a networkx graph, with ``weight`` on each edge."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(people)
    for pair, strength in pairs.items():
        if strength >= at_least:
            graph.add_edge(*sorted(pair), weight=strength)
    return graph
