"""Records and ties over HTTP: added, read, changed, removed; their history, and how it is taken back."""

import asyncio
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from analytics.plain import effects_plain, entry_plain
from api.worker import Answers
from graph_model.schema import NODE_TYPES, TIE_TYPES, Field, FieldKind, NodeType, TieType
from graph_model.store import Store
from tests.api import questions
from tests.api.conftest import ON_EMBEDDED
from tests.api.shell import Site
from tests.api.waiting import until

pytestmark = ON_EMBEDDED

SAMPLES: dict[FieldKind, Any] = {
    FieldKind.TEXT: "something",
    FieldKind.LIST: ["one", "two"],
    FieldKind.FLAG: True,
    FieldKind.WHOLE: 7,
    FieldKind.NUMBER: 51.5,
    FieldKind.DATE: "2026-03-31",
    FieldKind.STRENGTH: 0.25,
}


def samples(fields: Any) -> dict[str, Any]:
    return {field.name: field.choices[0] if field.choices else SAMPLES[field.kind] for field in fields}


def sent(kith: Site, method: str, path: str, status: int, **given: Any) -> Any:
    answer = kith.client.request(method, f"/api/v1/{path}", **given)
    assert answer.status_code == status, answer.text
    return answer.json()


def added(kith: Site, kind: str = "stakeholders", **fields: Any) -> str:
    """The id of a new record."""
    return str(sent(kith, "POST", f"nodes/{kind}", 201, json={"name": "Wren Solly", **fields})["id"])


def sheet(node: NodeType) -> str:
    return NODE_TYPES[node].sheet.removesuffix(".csv")


@pytest.mark.parametrize("node", NodeType)
def test_a_record_of_each_type_is_added_read_changed_and_removed(kith: Site, larkfield: Store, node: NodeType) -> None:
    fields = samples(NODE_TYPES[node].fields)
    fields["valid_to"] = "2027-01-01"
    made = kith.client.post(f"/api/v1/nodes/{sheet(node)}", json=fields, params={"why": " To try "})
    assert made.status_code == 201
    node_id, change = made.json()["id"], made.json()["change"]
    assert (change["by"], change["why"], change["sentence"]) == ("Robin Vale", "To try", "1 record added")
    assert change["number"] == larkfield.version()

    read = kith.client.get(made.headers["location"]).json()
    assert (read["id"], read["type"], read["fields"], read["ties"]) == (node_id, node.value, fields, [])
    assert read["record"]["created_by"] == "Robin Vale"

    change = sent(kith, "PATCH", f"nodes/{node_id}", 200, json={"name": " Changed ", "source": None})["change"]
    assert change["sentence"] == "1 record changed"
    del fields["source"]
    assert sent(kith, "GET", f"nodes/{node_id}", 200)["fields"] == {**fields, "name": "Changed"}

    change = sent(kith, "DELETE", f"nodes/{node_id}", 200, params={"why": "Done"})["change"]
    assert (change["sentence"], change["why"]) == ("1 record removed", "Done")
    sent(kith, "GET", f"nodes/{node_id}", 404)


def _required(node: NodeType) -> list[Field]:
    return [field for field in NODE_TYPES[node].fields if field.required]


@pytest.mark.parametrize("tie", TieType)
def test_a_tie_of_each_type_is_added_read_changed_and_removed(kith: Site, tie: TieType) -> None:
    spec = TIE_TYPES[tie]
    start_type, end_type = spec.ends[0]
    start, end = (added(kith, sheet(node), **samples(_required(node))) for node in (start_type, end_type))
    fields = {**samples(spec.fields), "valid_to": "2027-01-01"}
    made = sent(kith, "POST", f"ties/{tie}", 201, json={"from": start, "to": end, **fields})
    key = {"type": tie.value, "from": start, "to": end}
    key.update(role=fields.get("role", ""), valid_from=fields["valid_from"])
    assert made["tie"] == key
    assert made["change"]["sentence"] == "1 tie added"

    named = {name: value for name, value in key.items() if name != "type"}
    read = sent(kith, "GET", f"ties/{tie}", 200, params=named)
    assert {name: read[name] for name in key} == key
    assert read["fields"] == fields
    (seen,) = sent(kith, "GET", f"nodes/{end}", 200)["ties"]
    assert seen["outward"] is False
    assert seen["other"] == start

    change = sent(kith, "PATCH", f"ties/{tie}", 200, params=named, json={"source": "heard", "review_by": None})
    assert change["change"]["sentence"] == "1 tie changed"
    del fields["review_by"]
    assert sent(kith, "GET", f"ties/{tie}", 200, params=named)["fields"] == {**fields, "source": "heard"}

    assert sent(kith, "DELETE", f"ties/{tie}", 200, params=named)["tie"] == key
    sent(kith, "GET", f"ties/{tie}", 404, params=named)


