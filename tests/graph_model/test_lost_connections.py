"""A connection that is lost in the middle: the change lands once, whole, whatever had become of its commit."""

import os
import select
import signal
import socket
import threading
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from graph_model.engines import Address, Engine
from graph_model.engines.embedded import EmbeddedEngine
from graph_model.errors import EngineUnavailable
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.graph_model.acts import act, change, knows, person, put, state

pytestmark = pytest.mark.processes

_COMMIT = b"\x00\x02\xb0\x12\x00\x00"


class Line:
    """A line to the database that is cut when the driver asks for a commit, as often as it is told.

    ``landed`` says whether the commit still gets through, and only its answer is lost.
    """

    def __init__(self, uri: str, cuts: int, *, landed: bool) -> None:
        parts = urlsplit(uri)
        self._server = (parts.hostname, parts.port)
        self._landed = landed
        self.cuts_left = cuts
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server, suppress(OSError):
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for end in ready:
                    data = end.recv(65536)
                    if not data:
                        return
                    if end is server:
                        client.sendall(data)
                    elif _COMMIT in data and self.cuts_left:
                        self.cuts_left -= 1
                        self.cuts += 1
                        if self._landed:
                            server.sendall(data)
                            server.recv(65536)
                        return
                    else:
                        server.sendall(data)


class OverLine:
    """The engine, reached over such a line."""

    def __init__(self, engine: Engine, line: Line) -> None:
        self._engine = engine
        self._line = line
        self.name = engine.name

    @property
    def address(self) -> Address:
        return replace(self._engine.address, uri=f"bolt://127.0.0.1:{self._line.port}")

    def gate(self) -> AbstractContextManager[None]:
        return self._engine.gate()

    def revive(self) -> None:
        self._engine.revive()

    def close(self, *, now: bool = False) -> None:
        self._line.close()


@pytest.mark.parametrize("landed", [True, False])
def test_a_commit_without_an_answer_is_asked_for_again_and_applied_once(
    store: Store, engine: Engine, landed: bool
) -> None:
    act(store, person("amira"), person("sam"))
    line = Line(engine.address.uri, 0, landed=landed)
    with Store(OverLine(engine, line)) as ours:
        line.cuts_left = 2
        applied = ours.apply(change(person("lee"), knows("lee", "amira"), put("sam", notes="quiet")))
    assert applied.entry is not None
    assert line.cuts == 2
    assert (applied.entry.number, store.version(), len(store.history())) == (2, 2, 2)
    nodes, ties = state(store)
    assert (set(nodes), len(ties), nodes["sam"][1]["notes"]) == ({"amira", "sam", "lee"}, 1, "quiet")


def test_a_read_over_a_lost_line_is_read_again(store: Store, engine: Engine) -> None:
    act(store, person("amira"))
    line = Line(engine.address.uri, 0, landed=False)
    with Store(OverLine(engine, line)) as ours:
        line.cuts_left = 1
        assert ours.network().nodes.id.list == ["amira"]
        assert line.cuts == 1


def test_a_line_that_stays_cut_is_a_sentence(store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_model.bolt._PATIENCE_SECONDS", 0.1)
    line = Line(engine.address.uri, 0, landed=False)
    with Store(OverLine(engine, line)) as ours:
        line.cuts_left = 1_000
        with pytest.raises(EngineUnavailable, match=r"does not answer any more\. Nothing is half done"):
            act(ours, person("amira"))
    assert state(store) == ({}, {})


def test_the_embedded_engine_killed_in_the_middle_of_a_change(tmp_path: Path) -> None:
    """Killed before the commit: it is started again, and the change is applied to what was there."""
    with closing(Store.open(DatabaseSettings(_env_file=None, uri=None, data=tmp_path))) as store:
        assert isinstance(store.engine, EmbeddedEngine)
        act(store, person("amira"), person("sam"))
        network = store.network()
        killed: list[int] = []

        def kill(done: int, of: int) -> None:
            if not killed:
                killed.append(store.engine.state.pid)
                os.kill(killed[0], signal.SIGKILL)

        store.apply(change(person("lee"), knows("lee", "amira")), kill)
        assert store.engine.state.pid != killed[0]
        assert store.network(network).nodes.id.list == ["amira", "lee", "sam"]
        assert [entry.number for entry in store.history()] == [2, 1]
        assert len(state(store)[1]) == 1
        store.close(now=True)
