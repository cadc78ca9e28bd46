"""Plain data says what the answers say, and is JSON as it stands."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from analytics.connectors import ConnectorsQuestion, Measure, highly_connected
from analytics.escalation import WayQuestion, ways_up
from analytics.groups import GroupQuestion, working_group
from analytics.plain import (
    connectors_plain,
    effects_plain,
    entry_plain,
    group_plain,
    imported_plain,
    node_plain,
    schema_plain,
    ways_plain,
)
from graph_model.changes import ChangeKind, Counts, Effects, Entry, NodeEffect, TieEffect
from graph_model.importing import FieldConflict, Imported, ImportRefused
from graph_model.network import Network
from graph_model.plan import StoredNode
from graph_model.records import TieKey
from graph_model.schema import NodeType, TieType
from graph_model.sheets import Place, Problem
from graph_model.store import Neighbour
from tests.analytics.strategies import TODAY, Rows, network_rows

PEOPLE = [(NodeType.STAKEHOLDER, name.lower(), {"name": name}) for name in ("Ana", "Ben", "Cat", "Dov", "Eve")]
KNOW = [(TieType.KNOWS, *pair, {}) for pair in (("ana", "ben"), ("ben", "cat"), ("cat", "dov"))]
CHAIN = Network.of(3, PEOPLE, KNOW)


@given(network_rows())
@settings(max_examples=25)
def test_every_answer_is_json_that_says_its_version_and_date(rows: Rows) -> None:
    network = Network.of(5, *rows)
    people = [node_id for kind, node_id, _ in rows[0] if kind is NodeType.STAKEHOLDER]
    plain = [connectors_plain(highly_connected(network, ConnectorsQuestion(TODAY)))]
    valid = [
        network.nodes.id[row] for row in network.rows_of_kind(NodeType.STAKEHOLDER) if network.nodes_on(TODAY)[row]
    ]
    if valid:
        plain.append(group_plain(working_group(network, GroupQuestion(TODAY, size=1))))
        plain.append(ways_plain(ways_up(network, WayQuestion(TODAY, start=valid[0], end=valid[-1]))))
    assert people or len(plain) == 1
    for answer in plain:
        assert json.loads(json.dumps(answer, allow_nan=False)) == answer
        assert (answer["version"], answer["on"]) == (5, TODAY.isoformat())


def test_connectors_carry_the_question_and_what_was_left_out() -> None:
    many = [(NodeType.STAKEHOLDER, f"m{number:02}", {"name": f"M {number}"}) for number in range(51)]
    club = (NodeType.ASSOCIATION, "club", {"name": "The Club"})
    ties = [(TieType.MEMBER_OF, person, "club", {}) for _, person, _ in many]
    network = Network.of(1, [*many, club], ties)
    question = ConnectorsQuestion(TODAY, Measure.DEGREE, 2, frozenset({TieType.MEMBER_OF, TieType.KNOWS}))
    answer = connectors_plain(highly_connected(network, question))
    assert (answer["measure"], answer["top"], answer["tie_types"]) == ("degree", 2, ["KNOWS", "MEMBER_OF"])
    assert [each["id"] for each in answer["left_out"]] == ["club"]
    assert answer["notes"] == [
        "The Club: too large for the members to be taken to know one another, so belonging there joins nobody.",
        "51 people share the last rank of the list; not all of them are on it.",
    ]


@pytest.mark.parametrize(
    ("weighted", "problem", "says"),
    [
        (True, False, "Their reach is 4.2, counting each of 5 people by how surely they are reached"),
        (False, False, "They reach 5 of 5 people within 2 ties"),
        (False, True, "They reach 1 of 1 affected people within 2 ties"),
    ],
)
def test_a_group_is_summed_up_in_a_sentence(weighted: bool, problem: bool, says: str) -> None:
    network = Network.of(
        1,
        [*PEOPLE, (NodeType.PROBLEM, "noise", {"name": "Noise"})],
        [*KNOW, (TieType.AFFECTED_BY, "dov", "noise", {})],
    )
    question = GroupQuestion(TODAY, size=3, weighted=weighted, problem="noise" if problem else None)
    answer = group_plain(working_group(network, question))
    assert answer["sentence"].startswith(f"{says}: at least ")
    assert answer["sentence"].endswith(" % of the best any 3 people could do.")


def test_a_share_is_never_rounded_up() -> None:
    from dataclasses import replace

    group = working_group(CHAIN, GroupQuestion(TODAY, size=1))
    assert "at least 97 %" in group_plain(replace(group, share=0.97999))["sentence"]
    assert "at least 100 %" in group_plain(replace(group, share=1.0))["sentence"]
    assert "at least 99 %" in group_plain(replace(group, share=0.99999))["sentence"]


def test_ways_carry_their_steps() -> None:
    answer = ways_plain(ways_up(CHAIN, WayQuestion(TODAY, start="ana", end="cat", avoid=frozenset({"dov"}))))
    assert (answer["from"], answer["to"], answer["avoid"], answer["missing"]) == ("ana", "cat", ["dov"], [])
    (way,) = answer["paths"]
    assert [(step["from"], step["to"], step["tie"], step["strength"]) for step in way["steps"]] == [
        ("ana", "ben", "KNOWS", 0.6),
        ("ben", "cat", "KNOWS", 0.6),
    ]
    assert way["reliability"] == pytest.approx(0.36)


def test_a_record_with_its_ties_read_from_there() -> None:
    stored = StoredNode(
        NodeType.STAKEHOLDER,
        {
            "id": "ana",
            "name": "Ana {start}",
            "skills": ["tea"],
            "notes": None,
            "created_by": "Robin",
            "edited": ["name"],
        },
    )
    ties = [
        Neighbour(
            TieKey(TieType.REPORTS_TO, "ana", "ben"), True, "ben", NodeType.STAKEHOLDER, "Ben", {"strength": 0.5}
        ),
        Neighbour(
            TieKey(TieType.MEMBER_OF, "ana", "club", "chair"),
            True,
            "club",
            NodeType.ASSOCIATION,
            "Club",
            {"role": "chair"},
        ),
        Neighbour(TieKey(TieType.REPORTS_TO, "cat", "ana"), False, "cat", NodeType.STAKEHOLDER, "Cat", {}),
    ]
    plain = node_plain(stored, ties)
    assert (plain["id"], plain["type"], plain["name"]) == ("ana", "Stakeholder", "Ana {start}")
    assert plain["fields"] == {"name": "Ana {start}", "skills": ["tea"]}
    assert plain["record"] == {"created_by": "Robin", "created_at": None, "updated_by": None, "updated_at": None}
    assert [tie["sentence"] for tie in plain["ties"]] == [
        "Ana {start} reports to Ben",
        "Ana {start} belongs to Club, as chair",
        "Ana {start} manages Cat",
    ]
    assert (plain["ties"][2]["from"], plain["ties"][2]["to"], plain["ties"][2]["outward"]) == ("cat", "ana", False)


def entry(kind: ChangeKind, nodes: Counts, ties: Counts, undoes: int | None = None) -> Entry:
    return Entry(4, "c4", kind, "Robin", "2026-01-01T00:00:00Z", "", nodes, ties, 1, undoes)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (entry(ChangeKind.EDIT, Counts(1), Counts()), "1 record added"),
        (entry(ChangeKind.EDIT, Counts(2, 1), Counts(1_000)), "2 records and 1,000 ties added, 1 record changed"),
        (entry(ChangeKind.IMPORT, Counts(), Counts(0, 0, 1)), "a folder was imported: 1 tie removed"),
        (entry(ChangeKind.UNDO, Counts(0, 0, 3), Counts(), 2), "change 2 was taken back: 3 records removed"),
    ],
)
def test_a_change_in_words(made: Entry, says: str) -> None:
    assert entry_plain(made)["sentence"] == says


def test_effects_are_cut_at_a_thousand() -> None:
    nodes = tuple(NodeEffect(NodeType.STAKEHOLDER, f"p{number}", None, {"name": "x"}) for number in range(999))
    tie = TieEffect(
        TieKey(TieType.KNOWS, "a", "b"), NodeType.STAKEHOLDER, NodeType.STAKEHOLDER, {"strength": 0.5}, None
    )
    whole = effects_plain(Effects(nodes, (tie,)))
    assert (len(whole["nodes"]), len(whole["ties"]), whole["truncated"]) == (999, 1, False)
    assert whole["ties"][0] == {
        "type": "KNOWS",
        "from": "a",
        "to": "b",
        "role": "",
        "valid_from": "",
        "before": {"strength": 0.5},
        "after": None,
    }
    assert effects_plain(Effects(nodes, (tie, tie)))["truncated"]


def done(**given: Any) -> Imported:
    return Imported(
        **{
            "rows": 3,
            "nodes": Counts(),
            "ties": Counts(),
            "unchanged": 3,
            "conflicts": (),
            "notes": (),
            "entry": None,
            **given,
        }
    )


@pytest.mark.parametrize(
    ("outcome", "dry_run", "sentences"),
    [
        (done(), False, ["3 rows were read. All of it is in Kith already, so nothing changed."]),
        (done(), True, ["3 rows were read. All of it is in Kith already, so nothing would change."]),
        (
            done(nodes=Counts(2), unchanged=1),
            True,
            [
                "3 rows were read. Importing them would do this: 2 records added. Nothing was written.",
                "1 row says what Kith says already.",
            ],
        ),
        (
            done(
                nodes=Counts(2),
                ties=Counts(1),
                unchanged=0,
                notes=("a note",),
                entry=entry(ChangeKind.IMPORT, Counts(2), Counts(1)),
            ),
            False,
            ["3 rows were read. 2 records and 1 tie added: that is change 4.", "a note"],
        ),
    ],
)
def test_an_import_in_words(outcome: Imported, dry_run: bool, sentences: list[str]) -> None:
    plain = imported_plain(outcome, dry_run=dry_run)
    assert (plain["sentences"], plain["dry_run"]) == (sentences, dry_run)


def test_conflicts_and_problems_are_counted_in_full_and_the_first_hundred_listed() -> None:
    place = Place("stakeholders.csv", 2)
    plain = imported_plain(
        done(conflicts=(FieldConflict(place, "p1", "name", "kept", "offered"),) * 101), dry_run=False
    )
    assert (len(plain["conflicts"]), plain["conflict_count"]) == (100, 101)
    assert plain["sentences"][-1] == "... and 1 more that were edited in Kith."
    refused = imported_plain(
        ImportRefused([Problem("ties.csv", 3, "type", "is wrong.", "Mend it.")] * 101, ["a note"]), dry_run=False
    )
    assert (len(refused["problems"]), refused["problem_count"], refused["notes"]) == (100, 101, ["a note"])
    assert refused["problems"][0]["sentence"] == "ties.csv, row 3, type: is wrong. Mend it."


def test_the_schema_is_json() -> None:
    plain = schema_plain()
    assert json.loads(json.dumps(plain)) == plain
    assert [node["type"] for node in plain["nodes"]] == list(NodeType)
    assert [tie["type"] for tie in plain["ties"]] == list(TieType)


def test_dates_are_iso_texts() -> None:
    assert connectors_plain(highly_connected(CHAIN, ConnectorsQuestion(date(2026, 2, 3))))["on"] == "2026-02-03"