def test_knows_has_no_direction(kith: Site) -> None:
    one, other = sorted((added(kith), added(kith)))
    made = sent(kith, "POST", "ties/KNOWS", 201, json={"from": other, "to": one, "strength": "strong"})
    assert (made["tie"]["from"], made["tie"]["to"]) == (one, other)
    for start, end in ((one, other), (other, one)):
        read = sent(kith, "GET", "ties/KNOWS", 200, params={"from": start, "to": end})
        assert read["fields"] == {"strength": 0.9}


@pytest.mark.parametrize("node_id", ["a/b", "a b", "ä-1", "50%", "x?y=#z", "stakeholders"])
def test_any_id_has_an_address(kith: Site, node_id: str) -> None:
    made = kith.client.post("/api/v1/nodes/stakeholders", json={"id": node_id, "name": "Wren Solly"})
    assert made.json()["id"] == node_id
    assert kith.client.get(made.headers["location"]).json()["id"] == node_id
    assert sent(kith, "DELETE", made.headers["location"].removeprefix("/api/v1/"), 200)["id"] == node_id


def refused(kith: Site, method: str, path: str, **given: Any) -> list[tuple[str, str]]:
    """What is said of each field."""
    before = sent(kith, "GET", "changes", 200)
    problem = sent(kith, method, path, 422, **given)
    assert sent(kith, "GET", "changes", 200) == before
    return [(part["pointer"], part["detail"]) for part in problem["errors"]]


def test_each_field_that_is_wrong_is_pointed_to_with_what_would_be_right(kith: Site) -> None:
    wrong = {"name": "", "asked_on": "soon", "skils": "plumbing", "visible_leader": "perhaps"}
    found = dict(refused(kith, "POST", "nodes/stakeholders", json=wrong))
    assert found.keys() == {"#/name", "#/asked_on", "#/skils", "#/visible_leader"}
    assert "Did you mean skills?" in found["#/skils"]
    assert "2026-03-31" in found["#/asked_on"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"asked_on": "2026-01-01"}, "#/name"),
        ([], "#"),
        ("Wren", "#"),
        ({"name": "Wren", "id": ""}, "#/id"),
        ({"name": "Wren", "id": "x" * 201}, "#/id"),
        ({"name": "Wren", "id": 7}, "#/id"),
        ({"name": "Wren", "id": "p-amira-khan"}, "#/id"),
        ({"name": "Wren", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "#/valid_to"),
        ({"name": {"first": "Wren"}}, "#/name"),
    ],
)
def test_a_record_that_cannot_be_added(kith: Site, body: Any, pointer: str) -> None:
    assert [where for where, _ in refused(kith, "POST", "nodes/stakeholders", json=body)] == [pointer]


