"""A working group: held to its definition in plain Python, and to the best group found by trying them all."""

import os
import subprocess
import sys
from datetime import date
from itertools import combinations
from math import e
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import bounds
from analytics.groups import LARGEST_GROUP, MOST_HOPS, GroupQuestion, working_group
from benchmarks.communities import community
from graph_model.errors import DataError, NotFound
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import NodeType, TieType
from tests.analytics.strategies import TODAY, Rows, counts, network_rows, plain_pairs


class Plain(NamedTuple):
    """The people, how strongly each two are joined, and who counts."""

    people: list[str]
    near: dict[str, dict[str, float]]
    counted: set[str]

    def reach(self, source: str, hops: int) -> dict[str, float]:
        """r_h(source, .): one round of relaxing every pair for each tie of the path."""
        best = {source: 1.0}
        for _ in range(hops):
            before = dict(best)
            for one, value in before.items():
                for other, strength in self.near[one].items():
                    best[other] = max(best.get(other, 0.0), value * strength)
        return best

    def value(self, group: tuple[str, ...] | list[str], hops: int) -> float:
        """f(S)."""
        reaches = [self.reach(one, hops) for one in group]
        return sum(max((reach.get(v, 0.0) for reach in reaches), default=0.0) for v in self.counted)


def plain(rows: Rows, *, weighted: bool = True, problem: bool = False) -> Plain:
    people, pairs, _ = plain_pairs(rows, TODAY)
    near: dict[str, dict[str, float]] = {one: {} for one in people}
    for pair, strength in pairs.items():
        one, other = sorted(pair)
        if weighted or strength >= 0.05:
            near[one][other] = near[other][one] = strength if weighted else 1.0
    affected = set(people)
    if problem:
        valid = {node_id for _, node_id, fields in rows[0] if counts(fields, TODAY)}
        ties = [tie for tie in rows[1] if {tie[1], tie[2]} <= valid and counts(tie[3], TODAY)]
        affected = {start for tie, start, _, _ in ties if tie is TieType.AFFECTED_BY}
        affected |= {start for tie, start, end, _ in ties if tie is TieType.MEMBER_OF and end in affected}
    return Plain(people, near, affected & set(people))


class Asked(NamedTuple):
    rows: Rows
    question: GroupQuestion
    oracle: Plain
    groups: list[tuple[str, ...]]


@st.composite
def asked(draw: st.DrawFn) -> Asked | None:
    """A network and a question of it that can be met, with every group that meets it; None where there is none."""
    nodes, ties = draw(network_rows(max_people=8, max_associations=3, max_ties=16))
    barred = set(draw(st.lists(st.sampled_from([f"p{one:02}" for one in range(8)]), max_size=2)))
    nodes = [(kind, one, {**fields, "excluded": True} if one in barred else fields) for kind, one, fields in nodes]
    if any(kind is NodeType.ASSOCIATION and one == "a0" for kind, one, _ in nodes) and draw(st.booleans()):
        ties = [*ties, (TieType.AFFECTED_BY, "a0", "problem", {})]
    weighted, problem = draw(st.booleans()), draw(st.booleans())
    oracle = plain((nodes, ties), weighted=weighted, problem=problem)
    free = [one for one in oracle.people if one not in barred]
    if not free or (problem and not oracle.counted):
        return None
    exclude = frozenset(draw(st.lists(st.sampled_from(oracle.people), max_size=2)))
    eligible = [one for one in free if one not in exclude]
    if not eligible:
        return None
    size = draw(st.integers(1, len(eligible)))
    must = frozenset(draw(st.lists(st.sampled_from(eligible), max_size=size)))
    question = GroupQuestion(
        TODAY,
        size=size,
        hops=draw(st.integers(1, MOST_HOPS)),
        weighted=weighted,
        must_include=must,
        exclude=exclude,
        problem="problem" if problem else None,
    )
    groups = [group for group in combinations(eligible, size) if must <= set(group)]
    return Asked((nodes, ties), question, oracle, groups)


@given(asked())
def test_a_group_is_what_the_definitions_say_and_close_to_the_best(asked: Asked | None) -> None:
    if asked is None:
        return
    _, question, oracle, groups = asked
    answer = working_group(Network.of(3, *asked.rows), question)
    group = [member.id for member in answer.members]
    assert tuple(sorted(group)) in groups
    assert answer.reach == pytest.approx(oracle.value(group, question.hops), abs=1e-9)
    assert answer.people == len(oracle.counted)
    for member in answer.members:
        rest = [one for one in group if one != member.id]
        assert member.alone == pytest.approx(answer.reach - oracle.value(rest, question.hops), abs=1e-9)
        mine = set(oracle.reach(member.id, question.hops)) & oracle.counted
        theirs = {v for one in rest for v in oracle.reach(one, question.hops)}
        assert member.only_through == len(mine - theirs - {member.id})
        assert member.sentence.startswith("Only through") == (member.only_through > 0)
    best = max(oracle.value(group, question.hops) for group in groups)
    assert answer.possible_at_most >= best - 1e-9
    assert answer.reach >= (1 - 1 / e) * best - 1e-9
    assert answer.possible_at_most <= answer.people + 1e-9
    assert answer.share == pytest.approx(answer.reach / answer.possible_at_most if answer.possible_at_most else 1)


