"""The page of working groups: the group, what it reaches, and how it is asked for a little differently."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from analytics.groups import GroupQuestion, working_group
from api.people.wording import today
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.api.reading import read
from tests.api.shell import Site

pytestmark = ON_EMBEDDED


def members(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'kith-members__who"><a[^>]*>([^<]*)</a>', page)]


def link(page: str, text: str) -> str:
    """Where the link leads whose text, with what is only heard, begins so."""
    for href, words in re.findall(r'<a class="govuk-link" href="([^"]*)">(.*?)</a>', page, re.DOTALL):
        if " ".join(re.sub(r"<[^>]*>", " ", words).split()).startswith(text):
            return unescape(href)
    raise AssertionError(f"no link {text!r}")


def test_a_group_is_formed_at_once(kith: Site, larkfield: Store) -> None:
    page = kith.client.get("/group").text
    answer = working_group(larkfield.network(), GroupQuestion(today()))
    assert members(page) == [member.name for member in answer.members]
    text = read(page)
    assert f"This group reaches {answer.reach:.1f} of 150 people" in text
    assert f"at least {int(100 * answer.share)} % of the best any 8 people could reach" in text
    for member in answer.members:
        assert f"Brings alone {member.alone:.1f} {member.sentence}" in text
    assert "Not yet asked what they want out of it." in text
    assert f"Wants: {next(each.self_interest for each in answer.members if each.self_interest)}" in text


def test_for_a_problem_everybody_alike(kith: Site, larkfield: Store) -> None:
    problem = "problem-parade-shoplifting"
    fields = {"problem": problem, "size": 2, "hops": 1, "count": "alike"}
    page = kith.client.get("/group", params=fields).text
    question = GroupQuestion(today(), 2, 1, weighted=False, problem=problem)
    answer = working_group(larkfield.network(), question)
    assert members(page) == [member.name for member in answer.members]
    assert f"reaches {answer.reach:.0f} of {answer.people} people affected" in read(page)
    assert "A group of 2 for “Shoplifting on the Parade”" in read(page)


def test_who_leaves_is_replaced_and_who_must_stay_stays(kith: Site) -> None:
    page = kith.client.get("/group?size=3").text
    first, second, _ = members(page)
    without = kith.client.get(link(page, f"Leave out {first}")).text
    assert first not in members(without)
    assert len(members(without)) == 3
    kept = kith.client.get(link(without, f"Must be in it : {second}")).text
    assert second in members(kept)
    assert re.search(rf'name="include"[^>]* checked[^>]*>\s*<label[^>]*>\s*{second}', kept)
    assert len(members(kith.client.get(link(kept, "One person more")).text)) == 4
    again = parse_qs(urlsplit(link(kept, "Let those kept out in again")).query)
    assert "exclude" not in again


def test_a_name_is_posted_found_and_never_stands_in_an_address(kith: Site) -> None:
    page = kith.client.post("/group", data={"size": "4", "find_include": "Amria Kahn", "find_exclude": "sam ok"})
    assert page.status_code == 200
    assert "Whom do you mean?" in read(page.text)
    assert "1 found for “Amria Kahn”" in read(page.text)
    assert re.search(r'value="p-amira-khan"[^>]* checked', page.text)
    assert 'value="4"' in page.text
    sent = kith.client.post("/group", data={"size": "4", "include": ["p-amira-khan"], "find_include": ""})
    assert sent.status_code == 303
    assert sent.headers["location"] == "/group?size=4&include=p-amira-khan#answer"
    assert "Amira Khan" in members(kith.client.get(sent.headers["location"]).text)


def test_several_of_a_name_are_all_offered_and_none_is_taken_for_granted(kith: Site) -> None:
    page = kith.client.post("/group", data={"find_include": "a"}).text
    assert "The 8 nearest of" in read(page)
    assert not re.search(r'name="include"[^>]* checked', page)


def test_a_name_nobody_has_is_said_so_and_kept(kith: Site) -> None:
    page = kith.client.post("/group", data={"find_include": "Xyzzy Qwfp"})
    assert page.status_code == 422
    assert "No person is called anything like “Xyzzy Qwfp”" in read(page.text)
    assert 'value="Xyzzy Qwfp"' in page.text
    assert 'href="#find_include"' in page.text


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ("size=0", "size", "How many people are in the group must be a whole number from 1 to 100. “0” is not."),
        ("size=1&include=p-sam-okafor&include=p-amira-khan", "size", "2 people have to be in it, so a group of 1"),
        ("include=p-amira-khan&exclude=p-amira-khan", "exclude", "Amira Khan cannot both have to be in it and be kept"),
        ("include=nobody", "include", "Nothing in the network has the id nobody."),
        ("problem=p-amira-khan", "problem", "Amira Khan is of the type person."),
        ("hops=9", "hops", "must be a whole number from 1 to 4"),
    ],
)
def test_a_demand_that_cannot_be_met_is_named(kith: Site, fields: str, field: str, sentence: str) -> None:
    page = kith.client.get(f"/group?{fields}")
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'id="{field}"' in page.text
    assert read(page.text).count(sentence) == 2  # above, and at the field
    assert "This group cannot be formed" in read(page.text)


def test_what_is_typed_is_only_text(kith: Site) -> None:
    evil = '"><script>alert(1)</script>'
    assert "<script>alert" not in kith.client.post("/group", data={"find_include": evil, "size": evil}).text
    assert "<script>alert" not in kith.client.get("/group", params={"include": evil, "problem": evil}).text
