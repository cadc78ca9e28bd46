"""The Store on either engine: what changes do, refuse and leave on the record, and what is read of them."""

import random
import re
from datetime import date
from typing import Any

import neo4j
import pytest

from graph_model import changes, writing
from graph_model.changes import ChangeKind, Counts, Step
from graph_model.engines import Engine
from graph_model.errors import ChangeRefused, EngineUnavailable, NotFound, SetUpError
from graph_model.network import Network
from graph_model.records import TieKey
from graph_model.schema import NodeType, TieType
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.graph_model.acts import act, change, columns_of, drop, knows, person, put, seen, state, tie, untie

HARROW = put("harrow", NodeType.ASSOCIATION, name="Harrow Retail", kind="retailer")
KNOWS = TieKey(TieType.KNOWS, "amira", "sam")


def reasons(store: Store, *steps: Step, **about: Any) -> list[str]:
    """Why a change is refused; that nothing of it was written is checked."""
    before, version = state(store), store.version()
    with pytest.raises(ChangeRefused) as caught:
        act(store, *steps, **about)
    assert (state(store), store.version()) == (before, version)
    assert len(caught.value.places) == len(caught.value.reasons)
    return [str(reason) for reason in caught.value.reasons]


def test_a_new_network_is_empty(store: Store) -> None:
    network = store.network()
    assert (store.version(), network.version, len(network.nodes), len(network.ties)) == (0, 0, 0, 0)
    assert store.history() == []


def test_what_is_put_is_there(store: Store) -> None:
    applied = act(
        store,
        person("amira", skills="Urdu;first aid", visible_leader="yes", asked_on="2026-03-31"),
        person("sam"),
        HARROW,
        put("visit", NodeType.ACTIVITY, name="Visit", on="2026-04-01", minutes=20),
        knows("sam", "amira", strength="strong"),
        tie("amira", TieType.MEMBER_OF, "harrow", role="supervisor", level="manager", valid_from="2026-01-01"),
    )
    assert applied.entry is not None
    assert (applied.entry.number, applied.entry.nodes, applied.entry.ties) == (1, Counts(added=4), Counts(added=2))
    nodes, ties = state(store)
    assert nodes["amira"] == (
        NodeType.STAKEHOLDER,
        {"name": "Amira", "skills": ["Urdu", "first aid"], "visible_leader": True, "asked_on": "2026-03-31"},
    )
    assert nodes["visit"][1]["on"] == "2026-04-01"
    assert ties == {
        KNOWS: {"strength": 0.9},
        TieKey(TieType.MEMBER_OF, "amira", "harrow", "supervisor", "2026-01-01"): {
            "role": "supervisor",
            "level": "manager",
            "valid_from": "2026-01-01",
        },
    }


def test_one_record_can_be_looked_up(store: Store) -> None:
    act(store, person("amira"), person("sam"), HARROW, knows("sam", "amira"))
    act(store, tie("sam", TieType.MEMBER_OF, "harrow"), knows("sam", "sam"))
    assert store.node("harrow").type is NodeType.ASSOCIATION
    assert store.node("harrow").properties["created_by"] == "leah"
    assert store.tie(TieKey(TieType.KNOWS, "sam", "amira"))["created_by"] == "leah"
    assert [(found.key.type, found.other, found.outward) for found in store.ties_of("sam")] == [
        (TieType.KNOWS, "amira", False),
        (TieType.KNOWS, "sam", True),
        (TieType.MEMBER_OF, "harrow", True),
    ]
    assert store.ties_of("sam")[2].other_name == "Harrow Retail"
    assert len(store.ties_of("sam", limit=1)) == 1
    for look in (lambda: store.node("nobody"), lambda: store.ties_of("nobody")):
        with pytest.raises(NotFound, match='Nothing has the id "nobody"'):
            look()
    with pytest.raises(NotFound, match="there is no such tie"):
        store.tie(TieKey(TieType.KNOWS, "amira", "harrow"))


