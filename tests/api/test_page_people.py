"""Finding a person, the page of every record, and the map on it: what a person reads there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest

from api.people import pages
from api.people.addresses import record_address
from api.people.wording import today
from graph_model.changes import Change, PutNode, PutTie, Step
from graph_model.records import read_node, read_tie
from graph_model.schema import NodeType, TieType
from tests.api.conftest import ON_EMBEDDED
from tests.api.shell import Site

pytestmark = ON_EMBEDDED

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def words(html: str) -> str:
    """What a person reads of a page's content."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def read(kith: Site, address: str) -> str:
    answer = kith.client.get(address)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def found(kith: Site, **typed: str) -> str:
    answer = kith.client.post("/records", data=typed)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


@contextmanager
def added(kith: Site, *steps: Step) -> Iterator[None]:
    """Records that are there within the block."""
    store = kith.app.state.store
    done = store.apply(Change("Robin Vale", "A test", steps))
    try:
        yield
    finally:
        store.undo(done.entry.number, "Robin Vale")


def person(record: str, **fields: Any) -> PutNode:
    return PutNode(read_node(NodeType.STAKEHOLDER, record, {"name": "Wren Ashdown", **fields}))


def tie(start: str, kind: TieType, end: str, **fields: Any) -> PutTie:
    return PutTie(read_tie(kind, start, end, fields))


def test_a_person_is_shown_with_what_they_want_and_their_ties_in_words(kith: Site) -> None:
    page = read(kith, "/records/p-amira-khan")
    assert page.startswith("Person, shift supervisor Amira Khan")
    assert "What they want out of it To walk home along the Parade at ten and not think about it." in page
    assert "Skills What they can do that a working group may need. Urdu, first aid, listening" in page
    assert "Asked on When they were last asked whom they know. 12 March 2026" in page
    assert "Knows 16 The chance that something asked along this tie is passed on" in page
    assert "Khadija Begum strong, 0.9 visit to the masjid" in page
    assert "Callum Reid weak, 0.3 parade walk-round" in page
    assert page.index("Zafar Khan") < page.index("Amina Yusuf") < page.index("Callum Reid")  # the strongest first
    assert "Belongs to 2 Harrow Retail, Larkfield Parade shift supervisor · local level parade walk-round" in page
    assert "Is in a place Tern Court" in page
    assert f"As they stand on {today().day} " in page


def test_a_tie_reads_from_either_end_and_leads_to_the_other(kith: Site) -> None:
    amira = kith.client.get("/records/p-amira-khan").text
    danuta = kith.client.get("/records/p-danuta-wolska").text
    assert "Reports to Danuta Wolska" in words(amira)
    assert re.search(r"Manages \d* ?(\w+ \w+ strength not stated parade walk-round )*Amira Khan", words(danuta))
    assert 'href="/records/p-danuta-wolska">Danuta Wolska</a>' in amira
    assert 'href="/records/p-amira-khan">Amira Khan</a>' in danuta


def test_what_is_in_a_place_is_told_apart_by_type(kith: Site) -> None:
    page = read(kith, "/records/place-brook-hill")
    assert "Place, estate Brook Hill" in page
    assert "Is part of Larkfield beat profile" in page  # only a place can be there, so that is not said
    assert "Who and what is there 36 Aaliyah Cole evening at the Loft" in page
    assert "Brook Surgery association" in page
    assert "Show 12 more" in page


def test_who_can_decide_is_shown_with_the_level(kith: Site) -> None:
    page = read(kith, "/records/barrier-door-budget")
    assert "Barrier The new door is over the repairs limit Escalated" in page
    assert "Can be decided by Wendmoor Homes association regional level or above" in page
    assert "Blocks A door that closes" in page


def test_who_was_never_asked_is_said_to_be_so(kith: Site) -> None:
    assert "What they want out of it Not yet asked." in read(kith, "/records/p-aaliyah-cole")
    assert "What they want out of it" not in read(kith, "/records/place-brook-hill")


