"""One conversation with the database: statements by name, in transactions that are retried where that is safe."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Driver,
    GraphDatabase,
    NotificationMinimumSeverity,
    Transaction,
)
from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from graph_model.engines import Engine
from graph_model.errors import EngineUnavailable
from graph_model.statements import Shape, Word, statement
from graph_model.writing import Runner

__all__ = ["Bolt", "Overtaken"]

Answer = TypeVar("Answer")
_ATTEMPTS: Final = 6
_PATIENCE_SECONDS: Final = 15.0
_LONGEST_PAUSE: Final = 1.0
_LOOK_EVERY: Final = 0.2
_CLASH: Final = "Neo.ClientError.Schema.ConstraintValidationFailed"
_LOST: Final = (ServiceUnavailable, SessionExpired)


class Overtaken(Exception):
    """Another change touched the same records while this one was being applied; it must be planned again."""


class Bolt:
    """The driver, and how Kith runs statements on it. Safe to share between threads.

    Work handed to ``reading`` or ``writing`` may run more than once, so it must not mind that: applying a change twice
    is a no-op, so a commit whose answer got lost is simply asked for again. The driver's own retries are not used,
    because they would wait for an embedded engine that only we can start again.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._replacing = threading.Lock()
        self._drivers = [_connected(engine)]
        self._bookmarks = GraphDatabase.bookmark_manager()

    def close(self) -> None:
        """Hang up; the engine goes on."""
        for _, driver in self._drivers:
            driver.close()

    def reading(self, work: Callable[[Runner], Answer]) -> Answer:
        """Do work in one read transaction, routed to a reader where there are several."""
        return self._insist(lambda: self._transact(READ_ACCESS, work))

    def writing(self, work: Callable[[Runner], Answer]) -> Answer:
        """Do work in one write transaction: all of it lands or none does."""

        def held() -> Answer:
            with self.engine.gate():
                return self._transact(WRITE_ACCESS, work)

        return self._insist(held)

    def alone(self, name: str, words: Mapping[str, Word] | None = None, **parameters: Any) -> None:
        """Run one statement in a transaction of its own, as those that change the schema must be."""
        self.writing(lambda run: run(name, words, **parameters))

    def _transact(self, access: str, work: Callable[[Runner], Answer]) -> Answer:
        database = self.engine.address.database
        driver = self._drivers[-1][1]
        with (
            driver.session(database=database, bookmark_manager=self._bookmarks, default_access_mode=access) as session,
            session.begin_transaction() as tx,
        ):
            answer = work(_runner(tx))
            tx.commit()
            return answer

    def _insist(self, act: Callable[[], Answer]) -> Answer:
        """Act, and again where another change came first or the connection was lost, until patience ends."""
        give_up = time.monotonic() + _PATIENCE_SECONDS
        attempt = 0
        while True:
            attempt += 1
            try:
                return act()
            except Overtaken:
                despair = EngineUnavailable("Others kept changing the same records. Nothing was written; try again.")
            except _LOST:
                despair = EngineUnavailable(
                    "The database does not answer any more. Nothing is half done: a change that was on its way landed "
                    "whole or not at all."
                )
                self._revive(give_up)
            except (DriverError, Neo4jError) as error:
                despair = EngineUnavailable(f"The database could not do this: {_reason(error)}")
                # A clash is somebody else who took the same id a moment ago: planned again, it is said so if it stays.
                if not (error.is_retryable() or getattr(error, "code", "") == _CLASH):
                    raise despair from error
            if attempt >= _ATTEMPTS and time.monotonic() > give_up:
                raise despair
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.01 * 2**attempt)))  # noqa: S311 - so that two rivals part

    def _revive(self, give_up: float) -> None:
        """Have the engine brought back, and speak to it where it is now."""
        while True:
            try:
                self.engine.revive()
                break
            except EngineUnavailable:
                if time.monotonic() > give_up:
                    raise
                time.sleep(_LOOK_EVERY)  # one that was killed a moment ago may still look alive
        with self._replacing:
            # Other threads may still be using the old driver: it is closed with the rest.
            if self._drivers[-1][0] != self.engine.address.uri:
                self._drivers.append(_connected(self.engine))


def _connected(engine: Engine) -> tuple[str, Driver]:
    address = engine.address
    driver = GraphDatabase.driver(
        address.uri,
        auth=(address.username, address.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
        connection_timeout=10.0,
        connection_acquisition_timeout=30.0,
    )
    return address.uri, driver


def _reason(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error)
    return str(text).splitlines()[0][:300]


def _runner(tx: Transaction) -> Runner:
    def run(name: str, words: Mapping[str, Word] | None = None, /, **parameters: Any) -> list[dict[str, Any]]:
        chosen = statement(name)
        result = tx.run(chosen.filled(**(words or {})), parameters)
        match chosen.shape:
            case Shape.WRITE:
                result.consume()
                return []
            case Shape.VALUE:
                return [{"value": record[0]} for record in result]
            case _:
                # Statements answer maps and lists, never nodes, so there is nothing for Record.data() to convert.
                return [dict(zip(record.keys(), record.values(), strict=True)) for record in result]

    return run