def test_a_field_is_set_cleared_or_left_alone(store: Store) -> None:
    act(store, person("amira", notes="quiet", phone="1"))
    act(store, put("amira", notes="louder", phone=""))
    properties = store.node("amira").properties
    assert seen(properties) == {"name": "Amira", "notes": "louder"}
    assert properties["updated_by"] == "leah"


def test_a_change_that_says_what_is_there_is_not_written(store: Store) -> None:
    act(store, person("amira"), person("sam"), knows("amira", "sam", strength=0.3))
    again = act(store, person("amira"), knows("sam", "amira", strength="weak"), put("sam"))
    assert again.entry is None
    assert again.effects.nothing
    assert store.version() == 1


def test_steps_that_take_each_other_back_are_no_change(store: Store) -> None:
    act(store, person("amira", notes="one"), kind=ChangeKind.IMPORT)
    assert act(store, put("amira", notes="two"), put("amira", notes="one"), kind=ChangeKind.IMPORT).entry is None
    assert act(store, person("sam"), drop("sam")).entry is None


def test_the_same_change_again_is_a_no_op(store: Store) -> None:
    first = change(person("amira"))
    one = store.apply(first)
    act(store, put("amira", name="Amira Khan"))
    two = store.apply(first)
    assert two == one
    assert store.version() == 2
    assert store.node("amira").properties["name"] == "Amira Khan"


def test_a_tie_known_by_role_and_first_day(store: Store) -> None:
    act(store, person("amira"), HARROW)
    for role in ("treasurer", "chair"):
        act(store, tie("amira", TieType.MEMBER_OF, "harrow", role=role))
    act(store, tie("amira", TieType.MEMBER_OF, "harrow", role="chair", level="area"))
    act(store, untie("amira", TieType.MEMBER_OF, "harrow", role="treasurer"))
    assert state(store)[1] == {
        TieKey(TieType.MEMBER_OF, "amira", "harrow", "chair"): {"role": "chair", "level": "area"}
    }


def test_removing_a_node_takes_its_ties(store: Store) -> None:
    act(store, person("amira"), person("sam"), person("lee"), knows("amira", "sam"), knows("sam", "lee"))
    act(store, knows("sam", "sam"), tie("sam", TieType.REPORTS_TO, "amira"))
    applied = act(store, drop("sam"))
    assert applied.entry is not None
    assert (applied.entry.nodes.removed, applied.entry.ties.removed) == (1, 4)
    nodes, ties = state(store)
    assert (set(nodes), ties) == ({"amira", "lee"}, {})


def test_removed_and_added_again_in_one_change(store: Store) -> None:
    act(store, person("amira", notes="old"), person("sam"), knows("amira", "sam", strength=0.3))
    act(store, drop("amira"), person("amira"), knows("amira", "sam"))
    nodes, ties = state(store)
    assert nodes["amira"][1] == {"name": "Amira"}
    assert ties == {KNOWS: {}}


def test_what_is_refused_and_why(store: Store) -> None:
    act(store, person("amira"), HARROW, put("larkfield", NodeType.PLACE, name="Larkfield", valid_from="2026-01-01"))
    assert reasons(store, put("larkfield", name="Larkfield")) == [
        'id: "larkfield" is the id of the Place Larkfield already. Ids are one space over all types: give this one '
        "another."
    ]
    assert reasons(store, person("new"), knows("new", "nobody")) == [
        'to: nothing has the id "nobody". Add it first, or correct the id.'
    ]
    assert "cannot join" in reasons(store, tie("harrow", TieType.KNOWS, "amira"))[0]
    assert reasons(store, put("sam", notes="no name")) == ["name: is missing. A new Stakeholder needs it."]
    assert reasons(store, put("visit", NodeType.ACTIVITY, name="Visit")) == ["on: is missing. A new Activity needs it."]
    assert "is there already" in reasons(store, person("amira", new=True))[0]
    assert "before valid_from" in reasons(store, put("larkfield", NodeType.PLACE, valid_to="2025-01-01"))[0]
    assert "Nothing has the id" in reasons(store, drop("nobody"))[0]
    assert "not there" in reasons(store, untie("amira", TieType.KNOWS, "amira"))[0]
    assert "until this change removes it" in reasons(store, drop("larkfield"), person("larkfield"))[0]
    assert len(reasons(store, drop("x"), put("y"), knows("amira", "z"))) == 3


