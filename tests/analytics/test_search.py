"""Finding nodes by name: what ranks above what, and what is forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.search import LONGEST_TEXT, find, folded
from graph_model.errors import DataError
from graph_model.network import Network
from graph_model.schema import NodeType

PERSON, ASSOCIATION = NodeType.STAKEHOLDER, NodeType.ASSOCIATION


def people(*names: str) -> Network:
    return Network.of(3, [(PERSON, f"p{place}", {"name": name}) for place, name in enumerate(names)], [])


def found(network: Network, text: str, **limits: object) -> list[str]:
    return [hit.name for hit in find(network, text, **limits).rows]  # type: ignore[arg-type]  # passed on as they are


TOWN = Network.of(
    7,
    [
        (PERSON, "p1", {"name": "Amira Khan", "kind": "resident"}),
        (PERSON, "p2", {"name": "Amirah Khanna"}),
        (PERSON, "p3", {"name": "Zoë O’Brien-Ångström", "also_known_as": ["Billie Stone", "Zo"]}),
        (PERSON, "p4", {"name": "Sam Okafor"}),
        (PERSON, "p5", {"name": "Søren Łukasz"}),
        (ASSOCIATION, "a1", {"name": "Khan Street Traders", "kind": "business"}),
        (ASSOCIATION, "a2", {"name": "???"}),
    ],
    [],
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Amira Khan", "Amira Khan"),
        ("khan, AMIRA", "Amira Khan"),
        ("am kh", "Amira Khan"),
        ("amria kahn", "Amira Khan"),
        ("amirakhan", "Amira Khan"),
        ("amri", "Amira Khan"),
        ("zoe angstrom", "Zoë O’Brien-Ångström"),
        ("obrien", "Zoë O’Brien-Ångström"),
        ("o'brien", "Zoë O’Brien-Ångström"),
        ("bilie", "Zoë O’Brien-Ångström"),
        ("soren lukasz", "Søren Łukasz"),
        ("okafro", "Sam Okafor"),
    ],
)
def test_what_was_typed_finds_whom_it_means(typed: str, first: str) -> None:
    assert found(TOWN, typed)[0] == first


@pytest.mark.parametrize("typed", ["zoe obrien angstrom", "ZOË O'BRIEN ÅNGSTRÖM", "Soren Lukasz", "søren łukasz"])
def test_accents_case_and_apostrophes_do_not_matter(typed: str) -> None:
    assert find(TOWN, typed).rows[0].score == 100


def test_every_word_must_fit() -> None:
    assert found(TOWN, "amira zzzz") == []
    assert "Sam Okafor" not in found(TOWN, "sam khan")


def test_exact_ranks_above_beginning_and_beginning_above_close() -> None:
    network = people("Ann Lee", "Anne Leeson", "Ans Lee", "Tom Brook")
    answer = find(network, "ann lee")
    assert [hit.name for hit in answer.rows] == ["Ann Lee", "Anne Leeson", "Ans Lee"]
    exact, begun, close = (hit.score for hit in answer.rows)
    assert exact == 100
    assert 90 <= begun < 100
    assert close < 90


def test_the_name_that_fitted_is_named_and_the_own_name_wins_between_equals() -> None:
    (hit,) = find(TOWN, "billie").rows
    assert (hit.name, hit.matched) == ("Zoë O’Brien-Ångström", "Billie Stone")
    network = Network.of(1, [(PERSON, "p", {"name": "Jo Ray", "also_known_as": ["Ray, Jo"]})], [])
    assert find(network, "jo ray").rows[0].matched == "Jo Ray"


def test_a_hit_says_what_it_is() -> None:
    hit = find(TOWN, "amira khan").rows[0]
    assert (hit.id, hit.kind, hit.sort) == ("p1", PERSON, "resident")
    assert find(TOWN, "amira khan").version == 7


def test_only_the_kinds_that_were_asked_for() -> None:
    assert found(TOWN, "khan", kinds=frozenset({ASSOCIATION})) == ["Khan Street Traders"]
    assert found(TOWN, "khan", kinds=frozenset()) == []


def test_nothing_typed_lists_the_alphabet() -> None:
    assert found(people("Zoe", "élan", "Bo"), "  ") == ["Bo", "élan", "Zoe"]
    assert found(TOWN, "", kinds=frozenset({ASSOCIATION})) == ["???", "Khan Street Traders"]


def test_more_than_are_listed_are_counted() -> None:
    answer = find(people("Ann One", "Ann Two", "Ann Three"), "ann", limit=2)
    assert (len(answer.rows), answer.total, answer.truncated) == (2, 3, True)
    assert not find(TOWN, "okafor").truncated


def test_equal_scores_stand_by_name_then_id() -> None:
    rows = [(PERSON, node_id, {"name": name}) for node_id, name in (("c", "Di Ash"), ("b", "Di Ash"), ("a", "Di Elm"))]
    assert [hit.id for hit in find(Network.of(1, rows, []), "di").rows] == ["b", "c", "a"]


@pytest.mark.parametrize("typed", ["!!!", "xyzzy", "?", "\x00", "\ud800"])
def test_what_nobody_is_called_finds_nobody(typed: str) -> None:
    assert found(TOWN, typed) == []


def test_nobody_to_be_found() -> None:
    assert found(people(), "amira") == []
    assert found(people(), "") == []


def test_bounds() -> None:
    find(TOWN, "x" * LONGEST_TEXT)
    with pytest.raises(DataError, match="201 characters"):
        find(TOWN, "x" * (LONGEST_TEXT + 1))
    for limit in (0, 1001):
        with pytest.raises(DataError, match="results"):
            find(TOWN, "a", limit=limit)


NAMES = st.lists(st.text("abcdé ø-", min_size=1, max_size=12), max_size=12)


@given(NAMES, st.text("abcdé ø-", max_size=12))
def test_rows_are_in_order_and_bounded(names: list[str], typed: str) -> None:
    answer = find(people(*names), typed, limit=5)
    keys = [(-hit.score, hit.name if typed.strip() else "") for hit in answer.rows]
    assert [score for score, _ in keys] == sorted(score for score, _ in keys)
    assert all(0 <= hit.score <= 100 for hit in answer.rows)
    assert len(answer.rows) == min(5, answer.total)


@given(st.lists(st.text("abcdefgh", min_size=3, max_size=8), min_size=2, max_size=3), NAMES, st.data())
def test_a_name_is_found_by_its_beginnings_in_any_order(
    words: list[str], others: list[str], data: st.DataObject
) -> None:
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in data.draw(st.permutations(words))]
    answer = find(people(" ".join(words), *others), " ".join(typed), limit=50)
    assert next(hit.score for hit in answer.rows if hit.id == "p0") >= 90


@given(st.text("abcdefgh", min_size=5, max_size=9), st.data())
def test_one_slip_in_a_word_is_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(word) - 2))
    slipped = data.draw(
        st.sampled_from(
            [
                word[:place] + "x" + word[place:],
                word[:place] + word[place + 1 :],
                word[:place] + "x" + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    assert found(people(f"{word} Stone"), slipped) == [f"{word} Stone"]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
