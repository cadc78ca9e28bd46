"""Larkfield, the invented town: its sheets keep the rules, and the story the README tells is in them.

The sheets are read here with nothing but ``csv`` and the schema, and the story is checked with networkx, so that the
importer and the analytics can later be held to the same answers.
"""

import csv
import math
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import combinations, islice, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import (
    NODE_TYPES,
    TIE_TYPES,
    Field,
    FieldKind,
    Level,
    NodeType,
    TieType,
    strength_words,
)

ROOT = Path(__file__).parents[2]
LARKFIELD = ROOT / "examples" / "larkfield"
TODAY = date(2026, 7, 1)
TIE_SHEET = ["from", "type", "to", "strength", "role", "level", "valid_from", "valid_to", "source"]
MOST_PAIRED = 50
LEAST_FOR_REACH = 0.05

AMIRA, LEAH, PRIYA, HARTLEY = "p-amira-khan", "p-leah-whitcombe", "p-priya-shah", "p-desmond-hartley"
BOATERS = "a-lock-basin-boaters"


def rows_of(name: str) -> list[dict[str, str]]:
    with (LARKFIELD / name).open(newline="", encoding="utf-8") as sheet:
        return list(csv.DictReader(sheet, strict=True))


def header_of(name: str) -> list[str]:
    with (LARKFIELD / name).open(newline="", encoding="utf-8") as sheet:
        return next(csv.reader(sheet))


def converted(field: Field, cell: str) -> Any:
    """What a cell means; a ValueError where the schema does not allow it."""
    if cell != cell.strip():
        raise ValueError(f"blanks around {cell!r}")
    if not cell:
        if field.required:
            raise ValueError(f"{field.name} is missing")
        return None
    match field.kind:
        case FieldKind.TEXT:
            return cell
        case FieldKind.LIST:
            return [word.strip() for word in cell.split(";")]
        case FieldKind.FLAG:
            return {"yes": True, "no": False}[cell]
        case FieldKind.WHOLE:
            return int(cell)
        case FieldKind.NUMBER:
            return float(cell)
        case FieldKind.DATE:
            return date.fromisoformat(cell).isoformat()
        case FieldKind.CHOICE:
            return field.choices[field.choices.index(cell)]
        case FieldKind.STRENGTH:
            if not 0 < float(cell) <= 1:
                raise ValueError(f"{cell} is no probability")
            return float(cell)


def record(fields: tuple[Field, ...], row: dict[str, str]) -> dict[str, Any]:
    return {field.name: converted(field, row[field.name]) for field in fields if field.name in row}


@pytest.fixture(scope="module")
def nodes() -> list[NodeRow]:
    return [
        (spec.type, row["id"], record(spec.fields, row))
        for spec in NODE_TYPES.values()
        if (LARKFIELD / spec.sheet).exists()
        for row in rows_of(spec.sheet)
    ]


@pytest.fixture(scope="module")
def ties() -> list[TieRow]:
    return [
        (TieType(row["type"]), row["from"], row["to"], record(TIE_TYPES[TieType(row["type"])].fields, row))
        for row in rows_of("ties.csv")
    ]


@pytest.fixture(scope="module")
def network(nodes: list[NodeRow], ties: list[TieRow]) -> Network:
    return Network.of(1, nodes, ties)


@pytest.fixture(scope="module")
def town(network: Network) -> "nx.MultiDiGraph[str]":
    """What counts today, as networkx has it."""
    whole = network.to_networkx()
    valid_nodes = network.nodes_on(TODAY)
    today: nx.MultiDiGraph[str] = whole.subgraph(
        [node for row, node in enumerate(network.nodes.id) if valid_nodes[row]]
    ).copy()
    gone = [
        (start, end, key)
        for start, end, key, tie in today.edges(keys=True, data=True)
        if tie["valid_to"] is not None and tie["valid_to"] <= TODAY
    ]
    today.remove_edges_from(gone)
    assert today.number_of_edges() == network.ties_on(TODAY).sum()
    return today


