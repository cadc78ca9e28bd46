"""A whole server on a database, for the tests of the API and of the workers."""

from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from api.services import services
from graph_model.engines import Engine
from graph_model.importing import import_folder
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.api.shell import Site, site

LARKFIELD = Path(__file__).resolve().parents[2] / "examples" / "larkfield"

ON_EMBEDDED = pytest.mark.parametrize(
    "database_settings", [pytest.param("embedded", marks=pytest.mark.embedded)], indirect=True, scope="session"
)
"""Put on a module whose tests need not run on each engine."""


@pytest.fixture(scope="module")
def larkfield(engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings) -> Iterator[Store]:
    """A store that holds the invented town and nothing else; its one change is number 1."""
    driver.execute_query("MATCH (n) DETACH DELETE n", database_=engine.address.database)
    with Store.open(database_settings) as store:
        import_folder(store, LARKFIELD, by="Robin Vale")
        yield store


@pytest.fixture(scope="module")
def kith(
    larkfield: Store, database_settings: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A server on that store, signed in to."""
    server = site(tmp_path_factory.mktemp("site"), services=services(database_settings), database=database_settings)
    with server.client:
        yield server.sign_in()
