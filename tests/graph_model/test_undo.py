"""Taking changes back: what comes back, what is refused and why."""

import pytest

from graph_model.changes import ChangeKind, Counts, Step
from graph_model.errors import ChangeRefused, NotFound
from graph_model.schema import NodeType, TieType
from graph_model.store import Store
from tests.graph_model.acts import act, drop, knows, person, put, state, tie, untie

HARROW = put("harrow", NodeType.ASSOCIATION, name="Harrow Retail", size=4)


def refused(store: Store, number: int) -> list[str]:
    before, version = state(store), store.version()
    with pytest.raises(ChangeRefused) as caught:
        store.undo(number, "leah")
    assert (state(store), store.version()) == (before, version)
    return [str(reason) for reason in caught.value.reasons]


@pytest.mark.parametrize(
    "steps",
    [
        [person("new"), knows("new", "amira")],
        [put("amira", notes="changed", phone="", skills="Urdu")],
        [knows("amira", "sam", strength=0.3), tie("sam", TieType.MEMBER_OF, "harrow", role="owner")],
        [untie("amira", TieType.KNOWS, "sam")],
        [drop("amira")],
        [drop("amira"), drop("sam"), drop("harrow")],
        [drop("sam"), person("sam"), person("new"), knows("new", "sam")],
    ],
)
def test_undo_brings_back_what_was_and_undone_again_what_had_become(store: Store, steps: list[Step]) -> None:
    act(store, person("amira", phone="1"), person("sam"), HARROW, knows("amira", "sam", strength=0.9))
    act(store, tie("amira", TieType.MEMBER_OF, "harrow", role="chair", valid_from="2026-01-01"), knows("sam", "sam"))
    before, network = state(store), store.network()
    act(store, *steps)
    after = state(store)
    assert after != before
    undone = store.undo(3, "priya")
    assert state(store) == before
    assert undone.entry is not None
    assert (undone.entry.kind, undone.entry.undoes, undone.entry.by) == (ChangeKind.UNDO, 3, "priya")
    assert undone.entry.why == "Undo of change 3"
    store.undo(4, "priya")
    assert state(store) == after
    store.undo(5, "priya")
    assert state(store) == before
    assert store.network(network).nodes.id.list == network.nodes.id.list


def test_undo_twice_is_refused(store: Store) -> None:
    act(store, person("amira"))
    act(store, put("amira", notes="loud"))
    store.undo(2, "leah")
    assert "was changed since: notes" in refused(store, 2)[0]
    store.undo(1, "leah")
    assert "was removed since" in refused(store, 1)[0]
    with pytest.raises(NotFound):
        store.undo(9, "leah")


def test_refused_where_a_later_change_wrote_the_same_field(store: Store) -> None:
    act(store, person("amira", notes="one", phone="1"))
    act(store, put("amira", notes="two"), by="sam")
    act(store, put("amira", notes="three"), by="priya")
    reasons = refused(store, 2)
    assert reasons[0] == "Amira (amira) was changed since: notes."
    assert reasons[1].startswith("Change 3 by priya (")
    assert reasons[1].endswith(") came after it. Undo that first.")


def test_another_field_written_later_is_no_obstacle_and_stays(store: Store) -> None:
    act(store, person("amira", notes="one", phone="1"), kind=ChangeKind.IMPORT)
    act(store, put("amira", notes="two"))
    act(store, put("amira", phone="2"))
    store.undo(2, "leah")
    assert state(store)[0]["amira"][1] == {"name": "Amira", "notes": "one", "phone": "2"}
    assert store.node("amira").properties["edited"] == ["notes", "phone"]


def test_changed_and_changed_back_is_no_obstacle(store: Store) -> None:
    act(store, person("amira", notes="one"))
    act(store, put("amira", notes="two"))
    act(store, put("amira", notes="three"))
    store.undo(3, "leah")
    store.undo(2, "leah")
    assert state(store)[0]["amira"][1]["notes"] == "one"


def test_refused_where_a_node_it_added_was_tied_or_edited_since(store: Store) -> None:
    act(store, person("sam"))
    act(store, person("amira"))
    act(store, knows("amira", "sam"))
    reasons = refused(store, 2)
    assert reasons[0] == "Amira (amira) was tied since: amira KNOWS sam."
    assert len(reasons) == 2
    act(store, put("amira", notes="hers"))
    assert "was changed since: notes" in refused(store, 2)[0]
    store.undo(4, "leah")
    store.undo(3, "leah")
    store.undo(2, "leah")
    assert set(state(store)[0]) == {"sam"}


def test_refused_where_what_it_removed_is_there_again(store: Store) -> None:
    act(store, person("amira", notes="first"))
    act(store, drop("amira"))
    act(store, put("amira", NodeType.PLACE, name="Amira's corner"))
    assert "was added again since" in refused(store, 2)[0]


def test_refused_where_what_it_changed_was_removed_since(store: Store) -> None:
    act(store, person("amira"), person("sam"), knows("amira", "sam"))
    act(store, knows("amira", "sam", strength=0.3))
    act(store, untie("amira", TieType.KNOWS, "sam"))
    assert refused(store, 2)[0] == "amira KNOWS sam was removed since."


def test_a_tie_comes_back_only_where_its_ends_are(store: Store) -> None:
    act(store, person("amira"), person("sam"), knows("amira", "sam"))
    act(store, untie("amira", TieType.KNOWS, "sam"))
    act(store, drop("sam"))
    assert refused(store, 2)[0] == "amira KNOWS sam needs sam, which was removed since."
    store.undo(3, "leah")
    store.undo(2, "leah")
    assert len(state(store)[1]) == 1


def test_undo_of_an_import_takes_away_only_what_it_brought(store: Store) -> None:
    act(store, person("amira", notes="ours"), person("sam"))
    act(store, person("amira", phone="1"), person("sam"), person("lee"), knows("amira", "lee"), kind=ChangeKind.IMPORT)
    act(store, put("amira", email="a@example.test"), person("kim"), knows("amira", "kim"))
    undone = store.undo(2, "leah")
    assert undone.entry is not None
    assert (undone.entry.nodes, undone.entry.ties) == (Counts(changed=1, removed=1), Counts(removed=1))
    nodes, ties = state(store)
    assert set(nodes) == {"amira", "sam", "kim"}
    assert nodes["amira"][1] == {"name": "Amira", "notes": "ours", "email": "a@example.test"}
    assert [(key.start, key.end) for key in ties] == [("amira", "kim")]