def ties_of(town: "nx.MultiDiGraph[str]", tie: TieType) -> list[tuple[str, str, dict[str, Any]]]:
    return [(start, end, data) for start, end, data in town.edges(data=True) if data["type"] == tie]


def members(town: "nx.MultiDiGraph[str]", association: str) -> set[str]:
    return {start for start, end, _ in ties_of(town, TieType.MEMBER_OF) if end == association}


@pytest.fixture(scope="module")
def people(network: Network, town: "nx.MultiDiGraph[str]") -> "nx.Graph[str]":
    """Who is joined to whom, by acquaintance, line of report and small associations, strengths combined."""
    size_of = dict(zip(network.nodes.id, network.nodes.size.tolist(), strict=True))
    apart: dict[tuple[str, str, str], float] = {}
    for tie in (TieType.KNOWS, TieType.REPORTS_TO):
        for start, end, data in ties_of(town, tie):
            key = (min(start, end), max(start, end), tie.value)
            apart[key] = max(apart.get(key, 0.0), data["strength"] or 0.6)
    for association, data in town.nodes(data=True):
        if data["kind"] != NodeType.ASSOCIATION:
            continue
        mapped = members(town, association)
        size = max(len(mapped), size_of[association])
        if 2 <= size <= MOST_PAIRED:
            for start, end in combinations(sorted(mapped), 2):
                apart[start, end, association] = min(0.5, 1 / (size - 1))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node for node, data in town.nodes(data=True) if data["kind"] == NodeType.STAKEHOLDER)
    for (start, end, _), strength in apart.items():
        known = graph.get_edge_data(start, end, {"strength": 0.0})["strength"]
        graph.add_edge(start, end, strength=1 - (1 - known) * (1 - strength))
    return graph


@pytest.fixture(scope="module")
def in_contact(people: "nx.Graph[str]") -> "nx.Graph[str]":
    """The same without the pairs too weak for unweighted measures."""
    graph: nx.Graph[str] = people.copy()
    graph.remove_edges_from(
        [(start, end) for start, end, tie in people.edges(data=True) if tie["strength"] < LEAST_FOR_REACH]
    )
    return graph


# The sheets


def test_the_folder_holds_sheets_of_the_plain_folder_format_and_nothing_else() -> None:
    sheets = {spec.sheet for spec in NODE_TYPES.values()} | {"ties.csv"}
    assert {path.name for path in LARKFIELD.iterdir()} <= sheets


@pytest.mark.parametrize("sheet", sorted(path.name for path in LARKFIELD.glob("*.csv")))
def test_a_sheet_reads_well_in_a_spreadsheet_and_in_a_diff(sheet: str) -> None:
    raw = (LARKFIELD / sheet).read_bytes()
    assert raw.decode("utf-8").encode() == raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    rows = rows_of(sheet)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows), "as many cells as the header says"
    unused = [column for column in rows[0] if not any(row[column] for row in rows)]
    assert unused == [] or sheet == "ties.csv"
    key = (lambda row: (row["type"], row["from"], row["to"])) if sheet == "ties.csv" else lambda row: row["id"]
    assert [key(row) for row in rows] == sorted(key(row) for row in rows)


def test_headers_are_fields_of_the_schema() -> None:
    for spec in NODE_TYPES.values():
        if (LARKFIELD / spec.sheet).exists():
            header = header_of(spec.sheet)
            assert header[:2] == ["id", "name"]
            order = [field.name for field in spec.fields]
            assert header[1:] == sorted(header[1:], key=order.index), "in the order the schema has them"
    assert header_of("ties.csv") == TIE_SHEET


def test_a_cell_stands_only_where_its_tie_type_has_that_field() -> None:
    for row in rows_of("ties.csv"):
        allowed = {"from", "type", "to", *(field.name for field in TIE_TYPES[TieType(row["type"])].fields)}
        assert {column for column, cell in row.items() if cell} <= allowed, row


