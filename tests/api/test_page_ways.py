"""The page of ways up: what it asks for, the ways it shows, whom to go round, and what is missing."""

import re
from html import unescape

import pytest

from analytics.escalation import WayQuestion, ways_up
from api.escalation.wording import per_cent
from api.people.wording import today
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.api.reading import read
from tests.api.shell import Site

pytestmark = ON_EMBEDDED
GUARDING = "barrier-guarding-budget"


def chains(page: str) -> list[list[str]]:
    """Whom each way passes, in order."""
    return [
        [unescape(name) for name in re.findall(r'kith-path__who"><a[^>]*>([^<]*)</a>', path)]
        for path in re.findall(r'<ol class="kith-path">(.*?)</ol>', page, re.DOTALL)
    ]


def link(page: str, text: str) -> str:
    for href, words in re.findall(r'<a class="govuk-link[^"]*" href="([^"]*)">(.*?)</a>', page, re.DOTALL):
        if " ".join(re.sub(r"<[^>]*>", " ", words).split()) == text:
            return unescape(href)
    raise AssertionError(f"no link {text!r}")


def test_at_first_it_says_what_can_be_asked(kith: Site) -> None:
    page = kith.client.get("/ways")
    assert page.status_code == 200
    assert "What is in the way? Choose the barrier, problem, solution or asset" in read(page.text)
    groups = re.findall(r'<optgroup label="([^"]*)">', page.text)
    assert groups == ["Barriers that still stand", "Problems", "Solutions", "Assets"]


def test_each_way_is_a_chain_with_its_sentences(kith: Site, larkfield: Store) -> None:
    page = kith.client.get("/ways", params={"about": GUARDING}).text
    answer = ways_up(larkfield.network(), WayQuestion(today(), about=GUARDING))
    assert chains(page) == [[*(step.start_name for step in way.steps), way.end_name] for way in answer.paths]
    text = read(page)
    assert "3 ways to a decision on “Guards are budgeted by region”" in text
    for way in answer.paths:
        assert f"{per_cent(way.reliability)} of the time, over {way.ties} ties." in text
        for step in way.steps:
            assert step.sentence in text
    assert "More likely than not to arrive : 66 % of the time, over 4 ties." in text
    assert "Way 1, to Priya Shah, who decides at regional level" in text


def test_somebody_is_gone_round_and_allowed_again(kith: Site) -> None:
    page = kith.client.get("/ways", params={"about": GUARDING}).text
    address = link(page, "Go round Amira Khan")
    assert address == f"/ways?about={GUARDING}&avoid=p-amira-khan#answer"
    round_her = kith.client.get(address).text
    assert "Going round Amira Khan." in read(round_her)
    assert chains(round_her)
    assert not any("Amira Khan" in way for way in chains(round_her))
    assert link(round_her, "Allow Amira Khan again") == f"/ways?about={GUARDING}#answer"


def test_one_after_the_other_is_gone_round(kith: Site) -> None:
    page = kith.client.get(f"/ways?about={GUARDING}&avoid=p-amira-khan").text
    assert link(page, "Go round Sam Okafor") == f"/ways?about={GUARDING}&avoid=p-amira-khan&avoid=p-sam-okafor#answer"


def test_whoever_the_ask_must_start_or_end_with_cannot_be_gone_round(kith: Site) -> None:
    page = kith.client.get("/ways?from=p-leah-whitcombe&to=p-priya-shah").text
    assert chains(page)
    with pytest.raises(AssertionError):
        link(page, "Go round Leah Whitcombe")
    with pytest.raises(AssertionError):
        link(page, "Go round Priya Shah")


def test_what_is_missing_is_said_with_what_to_do(kith: Site, larkfield: Store) -> None:
    page = kith.client.get("/ways", params={"about": GUARDING, "steps": 1}).text
    answer = ways_up(larkfield.network(), WayQuestion(today(), about=GUARDING, steps=1))
    text = read(page)
    assert answer.missing
    for sentence in answer.missing:
        assert sentence in text
    assert "No way to a decision" in text
    assert "Or allow more ties." in text


def test_a_question_that_says_nothing_is_told_so(kith: Site) -> None:
    page = kith.client.post("/ways", data={"about": "", "k": "3", "steps": "6"})
    assert page.status_code == 422
    assert "Choose what must be decided, or name whom to reach" in read(page.text)
    assert '<a href="#about">' in page.text


def test_a_link_that_only_says_who_asks_opens_the_form_without_blame(kith: Site) -> None:
    page = kith.client.get("/ways", params={"from": "p-leah-whitcombe"})
    assert page.status_code == 200
    assert "There is a problem" not in page.text
    assert re.search(r'name="from"[^>]* value="p-leah-whitcombe" checked', page.text)


def test_people_are_found_by_name_and_chosen_by_id(kith: Site) -> None:
    fields = {"about": GUARDING, "find_from": "whitcomb", "find_to": "priya"}
    page = kith.client.post("/ways", data=fields)
    assert page.status_code == 200
    assert re.search(r'name="from"[^>]* value="p-leah-whitcombe" checked', page.text)
    assert re.search(rf'<option value="{GUARDING}" selected>', page.text)
    sent = kith.client.post("/ways", data={"about": GUARDING, "from": "p-leah-whitcombe", "to": "", "steps": "6"})
    assert sent.headers["location"] == f"/ways?about={GUARDING}&from=p-leah-whitcombe#answer"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("about=nowhere", "Nothing in the network has the id"),
        ("about=p-amira-khan", "That is nothing somebody decides"),
        ("to=a-brook-surgery", "A way up ends with a person"),
        ("to=p-priya-shah&steps=99", "The most ties of a way must be a whole number from 1 to 12"),
        ("to=p-priya-shah&avoid=p-priya-shah", "cannot start or end with"),
    ],
)
def test_what_cannot_be_asked_is_said_so(kith: Site, fields: str, sentence: str) -> None:
    page = kith.client.get(f"/ways?{fields}")
    assert page.status_code == 422
    assert sentence in read(page.text)
    assert "<title>Error: Find a way up" in page.text


def test_what_is_typed_is_only_text(kith: Site) -> None:
    evil = '"><script>alert(1)</script>'
    assert "<script>alert" not in kith.client.post("/ways", data={"find_to": evil, "k": evil}).text
    assert "<script>alert" not in kith.client.get("/ways", params={"about": evil, "avoid": evil}).text
