"""Ways up: held to an enumeration of every way there is, and to Yen's algorithm where that one applies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice, pairwise
from math import log, prod
from typing import Any, NamedTuple

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import ways as search
from analytics.escalation import MOST_STEPS, MOST_WAYS, Step, Way, WayQuestion, ways_up
from benchmarks.communities import community
from graph_model.errors import DataError, NotFound
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import Level, NodeType, TieType
from tests.analytics.strategies import TODAY, VALIDITY, Rows, counts

LEVELS = [level.word for level in Level]
YESTERDAY = "2026-06-14"


# The oracle: every way there is, straight from the definitions, in plain Python.


class Asks(NamedTuple):
    """What carries an ask: between people, into and out of associations, and from one to that it is part of."""

    direct: dict[str, dict[str, float]]
    level: dict[str, dict[str, int]]
    members: dict[str, dict[str, int]]
    wider: dict[str, set[str]]


def asks(rows: Rows) -> Asks:
    valid = {node_id for _, node_id, fields in rows[0] if counts(fields, TODAY)}
    found = Asks(defaultdict(dict), defaultdict(dict), defaultdict(dict), defaultdict(set))
    for tie, start, end, fields in rows[1]:
        if start == end or not {start, end} <= valid or not counts(fields, TODAY):
            continue
        stated = fields.get("strength")
        if tie is TieType.KNOWS:
            for one, other in ((start, end), (end, start)):
                known = 0.6 if stated is None else stated
                found.direct[one][other] = max(known, found.direct[one].get(other, 0))
        elif tie is TieType.REPORTS_TO:
            reports = 0.8 if stated is None else stated
            found.direct[start][end] = max(reports, found.direct[start].get(end, 0))
        elif tie is TieType.MEMBER_OF:
            level = max(LEVELS.index(fields.get("level") or "local"), found.level[start].get(end, 0))
            found.level[start][end] = found.members[end][start] = level
        elif tie is TieType.PART_OF:
            found.wider[start].add(end)
    return found


class Found(NamedTuple):
    strengths: tuple[float, ...]
    nodes: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def order(self) -> tuple[int, int, tuple[str, ...]]:
        """Reliability down (equal to nine digits is equal), ties up, ids."""
        return round(-log(prod(self.strengths)) * 1e9), len(self.strengths), self.nodes


def every_way(found: Asks, start: str, ends: set[str], steps: int, avoid: frozenset[str]) -> Iterator[Found]:
    def further(way: Found, entrant: int) -> Iterator[Found]:
        here = way.nodes[-1]
        if here in ends:
            yield way
        if len(way.strengths) == steps:
            return
        for following, strength, level in onward(here, entrant):
            if following not in way.nodes and following not in avoid:
                people = way.people if following.startswith("a") else (*way.people, following)
                yield from further(Found((*way.strengths, strength), (*way.nodes, following), people), level)

    def onward(here: str, entrant: int) -> Iterator[tuple[str, float, int]]:
        if here.startswith("a"):
            for member, level in found.members[here].items():
                if level > entrant and level >= Level.MANAGER:
                    yield member, 0.7, 0
            for wider in found.wider[here]:
                yield wider, 0.7, entrant
        else:
            for person, strength in found.direct[here].items():
                yield person, strength, 0
            for association, level in found.level[here].items():
                yield association, 0.7, level

    return further(Found((), (start,), (start,)), 0)


def best_of(ways: Iterable[Found]) -> list[Found]:
    """The best way for each list of people, in order."""
    best: dict[tuple[str, ...], Found] = {}
    for way in sorted(ways, key=lambda way: way.order):
        best.setdefault(way.people, way)
    return list(best.values())


def nodes_of(way: Way) -> tuple[str, ...]:
    """All that a way passes, in order."""
    return (way.start, *(node for step in way.steps for node in (*(one.id for one in step.passed), step.end)))


# Small networks in which much can be asked.

STRENGTHS = st.sampled_from([None, None, 0.02, 0.3, 0.6, 0.9, 1.0])


@st.composite
def organisations(draw: st.DrawFn) -> Rows:
    """People who know and report to each other, associations with levels, part of each other, and a barrier."""
    people = [f"p{number}" for number in range(draw(st.integers(2, 7)))]
    associations = [f"a{number}" for number in range(draw(st.integers(1, 4)))]
    nodes: list[NodeRow] = [(NodeType.STAKEHOLDER, one, {"name": one, **draw(VALIDITY)}) for one in people]
    for one in associations:
        own = draw(st.sampled_from([None, False, True]))
        nodes.append((NodeType.ASSOCIATION, one, {"name": one, "own": own, **draw(VALIDITY)}))
    nodes.extend(
        [
            (NodeType.BARRIER, "barrier", {"name": "Late opening"}),
            (NodeType.PLACE, "place", {"name": "Mill Street"}),
            (NodeType.PLACE, "town", {"name": "Larkfield"}),
        ]
    )
    person, association, level = (
        st.sampled_from(people),
        st.sampled_from(associations),
        st.sampled_from([None, *LEVELS]),
    )
    ties: list[TieRow] = [(TieType.PART_OF, "place", "town", {})]
    for _ in range(draw(st.integers(0, 24))):
        tie = draw(
            st.sampled_from([TieType.KNOWS, TieType.REPORTS_TO, TieType.MEMBER_OF, TieType.MEMBER_OF, TieType.PART_OF])
        )
        fields: dict[str, Any] = draw(VALIDITY)
        if tie is TieType.MEMBER_OF:
            ties.append((tie, draw(person), draw(association), {"level": draw(level), **fields}))
        elif tie is TieType.PART_OF:
            ties.append((tie, draw(association), draw(association), fields))
        else:
            ties.append((tie, draw(person), draw(person), {"strength": draw(STRENGTHS), **fields}))
    for _ in range(draw(st.integers(0, 3))):
        holder = draw(st.one_of(person, association))
        ties.append((TieType.CAN_DECIDE, holder, "barrier", {"level": draw(level), **draw(VALIDITY)}))
    return nodes, ties


def deciders(rows: Rows, found: Asks, avoid: frozenset[str]) -> dict[int, set[str]]:
    """Who decides at each level: the lowest they can."""
    valid = {node_id for _, node_id, fields in rows[0] if counts(fields, TODAY)}
    levels: dict[str, int] = {}
    for tie, holder, _, fields in rows[1]:
        if tie is TieType.CAN_DECIDE and holder in valid and counts(fields, TODAY):
            needed = LEVELS.index(fields.get("level") or "local")
            people = found.members[holder] if holder.startswith("a") else {holder: needed}
            for person, level in people.items():
                if level >= needed and person not in avoid:
                    levels[person] = min(level, levels.get(person, level))
    by_level: dict[int, set[str]] = defaultdict(set)
    for person, level in levels.items():
        by_level[level].add(person)
    return by_level


@given(organisations(), st.integers(1, 7), st.integers(1, 7), st.data())
def test_the_k_best_ways_between_two_are_those_of_an_enumeration(
    rows: Rows, k: int, steps: int, data: st.DataObject
) -> None:
    valid = [node_id for _, node_id, fields in rows[0] if counts(fields, TODAY)]
    starts = [one for one in valid if one[0] in "pa" and one != "place"]
    if not any(one.startswith("p") and one != "place" for one in valid):
        return
    start = data.draw(st.sampled_from(starts))
    end = data.draw(st.sampled_from([one for one in starts if one.startswith("p")]))
    avoid = frozenset(data.draw(st.lists(st.sampled_from(starts), max_size=2))) - {start, end}
    answer = ways_up(Network.of(1, *rows), WayQuestion(TODAY, start=start, end=end, k=k, steps=steps, avoid=avoid))
    expected = best_of(every_way(asks(rows), start, {end}, steps, avoid))[:k]
    assert [nodes_of(way) for way in answer.paths] == [way.nodes for way in expected]
    assert [way.reliability for way in answer.paths] == pytest.approx([prod(way.strengths) for way in expected])
    assert [way.ties for way in answer.paths] == [len(way.strengths) for way in expected]
    assert [way.level for way in answer.paths] == [None] * len(expected)
    assert bool(answer.missing) is not bool(expected)
    assert not answer.truncated


@given(organisations(), st.integers(1, 4), st.integers(1, 7), st.data())
def test_the_ways_to_whoever_decides_are_those_of_an_enumeration(
    rows: Rows, k: int, steps: int, data: st.DataObject
) -> None:
    valid = [node_id for _, node_id, fields in rows[0] if counts(fields, TODAY)]
    named = [one for one in valid if one[0] in "pa" and one != "place"]
    avoid = frozenset(data.draw(st.lists(st.sampled_from(named), max_size=2))) if named else frozenset()
    found = asks(rows)
    own = {node_id for _, node_id, fields in rows[0] if fields.get("own") and node_id in valid}
    starts = {person for one in own for person in found.members[one]} - avoid
    best = {
        level: best_of(way for start in starts for way in every_way(found, start, ends, steps, avoid))
        for level, ends in sorted(deciders(rows, found, avoid).items())
    }
    reached = {level: prod(ways[0].strengths) for level, ways in best.items() if ways}
    worth = [level for level, chance in reached.items() if chance >= 0.05]
    first = min(worth) if worth else max(reached, key=lambda level: reached[level], default=None)
    expected = [
        (LEVELS[level], way.nodes)
        for level, ways in best.items()
        if first is not None and level >= first
        for way in ways[: k if level == first else 1]
    ]
    answer = ways_up(Network.of(1, *rows), WayQuestion(TODAY, about="barrier", k=k, steps=steps, avoid=avoid))
    assert [(way.level, nodes_of(way)) for way in answer.paths] == expected
    assert len(answer.weaker) == sum(level < (first or 0) for level in reached)
    assert expected or answer.missing


@given(st.integers(0, 10_000), st.integers(1, 8), st.integers(2, 7))
def test_among_people_only_it_agrees_with_yen(seed: int, k: int, steps: int) -> None:
    people = 14
    graph = nx.gnm_random_graph(people, 32, seed=seed, directed=True)
    strengths = {pair: 0.2 + 0.7 * ((seed + 31 * place) % 97) / 97 for place, pair in enumerate(graph.edges)}
    nx.set_edge_attributes(graph, {pair: -log(strength) for pair, strength in strengths.items()}, "cost")
    network = Network.of(
        1,
        [(NodeType.STAKEHOLDER, f"p{one:02}", {"name": str(one)}) for one in range(people)],
        [
            (TieType.REPORTS_TO, f"p{one:02}", f"p{other:02}", {"strength": strength})
            for (one, other), strength in strengths.items()
        ],
    )
    try:
        short = (path for path in nx.shortest_simple_paths(graph, 0, 13, weight="cost") if len(path) <= steps + 1)
        yen = list(islice(short, k))
    except nx.NetworkXNoPath:
        yen = []
    answer = ways_up(network, WayQuestion(TODAY, start="p00", end="p13", k=k, steps=steps))
    assert [way.reliability for way in answer.paths] == pytest.approx(
        [prod(strengths[pair] for pair in pairwise(path)) for path in yen]
    )


def test_in_a_community_of_thousands_it_agrees_with_yen() -> None:
    nodes, ties = community(2_000, 10_000)
    graph: nx.DiGraph[str] = nx.DiGraph()
    carrying = [tie for tie in ties if tie[0] in (TieType.KNOWS, TieType.REPORTS_TO)]
    for tie, start, end, fields in carrying:
        for one, other in [(start, end), (end, start)][: 2 if tie is TieType.KNOWS else 1]:
            strength = max(fields["strength"], graph.get_edge_data(one, other, {}).get("strength", 0))
            graph.add_edge(one, other, strength=strength, cost=-log(strength) + 1e-12)
    network = Network.of(1, nodes, carrying)
    hub = max(graph, key=lambda one: (graph.degree(one), one))
    pendant = min((one for one in nx.descendants(graph, hub) if graph.in_degree(one) == 1), default=None)
    assert pendant is not None
    (only_door,) = graph.predecessors(pendant)
    for start, end in ((hub, "stakeholder-000007"), ("stakeholder-001999", hub), (hub, pendant), (only_door, pendant)):
        paths = nx.shortest_simple_paths(graph, start, end, weight="cost")
        yen = list(islice((path for path in paths if len(path) <= 13), 4))
        answer = ways_up(network, WayQuestion(TODAY, start=start, end=end, k=4, steps=12))
        expected = [prod(graph.edges[pair]["strength"] for pair in pairwise(path)) for path in yen]
        assert [way.reliability for way in answer.paths] == pytest.approx(expected)
        assert not answer.truncated


# What it says, on a network small enough to read.


def person(node_id: str, name: str, **fields: Any) -> NodeRow:
    return NodeType.STAKEHOLDER, node_id, {"name": name, **fields}


def association(node_id: str, name: str, **fields: Any) -> NodeRow:
    return NodeType.ASSOCIATION, node_id, {"name": name, **fields}


def harrow(*more: TieRow, without: Iterable[tuple[TieType, str, str]] = ()) -> Network:
    """A police constable, who knows a shop assistant, and a retailer where a regional manager can lift a barrier."""
    nodes = [
        person("sam", "Sam Okafor"),
        person("priya", "Priya Shah"),
        person("lena", "Lena Abara"),
        person("ann", "Ann Bell"),
        person("tom", "Tom Price"),
        association("police", "Larkfield Police", own=True),
        association("store", "Harrow Market Street"),
        association("north", "Harrow North"),
        association("harrow", "Harrow Retail"),
        (NodeType.BARRIER, "bins", {"name": "Locked bins"}),
        (NodeType.PLACE, "street", {"name": "Market Street"}),
        (NodeType.STAKEHOLDER, "gone", {"name": "Gus Fenn", "valid_to": YESTERDAY}),
    ]
    ties: list[TieRow] = [
        (TieType.MEMBER_OF, "sam", "police", {"role": "constable"}),
        (TieType.REPORTS_TO, "sam", "priya", {}),
        (TieType.KNOWS, "lena", "sam", {"strength": 0.9}),
        (TieType.MEMBER_OF, "lena", "store", {}),
        (TieType.MEMBER_OF, "ann", "store", {"level": "manager", "role": "store manager"}),
        (TieType.MEMBER_OF, "tom", "harrow", {"level": "regional", "role": "regional manager"}),
        (TieType.PART_OF, "store", "north", {}),
        (TieType.PART_OF, "north", "harrow", {}),
        (TieType.CAN_DECIDE, "harrow", "bins", {"level": "regional"}),
        *more,
    ]
    return Network.of(7, nodes, [tie for tie in ties if tie[:3] not in without])


def test_a_way_through_a_retailer_says_who_asks_whom() -> None:
    answer = ways_up(harrow(), WayQuestion(TODAY, about="bins"))
    (way,) = answer.paths
    assert (answer.version, answer.missing, answer.weaker, way.level) == (7, (), (), "regional")
    assert (way.start_name, way.end_name, way.ties) == ("Sam Okafor", "Tom Price", 5)
    assert way.reliability == pytest.approx(0.9 * 0.7**4)
    assert way.sentence == (
        "Sam Okafor reaches Tom Price, who can decide Locked bins at regional level, in 5 steps; "
        "an ask would arrive about 22 times in 100."
    )
    first, second = way.steps
    assert first.sentence == "Sam Okafor knows Lena Abara."
    assert (first.through, first.tie, first.strength, first.ties) == (None, "KNOWS", 0.9, 1)
    assert second.sentence == (
        "Lena Abara asks Tom Price, regional manager of Harrow Retail, which Harrow Market Street is part of "
        "through Harrow North."
    )
    assert (second.start, second.end, second.through, second.tie) == ("lena", "tom", "harrow", "MEMBER_OF")
    assert [one.name for one in second.passed] == ["Harrow Market Street", "Harrow North", "Harrow Retail"]
    assert (second.ties, second.strength) == (4, pytest.approx(0.7**4))


def only_step(network: Network, start: str, end: str) -> Step:
    (way,) = ways_up(network, WayQuestion(TODAY, start=start, end=end, k=1)).paths
    (step,) = way.steps
    return step


def test_each_kind_of_step_has_its_sentence() -> None:
    network = harrow((TieType.MEMBER_OF, "priya", "police", {"level": "manager"}))
    assert only_step(network, "sam", "priya").sentence == "Sam Okafor reports to Priya Shah."
    assert only_step(network, "lena", "ann").sentence == (
        "Lena Abara asks Ann Bell, store manager of Harrow Market Street."
    )
    assert only_step(network, "store", "ann").sentence == "Harrow Market Street asks Ann Bell, store manager there."
    assert only_step(network, "police", "priya").sentence == (
        "Larkfield Police asks Priya Shah, who is at manager level there."
    )
    assert only_step(network, "north", "tom").sentence == (
        "Harrow North asks Tom Price, regional manager of Harrow Retail, which Harrow North is part of."
    )


def test_of_several_ties_the_best_carries_and_the_others_are_named() -> None:
    network = harrow(
        (TieType.KNOWS, "priya", "sam", {"strength": 0.3}), (TieType.MEMBER_OF, "priya", "police", {"level": "area"})
    )
    step = only_step(network, "sam", "priya")
    assert (step.tie, step.strength) == ("REPORTS_TO", 0.8)
    assert step.also == (
        "Sam Okafor knows Priya Shah.",
        "Sam Okafor and Priya Shah both belong to Larkfield Police.",
    )
    assert only_step(harrow(), "sam", "priya").also == ()
    other_way = ways_up(network, WayQuestion(TODAY, start="priya", end="sam"))
    assert [step.tie for step in other_way.paths[0].steps] == ["KNOWS"]


def test_an_association_passes_on_only_to_those_above_who_entered() -> None:
    colleague = harrow((TieType.MEMBER_OF, "priya", "store", {"level": "manager"}))
    assert not ways_up(colleague, WayQuestion(TODAY, start="ann", end="priya")).paths
    # Two roles: the higher one is where they sit, going in and going out.
    above = harrow(
        (TieType.MEMBER_OF, "priya", "store", {"level": "area", "role": "area manager"}),
        (TieType.MEMBER_OF, "priya", "store", {"level": "local", "role": "temp"}),
    )
    assert only_step(above, "ann", "priya").sentence.startswith("Ann Bell asks Priya Shah, area manager of")
    assert not ways_up(above, WayQuestion(TODAY, start="priya", end="ann")).paths
    # Who entered is remembered where the association is part of another.
    promoted = harrow((TieType.MEMBER_OF, "priya", "store", {"level": "regional"}))
    assert not ways_up(promoted, WayQuestion(TODAY, start="priya", end="tom")).paths


def test_two_associations_between_the_same_people_are_one_way() -> None:
    both = [
        (TieType.MEMBER_OF, one, of, {"level": level})
        for one, level in (("sam", "local"), ("priya", "manager"))
        for of in ("north", "store")
    ]
    reports = [(TieType.REPORTS_TO, "sam", "priya")]
    answer = ways_up(harrow(*both, without=reports), WayQuestion(TODAY, end="priya"))
    assert [nodes_of(way) for way in answer.paths if len(way.steps) == 1] == [("sam", "north", "priya")]
    # Through Harrow North the way on would pass it twice: then it has to be the other one, though no better.
    further = harrow(*both, (TieType.MEMBER_OF, "tom", "north", {"level": "area"}), without=reports)
    question = WayQuestion(TODAY, start="sam", end="tom", k=9, avoid=frozenset({"lena"}))
    assert ("sam", "store", "priya", "north", "tom") in [nodes_of(way) for way in ways_up(further, question).paths]


def test_the_lowest_level_worth_asking_comes_first_and_weaker_ones_are_named() -> None:
    network = harrow(
        (TieType.CAN_DECIDE, "ann", "bins", {"level": "manager"}),
        (TieType.CAN_DECIDE, "priya", "bins", {"level": "national"}),
        (TieType.KNOWS, "priya", "lena", {"strength": 0.5}),
    )
    levels = [way.level for way in ways_up(network, WayQuestion(TODAY, about="bins")).paths]
    assert levels == ["manager", "manager", "regional", "national"]
    fussy = ways_up(network, WayQuestion(TODAY, about="bins"), worth_asking=0.6)
    assert [way.level for way in fussy.paths] == ["national", "national"]
    assert fussy.weaker == (
        "Locked bins could be decided at manager level already, but an ask would arrive there about 44 times in 100.",
        "Locked bins could be decided at regional level already, but an ask would arrive there about 22 times in 100.",
    )
    # Where nothing is worth asking, what is reached best comes first.
    hopeless = ways_up(network, WayQuestion(TODAY, about="bins"), worth_asking=0.99)
    assert hopeless.paths[0].level == "national"


def test_one_of_ours_who_can_decide_needs_to_ask_nobody() -> None:
    network = harrow((TieType.CAN_DECIDE, "sam", "bins", {}))
    way = ways_up(network, WayQuestion(TODAY, about="bins")).paths[0]
    assert (way.steps, way.reliability, way.start, way.end) == ((), 1.0, "sam", "sam")
    assert way.sentence == "Sam Okafor can decide Locked bins at local level: nobody else has to be asked."


DECIDES = (TieType.CAN_DECIDE, "harrow", "bins")
KNOWS = (TieType.KNOWS, "lena", "sam")


@pytest.mark.parametrize(
    ("network", "asked", "sentence"),
    [
        (harrow(without=[DECIDES]), {}, "Nobody is mapped who can decide Locked bins."),
        (
            harrow(without=[(TieType.MEMBER_OF, "tom", "harrow")]),
            {},
            "Harrow Retail can decide Locked bins at regional level, but nobody at that level or above is mapped.",
        ),
        (
            harrow(without=[KNOWS]),
            {},
            "Nobody of ours reaches Harrow Retail in 6 steps or fewer, for a decision at regional level.",
        ),
        (
            harrow(),
            {"steps": 4},
            "Nobody of ours reaches Harrow Retail in 4 steps or fewer, for a decision at regional level: it takes 5.",
        ),
        (
            harrow(),
            {"avoid": frozenset({"north"})},
            "Nobody of ours reaches Harrow Retail in 6 steps or fewer without those to be avoided, "
            "for a decision at regional level.",
        ),
        (harrow(), {"avoid": frozenset({"tom"})}, "Everybody mapped who can decide Locked bins is to be avoided."),
        (harrow(), {"avoid": frozenset({"sam"})}, "All members of our own organisations are to be avoided."),
        (
            harrow(without=[(TieType.MEMBER_OF, "sam", "police")]),
            {},
            "Nobody is mapped who belongs to Larkfield Police: the ask has nobody to start with.",
        ),
        (
            harrow(),
            {"about": None, "start": "priya", "end": "tom"},
            "Priya Shah does not reach Tom Price in 6 steps or fewer.",
        ),
    ],
)
def test_where_there_is_no_way_it_says_what_is_missing(network: Network, asked: dict[str, Any], sentence: str) -> None:
    answer = ways_up(network, WayQuestion(TODAY, **{"about": "bins", **asked}))
    assert answer.paths == ()
    assert answer.missing == (sentence,)


def test_no_own_organisation_is_said() -> None:
    network = Network.of(1, [person("ana", "Ana"), person("ben", "Ben")], [(TieType.KNOWS, "ana", "ben", {})])
    (missing,) = ways_up(network, WayQuestion(TODAY, end="ben")).missing
    assert missing.startswith("None of our own organisations is marked.")


def test_an_end_that_cannot_decide_is_reached_and_said() -> None:
    answer = ways_up(harrow(), WayQuestion(TODAY, about="bins", end="priya"))
    assert [way.level for way in answer.paths] == [None]
    assert answer.missing == ("Priya Shah is not mapped as somebody who can decide Locked bins.",)
    decides = ways_up(harrow(), WayQuestion(TODAY, about="bins", end="tom"))
    assert ([way.level for way in decides.paths], decides.missing) == (["regional"], ())


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"end": "tom", "k": 0},
        {"end": "tom", "k": MOST_WAYS + 1},
        {"end": "tom", "steps": 0},
        {"end": "tom", "steps": MOST_STEPS + 1},
        {"end": "tom", "avoid": frozenset({"tom"})},
        {"about": "bins", "start": "sam", "avoid": frozenset({"sam"})},
    ],
)
def test_a_question_that_cannot_be_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"\.$"):
        WayQuestion(TODAY, **asked)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"about": "street"}, "That is nothing somebody decides: Market Street is of the type place."),
        ({"about": "bins", "start": "street"}, "A way up starts with a person or an association"),
        ({"end": "harrow"}, "A way up ends with a person: Harrow Retail is of the type association. Name a person."),
        ({"about": "bins", "avoid": frozenset({"street"})}, "A way up passes people and associations only"),
        ({"end": "gone"}, "Gus Fenn does not count on 15 June 2026."),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError) as refused:
        ways_up(harrow(), WayQuestion(TODAY, **asked))
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("asked", [{"end": "x"}, {"about": "x"}, {"end": "tom", "start": "x"}])
def test_an_unknown_id_is_said(asked: dict[str, str]) -> None:
    with pytest.raises(NotFound, match="'x'"):
        ways_up(harrow(), WayQuestion(TODAY, **asked))


def test_a_search_that_was_cut_says_so_and_keeps_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [person(f"p{number}", f"P {number}") for number in range(9)]
    ties: list[TieRow] = [
        (TieType.KNOWS, f"p{one}", f"p{other}", {"strength": 0.5 + 0.05 * (one + other) / 2})
        for one in range(9)
        for other in range(one)
    ]
    network = Network.of(1, people, ties)
    question = WayQuestion(date(2026, 1, 1), start="p0", end="p8", k=30)
    whole = ways_up(network, question)
    monkeypatch.setattr(search, "MOST_BEGINNINGS", 20)
    cut = ways_up(network, question)
    assert (whole.truncated, cut.truncated) == (False, True)
    assert 0 < len(cut.paths) < 30
    assert cut.paths == whole.paths[: len(cut.paths)]