def test_who_no_longer_counts_is_said_to_be_so_and_nothing_is_asked_from_there(kith: Site) -> None:
    page = kith.client.get("/records/p-alan-quigley").text
    assert "No longer, since 1 April 2026" in words(page)
    assert "No tie counts today." in words(page)
    assert "until 1 April 2026" in words(page)
    assert "/ways?" not in page
    assert "<iframe" not in page


def test_flags_are_in_words(kith: Site) -> None:
    assert "Desmond Hartley Visible leader" in read(kith, "/records/p-desmond-hartley")
    steps = person("p-wren", excluded="yes", excluded_why="Asked to be left out.", over_committed="yes", kind="baker")
    with added(kith, steps):
        page = kith.client.get("/records/p-wren").text
    assert "Person, baker Wren Ashdown Not for working groups Over-committed" in words(page)
    assert "Excluded why Why they are not to be put into working groups. Asked to be left out." in words(page)
    assert "includes them" not in page
    assert "No tie is recorded." in words(page)
    assert "Not recorded: skills and asked on." in words(page)


def test_what_is_sensitive_stands_apart_and_is_closed_at_first(kith: Site) -> None:
    with added(kith, person("p-wren", phone="01632 960 123", health="Uses a stick.", notes="Plays chess.")):
        page = kith.client.get("/records/p-wren").text
    closed = re.search(r"<details[^>]*>(.*?)</details>", page, re.DOTALL)
    assert closed
    assert "Personal details, sensitive (2)" in words(f"<main>{closed[1]}</main>")
    assert "01632 960 123" in closed[1]
    assert "Uses a stick." in closed[1]
    assert "Plays chess." in page.replace(closed[0], "")
    assert page.count("01632 960 123") == page.count("Uses a stick.") == 1
    assert "<details" not in kith.client.get("/records/p-aaliyah-cole").text


def test_what_a_tie_says_of_itself_is_shown(kith: Site) -> None:
    with added(
        kith,
        person("p-wren", review_by="2020-01-02", source="a call", source_grade="B", basis="assessment"),
        tie("p-wren", TieType.IN_GROUP, "group-stairwell-c", role="chair", accepted="no", valid_from="2026-06-03"),
        tie("p-wren", TieType.LOCATED_IN, "place-brook-hill", source_grade="C", basis="fact", review_by="2026-01-05"),
        tie("p-wren", TieType.KNOWS, "p-amira-khan", strength="0.7", valid_from="2999-01-01"),
    ):
        page = read(kith, "/records/p-wren")
    assert "Wren Ashdown Review is due" in page
    assert "Is in a working group Stairwell C working group chair · has not said yes from 3 June 2026" in page
    assert "Is in a place Brook Hill source grade C · a fact · to be looked at again by 5 January 2026" in page
    assert "Ties 2 " in page
    assert "Ties that no longer count, or not yet Knows" in page
    assert "Amira Khan some, 0.7 from 1 January 2999" in page
    assert "Source grade How far the source can be relied on, A (always) to E (untested). B" in page
    assert re.search(r"Added Who wrote it first. Robin Vale, \d+ \w+ \d{4} at \d\d:\d\d", page)


@pytest.mark.parametrize("record", ["x/y", "?a=b&c", "# 41", "ø's <\"'>", "map", "x/map", "../up"])
def test_an_id_may_be_made_of_any_signs(kith: Site, record: str) -> None:
    # but for %, which the test client decodes twice: a browser asks for that one
    with added(kith, person(record, name="Odd Id"), tie(record, TieType.KNOWS, "p-amira-khan")):
        page = kith.client.get(record_address(record)).text
        assert words(page).startswith("Person Odd Id")
        assert "Amira Khan" in words(page)
        back = re.search(r'href="([^"]+)">Odd Id<', kith.client.get("/records/p-amira-khan").text)
        assert back
        assert unescape(back[1]) == record_address(record)
        frame = re.search(r'<iframe[^>]* src="([^"]+)"', page)
        assert frame
        assert "Around Odd Id" in kith.client.get(unescape(frame[1])).text


