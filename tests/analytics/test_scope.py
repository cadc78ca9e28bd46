"""Whom a question is about: places within places, associations, problems."""

from datetime import date

import pytest

from analytics.scope import in_scope
from graph_model.errors import DataError, NotFound
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import NodeType, TieType

DAY = date(2026, 6, 15)
NODES: list[NodeRow] = [
    *((NodeType.STAKEHOLDER, person, {"name": person.title()}) for person in ("ana", "ben", "cat", "dan", "eve")),
    (NodeType.ASSOCIATION, "choir", {"name": "Choir"}),
    (NodeType.ASSOCIATION, "club", {"name": "Club", "valid_to": "2026-01-01"}),
    (NodeType.PLACE, "town", {"name": "Town"}),
    (NodeType.PLACE, "estate", {"name": "Estate"}),
    (NodeType.PLACE, "street", {"name": "Street"}),
    (NodeType.PROBLEM, "noise", {"name": "Noise"}),
]
TIES: list[TieRow] = [
    (TieType.PART_OF, "street", "estate", {}),
    (TieType.PART_OF, "estate", "town", {}),
    (TieType.PART_OF, "town", "street", {"valid_from": "2026-07-01"}),
    (TieType.LOCATED_IN, "ana", "street", {}),
    (TieType.LOCATED_IN, "ben", "town", {}),
    (TieType.LOCATED_IN, "cat", "town", {"valid_to": "2026-06-15"}),
    (TieType.MEMBER_OF, "ana", "choir", {}),
    (TieType.MEMBER_OF, "dan", "choir", {}),
    (TieType.MEMBER_OF, "eve", "choir", {"valid_from": "2026-06-16"}),
    (TieType.MEMBER_OF, "cat", "club", {}),
    (TieType.AFFECTED_BY, "choir", "noise", {}),
    (TieType.AFFECTED_BY, "club", "noise", {}),
    (TieType.AFFECTED_BY, "ben", "noise", {}),
]
NETWORK = Network.of(1, NODES, TIES)


def people_in(scope: str, on: date = DAY) -> set[str]:
    marks = in_scope(NETWORK, on, scope)
    ids = NETWORK.nodes.id.list
    return {ids[row] for row in NETWORK.rows_of_kind(NodeType.STAKEHOLDER) if marks[row]}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("street", {"ana"}),
        ("estate", {"ana"}),
        ("town", {"ana", "ben"}),
        ("choir", {"ana", "dan"}),
        ("noise", {"ana", "ben", "dan"}),
    ],
)
def test_who_is_in_a_scope(scope: str, expected: set[str]) -> None:
    assert people_in(scope) == expected


def test_places_that_are_part_of_one_another_come_to_an_end() -> None:
    assert people_in("street", date(2026, 7, 1)) == {"ana", "ben"}


def test_a_scope_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="Nothing in the network has the id 'nowhere'"):
        in_scope(NETWORK, DAY, "nowhere")


def test_a_scope_nobody_can_be_in() -> None:
    with pytest.raises(DataError, match=r"Ana is of the type Stakeholder. Choose a place, an association or a problem"):
        in_scope(NETWORK, DAY, "ana")


def test_a_scope_that_does_not_count_on_the_date() -> None:
    with pytest.raises(DataError, match="Club does not count on 15 June 2026"):
        in_scope(NETWORK, DAY, "club")