def test_a_tie_that_cannot_be_added(kith: Site) -> None:
    person, problem = added(kith), added(kith, "problems")
    assert refused(kith, "POST", "ties/KNOWS", json={"to": person}) == [
        ("#/from", "is empty. Every row needs one, such as p-014.")
    ]
    ((pointer, sentence),) = refused(kith, "POST", "ties/KNOWS", json={"from": person, "to": "nobody"})
    assert (pointer, "nobody" in sentence) == ("#/to", True)
    ((pointer, sentence),) = refused(kith, "POST", "ties/KNOWS", json={"from": person, "to": problem})
    assert (pointer, "cannot join" in sentence) == ("#/type", True)
    ((pointer, _),) = refused(kith, "POST", "ties/AFFECTED_BY", json={"from": person, "to": problem, "strength": 0.5})
    assert pointer == "#/strength"
    sent(kith, "POST", "ties/AFFECTED_BY", 201, json={"from": person, "to": problem})
    ((pointer, sentence),) = refused(kith, "POST", "ties/AFFECTED_BY", json={"from": person, "to": problem})
    assert (pointer, "there already" in sentence) == ("#", True)


def test_what_makes_a_tie_that_tie_cannot_be_changed(kith: Site) -> None:
    person, club = added(kith), added(kith, "associations")
    key = {"from": person, "to": club, "role": "chair"}
    sent(kith, "POST", "ties/MEMBER_OF", 201, json=key)
    ((pointer, _),) = refused(kith, "PATCH", "ties/MEMBER_OF", params=key, json={"role": "treasurer"})
    assert pointer == "#/role"
    ((pointer, _),) = refused(kith, "PATCH", "ties/MEMBER_OF", params=key, json={"valid_from": "2026-01-01"})
    assert pointer == "#/valid_from"
    same = sent(kith, "PATCH", "ties/MEMBER_OF", 200, params=key, json={"role": "chair", "level": "manager"})
    assert same["change"]["sentence"] == "1 tie changed"


