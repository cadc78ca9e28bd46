"""The three questions and what else is read, over HTTP: the same as the functions say, on each engine."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from analytics.checks import check
from analytics.connectors import ConnectorsQuestion, Measure, highly_connected
from analytics.escalation import WayQuestion, ways_up
from analytics.groups import GroupQuestion, working_group
from analytics.plain import (
    checked_plain,
    connectors_plain,
    found_plain,
    group_plain,
    node_plain,
    schema_plain,
    ways_plain,
)
from analytics.search import find
from graph_model.network import Network
from graph_model.schema import NodeType, TieType
from graph_model.store import Store
from tests.api.shell import Site

ON = date(2026, 6, 15)
TODAY = datetime.now().astimezone().date()


@pytest.fixture(scope="module")
def network(larkfield: Store) -> Network:
    return larkfield.network()


def get(kith: Site, path: str, **parameters: Any) -> Any:
    answer = kith.client.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_connectors(kith: Site, network: Network) -> None:
    assert get(kith, "connectors", on=ON) == connectors_plain(highly_connected(network, ConnectorsQuestion(ON)))
    question = ConnectorsQuestion(
        ON, Measure.DEGREE, 5, frozenset({TieType.KNOWS, TieType.REPORTS_TO}), "problem-cycle-thefts"
    )
    asked = get(
        kith,
        "connectors",
        on=ON,
        measure="degree",
        top=5,
        tie_type=["KNOWS", "REPORTS_TO"],
        scope="problem-cycle-thefts",
    )
    assert asked == connectors_plain(highly_connected(network, question))


def test_group(kith: Site, network: Network) -> None:
    assert get(kith, "group", on=ON) == group_plain(working_group(network, GroupQuestion(ON)))
    first, second, third = highly_connected(network, ConnectorsQuestion(ON, top=3)).rows
    question = GroupQuestion(
        ON,
        size=4,
        hops=1,
        weighted=False,
        must_include=frozenset({first.id, second.id}),
        exclude=frozenset({third.id}),
        problem="problem-cycle-thefts",
    )
    asked = get(
        kith,
        "group",
        on=ON,
        size=4,
        hops=1,
        weighted=False,
        include=[first.id, second.id],
        exclude=third.id,
        problem="problem-cycle-thefts",
    )
    assert asked == group_plain(working_group(network, question))


def decidable(network: Network) -> Iterator[str]:
    return (network.nodes.id[row] for row in network.rows_of_kind(NodeType.BARRIER))


def test_ways(kith: Site, network: Network) -> None:
    shown = 0
    for about in decidable(network):
        answer = ways_plain(ways_up(network, WayQuestion(ON, about=about)))
        assert get(kith, "ways", on=ON, about=about) == answer
        shown += len(answer["paths"])
    assert shown
    passed = answer["paths"][0]["from"] if answer["paths"] else "p-amira-khan"
    end = next(row.id for row in highly_connected(network, ConnectorsQuestion(ON)).rows if row.id != passed)
    question = WayQuestion(ON, start=passed, end=end, k=2, steps=4, avoid=frozenset({"a-brook-surgery"}))
    asked = get(kith, "ways", on=ON, **{"from": passed, "to": end}, k=2, steps=4, avoid="a-brook-surgery")
    assert asked == ways_plain(ways_up(network, question))


def test_a_question_without_a_date_is_asked_of_today(kith: Site, network: Network) -> None:
    assert get(kith, "group", size=2) == group_plain(working_group(network, GroupQuestion(TODAY, size=2)))


def test_search(kith: Site, network: Network) -> None:
    assert get(kith, "search", q="amria kahn") == found_plain(find(network, "amria kahn"))
    kinds = frozenset({NodeType.PROBLEM, NodeType.ASSET})
    answer = get(kith, "search", q="the", type=["Problem", "Asset"], limit=3)
    assert answer == found_plain(find(network, "the", kinds=kinds, limit=3))
    assert len(answer["rows"]) == 3


def test_checks(kith: Site, network: Network) -> None:
    assert get(kith, "checks", on=ON) == checked_plain(check(network, ON))


def test_a_record_is_read_with_its_ties_in_words(kith: Site, larkfield: Store) -> None:
    answer = get(kith, "nodes/p-amira-khan")
    assert not answer.pop("truncated")
    assert answer == node_plain(larkfield.node("p-amira-khan"), larkfield.ties_of("p-amira-khan"))
    assert answer["name"] == "Amira Khan"
    assert all("Amira Khan" in tie["sentence"] for tie in answer["ties"])


def test_all_records_page_by_page(kith: Site, network: Network) -> None:
    for limit in (20, 500):
        listed, cursor = [], {}
        for _ in range(len(network.nodes) // limit + 2):
            page = get(kith, "nodes", limit=limit, **cursor)
            listed += page["rows"]
            assert len(page["rows"]) <= limit
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert [row["id"] for row in listed] == network.nodes.id.list
        assert [row["name"] for row in listed] == network.nodes.name.list


def test_records_of_one_type_whose_name_contains_a_text(kith: Site, network: Network) -> None:
    rows = get(kith, "nodes", type="Stakeholder", q="KHÁN ", limit=500)["rows"]
    kept = [
        network.nodes.id[row] for row in network.rows_of_kind(NodeType.STAKEHOLDER) if "Khan" in network.nodes.name[row]
    ]
    assert [row["id"] for row in rows] == kept != []


def test_the_schema(kith: Site) -> None:
    assert get(kith, "schema") == schema_plain()


def refused(kith: Site, path: str, **parameters: Any) -> Any:
    answer = kith.client.get(f"/api/v1/{path}", params=parameters)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("etag") is None
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("path", "parameters", "status", "said"),
    [
        ("connectors", {"measure": "fame"}, 422, "measure"),
        ("connectors", {"top": 0}, 422, "top"),
        ("connectors", {"on": "yesterday"}, 422, "on"),
        ("connectors", {"tie_type": "LIKES"}, 422, "tie_type.0"),
        ("connectors", {"tie_type": "HAS"}, 422, "HAS"),
        ("connectors", {"scope": "nowhere"}, 404, "nowhere"),
        ("group", {"size": 101}, 422, "size"),
        ("group", {"size": 1, "include": ["p-amira-khan", "nobody"]}, 422, "2 people"),
        ("group", {"problem": "nothing"}, 404, "nothing"),
        ("ways", {}, 422, "needs an end"),
        ("ways", {"about": "nothing"}, 404, "nothing"),
        ("ways", {"about": "p-amira-khan"}, 422, "Amira Khan"),
        ("search", {"q": "x" * 201}, 422, "q"),
        ("search", {"type": "Person"}, 422, "type.0"),
        ("nodes", {"limit": 501}, 422, "limit"),
        ("nodes", {"cursor": "€"}, 422, "cursor"),
        ("nodes/nobody", {}, 404, "nobody"),
        ("map", {"around": "nobody"}, 404, "nobody"),
        ("map", {"hops": 7}, 422, "hops"),
    ],
)
def test_what_cannot_be_answered_is_said(
    kith: Site, path: str, parameters: dict[str, Any], status: int, said: str
) -> None:
    found, problem = refused(kith, path, **parameters)
    assert found == problem["status"] == status
    assert said in [part.get("parameter") for part in problem["errors"]] or said in problem["detail"]


def test_nobody_who_is_not_signed_in_is_told_anything(kith: Site) -> None:
    tag = kith.client.get("/api/v1/nodes").headers["etag"]
    cookies = dict(kith.client.cookies)
    kith.client.cookies.clear()
    try:
        for path in ("nodes", "nodes/p-amira-khan", "connectors", "export", "map", "schema", "changes"):
            answer = kith.client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})
            assert answer.status_code == 401, path
    finally:
        kith.client.cookies.update(cookies)


def test_a_map_is_one_file_to_keep(kith: Site) -> None:
    answer = kith.client.get("/api/v1/map", params={"around": "p-amira-khan", "hops": 1, "on": str(ON)})
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-disposition"] == 'attachment; filename="kith-map.html"'
    assert "<h1>Around Amira Khan</h1>" in answer.text
    whole = kith.client.get("/api/v1/map", params={"limit": 10}).text
    assert "Not everything is on this map" in whole
