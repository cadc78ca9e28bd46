"""Whether a database can be reached, signed in to and used, and if not, why, in a sentence."""

import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

from graph_model.errors import EngineUnavailable

if TYPE_CHECKING:
    from graph_model.engines import Address, Engine

__all__ = ["OLDEST_NEO4J", "check"]

OLDEST_NEO4J = (5, 26)
"""The oldest Neo4j that Kith is tested on, the long-term support release."""

_SECONDS = 10.0
_EMBEDDED_AGENT = "ArcadeDB"
_DATABASE_NOT_FOUND = "Neo.ClientError.Database.DatabaseNotFound"
_TOO_MANY_ATTEMPTS = "Neo.ClientError.Security.AuthenticationRateLimit"
_REMEDY = "Set NEO4J_URI to a Neo4j server's address, or leave it out to use the engine that Kith brings."

# What the driver would print on its own is in the sentences below, for whoever can act on it.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


def check(engine: "Engine") -> None:
    """Sign in to the engine's database, ask who answers, and see that it is what Kith can use.

    Raises
    ------
    EngineUnavailable
        Nobody answers, or not a Neo4j, or one that is too old; the password is wrong; the database is missing.
    """
    address = engine.address
    try:
        with (
            GraphDatabase.driver(
                address.uri,
                auth=(address.username, address.password),
                connection_timeout=_SECONDS,
                connection_acquisition_timeout=_SECONDS,
            ) as driver,
            driver.session(database=address.database) as session,
        ):
            result = session.run("CALL dbms.components() YIELD versions RETURN versions[0] AS version")
            record = result.single()
            agent = result.consume().server.agent
    except (DriverError, Neo4jError, OSError, ValueError) as error:
        raise EngineUnavailable(_why_not(engine, error)) from None
    if engine.name == "embedded":
        return
    version = str(record["version"]) if record else ""
    if _EMBEDDED_AGENT in agent or not agent.startswith("Neo4j/"):
        raise EngineUnavailable(f"The server at {address.uri} is not a Neo4j server, but {_named(agent)}. {_REMEDY}")
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST_NEO4J:
        oldest = ".".join(map(str, OLDEST_NEO4J))
        raise EngineUnavailable(
            f"The server at {address.uri} is Neo4j {version}; Kith needs {oldest} or newer. Upgrade the server."
        )


def _named(agent: str) -> str:
    return f"something that calls itself {agent[:60]!r}" if agent else "something that does not say what it is"


def _why_not(engine: "Engine", error: Exception) -> str:
    """The sentence for what the driver raised; the driver's own words are for programmers and may be long."""
    where = engine.address.uri
    if engine.name == "embedded":
        return "The embedded database engine runs but does not answer. Stop every Kith that uses it and try again."
    if isinstance(error, Neo4jError):
        return _refused(engine.address, error)
    if isinstance(error, ConfigurationError | ValueError):
        return f"{where!r} is not an address that Kith understands. Write it like bolt://localhost:7687."
    texts = " ".join(_texts(error)).lower()
    if "ssl" in texts or "encryption" in texts or "certificate" in texts:
        return (
            f"No safe connection to {where} could be made: the server does not speak TLS there, or its certificate "
            "is not trusted by this machine. Without TLS the address begins with bolt:// or neo4j://."
        )
    if "handshake" in texts or "looks like http" in texts:
        return f"Something answers at {where}, but it is not a Neo4j server's Bolt port (usually 7687). {_REMEDY}"
    return f"No Neo4j server can be reached at {where}. See that it runs and that NEO4J_URI is right."


def _refused(address: "Address", error: Neo4jError) -> str:
    """The sentence for what the server itself said."""
    where, who = address.uri, address.username
    if isinstance(error, AuthError):
        return (
            f"The server at {where} does not accept the password given for {who!r}. Set NEO4J_USERNAME and "
            "NEO4J_PASSWORD to what it knows."
        )
    if error.code == _TOO_MANY_ATTEMPTS:
        return (
            f"The server at {where} has seen too many wrong passwords for {who!r} and refuses to look at another "
            "for some seconds. Set NEO4J_PASSWORD to what it knows, wait, and try again."
        )
    if error.code == _DATABASE_NOT_FOUND:
        return (
            f"The server at {where} has no database called {address.database!r}. Create it, or set NEO4J_DATABASE to "
            "one that it has (left empty: its default)."
        )
    return f"The server at {where} answers, but cannot be used ({error.code})."


def _texts(error: BaseException) -> Iterator[str]:
    """What an error and all that led to it say."""
    yield str(error)
    for inner in (error.__cause__, *getattr(error, "exceptions", ())):
        if inner is not None:
            yield from _texts(inner)
