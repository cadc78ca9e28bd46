"""GraphML holds the whole network, whatever stands in it."""

from io import BytesIO

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from analytics.graphml import graphml
from graph_model.columns import from_day_number
from graph_model.network import TYPES, Network
from graph_model.schema import NodeType, TieType
from tests.analytics.strategies import Rows, network_rows


def read(network: Network) -> "nx.MultiDiGraph[str]":
    graph: nx.MultiDiGraph[str] = nx.read_graphml(BytesIO(graphml(network)), force_multigraph=True)
    return graph


@given(network_rows())
def test_what_is_written_is_read_back(rows: Rows) -> None:
    network = Network.of(7, *rows)
    graph = read(network)
    ids = network.nodes.id.list
    assert sorted(graph) == ids
    assert graph.graph["version"] == 7
    for row, node in enumerate(ids):
        assert graph.nodes[node]["kind"] == network.kind_of(row).value
        assert graph.nodes[node].get("name", "") == network.nodes.name[row]
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: int(edge[2].removeprefix("tie-")))
    assert len(edges) == len(network.ties)
    ties = network.ties
    found = [
        (start, end, fields["type"], fields.get("strength"), fields.get("role"), fields.get("valid_from"))
        for start, end, _, fields in edges
    ]
    expected = []
    for row in range(len(ties)):
        strength, begin = float(ties.strength[row]), from_day_number(int(ties.valid_from[row]))
        expected.append(
            (
                ids[ties.start[row]],
                ids[ties.end[row]],
                TYPES[ties.type[row]].value,
                None if strength != strength else strength,
                ties.role[row] or None,
                begin and begin.isoformat(),
            )
        )
    assert sorted(found, key=str) == sorted(expected, key=str)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20))
def test_any_name_is_written(name: str) -> None:
    people = [(NodeType.STAKEHOLDER, "p<1>", {"name": name}), (NodeType.STAKEHOLDER, "p&2", {"name": "Wren"})]
    graph = read(Network.of(1, people, [(TieType.KNOWS, "p&2", "p<1>", {})]))
    kept = graph.nodes["p<1>"].get("name", "")
    if name.isprintable():
        assert kept.strip() == name.strip()  # the reader drops white space around a text
    else:
        assert len(kept) <= len(name)  # what XML cannot hold is replaced, and it reads every line end as one sign
