"""A Neo4j server, or a cluster of them, that somebody else runs."""

from contextlib import AbstractContextManager, nullcontext
from urllib.parse import urlsplit

from graph_model.engines import Address
from graph_model.engines.check import check
from graph_model.errors import EngineUnavailable
from graph_model.settings import DatabaseSettings

__all__ = ["Neo4jEngine", "open_neo4j"]

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


class Neo4jEngine:
    """A Neo4j server. Open it with :func:`open_neo4j`."""

    name = "neo4j"

    def __init__(self, address: Address) -> None:
        self._address = address

    @property
    def address(self) -> Address:
        """Where the driver finds it, as the settings say."""
        return self._address

    def gate(self) -> AbstractContextManager[None]:
        """Nothing: a change locks the Meta node inside its transaction, which holds across machines."""
        return nullcontext()

    def revive(self) -> None:
        """See whether it answers (again): to start it is not ours."""
        check(self)

    def close(self, *, now: bool = False) -> None:
        """Nothing to let go of."""


def open_neo4j(settings: DatabaseSettings) -> Neo4jEngine:
    """The server of ``NEO4J_URI``, after a look whether it can be used.

    Raises
    ------
    EngineUnavailable
        The settings are not complete, or the server cannot be reached, signed in to or used.
    """
    uri = settings.uri or ""
    if "@" in uri:
        raise EngineUnavailable(
            "NEO4J_URI holds a user name or a password, which would end up in logs. Set NEO4J_USERNAME and "
            "NEO4J_PASSWORD instead."
        )
    if not _understood(uri):
        raise EngineUnavailable(
            f"NEO4J_URI is {uri!r}, which is not the address of a Neo4j server. Write it like bolt://localhost:7687, "
            f"with one of {', '.join(scheme + '://' for scheme in _SCHEMES)}."
        )
    if settings.password is None:
        raise EngineUnavailable(f"NEO4J_PASSWORD is not set, so Kith cannot sign in to {uri}.")
    engine = Neo4jEngine(Address(uri, settings.username, settings.password.get_secret_value(), settings.database))
    check(engine)
    return engine


def _understood(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