def test_no_sensitive_field_is_used() -> None:
    for spec in NODE_TYPES.values():
        if (LARKFIELD / spec.sheet).exists():
            assert not {field.name for field in spec.fields if field.sensitive} & set(header_of(spec.sheet))


def test_it_has_the_size_the_readme_says(nodes: list[NodeRow], network: Network) -> None:
    assert Counter(kind for kind, _, _ in nodes) == {
        NodeType.STAKEHOLDER: 152,
        NodeType.ASSOCIATION: 35,
        NodeType.ASSET: 25,
        NodeType.PROBLEM: 8,
        NodeType.SOLUTION: 12,
        NodeType.BARRIER: 10,
        NodeType.PLACE: 11,
        NodeType.ACTIVITY: 7,
        NodeType.WORKING_GROUP: 1,
    }
    assert network.nodes_on(TODAY)[network.rows_of_kind(NodeType.STAKEHOLDER)].sum() == 150


def test_ids_are_readable_and_one_space(nodes: list[NodeRow]) -> None:
    ids = [node_id for _, node_id, _ in nodes]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", node_id) for node_id in ids)
    for kind, node_id, values in nodes:
        if kind is NodeType.STAKEHOLDER:
            assert node_id == "p-" + re.sub(r"[^a-z]+", "-", values["name"].lower())


def test_every_tie_joins_ends_its_type_allows(nodes: list[NodeRow], ties: list[TieRow]) -> None:
    kind_of = {node_id: kind for kind, node_id, _ in nodes}
    for tie, start, end, _ in ties:
        assert TIE_TYPES[tie].allows(kind_of[start], kind_of[end]), (start, tie, end)
        assert start != end
    identities = [(tie, start, end, values.get("role"), values["valid_from"]) for tie, start, end, values in ties]
    assert len(set(identities)) == len(identities)


def test_acquaintances_are_written_once_and_in_words_officers_use(ties: list[TieRow]) -> None:
    known = [(start, end, values["strength"]) for tie, start, end, values in ties if tie is TieType.KNOWS]
    assert all(start < end for start, end, _ in known)
    assert {strength for *_, strength in known} == set(strength_words.values())


def test_everything_says_where_it_was_learnt(nodes: list[NodeRow], ties: list[TieRow]) -> None:
    assert all(values["source"] for values in values_of(nodes, ties))


def values_of(nodes: list[NodeRow], ties: list[TieRow]) -> list[Mapping[str, Any]]:
    return [values for *_, values in nodes] + [values for *_, values in ties]


def test_the_past_is_kept_and_over(nodes: list[NodeRow], ties: list[TieRow]) -> None:
    spans = [(values.get("valid_from"), values.get("valid_to")) for values in values_of(nodes, ties)]
    assert all(start < end for start, end in spans if start and end)
    ended = [end for _, end in spans if end]
    assert len(ended) > 10
    assert all(date.fromisoformat(end) < TODAY for end in ended), "nothing changes by itself later"
    assert all(date.fromisoformat(start) < TODAY for start, _ in spans if start)


def test_no_two_people_share_a_name(nodes: list[NodeRow]) -> None:
    names = [values["name"].casefold() for kind, _, values in nodes if kind is NodeType.STAKEHOLDER]
    assert len(set(names)) == len(names)


def test_many_people_have_said_what_is_in_it_for_them(nodes: list[NodeRow]) -> None:
    people = [values for kind, _, values in nodes if kind is NodeType.STAKEHOLDER]
    assert sum(1 for person in people if person["self_interest"]) > len(people) / 2
    assert sum(1 for person in people if person["skills"]) > len(people) / 2


