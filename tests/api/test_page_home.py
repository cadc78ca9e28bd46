"""The home page: what is in the network, the ways on, what changed last, and taking it back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.subjects import SUBJECTS
from api.worker import QueueFull
from graph_model.changes import Change, PutNode, PutTie
from graph_model.records import read_node, read_tie
from graph_model.schema import NodeType, TieType
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.api.shell import Site
from tests.api.test_page_people import words

pytestmark = ON_EMBEDDED


@pytest.fixture
def store(kith: Site) -> Iterator[Store]:
    """The store, as it was when a test ends."""
    kept: Store = kith.app.state.store
    before = kept.version()
    yield kept
    for number in range(kept.version(), before, -1):
        kept.undo(number, "Robin Vale")


def home(kith: Site, query: str = "") -> str:
    answer = kith.client.get(f"/{query}")
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def add(store: Store, record: str, why: str = "") -> int:
    node = PutNode(read_node(NodeType.STAKEHOLDER, record, {"name": "Wren Ashdown"}))
    entry = store.apply(Change("Robin Vale", why, [node])).entry
    assert entry
    return entry.number


def test_what_is_in_the_network_is_counted(kith: Site) -> None:
    page = home(kith)
    assert "150 people 35 associations 25 assets 8 problems 12 solutions 10 barriers 11 places 7 activities" in page
    assert "1 working group 926 ties" in page
    assert re.search(
        r"As it stands on \d+ \w+ \d{4}, in version 1, last changed by Robin Vale on \d+ \w+ \d{4} at", page
    )
    assert "Beside these, 2 records count no longer, or not yet." in page
    assert 'href="/records?type=Problem"' in kith.client.get("/").text


def test_the_questions_are_each_a_clear_entry(kith: Site) -> None:
    page = kith.client.get("/").text
    for link in (subject.link for subject in SUBJECTS if subject.link and subject.link.sentence):
        assert link is not None
        assert f'href="{link.href}">{link.text}</a>' in page
        assert link.sentence in words(page)


def test_the_last_five_changes_are_told_and_the_last_can_be_undone(kith: Site, store: Store) -> None:
    numbers = [add(store, f"p-wren-{at}", f"Reason {at}") for at in range(6)]
    page = kith.client.get("/").text
    told = words(page)
    assert "Reason 0" not in told
    assert [int(number) for number in re.findall(r"· change (\d+)", told)] == numbers[:0:-1]
    assert "1 record added. Robin Vale, " in told
    assert re.findall(r'name="number" value="(\d+)"', page) == [str(numbers[-1])]
    assert re.search(r'<form method="post" action="/undo">', page)


def test_a_change_is_taken_back_and_that_can_be_taken_back_too(kith: Site, store: Store) -> None:
    number = add(store, "p-wren")
    answer = kith.client.post("/undo", data={"number": str(number)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?undone={number + 1}")
    page = home(kith, f"?undone={number + 1}")
    assert f"Change {number} was taken back. That is change {number + 1}, which can be undone too." in page
    assert f"Change {number} was taken back: 1 record removed." in page
    assert kith.client.get("/records/p-wren").status_code == 404
    assert store.history(1)[0].by == "Robin Vale"
    kith.client.post("/undo", data={"number": str(number + 1)})
    assert kith.client.get("/records/p-wren").status_code == 200


def test_a_message_nobody_earned_is_not_shown(kith: Site) -> None:
    for query in ("?undone=1", "?undone=77"):
        assert "notification-banner" not in kith.client.get(f"/{query}").text


def test_what_was_undone_already_is_not_undone_twice(kith: Site, store: Store) -> None:
    number = add(store, "p-wren")
    kith.client.post("/undo", data={"number": str(number)})
    answer = kith.client.post("/undo", data={"number": str(number)})
    assert answer.status_code == 422
    assert "Wren Ashdown (p-wren) was removed since" in words(answer.text)
    assert store.version() == number + 1


def test_a_change_that_others_stand_on_is_not_undone_and_says_why(kith: Site, store: Store) -> None:
    number = add(store, "p-wren")
    tie = PutTie(read_tie(TieType.KNOWS, "p-wren", "p-amira-khan", {}))
    store.apply(Change("Sam Okafor", "", [tie]))
    answer = kith.client.post("/undo", data={"number": str(number)})
    assert answer.status_code == 422
    assert "<title>Error: nothing was taken back – Kith</title>" in answer.text
    page = words(answer.text)
    assert f"Change {number} was not taken back Something that came later stands on it" in page
    assert "Wren Ashdown (p-wren) was tied since" in page
    assert "What is in the network" in page
    assert kith.client.get("/records/p-wren").status_code == 200


@pytest.mark.parametrize(("number", "status"), [("999", 404), ("x", 422), ("", 422)])
def test_a_change_that_is_not_there_cannot_be_undone(kith: Site, number: str, status: int) -> None:
    assert kith.client.post("/undo", data={"number": number}).status_code == status


def test_another_site_cannot_undo(kith: Site, store: Store) -> None:
    number = add(store, "p-wren")
    answer = kith.client.post("/undo", data={"number": str(number)}, headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403
    assert store.version() == number


def test_an_empty_network_says_how_to_fill_it(kith: Site, store: Store) -> None:
    store.undo(1, "Robin Vale")
    page = home(kith)
    assert "Nothing is in the network yet" in page
    assert "kith import examples/larkfield" in page
    assert "Import a folder from this computer, as a zip file." in page
    assert "What is in the network" not in page
    people = kith.client.get("/records")
    assert "Nothing is in the network yet. The home page says how to bring something in." in words(people.text)


def test_the_home_page_stands_while_the_network_cannot_be_read(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: Any) -> None:
        raise QueueFull("Too many questions are waiting.")

    monkeypatch.setattr(kith.app.state.answers, "network", busy)
    page = home(kith)
    assert "What is in the network cannot be shown just now. Too many questions are waiting." in page
    assert "Who holds a community together" in page


def test_a_server_that_keeps_no_network_says_so(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(kith.app.state, "store")
    assert "No network is kept by this server." in home(kith)
