"""The three questions at the size that is promised, beside NetworkX where it can be waited for."""

import asyncio
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx

from analytics.checks import check
from analytics.connectors import ConnectorsQuestion, Measure, highly_connected
from analytics.escalation import WayQuestion, ways_up
from analytics.groups import GroupQuestion, working_group
from analytics.maps import MapQuestion, draw, map_html
from analytics.measures import MEASURES
from analytics.projection import project
from analytics.search import find
from api.worker import Answers
from benchmarks.communities import community
from benchmarks.table import Row, seconds
from graph_model.exporting import write_folder
from graph_model.importing import import_folder
from graph_model.network import Network
from graph_model.schema import NodeType
from graph_model.settings import DatabaseSettings
from graph_model.store import Store

__all__ = ["beside_networkx", "look_rows", "question_rows"]

_ON = date(2026, 7, 1)


def question_rows(people: int, ties: int, seed: int) -> list[Row]:
    """Each question asked first and again, through the workers, as the server asks it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "sheets"
        nodes, joined = community(people, ties, seed)
        write_folder(folder, nodes, joined)
        settings = DatabaseSettings(_env_file=None, uri=None, data=Path(scratch) / "data")
        with Store.open(settings) as store:
            import_folder(store, folder, by="benchmark")
            barrier = next(node_id for kind, node_id, _ in nodes if kind is NodeType.BARRIER)
            return asyncio.run(_asked(store, settings, barrier))


async def _asked(store: Store, settings: DatabaseSettings, barrier: str) -> list[Row]:
    questions: list[tuple[str, Any, Any]] = [
        (f"highly connected by {measure}", highly_connected, ConnectorsQuestion(on=_ON, measure=measure))
        for measure in Measure
    ]
    questions.append(("a working group of 8", working_group, GroupQuestion(on=_ON)))
    questions.append(("three ways up", ways_up, WayQuestion(on=_ON, about=barrier)))
    answers = Answers(store, settings)
    rows: list[Row] = []
    try:
        await answers.warm_up()
        for what, function, question in questions:
            taken = []
            for _ in range(2):
                begun = time.perf_counter()
                await answers.ask(function, question)
                taken.append(time.perf_counter() - begun)
            rows += [Row(what, taken[0], limit=3.0), Row("   the same again", taken[1], limit=0.05)]
    finally:
        await answers.close()
    return rows


def beside_networkx(people: int, ties: int, seed: int) -> list[Row]:
    """Every measure beside NetworkX's, on the same projection."""
    projection = project(Network.of(1, *community(people, ties, seed)), _ON)
    graph = nx.from_scipy_sparse_array(projection.contacts)
    weighted = nx.from_scipy_sparse_array(projection.strengths)
    theirs = {
        Measure.DEGREE: lambda: dict(graph.degree()),
        Measure.STRENGTH: lambda: dict(weighted.degree(weight="weight")),
        Measure.BETWEENNESS: lambda: nx.betweenness_centrality(graph),
        Measure.HARMONIC_CLOSENESS: lambda: nx.harmonic_centrality(graph),
        Measure.PAGERANK: lambda: nx.pagerank(weighted, tol=1e-14, max_iter=1000),
        Measure.CORE_NUMBER: lambda: nx.core_number(graph),
    }
    what = f"{graph.number_of_nodes():,} people, {graph.number_of_edges():,} pairs"
    return [
        Row(
            f"{measure} ({what})",
            seconds(lambda m=measure: MEASURES[m](projection)),
            seconds(theirs[measure]),
            "NetworkX",
        )
        for measure in Measure
    ]


def look_rows(people: int, ties: int, seed: int) -> list[Row]:
    """Search, check and map, on a loaded network."""
    network = Network.of(1, *community(people, ties, seed))
    find(network, "a")
    names = network.nodes.name.list
    taken = []
    for place in range(0, len(names), max(len(names) // 200, 1)):
        typed = names[place][: 3 + place % 9].swapcase()
        begun = time.perf_counter()
        find(network, typed)
        taken.append(time.perf_counter() - begun)
    slowest = statistics.quantiles(taken, n=20)[-1]
    small = Network.of(1, *community(2_000, 8_000, seed))
    question = MapQuestion(on=_ON, around=None, hops=2)
    return [
        Row(f"search by name, 95th percentile ({people:,} people)", slowest, limit=0.1),
        Row(f"check ({people:,} people)", seconds(lambda: check(network, _ON))),
        Row("a map of 2,000 records, written", seconds(lambda: map_html(draw(small, question))), limit=3.0),
    ]
