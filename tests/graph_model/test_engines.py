"""Either engine, through the one door."""

import threading

import neo4j

from graph_model.engines import Engine, open_engine
from graph_model.settings import DatabaseSettings


def test_a_second_user_sees_what_the_first_wrote(
    empty_engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings
) -> None:
    database = empty_engine.address.database
    driver.execute_query("CREATE (:Place {id: 'larkfield'})", database_=database)
    second = open_engine(database_settings)
    address = second.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.username, address.password)) as other:
        records = other.execute_query("MATCH (p:Place) RETURN p.id AS id", database_=address.database).records
    second.close()
    assert [record["id"] for record in records] == ["larkfield"]


def test_each_test_finds_the_database_empty(empty_engine: Engine, driver: neo4j.Driver) -> None:
    records = driver.execute_query("MATCH (n) RETURN count(n) AS n", database_=empty_engine.address.database).records
    assert records[0]["n"] == 0


def test_reviving_what_lives_changes_nothing(engine: Engine) -> None:
    before = engine.address
    engine.revive()
    assert engine.address == before


def test_closing_one_share_leaves_the_others(
    engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings
) -> None:
    second = open_engine(database_settings)
    second.close(now=True)
    second.close(now=True)
    records = driver.execute_query("RETURN 1 AS one", database_=engine.address.database).records
    assert records[0]["one"] == 1


def test_a_password_never_shows(engine: Engine) -> None:
    assert engine.address.password not in f"{engine.address!r} {engine.address}"
    assert engine.address.password


def test_changes_from_many_threads_meet_without_loss(
    empty_engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings
) -> None:
    """What the gate is for: read, then write what was read plus one, in two transactions' worth of time."""
    database = empty_engine.address.database
    driver.execute_query("CREATE (:Place {id: 'counter', size: 0})", database_=database)

    def add_ten() -> None:
        for _ in range(10):
            with empty_engine.gate():
                driver.execute_query(
                    "MATCH (p:Place {id: 'counter'}) SET p._lock = true WITH p SET p.size = p.size + 1",
                    database_=database,
                )

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = driver.execute_query("MATCH (p:Place {id: 'counter'}) RETURN p.size AS n", database_=database).records
    assert records[0]["n"] == 40
