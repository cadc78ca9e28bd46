"""The people and how strongly they are joined, against the definitions in plain Python."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.projection import CONNECTING, LARGEST_ASSOCIATION, Projection, project
from graph_model.errors import DataError
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import NodeType, TieType
from tests.analytics.strategies import TODAY, Rows, network_rows, plain_pairs


def people(*ids: str) -> list[NodeRow]:
    return [(NodeType.STAKEHOLDER, person, {"name": person.title()}) for person in ids]


def association(node_id: str, **fields: object) -> NodeRow:
    return (NodeType.ASSOCIATION, node_id, {"name": node_id, **fields})


def asked(nodes: list[NodeRow], ties: list[TieRow], tie_types: frozenset[TieType] | None = None) -> Projection:
    return project(Network.of(3, nodes, ties), TODAY, tie_types)


def strength(projection: Projection, one: str, other: str) -> float:
    places = projection.place_of
    return float(projection.strengths[places[one], places[other]])


@given(network_rows(), st.one_of(st.none(), st.sets(st.sampled_from(sorted(CONNECTING))).map(frozenset)))
def test_projection_is_what_the_definitions_say(rows: Rows, tie_types: frozenset[TieType] | None) -> None:
    ids, pairs, left_out = plain_pairs(rows, TODAY, tie_types)
    projection = asked(*rows, tie_types)
    assert projection.ids == ids
    assert {each.id for each in projection.left_out} == left_out
    assert list(projection.left_out) == sorted(projection.left_out)
    entries = projection.strengths.tocoo()
    found = {(ids[i], ids[j]): value for i, j, value in zip(*entries.coords, entries.data.tolist(), strict=True)}
    expected = {(i, j): value for pair, value in pairs.items() for i, j in (sorted(pair), sorted(pair, reverse=True))}
    assert found == pytest.approx(expected, rel=1e-12)
    contacts = projection.contacts.tocoo()
    kept = {(ids[i], ids[j]) for i, j in zip(*contacts.coords, strict=True)}
    assert kept == {pair for pair, value in found.items() if value >= 0.05}


@given(network_rows())
def test_matrices_are_symmetric_sorted_and_small(rows: Rows) -> None:
    projection = asked(*rows)
    for matrix in (projection.strengths, projection.contacts):
        assert (matrix != matrix.T).nnz == 0
        assert matrix.indices.dtype == matrix.indptr.dtype == np.int32
        assert matrix.data.dtype == np.float64
        assert matrix.diagonal().sum() == 0
        for row in range(len(projection)):
            within = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            assert np.all(np.diff(within) > 0)


def test_within_a_type_the_strongest_counts_and_between_types_they_combine() -> None:
    ties: list[TieRow] = [
        (TieType.KNOWS, "ana", "ben", {"strength": 0.3}),
        (TieType.KNOWS, "ben", "ana", {"strength": 0.5}),
        (TieType.REPORTS_TO, "ana", "ben", {}),
    ]
    projection = asked(people("ana", "ben"), ties)
    assert strength(projection, "ana", "ben") == pytest.approx(1 - 0.5 * 0.4)
    assert strength(asked(people("ana", "ben"), ties, frozenset({TieType.KNOWS})), "ben", "ana") == 0.5


def test_two_shared_associations_combine() -> None:
    nodes = [*people("ana", "ben", "cat"), association("choir"), association("shop")]
    ties: list[TieRow] = [
        *((TieType.MEMBER_OF, person, "choir", {}) for person in ("ana", "ben", "cat")),
        *((TieType.MEMBER_OF, person, "shop", {}) for person in ("ana", "ben")),
    ]
    projection = asked(nodes, ties)
    assert strength(projection, "ana", "cat") == 0.5
    assert strength(projection, "ana", "ben") == 0.75


def test_a_second_role_is_not_a_second_member() -> None:
    nodes = [*people("ana", "ben", "cat", "dan"), association("choir")]
    ties: list[TieRow] = [(TieType.MEMBER_OF, person, "choir", {}) for person in ("ana", "ben", "cat", "dan")]
    ties.append((TieType.MEMBER_OF, "ana", "choir", {"role": "chair"}))
    assert strength(asked(nodes, ties), "ana", "dan") == pytest.approx(1 / 3)


def test_a_member_who_no_longer_counts_makes_the_association_smaller() -> None:
    nodes = [*people("ana", "ben", "cat"), association("choir")]
    nodes.append((NodeType.STAKEHOLDER, "dan", {"name": "Dan", "valid_to": TODAY.isoformat()}))
    ties: list[TieRow] = [(TieType.MEMBER_OF, person, "choir", {}) for person in ("ana", "ben", "cat", "dan")]
    projection = asked(nodes, ties)
    assert projection.ids == ["ana", "ben", "cat"]
    assert strength(projection, "ana", "ben") == 0.5
    earlier = project(Network.of(3, nodes, ties), date(2026, 6, 14))
    assert strength(earlier, "ana", "ben") == pytest.approx(1 / 3)


@pytest.mark.parametrize(("size", "expected"), [(None, 0.5), (1, 0.5), (21, 0.05), (LARGEST_ASSOCIATION, 1 / 49)])
def test_the_stated_size_counts_where_it_is_larger(size: int | None, expected: float) -> None:
    ties: list[TieRow] = [(TieType.MEMBER_OF, person, "choir", {}) for person in ("ana", "ben")]
    projection = asked([*people("ana", "ben"), association("choir", size=size)], ties)
    assert strength(projection, "ana", "ben") == expected
    assert projection.contacts.nnz == (2 if expected >= 0.05 else 0)
    assert projection.left_out == ()


def test_a_stated_size_smaller_than_the_members_does_not_count() -> None:
    everybody = ("ana", "ben", "cat", "dan")
    ties: list[TieRow] = [(TieType.MEMBER_OF, person, "choir", {}) for person in everybody]
    projection = asked([*people(*everybody), association("choir", size=2)], ties)
    assert strength(projection, "ana", "dan") == 1 / 3


def test_associations_that_are_too_large_are_named_and_join_nobody() -> None:
    nodes = [*people("ana", "ben"), association("choir", size=51), association("lone", size=51)]
    ties: list[TieRow] = [(TieType.MEMBER_OF, person, "choir", {}) for person in ("ana", "ben")]
    ties.append((TieType.MEMBER_OF, "ana", "lone", {}))
    projection = asked(nodes, ties)
    assert projection.strengths.nnz == 0
    assert [each.id for each in projection.left_out] == ["choir"]


def test_a_strength_stated_once_is_kept_to_the_last_bit() -> None:
    projection = asked(people("ana", "ben"), [(TieType.KNOWS, "ana", "ben", {"strength": 0.3})])
    assert strength(projection, "ana", "ben") == 0.3


def test_types_that_do_not_join_people_are_refused() -> None:
    with pytest.raises(DataError, match=r"AFFECTED_BY: .* do not join two people"):
        asked(people("ana"), [], frozenset({TieType.KNOWS, TieType.AFFECTED_BY}))


def test_a_network_without_people() -> None:
    projection = asked([association("choir")], [])
    assert len(projection) == 0
    assert projection.strengths.shape == (0, 0)
