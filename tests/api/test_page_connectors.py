"""The page of highly connected people: what is read there is what was asked, and what is wrong is said where it is."""

import re
from html import unescape

import pytest

from analytics.connectors import ConnectorsQuestion, Measure, highly_connected
from api.people.wording import today
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.api.reading import read
from tests.api.shell import Site

pytestmark = ON_EMBEDDED


def ranked(page: str) -> list[tuple[str, str]]:
    """Rank and name of each row of the list."""
    rows = re.findall(
        r'kith-ranking__rank">([^<]*)</td>.*?<a class="govuk-link" href="[^"]*">([^<]*)</a>', page, re.DOTALL
    )
    return [(rank.strip(), unescape(name)) for rank, name in rows]


def test_the_question_is_answered_as_it_stands(kith: Site, larkfield: Store) -> None:
    page = kith.client.get("/connectors")
    assert page.status_code == 200
    answer = highly_connected(larkfield.network(), ConnectorsQuestion(today()))
    assert ranked(page.text) == [(str(row.rank), row.name) for row in answer.rows]
    text = read(page.text)
    assert "The first 20 of 150 people, by how often they stand between others." in text
    assert "in version 1 of the network" in text
    assert f"{answer.rows[0].sentence}." in text
    assert "too large for the members to be taken to know one another" in text


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_can_be_asked_and_says_what_it_means(kith: Site, larkfield: Store, measure: Measure) -> None:
    page = kith.client.get("/connectors", params={"measure": measure, "top": 7}).text
    answer = highly_connected(larkfield.network(), ConnectorsQuestion(today(), measure, 7))
    assert ranked(page) == [(str(row.rank), row.name) for row in answer.rows]
    assert re.search(rf'value="{measure}" checked', page)


@pytest.mark.parametrize(
    ("field", "scope", "words"),
    [
        ("problem", "problem-parade-shoplifting", "people affected by Shoplifting on the Parade"),
        ("place", "place-brook-hill", "people in Brook Hill"),
        ("association", "a-brook-surgery", "people in Brook Surgery"),
    ],
)
def test_a_link_from_a_record_names_only_the_record(
    kith: Site, larkfield: Store, field: str, scope: str, words: str
) -> None:
    page = kith.client.get("/connectors", params={field: scope, "measure": "degree", "top": 5}).text
    answer = highly_connected(larkfield.network(), ConnectorsQuestion(today(), Measure.DEGREE, 5, scope=scope))
    assert ranked(page) == [(str(row.rank), row.name) for row in answer.rows]
    assert words in read(page)
    assert re.search(rf'name="among"[^>]* value="{field}" checked', page)


def test_only_the_list_that_was_chosen_counts(kith: Site) -> None:
    fields = {"among": "all", "place": "place-brook-hill", "problem": "problem-parade-shoplifting"}
    assert "of 150 people, by" in read(kith.client.get("/connectors", params=fields).text)


def test_only_the_ties_that_were_ticked_count(kith: Site, larkfield: Store) -> None:
    page = kith.client.get("/connectors", params={"type": ["KNOWS", "REPORTS_TO"], "measure": "degree"}).text
    assert len(re.findall(r'name="type"[^>]* checked', page)) == 2
    assert ranked(page) != ranked(kith.client.get("/connectors", params={"measure": "degree"}).text)


def test_where_the_visible_leaders_stand(kith: Site, larkfield: Store) -> None:
    text = read(kith.client.get("/connectors", params={"measure": "betweenness", "top": 3}).text)
    answer = highly_connected(larkfield.network(), ConnectorsQuestion(today(), top=1000))
    leaders = [row for row in answer.rows if row.visible_leader]
    standing = text.partition("Where the visible leaders stand")[2]
    assert len(leaders) == 6
    places = [standing.index(f"{row.name} rank {row.rank}") for row in leaders]
    assert places == sorted(places)
    assert "Desmond Hartley rank 96, below the middle" in standing
    assert "None of them is a visible leader." in text


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(kith: Site) -> None:
    page = kith.client.get("/connectors", params={"measure": "fame", "top": "many", "among": "place", "on": "31/12"})
    assert page.status_code == 422
    assert "<title>Error: Highly connected people" in page.text
    for name in ("measure", "place", "top", "on"):
        assert f'href="#{name}"' in page.text
        assert f'id="{name}"' in page.text
    assert "How many people to list must be a whole number from 1 to 1,000. “many” is not." in read(page.text)
    assert 'value="many"' in page.text


def test_a_record_that_cannot_be_a_scope_is_said_so(kith: Site) -> None:
    page = kith.client.get("/connectors", params={"place": "p-amira-khan"})
    assert page.status_code == 422
    assert "Choose a place, an association or a problem" in read(page.text)
    assert "Nothing in the network has the id" in read(kith.client.get("/connectors?place=nowhere").text)
