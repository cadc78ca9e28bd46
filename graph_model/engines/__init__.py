"""The databases a network can be kept in: a Neo4j server, or the embedded engine in a child process.

Both are spoken to over Bolt with one driver. What truly differs between them stands in this package and nowhere else.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from graph_model.settings import DatabaseSettings

__all__ = ["Address", "Engine", "open_engine"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a driver finds the database, and as whom. Never shows its password."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str | None


class Engine(Protocol):
    """A database that is ready to be spoken to, until it is closed."""

    @property
    def name(self) -> str:
        """``neo4j`` or ``embedded``."""

    @property
    def address(self) -> Address:
        """Where the driver finds it."""

    def gate(self) -> AbstractContextManager[None]:
        """What a change holds while it is applied, across threads and processes.

        The embedded engine's is a lock file, because its transactions fail when they meet. Neo4j's is empty: there
        the transaction itself locks the Meta node, last, and looks whether it was overtaken.
        """

    def revive(self) -> None:
        """Bring it back where it has died since it was opened; nothing where it lives or is not ours to start.

        The address may be another one afterwards. Every write that had been acknowledged is there.

        Raises
        ------
        SetUpError
            It could not be brought back.
        """

    def close(self, *, now: bool = False) -> None:
        """Let go of it, once and for all.

        The embedded engine stops a few seconds after its last user has let go. With ``now`` it is stopped at once,
        and waited for, if nobody else uses it.
        """


def open_engine(settings: DatabaseSettings) -> Engine:
    """The engine the settings ask for, running and checked.

    A Neo4j server where ``NEO4J_URI`` is set, else the embedded engine in the data folder, started if need be.

    Raises
    ------
    EngineUnavailable
        The database cannot be reached, signed in to, or used.
    DataFolderError
        The data folder cannot be used.
    """
    if settings.uri:
        from graph_model.engines.neo4j import open_neo4j

        return open_neo4j(settings)
    from graph_model.engines.embedded import open_embedded

    return open_embedded(settings.data)
