"""The network in words."""

import pytest

from analytics.words import counted, listed, noun, tie_says, verb
from graph_model.network import Network
from graph_model.schema import NodeType, TieType


def test_a_tie_is_read_from_either_end() -> None:
    nodes = [(NodeType.STAKEHOLDER, "p", {"name": "Sam {end}"}), (NodeType.ASSOCIATION, "a", {"name": "Mill Traders"})]
    network = Network.of(1, nodes, [(TieType.MEMBER_OF, "p", "a", {"role": "treasurer"})])
    assert tie_says(network, 0) == "Sam {end} belongs to Mill Traders, as treasurer"
    assert tie_says(network, 0, back=True) == "Mill Traders counts Sam {end} among its members, as treasurer"


def test_nouns_and_verbs() -> None:
    assert noun(NodeType.STAKEHOLDER) == "person"
    assert noun(NodeType.STAKEHOLDER, many=True) == "people"
    assert noun(NodeType.WORKING_GROUP) == "working group"
    assert verb(TieType.REPORTS_TO) == "reports to"
    assert all(verb(tie) and "{" not in verb(tie) for tie in TieType)


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(parts: list[str], said: str) -> None:
    assert listed(parts) == said


def test_numbers() -> None:
    assert counted(1, "person", "people") == "1 person"
    assert counted(2_000, "person", "people") == "2,000 people"
    assert counted(0, "tie", "ties") == "0 ties"