@given(asked())
def test_each_member_adds_most_and_of_equals_is_the_smaller_id(asked: Asked | None) -> None:
    if asked is None:
        return
    _, question, oracle, groups = asked
    group = [member.id for member in working_group(Network.of(3, *asked.rows), question).members]
    musts = sorted(question.must_include)
    assert group[: len(musts)] == musts
    eligible = {one for possible in groups for one in possible}
    for place in range(len(musts), len(group)):
        before = group[:place]
        values = {one: oracle.value([*before, one], question.hops) for one in eligible.difference(before)}
        most = max(values.values())
        assert group[place] == min(one for one, value in values.items() if value >= most - 1e-9)


@given(asked(), st.integers(1, 3), st.integers(1, 30))
def test_the_bound_holds_however_few_rows_are_kept(asked: Asked | None, rows: int, entries: int) -> None:
    if asked is None:
        return
    _, question, oracle, groups = asked
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "_MOST_ROWS", rows)
        patch.setattr(bounds, "_MOST_ENTRIES", entries)
        answer = working_group(Network.of(3, *asked.rows), question)
    assert answer.possible_at_most >= max(oracle.value(group, question.hops) for group in groups) - 1e-9


def test_the_bound_is_close_where_the_best_is_known() -> None:
    # Stars that do not touch: the best group is their middles, and nothing else comes near.
    nodes: list[NodeRow] = [(NodeType.STAKEHOLDER, f"p{one:02}", {"name": f"P {one}"}) for one in range(40)]
    ties: list[TieRow] = [(TieType.KNOWS, f"p{one - one % 10:02}", f"p{one:02}", {}) for one in range(40) if one % 10]
    answer = working_group(Network.of(1, nodes, ties), GroupQuestion(TODAY, size=3))
    assert [member.id for member in answer.members] == ["p00", "p10", "p20"]
    assert answer.reach == pytest.approx(3 * (1 + 9 * 0.6))
    assert answer.share > 0.99


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_the_bound_holds_where_greedy_choice_is_not_the_best(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_MOST_ROWS", rows)
    knows = {"middle": "a1 a2 a3 b1 b2 b3", "left": "a1 a2 a3 x1 x2", "right": "b1 b2 b3 y1 y2"}
    ties: list[TieRow] = [(TieType.KNOWS, one, other, {}) for one in knows for other in knows[one].split()]
    people = sorted({person for _, one, other, _ in ties for person in (one, other)})
    nodes: list[NodeRow] = [(NodeType.STAKEHOLDER, one, {"name": one}) for one in people]
    answer = working_group(Network.of(1, nodes, ties), GroupQuestion(TODAY, size=2, hops=1, weighted=False))
    assert ([member.id for member in answer.members], answer.reach) == (["middle", "left"], 10)
    assert answer.possible_at_most >= 12


def test_in_a_community_the_bound_proves_most_of_it_whatever_the_threads() -> None:
    rows = community(1_500, 7_500)
    question = GroupQuestion(date(2026, 6, 1))
    answer = working_group(Network.of(1, *rows), question)
    assert answer.share > 0.95
    # The same to the last bit on one core.
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from datetime import date\n"
        "import analytics.kernels as kernels\n"
        "kernels._cores = lambda: 1\n"
        "from analytics.groups import *\n"
        "from benchmarks.communities import community\n"
        "from graph_model.network import Network\n"
        "answer = working_group(Network.of(1, *community(1_500, 7_500)), GroupQuestion(date(2026, 6, 1)))\n"
        "print(repr((answer.reach, answer.possible_at_most, [member.alone for member in answer.members])))"
    )
    root = Path(__file__).parents[2]
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root, env={**os.environ}
    )
    alone = [member.alone for member in answer.members]
    assert said.stdout.strip() == repr((answer.reach, answer.possible_at_most, alone))


