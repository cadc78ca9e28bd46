"""The statement files: what the loader refuses, and what real Neo4j makes of the ones that Kith ships."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph_model.engines import Engine
from graph_model.errors import CypherLoadError
from graph_model.network import NodeColumns, TieColumns, column_sources
from graph_model.schema import NodeType, TieType
from graph_model.statements import Kept, Shape, Statement, load_statements
from graph_model.store import Store

SHIPPED = load_statements()
GOOD = """// get_person[Node](id): one
// One person.
// columns: name
MATCH (n:<Node> {id: $id})
RETURN n.name AS name
"""


def load(folder: Path, text: str, name: str = "get_person.cypher") -> dict[str, Statement]:
    (folder / name).write_text(text, encoding="utf-8")
    return load_statements(folder)


def test_a_good_file(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)["get_person"]
    assert (found.parameters, found.slots, found.columns, found.shape) == (("id",), ("Node",), ("name",), Shape.ONE)
    assert found.sentence == "One person."
    assert found.filled(Node=NodeType.PLACE) == "MATCH (n:Place {id: $id})\nRETURN n.name AS name"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("// get_person[Node](id): one", "MATCH (n) RETURN n", 1, "does not begin with"),
        (": one", ": some", 1, "does not begin with"),
        ("get_person[", "get_people[", 1, "declares get_people, but the file is called get_person.cypher"),
        ("(id)", "(id, limit)", 1, "declares limit, which it does not use"),
        ("(id)", "()", 4, "uses id, which its header does not declare"),
        ("[Node]", "", 4, "uses Node, which its header does not declare"),
        ("[Node]", "[Node, Tie]", 1, "declares Tie, which it does not use"),
        ("// One person.\n", "", 2, "no sentence"),
        ("// One person.", "// One person", 2, "no sentence"),
        ("// columns: name\n", "", 2, "columns are declared where"),
        (": one", ": write", 3, "columns are declared where"),
        ("MATCH (n:<Node> {id: $id})\nRETURN n.name AS name\n", "\n", 3, "no statement"),
        ("<Node>", "<Person>", 4, "uses Person"),
        (GOOD, "", 1, "does not begin with"),
    ],
)
def test_a_bad_file_is_refused_with_its_path_and_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in GOOD
    with pytest.raises(CypherLoadError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert (caught.value.path.name, caught.value.line) == ("get_person.cypher", line)
    assert f"get_person.cypher, line {line}: " in str(caught.value)
    assert words in str(caught.value)


def test_an_unknown_slot(tmp_path: Path) -> None:
    with pytest.raises(CypherLoadError, match="the slot Person is not one of"):
        load(tmp_path, GOOD.replace("Node", "Person"))


def test_two_of_one_name(tmp_path: Path) -> None:
    for folder in ("people", "places"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "get_person.cypher").write_text(GOOD)
    with pytest.raises(CypherLoadError, match="get_person is in the folder people already"):
        load_statements(tmp_path)


@pytest.mark.parametrize(
    "words",
    [{}, {"Node": "Place"}, {"Node": "Place) DETACH DELETE (n"}, {"Node": TieType.KNOWS}, {"Tie": TieType.KNOWS}],
)
def test_only_the_schema_fills_a_slot(tmp_path: Path, words: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        load(tmp_path, GOOD)["get_person"].filled(**words)


def test_one_copy_a_node_type() -> None:
    text = SHIPPED["find_nodes"].filled()
    assert text.count("UNION ALL") == len(NodeType) - 1
    assert all(f"(n:{node.value} " in text and f"'{node.value}' AS type" in text for node in NodeType)


def test_every_shipped_statement_is_used() -> None:
    code = "".join(path.read_text() for path in Path(__file__).parents[2].glob("graph_model/*.py"))
    assert [name for name in SHIPPED if f'"{name}"' not in code] == []


@pytest.mark.parametrize(
    ("statement", "table", "coded"),
    [("list_node_columns", NodeColumns, {"kind"}), ("list_tie_columns", TieColumns, {"type"})],
)
def test_the_columns_of_the_network_are_those_that_are_read(
    statement: str, table: type[NodeColumns] | type[TieColumns], coded: set[str]
) -> None:
    sources = {name: source for name, (_, source) in column_sources(table).items() if name not in coded}
    assert set(SHIPPED[statement].columns) == set(sources)
    for name, source in sources.items():
        if name not in ("start", "end"):
            assert f"{'n' if table is NodeColumns else 't'}.{source}] AS {name}" in SHIPPED[statement].text


_FILLED = {
    "Node": [*NodeType],
    "From": [NodeType.STAKEHOLDER],
    "To": [NodeType.ASSOCIATION],
    "Tie": [TieType.MEMBER_OF],
    "Label": [*NodeType, *Kept],
}
_GIVEN: dict[str, Any] = {"rows": [], "ids": [], "properties": {}}


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].split("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.parametrize("name", [name for name, one in SHIPPED.items() if not one.text.startswith("CREATE CONSTR")])
def test_no_statement_scans_everything_or_multiplies(
    name: str, store: Store, engine: Engine, driver: neo4j.Driver
) -> None:
    """Held to real Neo4j's own plans; the embedded engine must at least understand the statement."""
    shipped = SHIPPED[name]
    for word in _FILLED[shipped.slots[0]] if shipped.slots else [None]:
        words = {slot: _FILLED[slot][0] for slot in shipped.slots} | ({shipped.slots[0]: word} if word else {})
        parameters = {name: _GIVEN.get(name, 1) for name in shipped.parameters}
        summary = driver.execute_query(
            f"EXPLAIN {shipped.filled(**words)}", parameters, database_=engine.address.database
        ).summary
        if engine.name == "neo4j":
            used = set(operators(summary.plan))
            assert used.isdisjoint({"AllNodesScan", "CartesianProduct"}), used
