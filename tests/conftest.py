"""What every test can ask for: each engine, shared by the whole run, and an empty database on it.

A test that asks for any fixture below runs once on each engine. With pytest-xdist (``-n 2 --dist loadgroup``) one
worker runs all tests of one engine, so that each engine starts once; on two cores that is the quickest.
``-m "not neo4j"`` leaves real Neo4j out.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import neo4j
import pytest
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr
from xdist.scheduler import LoadScopeScheduling

from graph_model.engines import Engine, open_engine
from graph_model.settings import DatabaseSettings
from tests.engines import EMBEDDED, NEO4J
from tests.neo4j_server import NoNeo4jError, neo4j_server

# The first call of a kernel may have to compile it, and machines are shared: no deadline tells that from a slow test.
hypothesis_settings.register_profile("kith", deadline=None)
hypothesis_settings.load_profile("kith")

_NO_NEO4J = "No Neo4j to test on: "
_nowhere = tempfile.mkdtemp(prefix="kith-tests-")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "neo4j: needs a real Neo4j server")
    config.addinivalue_line("markers", "embedded: runs on the embedded engine that the whole run shares")
    # A developer's own database and data folder are never what a test runs on.
    for name in [name for name in os.environ if name.startswith("NEO4J_") and not name.startswith("NEO4J_TEST_")]:
        del os.environ[name]
    os.environ["KITH_DATA"] = _nowhere


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the ``browser`` fixture opens pages in one."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_nowhere, ignore_errors=True)


class _ByEngine(LoadScopeScheduling):
    """All tests of one shared engine to one worker, every other test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        shared = re.search(r"[\[-](embedded|neo4j)[\]-]", nodeid)
        return shared[1] if shared else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Our own grouping: pytest 9.2 ignores the ``xdist_group`` mark (pytest-xdist issue 1386)."""
    return _ByEngine(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """As the very last line: how many tests did not run because there was no Neo4j."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = [
        str(report.longrepr) for report in reporter.stats.get("skipped", ()) if _NO_NEO4J in str(report.longrepr)
    ]
    if skipped:
        reporter.write_line("")
        reporter.write_line(
            f"!!! REAL NEO4J WAS NOT TESTED: {len(skipped)} tests skipped. See 'Real Neo4j' in CONTRIBUTING.md. "
            "KITH_REQUIRE_NEO4J=1 makes this a failure. !!!",
            red=True,
            bold=True,
        )


@pytest.fixture(scope="session", params=[EMBEDDED, NEO4J])
def database_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DatabaseSettings]:
    """Settings of a database that the whole run shares; what opens them uses the engine that already runs.

    On both engines ``data`` is a folder of the run's own, for what else a server keeps there.
    """
    data = tmp_path_factory.mktemp("data")
    if request.param == "embedded":
        settings = DatabaseSettings(_env_file=None, uri=None, data=data)
        engine = open_engine(settings)
        yield settings
        engine.close(now=True)
        return
    with ExitStack() as stack:
        try:
            address = stack.enter_context(neo4j_server(tmp_path_factory.mktemp("neo4j")))
        except NoNeo4jError as error:
            refusal = f"{_NO_NEO4J}{error}."
        else:
            yield DatabaseSettings(
                _env_file=None,
                uri=address.uri,
                username=address.username,
                password=SecretStr(address.password),
                database=address.database,
                data=data,
            )
            return
    if os.environ.get("KITH_REQUIRE_NEO4J") == "1":
        pytest.fail(refusal, pytrace=False)
    pytest.skip(refusal)


@pytest.fixture(scope="session")
def engine(database_settings: DatabaseSettings) -> Iterator[Engine]:
    """The engine that the whole run shares, with whatever the tests before left in it."""
    engine = open_engine(database_settings)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def driver(engine: Engine) -> Iterator[neo4j.Driver]:
    """A bare driver on the shared engine, for setting things up and looking behind the Store."""
    address = engine.address
    with neo4j.GraphDatabase.driver(
        address.uri, auth=(address.username, address.password), database=address.database
    ) as driver:
        yield driver


@pytest.fixture
def empty_engine(engine: Engine, driver: neo4j.Driver) -> Engine:
    """The shared engine with no node and no tie in it; constraints and indexes stay."""
    driver.execute_query("MATCH (n) DETACH DELETE n", database_=engine.address.database)
    return engine