def test_every_problem_and_solution_is_part_of_the_picture(town: "nx.MultiDiGraph[str]") -> None:
    of_kind = {kind: {node for node, data in town.nodes(data=True) if data["kind"] == kind} for kind in NodeType}
    assert {end for _, end, _ in ties_of(town, TieType.AFFECTED_BY)} == of_kind[NodeType.PROBLEM]
    assert {start for start, _, _ in ties_of(town, TieType.ADDRESSES)} == of_kind[NodeType.SOLUTION]
    assert {end for _, end, _ in ties_of(town, TieType.BLOCKED_BY)} == of_kind[NodeType.BARRIER]
    assert {end for _, end, _ in ties_of(town, TieType.HAS)} == of_kind[NodeType.ASSET]


# The story


def test_the_quiet_connector_is_first_in_every_ranking_and_flagged_by_nobody(
    network: Network, in_contact: "nx.Graph[str]"
) -> None:
    for measure in (nx.betweenness_centrality, nx.degree_centrality, nx.harmonic_centrality):
        scores = measure(in_contact)
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)
        assert ranked[0] == AMIRA
        assert scores[AMIRA] > 1.05 * scores[ranked[1]]
    betweenness = nx.betweenness_centrality(in_contact)
    assert betweenness[AMIRA] > 2 * max(score for person, score in betweenness.items() if person != AMIRA)
    assert network.nodes.visible_leader[network.row_of[AMIRA]] != 1


def test_the_quiet_connector_links_three_groups_that_otherwise_have_no_contact(
    town: "nx.MultiDiGraph[str]", in_contact: "nx.Graph[str]"
) -> None:
    around = nx.node_connected_component(in_contact, AMIRA) - {AMIRA}
    groups = sorted(nx.connected_components(in_contact.subgraph(around)), key=len)
    assert len(groups) == 3
    assert groups[:2] in (
        [members(town, "a-tern-court-toddlers") - {AMIRA}, members(town, "a-station-rank-drivers")],
        [members(town, "a-station-rank-drivers"), members(town, "a-tern-court-toddlers") - {AMIRA}],
    )


