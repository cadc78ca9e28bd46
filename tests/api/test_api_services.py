"""What lives as long as the server."""

from pathlib import Path

import pytest

from api.services import services
from api.worker import processes
from api.worker.processes import _Loader
from graph_model.errors import EngineUnavailable
from graph_model.network import Network
from graph_model.settings import DatabaseSettings
from graph_model.shared import attach
from tests.api.shell import site

NOWHERE = DatabaseSettings(_env_file=None, uri="bolt://127.0.0.1:1")


def test_a_server_does_not_start_without_its_database(tmp_path: Path) -> None:
    server = site(tmp_path, services=services(NOWHERE))
    with pytest.raises(EngineUnavailable), server.client:
        pass


class Replica:
    """A database that lags: it has a change more each time it is asked."""

    def __init__(self) -> None:
        self.version = 0

    def network(self, previous: Network | None) -> Network:
        self.version += 1
        return Network.of(self.version, [], [])


def test_what_was_just_written_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_PAUSE_SECONDS", 0.0)
    loader = _Loader(NOWHERE)
    loader._store = Replica()  # type: ignore[assignment]
    try:
        assert attach(loader.load(3)).version == 3
        assert attach(loader.load(2)).version == 4
        monkeypatch.setattr(processes, "_PATIENCE_SECONDS", 0.0)
        with pytest.raises(EngineUnavailable, match="caught up"):
            loader.load(10_000)
    finally:
        loader.withdraw()