def test_a_new_tie_must_be_new_where_that_is_asked(store: Store) -> None:
    act(store, person("amira"), person("sam"), knows("amira", "sam", new=True))
    assert "there already" in reasons(store, knows("sam", "amira", new=True))[0]


def test_the_place_of_a_reason_is_the_step(store: Store) -> None:
    with pytest.raises(ChangeRefused) as caught:
        act(store, person("amira"), drop("nobody"), person("sam"), drop("none"))
    assert caught.value.places == (1, 3)


def test_a_preview_is_what_would_be_done(store: Store) -> None:
    asked = change(person("amira"), person("sam"), knows("amira", "sam"))
    effects = store.preview(asked)
    assert state(store) == ({}, {})
    assert store.apply(asked).effects == effects


def test_history_tells_who_when_why_and_how_much(store: Store) -> None:
    act(store, person("amira"), by="leah")
    act(store, person("sam"), knows("amira", "sam"), by="priya")
    latest, first = store.history()
    assert (latest.number, latest.by, latest.why, latest.kind) == (2, "priya", "because", ChangeKind.EDIT)
    assert (latest.nodes, latest.ties, latest.undoes) == (Counts(added=1), Counts(added=1), None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.at)
    assert store.history(limit=1) == [latest]
    assert store.history(below=2) == [first]
    entry, effects = store.entry(1)
    assert entry == first
    assert [(effect.id, effect.before) for effect in effects.nodes] == [("amira", None)]
    with pytest.raises(NotFound, match="There is no change 3"):
        store.entry(3)


def test_the_network_is_read_and_brought_up_to_date(store: Store) -> None:
    act(store, person("amira", skills="Urdu"), person("sam"), HARROW, knows("amira", "sam", strength=0.4))
    network = store.network()
    assert network.version == 1
    assert network.nodes.id.list == ["amira", "harrow", "sam"]
    assert store.network(network) is network
    act(store, person("lee"), tie("lee", TieType.MEMBER_OF, "harrow", role="owner", level="regional"), drop("sam"))
    fresh, newer = store.network(), store.network(network)
    assert newer.version == fresh.version == 2
    assert columns_of(newer) == columns_of(fresh)
    assert newer.nodes.id.list == ["amira", "harrow", "lee"]
    assert network.nodes.id.list == ["amira", "harrow", "sam"], "a Network never changes"


def test_a_network_ahead_of_the_store_is_read_anew(store: Store) -> None:
    """As after the database was brought back from a backup."""
    act(store, person("amira"))
    ahead = Network.of(7, [(NodeType.STAKEHOLDER, "ghost", {"name": "Ghost"})], [])
    assert store.network(ahead).nodes.id.list == ["amira"]


def test_many_changed_records_are_read_afresh(store: Store) -> None:
    network = store.network()
    act(store, *(person(f"p{number}") for number in range(600)))
    assert len(store.network(network).nodes) == 600


