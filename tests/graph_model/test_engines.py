"""Either engine, through the one door."""

import neo4j

from graph_model.engines import Engine, open_engine
from graph_model.settings import DatabaseSettings


def test_a_second_user_sees_what_the_first_wrote(
    empty_engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings
) -> None:
    database = empty_engine.address.database
    driver.execute_query("CREATE (:Place {id: 'larkfield'})", database_=database)
    second = open_engine(database_settings)
    with neo4j.GraphDatabase.driver(
        second.address.uri, auth=(second.address.username, second.address.password)
    ) as other:
        records = other.execute_query("MATCH (p:Place) RETURN p.id AS id", database_=second.address.database).records
    second.close()
    assert [record["id"] for record in records] == ["larkfield"]


def test_each_test_finds_the_database_empty(empty_engine: Engine, driver: neo4j.Driver) -> None:
    records = driver.execute_query("MATCH (n) RETURN count(n) AS n", database_=empty_engine.address.database).records
    assert records[0]["n"] == 0
