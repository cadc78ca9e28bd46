"""Highly connected people: who is listed, in which order, and whether what is said of them is true."""

import re
from datetime import date
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import measures
from analytics.connectors import Connectors, ConnectorsQuestion, Measure, highly_connected
from analytics.projection import project
from benchmarks.communities import community
from graph_model.errors import DataError, NotFound
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import NodeType, TieType
from tests.analytics.strategies import TODAY, Rows, graph_of, network_rows, plain_pairs


def people(*names: str, **fields: Any) -> list[NodeRow]:
    return [(NodeType.STAKEHOLDER, name.lower(), {"name": name, **fields}) for name in names]


def knows(*pairs: str, **fields: Any) -> list[TieRow]:
    """Ties from pairs such as ``ana-ben``."""
    return [(TieType.KNOWS, one, other, fields) for one, other in (pair.split("-") for pair in pairs)]


def ask(nodes: list[NodeRow], ties: list[TieRow], **question: Any) -> Connectors:
    return highly_connected(Network.of(7, nodes, ties), ConnectorsQuestion(TODAY, **question))


BRIDGE = [*people("Ana", "Ben", "Cat", "Dan", "Eve", "Fay"), *people("Gus", visible_leader=True)]
# Two triangles, held together by Cat and Dan; Gus is on his own.
BRIDGED = knows("ana-ben", "ana-cat", "ben-cat", "cat-dan", "dan-eve", "dan-fay", "eve-fay")


def test_who_is_listed() -> None:
    answer = ask(BRIDGE, BRIDGED, top=3)
    assert (answer.version, answer.people, answer.left_out, answer.sampled, answer.threshold) == (7, 7, (), None, 0.05)
    assert [(row.rank, row.name, row.visible_leader) for row in answer.rows] == [
        (1, "Cat", False),
        (1, "Dan", False),
        (3, "Ana", False),
    ]
    assert answer.rows[0].score == pytest.approx(6 / 15)
    assert answer.tied_at_cut == 5
    assert ask(BRIDGE, BRIDGED, top=2).tied_at_cut == 0
    assert ask(BRIDGE, BRIDGED, top=1).tied_at_cut == 2


def test_the_visible_leader_who_connects_nobody() -> None:
    last = ask(BRIDGE, BRIDGED, measure=Measure.DEGREE).rows[-1]
    assert (last.name, last.score, last.rank, last.visible_leader) == ("Gus", 0.0, 7, True)
    assert last.sentence == "Gus is in contact with nobody else on record"


def test_whoever_holds_groups_together_is_said_to() -> None:
    said = {row.name: row.sentence for row in ask(BRIDGE, BRIDGED).rows}
    assert said["Dan"] == "Dan links 2 groups that otherwise have no contact (of 3 and 2 people)"
    assert said["Cat"] == "Cat links 2 groups that otherwise have no contact (of 3 and 2 people)"
    assert said["Ana"] == "No shortest chain of contacts between two other people runs through Ana"


def test_a_tie_too_weak_to_be_a_contact_still_holds_groups_together() -> None:
    ties = [*BRIDGED, *knows("ana-eve", strength=0.01)]
    assert not [row for row in ask(BRIDGE, ties).rows if "links" in row.sentence]


def test_groups_are_named_as_far_as_the_chosen_ties_go() -> None:
    ties: list[TieRow] = [*BRIDGED, (TieType.REPORTS_TO, "ana", "fay", {})]
    assert "links" not in ask(BRIDGE, ties, top=1).rows[0].sentence
    only_knows = ask(BRIDGE, ties, top=1, tie_types=frozenset({TieType.KNOWS})).rows[0]
    assert only_knows.sentence.endswith("(of 3 and 2 people), going only by “knows” ties")


