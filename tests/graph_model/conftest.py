"""A Store on each engine, empty at the start of every test."""

from collections.abc import Callable, Iterator

import neo4j
import pytest

from graph_model.engines import Engine
from graph_model.settings import DatabaseSettings
from graph_model.store import Store


@pytest.fixture(scope="session")
def opened_store(database_settings: DatabaseSettings) -> Iterator[Store]:
    with Store.open(database_settings) as store:
        yield store


@pytest.fixture
def emptied(opened_store: Store, engine: Engine, driver: neo4j.Driver) -> Callable[[], None]:
    """Makes the network empty again: what a first opening leaves, without its second of making indexes."""

    def empty() -> None:
        database = engine.address.database
        driver.execute_query("MATCH (n) WHERE NOT n:Meta DETACH DELETE n", database_=database)
        driver.execute_query("MERGE (m:Meta {id: 'kith'}) SET m.version = 0, m.schema_version = 1", database_=database)

    return empty


@pytest.fixture
def store(opened_store: Store, emptied: Callable[[], None]) -> Store:
    """A Store of an empty network at version 0."""
    emptied()
    return opened_store