def test_writing_what_is_there_already_changes_nothing(kith: Site, larkfield: Store) -> None:
    person = added(kith)
    before = larkfield.version()
    assert sent(kith, "PATCH", f"nodes/{person}", 200, json={"name": "Wren Solly"}) == {"id": person, "change": None}
    assert larkfield.version() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "nodes/nobody"),
        ("DELETE", "nodes/nobody"),
        ("PATCH", "ties/KNOWS?from=p-amira-khan&to=nobody"),
        ("DELETE", "ties/KNOWS?from=nobody&to=p-amira-khan"),
        ("POST", "changes/99999/undo"),
        ("GET", "changes/99999"),
        ("POST", "nodes/people"),
    ],
)
def test_what_is_not_there(kith: Site, method: str, path: str) -> None:
    answer = kith.client.request(method, f"/api/v1/{path}", **({"json": {}} if method == "PATCH" else {}))
    assert answer.status_code == (405 if path == "nodes/people" else 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_history_page_by_page_and_what_each_change_did(kith: Site, larkfield: Store) -> None:
    for _ in range(3):
        added(kith)
    expected = [entry_plain(entry) for entry in larkfield.history(10_000)]
    listed, cursor = [], {}
    while True:
        page = sent(kith, "GET", "changes", 200, params={"limit": 2, **cursor})
        listed += page["changes"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
        if len(listed) > 8:
            page = sent(kith, "GET", "changes", 200, params={"limit": 500, **cursor})
            listed += page["changes"]
            assert page["next"] is None
            break
    assert listed == expected
    for entry in (listed[0], listed[-1]):
        one = sent(kith, "GET", f"changes/{entry['number']}", 200)
        assert one == {"change": entry, "effects": effects_plain(larkfield.entry(entry["number"])[1])}
    assert one["effects"]["truncated"]
    assert len(one["effects"]["nodes"]) + len(one["effects"]["ties"]) == 1_000


def test_a_cursor_of_another_list_is_refused(kith: Site) -> None:
    cursor = sent(kith, "GET", "nodes", 200, params={"limit": 1})["next"]
    assert "another list" in sent(kith, "GET", "changes", 422, params={"cursor": cursor})["detail"]


def test_a_change_is_taken_back_and_that_too(kith: Site) -> None:
    person, other = added(kith, notes="kept"), added(kith)
    sent(kith, "POST", "ties/KNOWS", 201, json={"from": person, "to": other})
    before = sent(kith, "GET", f"nodes/{person}", 200)
    removed = sent(kith, "DELETE", f"nodes/{person}", 200)["change"]
    assert removed["ties"]["removed"] == 1
    undone = sent(kith, "POST", f"changes/{removed['number']}/undo", 200, params={"why": "By mistake"})["change"]
    assert (undone["kind"], undone["undoes"], undone["why"]) == ("undo", removed["number"], "By mistake")
    after = sent(kith, "GET", f"nodes/{person}", 200)
    assert (after["fields"], after["ties"][0]["other"]) == (before["fields"], other)
    sent(kith, "POST", f"changes/{undone['number']}/undo", 200)
    sent(kith, "GET", f"nodes/{person}", 404)


def test_what_something_later_stands_on_is_not_taken_back(kith: Site) -> None:
    person = sent(kith, "POST", "nodes/stakeholders", 201, json={"name": "Wren Solly"})
    later = sent(kith, "PATCH", f"nodes/{person['id']}", 200, json={"name": "Wren Tye"})["change"]["number"]
    found = refused(kith, "POST", f"changes/{person['change']['number']}/undo")
    assert any(f"Change {later} by Robin Vale" in sentence for _, sentence in found)


def test_whoever_has_the_answer_is_spared_it_until_something_changes(kith: Site) -> None:
    person = added(kith)
    for path in (f"nodes/{person}", "nodes?limit=1", "connectors", "search?q=wren", "changes", "export", "map"):
        answer = kith.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-cache"
        tag = answer.headers["etag"]
        assert tag.startswith('W/"')
        for held in (tag, f'"other", {tag.removeprefix("W/")}'):
            again = kith.client.get(f"/api/v1/{path}", headers={"If-None-Match": held})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["content-security-policy"]
        separator = "&" if "?" in path else "?"
        assert kith.client.get(f"/api/v1/{path}{separator}x=y").headers["etag"] != tag
        person = added(kith)
        changed = kith.client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert changed.headers["etag"] != tag


def test_what_was_written_is_seen_at_once_by_every_question(kith: Site) -> None:
    before = sent(kith, "GET", "connectors", 200)
    name = "Isolde Quince-Abara"
    person = added(kith, name=name)
    assert sent(kith, "GET", "search", 200, params={"q": name})["rows"][0]["id"] == person
    after = sent(kith, "GET", "connectors", 200)
    assert (after["version"], after["people"]) == (before["version"] + 1, before["people"] + 1)


@pytest.fixture
def busy(kith: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask questions that are worked on, or wait, until the test is over."""
    portal = kith.client.portal
    assert portal is not None
    answers: Answers = kith.app.state.answers
    asked: list[Future[int]] = []
    for asker in answers._askers:  # spawned again, with a path on which the tests' questions are found
        asker._replace(asker._pool)
    monkeypatch.syspath_prepend(Path(__file__).resolve().parents[2])

    def ask(number: int) -> None:
        begun = tmp_path / str(len(asked))
        asked.extend(
            portal.start_task_soon(
                answers.ask, questions.wait_for, (begun.with_name(f"{begun.name}-{each}"), tmp_path / "end")
            )
            for each in range(number)
        )
        asyncio.run(until(lambda: len(list(tmp_path.iterdir())) == 2))
        asyncio.run(until(lambda: answers._waiting == len(asked) - 2))

    yield ask
    (tmp_path / "end").touch()
    for future in asked:
        future.result(60)


def test_records_are_read_found_and_written_while_both_workers_are_busy(kith: Site, busy: Any) -> None:
    busy(2)
    assert sent(kith, "GET", "nodes/p-amira-khan", 200)["name"] == "Amira Khan"
    person = added(kith, name="Busy Bee")
    assert sent(kith, "GET", "search", 200, params={"q": "busy bee"})["rows"][0]["id"] == person
    assert sent(kith, "GET", "nodes", 200)["rows"]


def test_where_too_many_questions_wait_one_is_asked_to_come_back(kith: Site, busy: Any) -> None:
    busy(18)
    answer = kith.client.get("/api/v1/group", params={"size": 5})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Too many questions" in answer.json()["detail"]