@pytest.mark.parametrize(
    ("measure", "sentence"),
    [
        (Measure.DEGREE, "Ana is in direct contact with 3 people, more than 3 of the 4 others"),
        (
            Measure.STRENGTH,
            "Of everybody with a tie to Ana, about 1.8 can be expected to pass on what is asked, "
            "more than for 3 of the 4 others",
        ),
        (
            Measure.BETWEENNESS,
            "For two other people, the shortest chain of contacts runs through Ana in about 8.3 % of cases, "
            "more often than through 3 of the 4 others",
        ),
        (
            Measure.HARMONIC_CLOSENESS,
            "Other people are typically 1.3 contacts away from Ana, nearer than for 3 of the 4 others",
        ),
        (
            Measure.PAGERANK,
            "What is passed on at random from one to the next would be with Ana 1.4 times as often as with the "
            "average person",
        ),
        (
            Measure.CORE_NUMBER,
            "Ana is in a circle whose members are each in contact with at least 2 others in it",
        ),
    ],
)
def test_what_a_measure_means_for_a_person(measure: Measure, sentence: str) -> None:
    # A ring of four with one tie across, and Eve, whom only a weak tie joins.
    ties = [*knows("ana-ben", "ben-cat", "cat-dan", "dan-ana", "ana-cat"), *knows("eve-ben", "eve-dan", strength=0.01)]
    rows = {
        row.name: row.sentence for row in ask(people("Ana", "Ben", "Cat", "Dan", "Eve"), ties, measure=measure).rows
    }
    assert rows["Ana"] == sentence
    if measure not in (Measure.STRENGTH, Measure.PAGERANK):
        assert rows["Eve"] == "Eve has only ties that are too weak to count as contact"


@given(network_rows(), st.sampled_from(Measure), st.integers(1, 15))
def test_what_is_said_is_true(rows: Rows, measure: Measure, top: int) -> None:
    ids, pairs, left_out = plain_pairs(rows, TODAY)
    graph, contacts = graph_of(ids, pairs), graph_of(ids, pairs, at_least=0.05)
    answer = ask(*rows, measure=measure, top=top)
    assert answer.people == len(ids)
    assert {each.id for each in answer.left_out} == left_out
    assert len(answer.rows) == min(top, len(ids))
    for row in answer.rows:
        rest = graph.subgraph(nx.node_connected_component(graph, row.id) - {row.id})
        groups = nx.number_connected_components(rest)
        linked = re.match(rf"{row.name} links (\d+) groups that otherwise have no contact \((.*)\)$", row.sentence)
        assert (int(linked[1]) if linked else 0) == (groups if groups >= 2 else 0)
        if told := re.search(r"in direct contact with (\d+) (person|people)", row.sentence):
            assert int(told[1]) == contacts.degree[row.id]
        if told := re.search(r"with at least (\d+) others? in it", row.sentence):
            assert row.id in nx.k_core(contacts, int(told[1]))
        if told := re.search(r"(\d+) of the (\d+) others$", row.sentence):
            scores = {other.id: other.score for other in ask(*rows, measure=measure, top=1_000).rows}
            mine = scores.pop(row.id)
            assert int(told[2]) == len(scores)
            assert int(told[1]) == sum(mine - score > 1e-9 * mine for score in scores.values())


@given(network_rows(), st.sampled_from(Measure))
def test_the_list_is_in_order_and_the_whole_list_holds_everybody(rows: Rows, measure: Measure) -> None:
    answer = ask(*rows, measure=measure, top=1_000)
    projection = project(Network.of(1, *rows), TODAY)
    assert sorted(row.id for row in answer.rows) == projection.ids
    scores = dict(zip(projection.ids, measures.MEASURES[measure](projection).tolist(), strict=True))
    assert [row.score for row in answer.rows] == [scores[row.id] for row in answer.rows]
    assert [(row.rank, row.name, row.id) for row in answer.rows] == sorted(
        (row.rank, row.name, row.id) for row in answer.rows
    )
    assert answer.tied_at_cut == 0


SCOPED: list[NodeRow] = [
    *BRIDGE,
    (NodeType.PLACE, "street", {"name": "Street"}),
    (NodeType.ASSOCIATION, "choir", {"name": "Choir"}),
    (NodeType.PROBLEM, "noise", {"name": "Noise"}),
]
SCOPES: list[TieRow] = [
    *BRIDGED,
    (TieType.LOCATED_IN, "dan", "street", {}),
    (TieType.LOCATED_IN, "ana", "street", {}),
    (TieType.AFFECTED_BY, "gus", "noise", {}),
]


