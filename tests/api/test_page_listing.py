"""What lists of records are made of: the alphabet, its pages, and words for what a tie says."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.people.addresses import record_address
from api.people.listing import PAGE, alphabetical
from api.people.record import view_of
from api.people.ties import strength_in_words
from graph_model.network import Network
from graph_model.plan import StoredNode
from graph_model.records import counts_on
from graph_model.schema import NodeType, TieType


@pytest.mark.parametrize(
    ("strength", "said"),
    [(None, "strength not stated"), (0.3, "weak, 0.3"), (0.44, "weak, 0.44"), (0.6, "some, 0.6"), (1, "strong, 1")],
)
def test_a_strength_is_a_word_and_a_number(strength: float | None, said: str) -> None:
    assert strength_in_words(strength) == said


names = st.lists(st.text("abzÅéß9 -Жø", max_size=4), max_size=130)


@settings(max_examples=60, deadline=None)
@given(names)
def test_the_pages_hold_everybody_once_in_order_and_each_letter_leads_to_its_page(names: list[str]) -> None:
    rows = [(NodeType.STAKEHOLDER, f"p{at}", {"name": name}) for at, name in enumerate(names)]
    network = Network.of(1, [*rows, (NodeType.ASSET, "other", {"name": "a"})], [])
    day = date(2026, 11, 23)
    first = alphabetical(network, NodeType.STAKEHOLDER, 1, day)
    every = [alphabetical(network, NodeType.STAKEHOLDER, number + 1, day) for number in range(first.pages)]
    listed = [row for page in every for _, section in page.sections for row in section]
    assert sorted(row.href for row in listed) == sorted(record_address(f"p{at}") for at in range(len(names)))
    assert first.total == len(names)
    assert all(sum(len(section) for _, section in page.sections) == PAGE for page in every[:-1])
    signs = [sign for page in every for sign, _ in page.sections]
    assert signs == sorted(signs)
    firsts = {sign: next(page.number for page in every if sign in dict(page.sections)) for sign in signs}
    assert {letter.sign: letter.page for letter in first.letters} == firsts
    assert alphabetical(network, None, 1, day).total == len(names) + 1


DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        (None, None, True),
        ("2026-11-23", None, True),
        ("2026-11-24", None, False),
        (None, "2026-11-24", True),
        (None, "2026-11-23", False),
    ],
)
def test_a_record_counts_from_its_first_day_to_the_day_before_its_last(
    valid_from: str | None, valid_to: str | None, counts: bool
) -> None:
    assert counts_on({"valid_from": valid_from, "valid_to": valid_to}, DAY) is counts


def test_a_list_says_where_somebody_is_now_and_who_counts_no_longer() -> None:
    network = Network.of(
        1,
        [
            (NodeType.PLACE, "old", {"name": "Old Town"}),
            (NodeType.PLACE, "new", {"name": "Lock Basin"}),
            (NodeType.STAKEHOLDER, "p", {"name": "Wren Ashdown", "valid_to": "2026-11-24"}),
            (NodeType.STAKEHOLDER, "q", {"name": "Zeb Ashdown", "valid_to": "2026-11-23"}),
        ],
        [
            (TieType.LOCATED_IN, "p", "old", {"valid_to": "2026-11-23"}),
            (TieType.LOCATED_IN, "p", "new", {}),
        ],
    )
    ((_, (wren,)), (_, (zeb,))) = alphabetical(network, NodeType.STAKEHOLDER, 1, DAY).sections
    assert (wren.name, wren.where, wren.until) == ("Wren Ashdown", ("Lock Basin",), None)
    assert (zeb.name, zeb.where, zeb.until) == ("Zeb Ashdown", (), DAY)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, []),
        ({"valid_to": "2026-11-24"}, []),
        ({"valid_to": "2026-11-23"}, ["No longer, since 23 November 2026"]),
        ({"valid_from": "2026-11-24", "valid_to": "2027-01-01"}, ["Not yet"]),
        ({"review_by": "2026-11-23"}, []),
        ({"review_by": "2026-11-22"}, ["Review is due"]),
    ],
)
def test_a_record_says_whether_it_counts_and_is_looked_after(fields: dict[str, str], said: list[str]) -> None:
    view = view_of(StoredNode(NodeType.ASSET, {"id": "a", "name": "A key", **fields}), [], DAY, 10)
    assert [flag.text for flag in view.flags] == said
