"""The databases a network can be kept in: a Neo4j server, or the embedded engine in a child process.

Both are spoken to over Bolt with one driver. What truly differs between them stands in this package and nowhere else.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Address", "Engine"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a driver finds the database, and as whom."""

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
        """What a change holds while it is applied, across processes.

        The embedded engine's is a lock file, because its transactions fail when they meet. Neo4j's is empty: there
        the transaction itself locks the Meta node, last, and looks whether it was overtaken.
        """

    def close(self) -> None:
        """Let go of it. The embedded engine stops once its last user has let go."""
