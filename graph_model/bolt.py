"""One conversation with the database: statements by name, in transactions that are retried where that is safe."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from neo4j import Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity, Result, Session
from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from graph_model.engines import Engine
from graph_model.errors import EngineUnavailable
from graph_model.statements import Shape, Statement, Word, statement
from graph_model.writing import Runner

__all__ = ["Bolt", "Overtaken"]

Answer = TypeVar("Answer")
_ATTEMPTS: Final = 6
_CLASH: Final = "Neo.ClientError.Schema.ConstraintValidationFailed"
_LOST: Final = (ServiceUnavailable, SessionExpired)


class Overtaken(Exception):
    """Another change touched the same records while this one was being applied; it must be planned again."""


class Bolt:
    """The driver, and how Kith runs statements on it. Safe to share between threads.

    Work handed to ``reading`` or ``writing`` may run more than once, so it must not mind that.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._driver = self._connect()
        self._bookmarks = GraphDatabase.bookmark_manager()

    def _connect(self) -> Driver:
        address = self.engine.address
        return GraphDatabase.driver(
            address.uri,
            auth=(address.username, address.password),
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            max_transaction_retry_time=15.0,
            connection_timeout=10.0,
            connection_acquisition_timeout=30.0,
        )

    def close(self) -> None:
        """Hang up; the engine goes on."""
        self._driver.close()

    def reading(self, work: Callable[[Runner], Answer]) -> Answer:
        """Do work in one read transaction, routed to a reader where there are several."""
        return self._attempt(lambda: self._in_session(lambda session: session.execute_read(_with_runner, work)))

    def writing(self, work: Callable[[Runner], Answer]) -> Answer:
        """Do work in one write transaction: all of it lands or none does."""

        def held() -> Answer:
            with self.engine.gate():
                return self._in_session(lambda session: session.execute_write(_with_runner, work))

        return self._attempt(held)

    def alone(self, name: str, words: Mapping[str, Word] | None = None, **parameters: Any) -> None:
        """Run one statement in a transaction of its own, as those that change the schema must be."""
        self.writing(lambda run: run(name, words, **parameters))

    def _in_session(self, act: Callable[[Session], Answer]) -> Answer:
        with self._driver.session(database=self.engine.address.database, bookmark_manager=self._bookmarks) as session:
            return act(session)

    def _attempt(self, act: Callable[[], Answer]) -> Answer:
        """Act, and again where another change came first or the connection was lost.

        Applying a change twice is a no-op, so a commit whose answer got lost is simply asked for again.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return act()
            except Overtaken:
                if attempt == _ATTEMPTS:
                    raise EngineUnavailable(
                        "Others kept changing the same records. Nothing was written; try again."
                    ) from None
            except _LOST:
                if attempt > 1:
                    raise EngineUnavailable("The database does not answer any more. Nothing is half done.") from None
                self.engine.revive()
                self._driver.close()
                self._driver = self._connect()
            except (DriverError, Neo4jError) as error:
                if getattr(error, "code", "") == _CLASH and attempt < _ATTEMPTS:
                    continue  # somebody else took the same id a moment ago: plan again, and say so if it stays taken
                raise EngineUnavailable(f"The database could not do this: {_reason(error)}") from error
        raise AssertionError("unreachable")


def _reason(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error)
    return str(text).splitlines()[0][:300]


def _with_runner(tx: ManagedTransaction, work: Callable[[Runner], Answer]) -> Answer:
    def run(name: str, words: Mapping[str, Word] | None = None, /, **parameters: Any) -> list[dict[str, Any]]:
        chosen = statement(name)
        result = tx.run(chosen.filled(**(words or {})), parameters)
        return _rows(chosen, result)

    return work(run)


def _rows(chosen: Statement, result: Result) -> list[dict[str, Any]]:
    match chosen.shape:
        case Shape.WRITE:
            result.consume()
            return []
        case Shape.VALUE:
            return [{"value": record[0]} for record in result]
        case _:
            return [record.data() for record in result]
