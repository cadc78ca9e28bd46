"""Changes that meet: from threads, from processes and in between each other's statements."""

import os
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph_model.changes import Change, Effects
from graph_model.engines import Engine
from graph_model.errors import ChangeRefused
from graph_model.schema import NodeType
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.graph_model.acts import act, change, columns_of, drop, knows, person, put, seen, state

ROOT = Path(__file__).parents[2]


def environment(settings: DatabaseSettings) -> dict[str, str]:
    """What a process needs to open the same database."""
    named = {"KITH_DATA": str(settings.data)}
    if settings.uri and settings.password:
        named |= {"NEO4J_URI": settings.uri, "NEO4J_PASSWORD": settings.password.get_secret_value()}
        named |= {"NEO4J_USERNAME": settings.username, "NEO4J_DATABASE": settings.database or ""}
    return os.environ | named


def assert_as_if_one_after_another(store: Store) -> None:
    """Numbers have no gap, and each change found what those before it had left: nothing was lost between two."""
    entries = sorted(store.history(limit=10_000), key=lambda entry: entry.number)
    assert [entry.number for entry in entries] == list(range(1, store.version() + 1))
    assert len({entry.id for entry in entries}) == len(entries)
    kept: dict[object, dict[str, object]] = {}
    for entry in entries:
        effects: Effects = store.entry(entry.number)[1]
        for identity, effect in [*((e.id, e) for e in effects.nodes), *((e.key, e) for e in effects.ties)]:
            if effect.before is None:
                assert identity not in kept, f"change {entry.number} added {identity} once more"
                kept[identity] = dict(effect.after or {})
                continue
            for name, value in effect.before.items():
                assert kept[identity].get(name) == value, f"change {entry.number} did not see {name} of {identity}"
            if effect.after is None:
                del kept[identity]
            else:
                kept[identity] |= effect.after
    nodes, ties = store.records()
    found = {node.properties["id"]: node.properties for node in nodes} | dict(ties)
    assert {key: seen(fields) for key, fields in found.items()} == {
        key: {name: value for name, value in seen(fields).items() if value is not None} for key, fields in kept.items()
    }


def busy(store: Store, who: str, rounds: int) -> None:
    """Make changes that others' are in the way of: the same person, the same new ids, ties to what others remove."""
    for number in range(rounds):
        changes: list[Change] = [
            change(put("amira", notes=f"{who} {number}"), by=who),
            change(person(f"{who}-{number}"), knows(f"{who}-{number}", "amira"), by=who),
            change(put(f"shared-{number}", NodeType.PLACE if who == "leah" else NodeType.TEAM, name="x"), by=who),
            change(drop(f"sam-{number}"), by=who),
        ]
        for one in changes:
            try:
                store.apply(one)
            except ChangeRefused:
                continue


def test_threads(store: Store) -> None:
    act(store, person("amira"))
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(busy, store, who, 4) for who in ("leah", "sam", "priya")]:
            done.result()
    assert_as_if_one_after_another(store)
    assert store.version() >= 1 + 3 * 4 + 4


def test_processes(store: Store, database_settings: DatabaseSettings) -> None:
    act(store, person("amira"))
    script = "from graph_model.store import Store; from tests.graph_model.test_interleaving import busy; import sys\n"
    script += "with Store.open() as store: busy(store, sys.argv[1], 4)"
    others = [
        subprocess.Popen([sys.executable, "-c", script, who], cwd=ROOT, env=environment(database_settings))
        for who in ("leah", "sam")
    ]
    busy(store, "priya", 4)
    assert [other.wait(timeout=120) for other in others] == [0, 0]
    assert_as_if_one_after_another(store)


def test_one_change_asked_for_twice_at_once_is_applied_once(store: Store) -> None:
    act(store, person("amira"))
    with ThreadPoolExecutor() as pool:
        for number in range(2, 8):
            asked = change(person(f"p{number}", new=True), put("amira", notes=str(number)))
            applied = list(pool.map(store.apply, [asked] * 4))
            assert {one.entry and one.entry.number for one in applied} == {number}
    assert len(store.history()) == 7


def test_a_network_read_while_others_write_is_that_of_its_version(store: Store) -> None:
    act(store, person("amira"))
    stop = threading.Event()
    networks = [store.network()]

    def write() -> None:
        for number in range(30):
            act(store, person(f"p{number}"), knows(f"p{number}", "amira"), put("amira", notes=str(number)))
        stop.set()

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        while not stop.is_set() and not writing.done():
            networks += [store.network(), store.network(networks[-1])]
        writing.result()
    for network in networks:
        assert len(network.nodes) == network.version
        assert len(network.ties) == network.version - 1
    assert columns_of(store.network(networks[-1])) == columns_of(store.network())