@pytest.mark.parametrize("many", [0, 10_000])
def test_large_and_small_changes_do_the_same(store: Store, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a threshold whole types are read where below it records are looked up one by one."""
    monkeypatch.setattr(writing, "_MANY", many)
    monkeypatch.setattr(writing, "_BATCH", 2)
    act(store, person("amira"), person("sam"), person("lee"), HARROW)
    act(store, knows("sam", "amira"), knows("lee", "sam"), tie("amira", TieType.MEMBER_OF, "harrow", role="chair"))
    act(store, knows("amira", "sam", strength=0.3), put("harrow", NodeType.ASSOCIATION, size=9), drop("lee"))
    assert "is the id of the Association" in reasons(store, person("harrow"))[0]
    store.undo(3, "leah")
    store.undo(2, "leah")
    nodes, ties = state(store)
    assert (set(nodes), ties) == ({"amira", "sam", "lee", "harrow"}, {})
    assert nodes["harrow"][1] == {"name": "Harrow Retail", "kind": "retailer"}


def test_progress_is_told(store: Store) -> None:
    told: list[tuple[int, int]] = []
    store.apply(change(person("amira"), person("sam"), knows("amira", "sam")), lambda done, of: told.append((done, of)))
    assert told == [(2, 3), (3, 3)]


def test_whatever_people_write_comes_back(store: Store) -> None:
    odd = '\'; MATCH (n) DETACH DELETE n //\n"quoted" \\ £ 茶 🌱 {x: 1} $id <b>'
    act(store, person('o\'brien "x"', name=odd[:400], notes=odd * 1_000, skills=[odd.replace(";", "")]))
    assert seen(store.node('o\'brien "x"').properties)["notes"] == (odd * 1_000).strip()
    assert store.network().nodes.name[0] == odd[:400]


def test_opening_again_finds_what_is_there(store: Store, database_settings: DatabaseSettings) -> None:
    act(store, person("amira"))
    with Store.open(database_settings) as second:
        assert second.version() == 1
        act(second, person("sam"))
    assert set(state(store)[0]) == {"amira", "sam"}


def test_what_a_newer_kith_wrote_is_refused(
    store: Store, engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings
) -> None:
    driver.execute_query("MATCH (m:Meta {id: 'kith'}) SET m.schema_version = 2", database_=engine.address.database)
    with pytest.raises(SetUpError, match=r"written by a newer Kith \(layout 2; this one knows 1\)\. Install that Kith"):
        Store.open(database_settings)


def test_a_first_opening_makes_the_indexes(
    empty_engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings
) -> None:
    database = empty_engine.address.database
    with Store.open(database_settings) as store:
        assert store.version() == 0
    driver.execute_query("CREATE (:Place {id: 'larkfield'})", database_=database)
    with pytest.raises(neo4j.exceptions.Neo4jError):
        driver.execute_query("CREATE (:Place {id: 'larkfield'})", database_=database)


def test_no_error_shows_a_password(store: Store, engine: Engine, database_settings: DatabaseSettings) -> None:
    password = engine.address.password
    shown = [repr(engine.address), repr(database_settings), str(database_settings)]
    wrong = database_settings.model_copy(update={"uri": f"bolt://neo4j:{password}@127.0.0.1:1"})
    with pytest.raises(EngineUnavailable) as unreachable:
        Store.open(wrong)
    shown += [str(unreachable.value), repr(unreachable.value)]
    assert not [text for text in shown if password in text]


def test_what_is_heavy_is_written_in_more_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_HEAVY", 1_000)
    monkeypatch.setattr(changes, "_PART", 200)
    steps = [person(f"p{n:02}", notes=random.Random(n).randbytes(300).hex()) for n in range(20)]
    told: list[int] = []
    applied = store.apply(change(*steps), lambda done, _of: told.append(done))
    assert told == list(range(1, 21))
    assert applied.entry
    assert applied.entry.chunks == 20
    assert len(store.network().nodes) == 20
    store.undo(1, "leah")
    assert len(store.network().nodes) == 0


def test_a_tie_counts_only_while_what_is_at_its_other_end_does(store: Store) -> None:
    act(store, person("ann"), person("bob", valid_to="2026-05-01"), knows("ann", "bob"))
    (tie_to_bob,) = store.ties_of("ann")
    assert tie_to_bob.counts_on(date(2026, 4, 30))
    assert not tie_to_bob.counts_on(date(2026, 5, 1))
