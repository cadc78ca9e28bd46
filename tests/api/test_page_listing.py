"""What lists of records are made of: the alphabet, its pages, and words for what a tie says."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.people.addresses import record_address
from api.people.listing import PAGE, alphabetical
from api.people.ties import strength_in_words
from graph_model.network import Network
from graph_model.schema import NodeType


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