def town(*more: TieRow) -> Network:
    """Amira knows three; Ben knows Cat; nobody knows Dov; Eve is not to be put into groups."""
    names = {"amira": "Amira Khan", "ben": "Ben Pell", "cat": "Cat Rudd", "dov": "Dov Lund", "eve": "Eve Wick"}
    nodes: list[NodeRow] = [
        (NodeType.STAKEHOLDER, one, {"name": name, "excluded": one == "eve"}) for one, name in names.items()
    ]
    nodes[0][2].update(self_interest="A quiet street", visible_leader=True)  # type: ignore[attr-defined]
    nodes.extend([(NodeType.PROBLEM, "bins", {"name": "Bins"}), (NodeType.PLACE, "street", {"name": "Mill Street"})])
    ties: list[TieRow] = [
        (TieType.KNOWS, "amira", "ben", {}),
        (TieType.KNOWS, "amira", "eve", {}),
        (TieType.KNOWS, "ben", "cat", {}),
        *more,
    ]
    return Network.of(5, nodes, ties)


def test_what_is_said_of_each_member_is_so() -> None:
    answer = working_group(town(), GroupQuestion(TODAY, size=3, hops=1, weighted=False))
    assert [(member.name, member.sentence) for member in answer.members] == [
        ("Amira Khan", "Only through Amira Khan is 1 other person reached."),
        ("Ben Pell", "Only through Ben Pell is 1 other person reached."),
        ("Dov Lund", "Dov Lund reaches nobody else within 1 tie."),
    ]
    assert (answer.version, answer.people, answer.reach, answer.share) == (5, 5, 5.0, 1.0)
    first = answer.members[0]
    assert (first.self_interest, first.visible_leader, first.alone > 0) == ("A quiet street", True, True)


def test_who_is_not_to_be_in_groups_is_still_reached_and_passes_things_on() -> None:
    network = town((TieType.KNOWS, "eve", "dov", {"strength": 1.0}))
    answer = working_group(network, GroupQuestion(TODAY, size=1, must_include=frozenset({"amira"})))
    assert answer.reach == pytest.approx(1 + 0.6 + 0.6 + 0.36 + 0.6)


def test_everybody_in_the_group_reaches_everybody() -> None:
    answer = working_group(town(), GroupQuestion(TODAY, size=4))
    assert {member.id for member in answer.members} == {"amira", "ben", "cat", "dov"}
    assert answer.reach == pytest.approx(4.6)
    assert answer.share == pytest.approx(1)


def test_with_a_problem_only_those_affected_count() -> None:
    network = town((TieType.AFFECTED_BY, "cat", "bins", {}), (TieType.AFFECTED_BY, "eve", "bins", {}))
    answer = working_group(network, GroupQuestion(TODAY, size=1, problem="bins"))
    assert ([member.id for member in answer.members], answer.people) == (["cat"], 2)
    both = working_group(network, GroupQuestion(TODAY, size=2, problem="bins"))
    assert [member.id for member in both.members] == ["cat", "amira"]
    assert both.members[1].sentence == "Only through Amira Khan is 1 other person who is affected reached."


@pytest.mark.parametrize(
    "question",
    [
        {"size": 0},
        {"size": LARGEST_GROUP + 1},
        {"hops": 0},
        {"hops": MOST_HOPS + 1},
        {"must_include": frozenset({"ben"}), "exclude": frozenset({"ben"})},
        {"size": 1, "must_include": frozenset({"ben", "cat"})},
        {"tie_types": frozenset({TieType.PART_OF})},
    ],
)
def test_a_question_that_cannot_be_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"\.$"):
        GroupQuestion(TODAY, **question)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"size": 1, "must_include": frozenset({"eve"})}, "Eve Wick is marked as not to be put into working groups."),
        (
            {"size": 1, "exclude": frozenset({"street"})},
            "A working group is made of people: Mill Street is of the type",
        ),
        ({"size": 1, "problem": "bins"}, "Nobody is mapped as affected by Bins."),
        ({"size": 1, "problem": "ben"}, "People are affected by a problem: Ben Pell is of the type person."),
        ({"size": 5}, "Only 4 people can be chosen: a working group of 5 cannot be formed."),
        ({"size": 1, "exclude": frozenset({"amira", "ben", "cat", "dov"})}, "Nobody can be chosen"),
    ],
)
def test_what_cannot_be_met_is_refused_in_a_sentence(question: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError) as refused:
        working_group(town(), GroupQuestion(TODAY, **question))
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("field", ["must_include", "exclude"])
def test_an_unknown_id_is_said(field: str) -> None:
    with pytest.raises(NotFound, match="'x'"):
        working_group(town(), GroupQuestion(TODAY, size=1, **{field: frozenset({"x"})}))  # type: ignore[arg-type]


def test_an_empty_network_is_refused() -> None:
    with pytest.raises(DataError, match="Nobody can be chosen"):
        working_group(Network.of(0, [], []), GroupQuestion(TODAY))


def test_the_reach_of_an_answer_is_a_plain_number() -> None:
    answer = working_group(town(), GroupQuestion(TODAY, size=2))
    assert all(type(value) is float for value in (answer.reach, answer.possible_at_most, answer.share))
    assert not np.isnan(answer.share)