def test_what_people_wrote_is_text(kith: Site) -> None:
    fields = {"name": EVIL, "kind": EVIL, "self_interest": EVIL, "notes": EVIL, "phone": EVIL, "source": EVIL}
    with added(kith, person("p-evil", **fields), tie("p-evil", TieType.KNOWS, "p-amira-khan", source=EVIL)):
        shown = [
            kith.client.get(path).text
            for path in ("/records/p-evil", "/records/p-amira-khan", "/records?type=Stakeholder&page=1", "/")
        ]
        shown.append(kith.client.post("/records", data={"q": EVIL[:100]}).text)
    assert not any("<script>alert" in page or "<img" in page for page in shown)
    assert shown[0].count("&lt;script&gt;") >= 8


def test_every_record_of_the_town_has_a_page_and_none_leads_nowhere(kith: Site) -> None:
    seen, ahead = set(), {record_address(node.properties["id"]) for node in kith.app.state.store.records()[0]}
    assert len(ahead) == 261
    while ahead:
        address = ahead.pop()
        seen.add(address)
        answer = kith.client.get(address)
        assert answer.status_code == 200, address
        assert not re.search(r"<[^>]+ style=|<script(?![^>]* (src|nonce)=)| on\w+=", answer.text), address
        ahead |= {unescape(link) for link in re.findall(r'href="(/records/[^"#?]+)"', answer.text)} - seen
    assert len(seen) == 261


@pytest.mark.parametrize(
    ("record", "asked"),
    [
        ("p-amira-khan", ["/ways?from=p-amira-khan", "/ways?to=p-amira-khan", "/group?include=p-amira-khan"]),
        ("a-alder-road-primary", ["/connectors?association=a-alder-road-primary", "/ways?from=a-alder-road-primary"]),
        ("place-brook-hill", ["/connectors?place=place-brook-hill"]),
        ("barrier-door-budget", ["/ways?about=barrier-door-budget"]),
        (
            "problem-parade-shoplifting",
            [f"/{page}=problem-parade-shoplifting" for page in ("group?problem", "connectors?problem", "ways?about")],
        ),
    ],
)
def test_the_questions_are_asked_from_a_record_with_it_filled_in(kith: Site, record: str, asked: list[str]) -> None:
    page = kith.client.get(f"/records/{record}").text
    assert [unescape(link) for link in re.findall(r'href="(/(?:ways|group|connectors)\?[^"]+)"', page)] == asked
    name = re.search(r"</span>([^<]+)</h1>", page)
    assert name
    for address in asked:
        answer = kith.client.get(address)
        # a way from somebody needs to be told where to, which the page asks for with what it knows filled in
        assert answer.status_code in (200, 422), address
        assert name[1] in answer.text, address


def test_an_id_that_nothing_has_is_answered_with_a_way_on(kith: Site) -> None:
    answer = kith.client.get(f"/records/{EVIL}".replace("/script", "script"))
    assert answer.status_code == 404
    assert "Find it by its name" in words(answer.text)
    assert 'href="/records?type=all"' in answer.text
    assert "<script>alert" not in answer.text


