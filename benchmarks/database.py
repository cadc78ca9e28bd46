"""Importing a folder and reading the network, beside a bare driver that writes the same properties."""

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import neo4j

from benchmarks.communities import community
from benchmarks.table import Row, median_seconds, seconds
from graph_model.changes import Change, PutNode
from graph_model.engines import Engine
from graph_model.exporting import write_folder
from graph_model.importing import import_folder
from graph_model.network import Network
from graph_model.plan import StoredNode
from graph_model.records import TieKey, read_node
from graph_model.schema import NodeType
from graph_model.settings import DatabaseSettings
from graph_model.statements import statement
from graph_model.store import Store

__all__ = ["database_rows"]

_BATCH = 5_000


def database_rows(
    nodes: int, ties: int, seed: int, settings: list[tuple[DatabaseSettings, DatabaseSettings]]
) -> list[Row]:
    """Measure each engine: the import, a bare driver writing the same, the first read, and bringing up to date.

    ``settings`` has, for each, where we write and where the bare driver does: each a database just started, where that
    is ours to do, since a Java engine gets quicker as it goes.
    """
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "sheets"
        people, joined = community(nodes, ties, seed)
        write_folder(folder, people, joined)
        for ours, bare in settings:
            with Store.open(ours) as store:
                what = f"{store.engine.name}, {len(people):,} nodes, {len(joined):,} ties"
                rows += _of(store, folder, what, bare)
    return rows


def _of(store: Store, folder: Path, what: str, beside: DatabaseSettings) -> list[Row]:
    ours = seconds(lambda: import_folder(store, folder, by="benchmark"))
    network = store.network()
    first = median_seconds(store.network, 3)
    fresh: list[Network] = [network]

    def write_and_refresh() -> float:
        record = read_node(NodeType.STAKEHOLDER, "b-new", {"name": "New Person", "notes": str(fresh[0].version)})
        store.apply(Change("benchmark", "one small write", (PutNode(record),)))
        return seconds(lambda: fresh.append(store.network(fresh.pop())))

    refresh = sorted(write_and_refresh() for _ in range(7))[3]
    again = seconds(lambda: import_folder(store, folder, by="benchmark"))
    nodes, ties = store.records()
    store.close(now=True)
    with Store.open(beside) as other:
        bare = _bare(other, nodes, ties)
        other.close(now=True)
    limit = 20.0 if store.engine.name == "embedded" else None
    return [
        Row(f"import ({what})", ours, bare, "bare driver, one transaction", limit, 1.7),
        Row("the same folder again", again),
        Row("first read of the network", first, limit=4.0),
        Row("brought up to date after one small write", refresh, limit=0.05),
    ]


def _bare(store: Store, nodes: list[StoredNode], ties: list[tuple[TieKey, dict[str, Any]]]) -> float:
    """Empty the database and write the same properties by plain UNWIND statements in one transaction."""
    node_rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    types = {}
    for node in nodes:
        node_rows[node.type].append(node.properties)
        types[node.properties["id"]] = node.type
    tie_rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for key, properties in ties:
        row = {"start": key.start, "end": key.end, "properties": properties}
        tie_rows[types[key.start], key.type, types[key.end]].append(row)
    with _driver(store.engine) as driver, driver.session(database=store.engine.address.database) as session:
        for label in set(types.values()):
            session.run(f"MATCH (n:{label}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 5000 ROWS").consume()

        def write() -> None:
            with session.begin_transaction() as tx:
                for kind, rows in node_rows.items():
                    _unwind(tx, statement("create_nodes").filled(Node=kind), rows)
                for (start, tie, end), rows in tie_rows.items():
                    _unwind(tx, statement("create_ties").filled(From=start, Tie=tie, To=end), rows)
                tx.commit()

        return seconds(write)


def _unwind(tx: neo4j.Transaction, text: str, rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), _BATCH):
        tx.run(text, rows=rows[begin : begin + _BATCH]).consume()  # type: ignore[arg-type] # text from cypher/


def _driver(engine: Engine) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(engine.address.uri, auth=(engine.address.username, engine.address.password))