class Meanwhile:
    """A change by somebody else in the middle of ours: after our first statement that writes, once."""

    def __init__(self, other: Store, theirs: Change) -> None:
        self.other = other
        self.theirs = theirs
        self.calls = 0
        self.thread: threading.Thread | None = None

    def __call__(self, done: int, of: int) -> None:
        self.calls += 1
        if self.thread is None:
            self.thread = threading.Thread(target=self.other.apply, args=[self.theirs])
            self.thread.start()
            # On the embedded engine theirs waits at the gate until ours is done.
            self.thread.join(timeout=0.2 if self.other.engine.name == "embedded" else 20)


@pytest.mark.parametrize("new", [True, False])
def test_a_change_that_lands_while_it_is_being_planned_again(
    store: Store, new: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody's browser asks twice: it is neither refused for being there already, nor called no change."""
    asked = change(person("amira", new=new))
    meanwhile = Meanwhile(store, asked)
    read = store._settled

    def settled() -> int:
        meanwhile(0, 0)
        return read()

    monkeypatch.setattr(store, "_settled", settled)
    applied = store.apply(asked)
    assert meanwhile.thread is not None
    meanwhile.thread.join()
    assert applied.entry is not None
    assert [entry.id for entry in store.history()] == [asked.id]


def test_overtaken_and_still_right(store: Store, engine: Engine) -> None:
    act(store, person("amira"), person("sam", notes="one"), person("lee"))
    theirs = change(put("sam", notes="theirs"))
    meanwhile = Meanwhile(store, theirs)
    ours = change(put("lee", notes="ours"), put("sam", name="Sam"), knows("amira", "sam"))
    store.apply(ours, meanwhile)
    assert meanwhile.thread is not None
    meanwhile.thread.join()
    assert_as_if_one_after_another(store)
    numbers = {entry.id: entry.number for entry in store.history()}
    if engine.name == "neo4j":
        assert numbers[theirs.id] < numbers[ours.id], "theirs was not kept waiting by ours"
        assert meanwhile.calls == 4, "ours was planned and written once more"
    assert state(store)[0]["sam"][1] == {"name": "Sam", "notes": "theirs"}


def test_overtaken_by_a_removal(store: Store, engine: Engine) -> None:
    act(store, person("amira"), person("sam"), person("lee"))
    meanwhile = Meanwhile(store, change(drop("sam")))
    ours = change(put("lee", notes="ours"), knows("amira", "sam"))
    if engine.name == "neo4j":
        with pytest.raises(ChangeRefused, match='nothing has the id "sam"'):
            store.apply(ours, meanwhile)
    else:
        store.apply(ours, meanwhile)
    assert meanwhile.thread is not None
    meanwhile.thread.join()
    nodes, ties = state(store)
    assert ("sam" in nodes, ties) == (False, {})
    assert ("notes" in nodes["lee"][1]) == (engine.name == "embedded")
    assert_as_if_one_after_another(store)


def test_killed_in_the_middle_of_an_import_nothing_is_half_done(
    store: Store, database_settings: DatabaseSettings, tmp_path: Path
) -> None:
    act(store, person("amira"))
    (tmp_path / "stakeholders.csv").write_text("id,name\n" + "".join(f"p{n},Name {n}\n" for n in range(300)))
    (tmp_path / "ties.csv").write_text("from,type,to\n" + "".join(f"p{n},KNOWS,amira\n" for n in range(300)))
    script = textwrap.dedent("""
        import pathlib, sys, time
        from graph_model.importing import import_folder
        from graph_model.store import Store

        def stage(what, done, of):
            if what == "Writing":
                print("writing", flush=True)
                time.sleep(60)

        import_folder(Store.open(), pathlib.Path(sys.argv[1]), by="leah", stage=stage)
    """)
    importing = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env=environment(database_settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert importing.stdout is not None
    assert importing.stdout.readline() == "writing\n"
    importing.kill()
    importing.wait()
    importing.stdout.close()
    assert store.version() == 1
    act(store, person("sam"), knows("sam", "amira"))
    assert set(state(store)[0]) == {"amira", "sam"}
    assert_as_if_one_after_another(store)