def test_the_visible_leader_is_seen_everywhere_and_connects_nobody(
    network: Network, town: "nx.MultiDiGraph[str]", in_contact: "nx.Graph[str]"
) -> None:
    assert network.nodes.visible_leader[network.row_of[HARTLEY]] == 1
    seen_at = Counter(start for start, _, _ in ties_of(town, TieType.ATTENDED))
    assert seen_at.most_common(1)[0] == (HARTLEY, 6)
    joined = Counter(start for start, _, _ in ties_of(town, TieType.MEMBER_OF))
    assert joined.most_common(1)[0] == (HARTLEY, 3)
    degrees = sorted(degree for _, degree in in_contact.degree)
    assert in_contact.degree[HARTLEY] == 2 < degrees[len(degrees) // 2]
    assert nx.betweenness_centrality(in_contact)[HARTLEY] < 0.01


def test_other_visible_leaders_do_connect(network: Network, in_contact: "nx.Graph[str]") -> None:
    flagged = [
        node for row, node in enumerate(network.nodes.id) if network.nodes.visible_leader[row] == 1 and node != HARTLEY
    ]
    degrees = sorted(degree for _, degree in in_contact.degree)
    assert len(flagged) == 5
    assert all(in_contact.degree[person] >= degrees[len(degrees) // 2] for person in flagged)


def test_the_group_nobody_reaches_knows_only_itself(town: "nx.MultiDiGraph[str]", people: "nx.Graph[str]") -> None:
    components = sorted(nx.connected_components(people), key=len, reverse=True)
    boaters = members(town, BOATERS)
    assert components[1:] == [boaters, *components[2:]]
    assert sorted(map(len, components), reverse=True) == [141, 7, 1, 1]
    assert set().union(*components[2:]) == {"p-eileen-croft", "p-samuel-tekle"}
    assert (BOATERS, "problem-garages-fly-tipping") in {
        (start, end) for start, end, _ in ties_of(town, TieType.AFFECTED_BY)
    }, "they live with a problem all the same"


def reach_within_two(graph: "nx.Graph[str]", person: str) -> dict[str, float]:
    """The best path's product to everybody within two ties."""
    reached = {person: 1.0}
    for middle, tie in graph[person].items():
        reached[middle] = max(reached.get(middle, 0.0), tie["strength"])
        for end, onward in graph[middle].items():
            reached[end] = max(reached.get(end, 0.0), tie["strength"] * onward["strength"])
    return reached


def test_a_working_group_of_eight_reaches_most_of_the_town_but_not_the_basin(
    network: Network, town: "nx.MultiDiGraph[str]", people: "nx.Graph[str]"
) -> None:
    reach = {person: reach_within_two(people, person) for person in people}
    covered = dict.fromkeys(people, 0.0)
    group: list[str] = []
    for _ in range(8):
        eligible = [
            person
            for person in sorted(people)
            if person not in group and network.nodes.excluded[network.row_of[person]] != 1
        ]
        best = max(eligible, key=lambda person: sum(max(0.0, by - covered[end]) for end, by in reach[person].items()))
        group.append(best)
        for end, by in reach[best].items():
            covered[end] = max(covered[end], by)
    assert group[0] == AMIRA
    assert sum(covered.values()) > 0.6 * len(people)
    boaters = members(town, BOATERS)
    assert not boaters & set(group)
    assert all(covered[person] == 0 for person in boaters)
    assert sum(1 for by in covered.values() if by > 0) > 0.8 * len(people)


@pytest.fixture(scope="module")
def asks(town: "nx.MultiDiGraph[str]") -> "nx.DiGraph[str]":
    """Who can ask whom, people only: acquaintance both ways, a line of report upward."""
    graph: nx.DiGraph[str] = nx.DiGraph()

    def add(start: str, end: str, strength: float) -> None:
        known = graph.get_edge_data(start, end, {"strength": 0.0})["strength"]
        if strength > known:
            graph.add_edge(start, end, strength=strength, cost=-math.log(strength))

    for start, end, data in ties_of(town, TieType.KNOWS):
        add(start, end, data["strength"] or 0.6)
        add(end, start, data["strength"] or 0.6)
    for start, end, data in ties_of(town, TieType.REPORTS_TO):
        add(start, end, data["strength"] or 0.8)
    return graph


def reliability(asks: "nx.DiGraph[str]", way: list[str]) -> float:
    return math.prod(float(asks.edges[step]["strength"]) for step in pairwise(way))


def deciders(town: "nx.MultiDiGraph[str]", about: str) -> set[str]:
    """The people who can decide it, or sit high enough in an association that can."""
    found: set[str] = set()
    for start, end, data in ties_of(town, TieType.CAN_DECIDE):
        if end != about:
            continue
        if town.nodes[start]["kind"] == NodeType.STAKEHOLDER:
            found.add(start)
            continue
        least = Level[(data["level"] or "local").upper()]
        found |= {
            person
            for person, association, tie in ties_of(town, TieType.MEMBER_OF)
            if association == start and Level[(tie["level"] or "local").upper()] >= least
        }
    return found


def test_only_the_regional_manager_can_lift_the_guarding_barrier(town: "nx.MultiDiGraph[str]") -> None:
    decides = [
        (start, data["level"])
        for start, end, data in ties_of(town, TieType.CAN_DECIDE)
        if end == "barrier-guarding-budget"
    ]
    assert decides == [("a-harrow-retail-north", "regional")]
    assert deciders(town, "barrier-guarding-budget") == {PRIYA}


def test_a_pcso_has_three_ways_to_the_regional_manager(asks: "nx.DiGraph[str]") -> None:
    ways = list(islice(nx.shortest_simple_paths(asks, LEAH, PRIYA, weight="cost"), 3))
    assert ways == [
        [LEAH, AMIRA, "p-danuta-wolska", "p-sam-okafor", PRIYA],
        [LEAH, "p-danuta-wolska", "p-sam-okafor", PRIYA],
        [LEAH, "p-ruth-calloway", "p-neil-bannister", "p-farah-siddiqui", "p-sam-okafor", PRIYA],
    ]
    assert [reliability(asks, way) for way in ways] == pytest.approx([0.6561, 0.486, 0.39366])


def test_where_sam_okafor_does_not_act_the_superintendent_is_left(asks: "nx.DiGraph[str]") -> None:
    without = asks.copy()
    without.remove_node("p-sam-okafor")
    assert nx.shortest_path(without, LEAH, PRIYA, weight="cost")[-2] == "p-owen-pryce"


def test_every_barrier_but_one_can_be_decided_and_reached(
    town: "nx.MultiDiGraph[str]", asks: "nx.DiGraph[str]"
) -> None:
    barriers = [node for node, data in town.nodes(data=True) if data["kind"] == NodeType.BARRIER]
    nobody = [barrier for barrier in barriers if not deciders(town, barrier)]
    assert nobody == ["barrier-nobody-owns-the-yard"]
    starts = members(town, "a-wendshire-police-larkfield")
    reached = set().union(*(nx.descendants(asks, start) for start in starts))
    for barrier in barriers:
        assert barrier in nobody or deciders(town, barrier) & reached, barrier


def test_the_local_police_team_is_our_own_and_the_ladder_goes_to_the_top(
    network: Network, town: "nx.MultiDiGraph[str]"
) -> None:
    own = [node for row, node in enumerate(network.nodes.id) if network.nodes.own[row] == 1]
    assert own == ["a-wendshire-police-larkfield"]
    above = {start: end for start, end, _ in ties_of(town, TieType.REPORTS_TO)}
    ladder, roles = [LEAH], {start: data["role"] for start, _, data in ties_of(town, TieType.MEMBER_OF)}
    while ladder[-1] in above:
        ladder.append(above[ladder[-1]])
    assert [roles[person] for person in ladder] == [
        "PCSO",
        "sergeant",
        "inspector",
        "chief inspector",
        "superintendent",
        "assistant chief constable",
    ]


@pytest.mark.parametrize("store", ["a-harrow-larkfield", "a-pennyfold-larkfield", "a-tarrowby-larkfield"])
def test_each_chain_goes_from_the_store_to_its_head_office(town: "nx.MultiDiGraph[str]", store: str) -> None:
    part_of = {start: end for start, end, _ in ties_of(town, TieType.PART_OF)}
    chain = [store]
    while chain[-1] in part_of:
        chain.append(part_of[chain[-1]])
    assert len(chain) == 4
    level = {
        (person, association): Level[data["level"].upper()]
        for person, association, data in ties_of(town, TieType.MEMBER_OF)
    }
    heads = [
        max((where, person) for (person, of), where in level.items() if of == association)[1] for association in chain
    ]
    assert [level[pair] for pair in zip(heads, chain, strict=True)] == [
        Level.MANAGER,
        Level.AREA,
        Level.REGIONAL,
        Level.NATIONAL,
    ]
    reports = {(start, end) for start, end, _ in ties_of(town, TieType.REPORTS_TO)}
    assert set(pairwise(heads)) <= reports


# What is said about it


@pytest.mark.parametrize(
    "page", ["README.md", "docs/reference/folder-format.md", "docs/explanation/three-questions.md"]
)
def test_pages_name_only_what_is_there(nodes: list[NodeRow], page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    ids = {node_id for _, node_id, _ in nodes}
    prefixes = "|".join(sorted({node_id.split("-")[0] for node_id in ids}))
    named = set(re.findall(rf"(?<![\w./-])(?:{prefixes})-[a-z]+(?:-[a-z]+)*", text))
    assert named <= ids
    assert page != "README.md" or {AMIRA, LEAH} <= named


def test_what_the_readme_says_of_the_leader_and_the_connector_is_so(town: "nx.MultiDiGraph[str]") -> None:
    attended = {start for start, _, _ in ties_of(town, TieType.ATTENDED)}
    assert len({end for _, end, _ in ties_of(town, TieType.ATTENDED)}) == 7
    assert HARTLEY in attended
    assert AMIRA not in attended
