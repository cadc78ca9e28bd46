"""What a check finds: each kind of mistake once where it is made, and not where it is not."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from analytics.checks import MOST_CASES, Finding, Weight, check
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import NodeType, TieType

TODAY = date(2026, 6, 15)
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()

SOUND_NODES: list[NodeRow] = [
    (NodeType.STAKEHOLDER, "amira", {"name": "Amira Khan", "asked_on": TODAY.isoformat()}),
    (NodeType.STAKEHOLDER, "sam", {"name": "Sam Okafor"}),
    (NodeType.ASSOCIATION, "police", {"name": "Larkfield Police", "own": True}),
    (NodeType.PROBLEM, "litter", {"name": "Litter"}),
    (NodeType.SOLUTION, "bins", {"name": "More bins"}),
    (NodeType.BARRIER, "budget", {"name": "No budget", "state": "open"}),
    (NodeType.PLACE, "mill", {"name": "Mill Street"}),
    (NodeType.PLACE, "dock", {"name": "Dock Road"}),
    (NodeType.ACTIVITY, "visit", {"name": "First visit", "on": TODAY.isoformat()}),
]
SOUND_TIES: list[TieRow] = [
    (TieType.KNOWS, "amira", "sam", {}),
    (TieType.MEMBER_OF, "sam", "police", {}),
    (TieType.AFFECTED_BY, "amira", "litter", {}),
    (TieType.ADDRESSES, "bins", "litter", {}),
    (TieType.CAN_DECIDE, "police", "budget", {}),
]


def network(nodes: list[NodeRow], ties: list[TieRow]) -> Network:
    """A network in which everything has a source unless it says otherwise."""
    return Network.of(
        4,
        [(kind, node_id, {"source": "visit", **fields}) for kind, node_id, fields in nodes],
        [(tie, start, end, {"source": "visit", **fields}) for tie, start, end, fields in ties],
    )


def findings(nodes: list[NodeRow], ties: list[TieRow] = []) -> dict[str, Finding]:  # noqa: B006  # never changed
    replaced = {node_id for _, node_id, _ in nodes}
    kept = [node for node in SOUND_NODES if node[1] not in replaced]
    return {finding.code: finding for finding in check(network(kept + nodes, SOUND_TIES + ties), TODAY).findings}


def person(node_id: str, name: str, **fields: Any) -> NodeRow:
    return NodeType.STAKEHOLDER, node_id, {"name": name, **fields}


def test_sound_data_has_no_finding() -> None:
    checked = check(network(SOUND_NODES, SOUND_TIES), TODAY)
    assert checked.findings == ()
    assert (checked.version, checked.on) == (4, TODAY)
    assert check(network([], []), TODAY).findings == ()


@pytest.mark.parametrize(
    ("code", "nodes", "ties", "words"),
    [
        ("self_tie", [], [(TieType.KNOWS, "sam", "sam", {})], "Sam Okafor knows Sam Okafor"),
        (
            "dangling_tie",
            [person("gone", "Ola Berg", valid_to=YESTERDAY)],
            [(TieType.KNOWS, "gone", "sam", {})],
            "Ola Berg knows Sam Okafor",
        ),
        (
            "tie_dates_backward",
            [],
            [(TieType.REPORTS_TO, "sam", "amira", {"valid_from": YESTERDAY, "valid_to": YESTERDAY})],
            "Sam Okafor reports to Amira Khan",
        ),
        (
            "node_dates_backward",
            [(NodeType.ASSET, "hall", {"name": "Hall", "valid_from": TOMORROW, "valid_to": YESTERDAY})],
            [],
            "Hall",
        ),
        ("node_date_far", [(NodeType.ASSET, "hall", {"name": "Hall", "review_by": "0226-01-01"})], [], "Hall"),
        (
            "tie_date_far",
            [],
            [(TieType.REPORTS_TO, "sam", "amira", {"valid_to": "9999-12-31"})],
            "Sam Okafor reports to Amira Khan",
        ),
        (
            "activity_in_future",
            [(NodeType.ACTIVITY, "visit", {"name": "First visit", "on": TOMORROW})],
            [],
            f"First visit ({TOMORROW})",
        ),
        ("asked_in_future", [person("amira", "Amira Khan", asked_on=TOMORROW)], [], f"Amira Khan ({TOMORROW})"),
        ("node_no_source", [(NodeType.ASSET, "hall", {"name": "Hall", "source": None})], [], "Hall"),
        (
            "tie_no_source",
            [],
            [(TieType.REPORTS_TO, "sam", "amira", {"source": ""})],
            "Sam Okafor reports to Amira Khan",
        ),
        ("problem_affects_nobody", [(NodeType.PROBLEM, "noise", {"name": "Noise"})], [], "Noise"),
        ("barrier_nobody_decides", [(NodeType.BARRIER, "law", {"name": "By-law"})], [], "By-law"),
        ("solution_addresses_nothing", [(NodeType.SOLUTION, "paint", {"name": "Paint"})], [], "Paint"),
        ("association_no_member", [(NodeType.ASSOCIATION, "choir", {"name": "Choir"})], [], "Choir"),
        ("person_alone", [person("lone", "Kim Dale")], [], "Kim Dale"),
    ],
)
def test_a_mistake_is_found_where_it_was_made(code: str, nodes: list[NodeRow], ties: list[TieRow], words: str) -> None:
    found = findings(nodes, ties)
    assert list(found) == [code]
    assert found[code].count == 1
    assert [case.words for case in found[code].cases] == [words]
    assert found[code].sentence.startswith("1 ")
    assert found[code].remedy.endswith(".")
    assert not found[code].truncated


def test_what_is_settled_needs_no_more() -> None:
    assert not findings(
        [
            (NodeType.BARRIER, "law", {"name": "By-law", "state": "lifted"}),
            (NodeType.SOLUTION, "paint", {"name": "Paint", "state": "dropped"}),
        ]
    )


def test_a_tie_that_does_not_count_does_not_help() -> None:
    late: dict[str, Any] = {"valid_from": TOMORROW}
    noise: NodeRow = (NodeType.PROBLEM, "noise", {"name": "Noise"})
    assert "problem_affects_nobody" in findings([noise], [(TieType.AFFECTED_BY, "sam", "noise", late)])
    assert not findings([noise], [(TieType.AFFECTED_BY, "sam", "noise", {})])


def test_a_tie_to_oneself_is_no_company() -> None:
    found = findings([person("lone", "Kim Dale")], [(TieType.KNOWS, "lone", "lone", {})])
    assert set(found) == {"self_tie", "person_alone"}


def test_no_organisation_of_our_own() -> None:
    found = findings([(NodeType.ASSOCIATION, "police", {"name": "Larkfield Police", "own": False})])
    assert list(found) == ["no_own_organisation"]


def test_what_is_wrong_stands_before_what_is_missing() -> None:
    double = person("x1", "Amira Khan", source=None, valid_to="9999-12-31")
    found = findings([double, (NodeType.ACTIVITY, "visit", {"name": "First visit", "on": TOMORROW})])
    weights = [finding.weight for finding in found.values()]
    assert weights == [Weight.WRONG, Weight.WRONG, Weight.DOUBTFUL, Weight.MISSING, Weight.MISSING]


def test_a_tie_that_has_not_begun_does_not_dangle() -> None:
    gone = person("gone", "Ola Berg", valid_to=YESTERDAY)
    assert not findings([gone], [(TieType.KNOWS, "gone", "sam", {"valid_from": TOMORROW})])


def test_many_cases_are_counted_in_full_and_the_first_listed() -> None:
    ties: list[TieRow] = [(TieType.REPORTS_TO, "sam", "amira", {"source": None, "valid_to": TOMORROW})]
    ties += [(TieType.REPORTS_TO, "sam", "amira", {"source": None, "role": f"r{n}"}) for n in range(MOST_CASES)]
    finding = findings([], ties)["tie_no_source"]
    assert (finding.count, len(finding.cases), finding.truncated) == (MOST_CASES + 1, MOST_CASES, True)
    assert finding.sentence == "101 ties say nothing about where they were learnt."


def twice(one: NodeRow, other: NodeRow, ties: list[TieRow] | None = None) -> list[str]:
    known: list[TieRow] = [(TieType.KNOWS, "sam", node_id, {}) for _, node_id, _ in (one, other)]
    found = findings([one, other], known + (ties or []))
    assert set(found) <= {"likely_twice"}
    return [case.words for finding in found.values() for case in finding.cases]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leila Moss", "leila moss"),
        ("Leila Moss", "Moss, Leila"),
        ("Zoë Moss", "Zoe Moss"),
        ("Leila Moss", "Lelia Moss"),
        ("Leila Moss", "Leila Mos"),
        ("Leila Moss", "Leyla Moss"),
        ("Leila O’Moss", "Leila O'Moss"),
    ],
)
def test_nearly_the_same_name_is_likely_the_same_person(one: str, other: str) -> None:
    assert twice(person("x1", one), person("x2", other)) == [f"{one} and {other}"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leila Moss", "Leila Voss"),
        ("Leila Moss 1", "Leila Moss 2"),
        ("Leila Moss21", "Leila Moss22"),
        ("Leila", "Leila"),
        ("Leila Moss", "Lela Mos"),
    ],
)
def test_other_names_are_other_people(one: str, other: str) -> None:
    assert twice(person("x1", one), person("x2", other)) == []


def test_also_known_as() -> None:
    assert twice(person("x1", "Billie Stone"), person("x2", "William Ash", also_known_as=["B", "Stone, Billy"])) == []
    assert twice(person("x1", "Billie Stone"), person("x2", "William Ash", also_known_as=["B", "Stone, Bilie"])) == [
        "Billie Stone and William Ash"
    ]


def test_places_tell_people_apart() -> None:
    one, other = person("x1", "Leila Moss"), person("x2", "Leila Moss")
    mill: TieRow = (TieType.LOCATED_IN, "x1", "mill", {})
    assert twice(one, other, [mill]) == ["Leila Moss and Leila Moss"]
    assert twice(one, other, [mill, (TieType.LOCATED_IN, "x2", "dock", {})]) == []
    same: list[TieRow] = [mill, (TieType.LOCATED_IN, "x2", "mill", {}), (TieType.LOCATED_IN, "x2", "dock", {})]
    assert twice(one, other, same) == ["Leila Moss and Leila Moss, both in Mill Street"]


def test_a_place_for_one_of_two_does_not_tell_them_apart() -> None:
    one, other = person("x1", "Leila Moss"), person("x2", "Leyla Moss")
    for placed in ("x1", "x2"):
        assert twice(one, other, [(TieType.LOCATED_IN, placed, "mill", {})]) == ["Leila Moss and Leyla Moss"]


def test_somebody_who_has_left_is_not_there_twice() -> None:
    assert "likely_twice" not in findings([person("x1", "Amira Khan", valid_to=YESTERDAY)])


def test_very_many_doubles_are_not_all_counted() -> None:
    crowd = [person(f"x{place:03}", "Leila Moss") for place in range(150)]
    finding = findings(crowd)["likely_twice"]
    assert finding.at_least
    assert finding.sentence.startswith("More than 10,000 pairs of people")
    assert (finding.count, len(finding.cases)) == (10_000, MOST_CASES)


WORDS = st.text("ab1", min_size=1, max_size=4)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=8))
def test_every_pair_one_slip_apart_is_found(names: list[tuple[str, str]]) -> None:
    """The oracle compares every name with every other."""

    def marks(words: list[str]) -> list[str]:
        return [word[0] + "".join(sign for sign in word if sign.isdigit()) for word in words]

    def alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
        first, second = sorted(one), sorted(other)
        longest = min(len(" ".join(first)), len(" ".join(second)))
        near = longest >= 5 and OSA.distance(" ".join(first), " ".join(second)) <= 1
        return first == second or (near and marks(first) == marks(second))

    nodes = [person(f"x{place}", " ".join(name)) for place, name in enumerate(names)]
    found = {finding.code: finding for finding in check(network(nodes, []), TODAY).findings}
    cases = found["likely_twice"].cases if "likely_twice" in found else ()
    expected = {(f"x{i}", f"x{j}") for i, j in combinations(range(len(names)), 2) if alike(names[i], names[j])}
    assert {case.ids for case in cases} == expected
    assert len(cases) == len(expected)