@pytest.mark.parametrize(("scope", "listed"), [("street", ["Dan", "Ana"]), ("noise", ["Gus"]), ("choir", [])])
def test_a_scope_lists_some_by_their_scores_in_the_whole(scope: str, listed: list[str]) -> None:
    whole = {row.id: row for row in ask(SCOPED, SCOPES).rows}
    answer = ask(SCOPED, SCOPES, scope=scope)
    assert [row.name for row in answer.rows] == listed
    assert answer.people == len(listed)
    for rank, row in enumerate(answer.rows, start=1):
        assert row.score == whole[row.id].score
        assert row.rank == rank


def test_a_comparison_within_a_scope_says_so() -> None:
    row = ask(SCOPED, SCOPES, scope="street", measure=Measure.DEGREE, tie_types=None).rows
    assert row[1].sentence == "Ana is in direct contact with 2 people"
    ties: list[TieRow] = [*SCOPES, *knows("ana-eve", "ana-fay"), (TieType.LOCATED_IN, "gus", "street", {})]
    first = ask(SCOPED, ties, scope="street", measure=Measure.DEGREE).rows[0]
    assert first.sentence == "Ana is in direct contact with 4 people, more than 2 of the 2 others asked about"


def test_a_scope_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        ask(SCOPED, SCOPES, scope="nowhere")


def test_associations_left_out_are_named() -> None:
    nodes = [*people("Ana", "Ben"), (NodeType.ASSOCIATION, "fans", {"name": "Fans", "size": 900})]
    ties: list[TieRow] = [(TieType.MEMBER_OF, person, "fans", {}) for person in ("ana", "ben")]
    assert ask(nodes, ties).left_out[0].id == "fans"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"top": 0}, "A list of 0 people cannot be made"),
        ({"top": 1_001}, "Ask for 1 to 1,000"),
        ({"measure": "importance"}, "There is no measure 'importance'. Choose among degree, strength, betweenness"),
        ({"tie_types": frozenset({TieType.PART_OF})}, "PART_OF: ties of this type do not join two people"),
    ],
)
def test_a_question_that_cannot_be_asked(question: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError, match=re.escape(sentence)):
        ConnectorsQuestion(TODAY, **question)


def test_a_question_is_its_own_key() -> None:
    assert ConnectorsQuestion(date(2026, 1, 1)) == ConnectorsQuestion(date(2026, 1, 1), Measure.BETWEENNESS, 20)
    assert len({ConnectorsQuestion(TODAY), ConnectorsQuestion(TODAY), ConnectorsQuestion(TODAY, top=3)}) == 2


def test_a_sampled_list_says_who_cannot_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "ALWAYS_EXACT", 0)
    monkeypatch.setattr(measures, "EXACT_BETWEENNESS", 0)
    monkeypatch.setattr(measures, "_MOST", 4_000)
    network = Network.of(1, *community(300, 1_500, seed=2))
    answer = highly_connected(network, ConnectorsQuestion(TODAY, top=300))
    assert answer.sampled is not None
    for row in answer.rows:
        close = [
            other.id
            for other in answer.rows
            if other.id != row.id and abs(row.score - other.score) <= row.half_width + other.half_width
        ]
        assert row.not_told_apart == len(close)
        if told := re.search(r"more often than through (\d+) of the 299 others", row.sentence):
            below = sum(row.score - other.score > row.half_width + other.half_width for other in answer.rows)
            assert int(told[1]) == below
    assert max(row.half_width for row in answer.rows) == answer.sampled.half_width


def test_the_same_people_whatever_the_order_of_the_rows() -> None:
    nodes, ties = community(200, 900, seed=5)
    one, other = Network.of(1, nodes, ties), Network.of(1, nodes[::-1], ties[::-1])
    for measure in Measure:
        question = ConnectorsQuestion(TODAY, measure)
        assert highly_connected(one, question) == highly_connected(other, question)
