"""A Neo4j server as Kith opens it: only one that it can use, and if not, a sentence that says why."""

import http.server
import socket
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from graph_model.engines import Engine, check, open_engine
from graph_model.engines.locks import is_held
from graph_model.errors import EngineUnavailable
from graph_model.settings import DatabaseSettings
from tests.engines import only_embedded, only_neo4j

_SECRET = "correct-horse-battery"


def _refused(settings: DatabaseSettings) -> str:
    """The sentence with which these settings are refused; it never holds the password."""
    with pytest.raises(EngineUnavailable) as refusal:
        open_engine(settings)
    assert settings.password is None or settings.password.get_secret_value() not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    return str(refusal.value)


def _settings(uri: str, password: str | None = _SECRET) -> DatabaseSettings:
    return DatabaseSettings(_env_file=None, uri=uri, password=SecretStr(password) if password is not None else None)


@only_neo4j
class TestARealServer:
    def test_it_is_what_a_uri_means(self, engine: Engine, database_settings: DatabaseSettings) -> None:
        assert engine.name == "neo4j"
        assert engine.address.uri == database_settings.uri

    def test_its_gate_is_open(self, engine: Engine) -> None:
        with engine.gate(), engine.gate():
            pass

    @pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
    def test_a_wrong_password(self, database_settings: DatabaseSettings, scheme: str) -> None:
        uri = str(database_settings.uri).replace("bolt", scheme, 1)
        wrong = database_settings.model_copy(update={"uri": uri, "password": SecretStr(_SECRET)})
        assert "does not accept the password given for 'neo4j'" in _refused(wrong)
        open_engine(database_settings)  # a right one in between, or the server soon refuses to listen

    def test_a_database_that_is_not_there(self, database_settings: DatabaseSettings) -> None:
        elsewhere = database_settings.model_copy(update={"database": "atlantis"})
        assert "has no database called 'atlantis'" in _refused(elsewhere)

    def test_a_server_that_is_too_old(
        self, database_settings: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(check, "OLDEST_NEO4J", (2999, 1))
        sentence = _refused(database_settings)
        assert "is Neo4j 5." in sentence
        assert "Kith needs 2999.1 or newer" in sentence

    def test_tls_where_the_server_has_none(self, database_settings: DatabaseSettings) -> None:
        uri = str(database_settings.uri).replace("bolt", "bolt+s", 1)
        assert "does not speak TLS" in _refused(database_settings.model_copy(update={"uri": uri}))


@only_embedded
def test_the_embedded_engine_does_not_pass_for_neo4j(engine: Engine, database_settings: DatabaseSettings) -> None:
    address = engine.address
    posing = DatabaseSettings(
        _env_file=None,
        uri=address.uri,
        username=address.username,
        password=SecretStr(address.password),
        database=address.database,
    )
    sentence = _refused(posing)
    assert "is not a Neo4j server, but something that calls itself" in sentence
    assert "ArcadeDB" in sentence


@pytest.fixture(scope="module")
def web_server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.BaseHTTPRequestHandler):
    timeout = 0.2

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_of_another_kind(web_server: str, scheme: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert "is not a Neo4j server's Bolt port" in _refused(_settings(f"{scheme}://{web_server}"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_there(scheme: str, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:  # bound, so that nobody else listens there, and not listening
        taken.bind(("127.0.0.1", 0))
        uri = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
        assert _refused(_settings(uri)) == (
            f"No Neo4j server can be reached at {uri}. See that it runs and that NEO4J_URI is right."
        )
    assert capfd.readouterr() == ("", "")


def test_a_host_that_does_not_exist() -> None:
    assert "No Neo4j server can be reached at" in _refused(_settings("neo4j://kith.invalid"))


@pytest.mark.parametrize(
    "uri", ["http://localhost:7474", "localhost:7687", "bolt://", "bolt://host:port", "bolt://[::1", "bolt://host:0"]
)
def test_an_address_that_is_none(uri: str) -> None:
    assert f"NEO4J_URI is {uri!r}, which is not the address of a Neo4j server" in _refused(_settings(uri))


@pytest.mark.parametrize("uri", [f"bolt://neo4j:{_SECRET}@localhost:7687", f"bolt://neo4j:{_SECRET}@localhost:x"])
def test_a_password_in_the_address(uri: str) -> None:
    assert "Set NEO4J_USERNAME and NEO4J_PASSWORD instead" in _refused(_settings(uri))


def test_no_password() -> None:
    assert _refused(_settings("bolt://localhost:7687", None)).startswith("NEO4J_PASSWORD is not set")


@only_embedded
def test_a_refusal_leaves_no_lock(engine: Engine, database_settings: DatabaseSettings) -> None:
    _refused(_settings("neo4j://kith.invalid"))
    assert not is_held(database_settings.data / "engine" / "gate.lock")
