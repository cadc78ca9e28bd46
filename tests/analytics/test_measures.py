"""The six measures, against NetworkX on a graph built in plain Python from the definitions."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import kernels, measures, warm
from analytics.kernels.cuts import cut_off
from analytics.kernels.paths import harmonic_sums, pair_dependencies
from analytics.measures import Measure, Scores, sampled_betweenness, sampled_harmonic_closeness, scores
from analytics.projection import Projection, project
from benchmarks.communities import community
from graph_model.network import Network
from graph_model.schema import NodeType, TieType
from tests.analytics.strategies import TODAY, Rows, graph_of, network_rows, plain_pairs

Graph = nx.Graph

ORACLES: dict[Measure, Callable[[Graph, Graph], dict[str, float]]] = {
    Measure.DEGREE: lambda contacts, _: dict(contacts.degree),
    Measure.STRENGTH: lambda _, every: dict(every.degree(weight="weight")),
    Measure.BETWEENNESS: lambda contacts, _: nx.betweenness_centrality(contacts),
    Measure.HARMONIC_CLOSENESS: lambda contacts, _: {
        person: total / max(len(contacts) - 1, 1) for person, total in nx.harmonic_centrality(contacts).items()
    },
    Measure.PAGERANK: lambda _, every: nx.pagerank(every, alpha=0.85, tol=1e-14, max_iter=2_000),
    Measure.CORE_NUMBER: lambda contacts, _: nx.core_number(contacts),
}


@cache
def town() -> Projection:
    return project(Network.of(1, *community(400, 2_000, seed=3)), TODAY)


def chain(people: int) -> Projection:
    """People who each know the next one only."""
    ids = [f"p{number:05}" for number in range(people)]
    nodes = [(NodeType.STAKEHOLDER, person, {"name": person}) for person in ids]
    ties = [(TieType.KNOWS, one, other, {}) for one, other in pairwise(ids)]
    return project(Network.of(1, nodes, ties), TODAY)


@pytest.mark.parametrize("measure", Measure)
@given(rows=network_rows())
def test_a_measure_is_what_networkx_says(measure: Measure, rows: Rows) -> None:
    people, pairs, _ = plain_pairs(rows, TODAY)
    expected = ORACLES[measure](graph_of(people, pairs, at_least=0.05), graph_of(people, pairs))
    found = scores(project(Network.of(1, *rows), TODAY), measure)
    assert found.values.dtype == np.float64
    assert found.values.tolist() == pytest.approx([expected[person] for person in people], rel=1e-9, abs=1e-9)
    assert found.sampled is None
    assert not found.half_widths.any()


@pytest.mark.parametrize("measure", Measure)
def test_a_measure_of_a_community_is_what_networkx_says(measure: Measure) -> None:
    rows = community(400, 2_000, seed=3)
    people, pairs, _ = plain_pairs(rows, TODAY)
    expected = ORACLES[measure](graph_of(people, pairs, at_least=0.05), graph_of(people, pairs))
    assert measures.MEASURES[measure](town()).tolist() == pytest.approx(
        [expected[person] for person in people], rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("measure", [Measure.BETWEENNESS, Measure.HARMONIC_CLOSENESS])
def test_the_number_of_cores_changes_no_bit(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_MOST", 10_000)

    def of(cores: int) -> list[Scores]:
        monkeypatch.setattr(kernels, "_cores", lambda: cores)
        return [scores(town(), measure), sampled_betweenness(town()), sampled_harmonic_closeness(town())]

    for one, three in zip(of(1), of(3), strict=True):
        assert one.values.tobytes() == three.values.tobytes()
        assert one.half_widths.tobytes() == three.half_widths.tobytes()


@given(st.integers(2, 9), st.data())
def test_the_shares_of_all_pairs_add_up_to_betweenness(people: int, data: st.DataObject) -> None:
    pairs = [(one, other) for one in range(people) for other in range(one)]
    graph = nx.empty_graph(people)
    graph.add_edges_from(data.draw(st.sets(st.sampled_from(pairs))))
    csr = nx.to_scipy_sparse_array(graph, format="csr")
    both_ways = np.array([*pairs, *((other, one) for one, other in pairs)], dtype=np.int32)
    total, _ = pair_dependencies(
        (csr.indptr.astype(np.int32), csr.indices.astype(np.int32)),
        (both_ways[:, 0].copy(), both_ways[:, 1].copy()),
        0,
        len(both_ways),
    )
    exact = nx.betweenness_centrality(graph, normalized=False)
    assert (total[0] / 2).tolist() == pytest.approx([exact[vertex] for vertex in range(people)], abs=1e-9)
    squares = np.zeros(people)
    for one, other in pairs:
        if nx.has_path(graph, one, other):
            paths = list(nx.all_shortest_paths(graph, one, other))
            share = np.bincount([vertex for path in paths for vertex in path[1:-1]], minlength=people) / len(paths)
            squares += 2 * share**2
    assert total[1].tolist() == pytest.approx(squares.tolist(), abs=1e-9)


def test_sources_may_repeat_and_be_more_than_the_people() -> None:
    contacts = chain(3).contacts
    sources = np.array([0, 0, 2, 1] * 40, dtype=np.int32)
    total = harmonic_sums(contacts.indptr, contacts.indices, sources, 0, len(sources))
    assert total[0].tolist() == pytest.approx([40 * (1 + 1 / 2), 40 * 3, 40 * (2 * 1 / 2 + 1)])
    assert total[1].tolist() == pytest.approx([40 * (1 + 1 / 4), 40 * 3, 40 * (2 * 1 / 4 + 1)])


@pytest.mark.parametrize(
    ("sample", "exact"),
    [
        (sampled_betweenness, measures.betweenness),
        (sampled_harmonic_closeness, measures.harmonic_closeness),
    ],
)
def test_everybody_is_within_the_bound_and_the_bound_is_of_use(
    sample: Callable[[Projection, int], Scores],
    exact: Callable[[Projection], np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measures, "_MOST", 5_000)
    truth = exact(town())
    misses = 0
    for seed in range(20):
        found = sample(town(), seed)
        misses += bool(np.any(np.abs(found.values - truth) > found.half_widths))
        assert found.sampled is not None
        assert found.sampled.half_width == found.half_widths.max()
        assert (found.sampled.confidence, found.sampled.seed) == (0.95, seed)
        assert found.sampled.samples == 5_000
        assert found.half_widths.max() < 0.5 * truth.max()
        # A biased estimate stays within the bound for a while; twenty of them do not average out.
    assert misses <= 1
    mean = np.mean([sample(town(), seed).values for seed in range(20)], axis=0)
    assert np.abs(mean - truth).max() < 0.2 * found.half_widths.max()


def test_the_same_seed_gives_the_same_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_MOST", 10_000)
    one, again, other = (sampled_betweenness(town(), seed).values for seed in (5, 5, 6))
    assert one.tobytes() == again.tobytes() != other.tobytes()


@pytest.mark.parametrize(
    ("measure", "limit"),
    [(Measure.BETWEENNESS, "EXACT_BETWEENNESS"), (Measure.HARMONIC_CLOSENESS, "EXACT_CLOSENESS")],
)
def test_what_would_take_too_long_is_sampled_and_says_so(
    measure: Measure, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, limit, len(town()) * town().contacts.nnz - 1)
    assert scores(town(), measure).sampled is None, "nothing is sampled in a small network"
    monkeypatch.setattr(measures, "ALWAYS_EXACT", 399)
    assert scores(town(), measure).sampled is not None
    monkeypatch.setattr(measures, limit, len(town()) * town().contacts.nnz)
    assert scores(town(), measure).sampled is None


@pytest.mark.parametrize("people", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("sample", [sampled_betweenness, sampled_harmonic_closeness])
def test_samples_of_hardly_anybody(
    sample: Callable[[Projection], Scores], people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_MOST", 20_000)
    exact = {sampled_betweenness: measures.betweenness, sampled_harmonic_closeness: measures.harmonic_closeness}
    found = sample(chain(people))
    assert np.all(np.abs(found.values - exact[sample](chain(people))) <= found.half_widths)


def test_a_long_chain_of_people_is_no_trouble() -> None:
    """The worst case of a search level by level: as many levels as people."""
    people = 3_000
    closeness = measures.harmonic_closeness(chain(people))
    assert closeness[0] == pytest.approx(sum(1 / step for step in range(1, people)) / (people - 1), rel=1e-9)
    middle = sampled_betweenness(chain(people))
    assert middle.values[people // 2] == pytest.approx(0.5, abs=middle.half_widths[people // 2])


@given(network_rows())
def test_what_falls_away_without_each_person(rows: Rows) -> None:
    people, pairs, _ = plain_pairs(rows, TODAY)
    strengths = project(Network.of(1, *rows), TODAY).strengths
    by, below, root = cut_off(strengths.indptr, strengths.indices)
    graph = graph_of(people, pairs)
    for place, person in enumerate(people):
        rest = graph.subgraph(nx.node_connected_component(graph, person) - {person})
        expected = sorted(len(part) for part in nx.connected_components(rest))
        cut = below[by == place].tolist()
        remains = below[root[place]] - 1 - sum(cut)
        assert sorted([*cut, remains] if remains else cut) == expected


def test_every_kernel_is_compiled_at_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    warm.main()
    said = capsys.readouterr().out
    for module in ("cores", "cuts", "paths"):
        assert f"analytics.kernels.{module} is compiled" in said


def test_a_kernel_that_cannot_be_kept_is_compiled_all_the_same() -> None:
    """As where neither the source folder nor the user's cache folder can be written."""
    scope: dict[str, Callable[[int], int]] = {}
    exec("def twice(number):\n    return 2 * number", scope)
    assert kernels.kernel(scope["twice"])(21) == 42