def test_a_record_is_read_from_the_store_alone(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(kith.app.state, "answers")
    assert "Amira Khan" in read(kith, "/records/p-amira-khan")


def test_ties_that_are_not_shown_are_spoken_of(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There are more ties" not in read(kith, "/records/p-amira-khan")
    monkeypatch.setattr(pages, "_TIES", 3)
    page = read(kith, "/records/p-amira-khan")
    assert "There are more ties than the 3 that are shown here" in page
    assert "Ties 3+" in page


# Finding


def test_a_person_is_found_in_spite_of_slips(kith: Site) -> None:
    page = found(kith, q="amra kahn")
    assert "1 found Amira Khan shift supervisor Tern Court" in page


def test_a_person_is_found_by_another_name(kith: Site) -> None:
    assert "Amira Khan also known as Auntie Amira" in found(kith, q="auntie")


def test_a_search_may_look_among_everything_or_one_type(kith: Site) -> None:
    assert "No people found Nothing is called anything like “ground floor room”" in found(kith, q="ground floor room")
    for kind in ("all", "Asset"):
        assert "Ground-floor room, Tern Court asset, space Tern Court" in found(kith, q="ground floor room", type=kind)


def test_what_was_typed_is_kept_and_never_in_an_address(kith: Site) -> None:
    page = kith.client.post("/records", data={"q": "ama", "type": "all", "limit": "2"}).text
    assert re.search(r'<input[^>]* id="q"[^>]* value="ama"', page)
    assert re.search(r'<option value="all" selected', page)
    assert re.search(r"2 of \d+ shown", words(page))
    assert not re.search(r'(href|action)="[^"]*ama', page)
    more = re.search(r'name="limit" value="(\d+)"', page)
    assert more
    assert re.search(r"\d+ found", found(kith, q="ama", type="all", limit=more[1]))


def test_nothing_typed_leads_to_the_whole_list(kith: Site) -> None:
    answer = kith.client.post("/records", data={"q": "  ", "type": "Asset"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/records?type=Asset")


def test_too_long_a_name_is_an_error_at_the_field(kith: Site) -> None:
    answer = kith.client.post("/records", data={"q": "x" * 201, "type": "Asset"})
    assert answer.status_code == 422
    assert "<title>Error: Find assets – Kith</title>" in answer.text
    assert "There is a problem The name to look for has 201 characters. Give 200 at most." in words(answer.text)
    assert '<a href="#q">' in answer.text
    assert re.search(r'id="q"[^>]* aria-describedby="[^"]*q-error', answer.text)
    assert "x" * 201 in answer.text


@pytest.mark.parametrize("path", ["/records?type=Person", "/records?page=x", "/records/p-amira-khan?hops=9"])
def test_an_address_that_asks_for_what_is_not_there_says_so(kith: Site, path: str) -> None:
    assert kith.client.get(path).status_code == 422


def test_the_list_begins_with_the_alphabet_and_turns_pages(kith: Site) -> None:
    first = read(kith, "/records")
    assert "1 to 50 of 152 people" in first
    assert "Aaliyah Cole young leader Brook Hill Abdi Warsame" in first
    assert "Alan Quigley No longer sergeant" in first
    assert "Desmond Hartley Visible leader councillor" in first
    last = kith.client.get("/records?page=99").text
    assert "151 to 152 of 152 people" in words(last)
    assert 'rel="next"' not in last
    assert 'href="/records?type=Stakeholder&amp;page=3"' in last
    assert "Everything (261)" in first


# The map


def test_the_map_may_be_framed_by_our_own_pages_only(kith: Site) -> None:
    answer = kith.client.get("/around/p-amira-khan?hops=1")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce
    scripts = re.findall(r"<(?:script|style)([^>]*)>", answer.text)
    assert len(scripts) >= 2
    assert all(f'nonce="{nonce[1]}"' in script or "application/json" in script for script in scripts)
    assert "Around Amira Khan" in answer.text
    assert "Amira Khan reports to Danuta Wolska" in answer.text
    assert "frame-ancestors 'none'" in kith.client.get("/records/p-amira-khan").headers["content-security-policy"]


def test_the_map_goes_one_tie_or_two(kith: Site) -> None:
    near, far = (kith.client.get(f"/around/p-amira-khan?hops={hops}").text for hops in (1, 2))
    assert "within 1 tie of Amira Khan" in near
    assert "within 2 ties of Amira Khan" in far
    page = kith.client.get("/records/p-amira-khan?hops=2").text
    assert re.search(r'<iframe[^>]* src="/around/p-amira-khan\?hops=2" title="Map of what is around Amira Khan"', page)
    assert kith.client.get("/around/p-amira-khan?hops=3").status_code == 422
    assert kith.client.get("/around/nobody").status_code == 404


def test_who_is_not_signed_in_reads_nothing(kith: Site) -> None:
    cookies = dict(kith.client.cookies)
    kith.client.cookies.clear()
    try:
        for path in ("/records", "/records/p-amira-khan", "/around/p-amira-khan"):
            assert kith.client.get(path).headers["location"] == "/sign-in"
        assert kith.client.post("/records", data={"q": "amira"}).headers["location"] == "/sign-in"
    finally:
        kith.client.cookies.update(cookies)
