"""Where the embedded engine differs from Neo4j, each difference pinned, so that an upgrade that changes it is noticed.

Each of them has shaped a statement or a rule; docs/decisions/embedded-engine.md says which.
"""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress

import neo4j
import pytest
from neo4j.exceptions import Neo4jError

from graph_model.engines import Engine
from tests.engines import only_embedded

_CLASH = "Neo.ClientError.Schema.ConstraintValidationFailed"


@pytest.fixture
def session(empty_engine: Engine, driver: neo4j.Driver) -> Iterator[neo4j.Session]:
    with driver.session(database=empty_engine.address.database) as session:
        yield session


@pytest.fixture
def label(session: neo4j.Session) -> Iterator[str]:
    """A label that no other test knows, with a constraint on its id."""
    label = f"Trap{uuid.uuid4().hex}"
    session.run(f"CREATE CONSTRAINT {label}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE").consume()
    yield label
    session.run(f"DROP CONSTRAINT {label}_id IF EXISTS").consume()


class TestOnBoth:
    """What Kith builds on."""

    def test_an_id_is_unique_within_its_label(self, session: neo4j.Session, label: str) -> None:
        session.run(f"CREATE (:{label} {{id: 'a'}})").consume()
        with pytest.raises(Neo4jError) as clash:
            session.run(f"CREATE (:{label} {{id: 'a'}})").consume()
        assert clash.value.code == _CLASH
        assert session.run(f"MATCH (n:{label}) RETURN count(n) AS n").single(strict=True)["n"] == 1

    def test_an_id_is_unique_within_a_label_that_several_kinds_of_nodes_share(
        self, session: neo4j.Session, label: str
    ) -> None:
        session.run(f"CREATE (:One:{label} {{id: 'a'}})").consume()
        with pytest.raises(Neo4jError) as clash:
            session.run(f"CREATE (:Other:{label} {{id: 'a'}})").consume()
        assert clash.value.code == _CLASH

    def test_a_constraint_may_be_made_again(self, session: neo4j.Session, label: str) -> None:
        session.run(f"CREATE CONSTRAINT {label}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE").consume()

    def test_what_a_failed_transaction_wrote_is_not_there(self, session: neo4j.Session, label: str) -> None:
        with session.begin_transaction() as transaction:
            transaction.run(f"CREATE (:{label} {{id: 'a'}})").consume()
            transaction.rollback()
        assert session.run(f"MATCH (n:{label}) RETURN count(n) AS n").single(strict=True)["n"] == 0


@only_embedded
class TestOnlyEmbedded:
    def test_two_merges_of_one_id_at_once_clash(self, driver: neo4j.Driver, session: neo4j.Session, label: str) -> None:
        """So changes pass a gate one at a time, and a clash is tried again."""
        merge = f"MERGE (n:{label} {{id: 'a'}}) RETURN n.id"
        with driver.session(database="kith") as other:
            first, second = session.begin_transaction(), other.begin_transaction()
            first.run(merge).consume()
            second.run(merge).consume()
            first.commit()
            with pytest.raises(Neo4jError) as clash:
                second.commit()
        assert clash.value.code == _CLASH
        assert session.run(f"MATCH (n:{label}) RETURN count(n) AS n").single(strict=True)["n"] == 1

    def test_a_transaction_timeout_is_ignored(self, session: neo4j.Session) -> None:
        """So every statement is bounded in itself: hops, rows."""
        query = neo4j.Query("UNWIND range(1, 1000000) AS i RETURN sum(i % 7) AS s", timeout=0.001)
        assert session.run(query).single(strict=True)["s"] > 0

    def test_a_query_goes_on_after_its_client_has_left(
        self, engine: Engine, session: neo4j.Session, label: str
    ) -> None:
        address = engine.address
        leaver = neo4j.GraphDatabase.driver(address.uri, auth=(address.username, address.password))
        with leaver.session(database=address.database) as theirs:
            transaction = threading.Thread(target=_run_until_cut_off, args=(theirs, label), daemon=True)
            transaction.start()
            time.sleep(0.3)
            leaver.close()
        give_up = time.monotonic() + 60
        count = f"MATCH (n:{label}) RETURN count(n) AS n"
        while session.run(count).single(strict=True)["n"] == 0 and time.monotonic() < give_up:
            time.sleep(0.1)
        assert session.run(count).single(strict=True)["n"] == 1

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Stakeholder) ON EACH [n.name]",
            "MATCH p = SHORTEST 2 (a:Stakeholder)-[:KNOWS]-+(b:Stakeholder) RETURN p",
        ],
        ids=["full-text index", "shortest k"],
    )
    def test_what_it_does_not_understand(self, session: neo4j.Session, statement: str) -> None:
        """So names are searched, and ways found, outside the database."""
        with pytest.raises(Neo4jError):
            session.run(statement).consume()


def _run_until_cut_off(session: neo4j.Session, label: str) -> None:
    late = f"CREATE (:{label} {{id: 'late', s: s}})"
    with suppress(neo4j.exceptions.DriverError, OSError):
        session.run(f"UNWIND range(1, 3000000) AS i WITH sum(i % 7) AS s {late}").consume()
