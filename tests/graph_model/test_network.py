"""The network as columns: made from rows, asked on a day, and brought up to date by what changed."""

import copy
from contextlib import suppress
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_model.changes import ChangeKind, Effects, Step, pack, unpack
from graph_model.columns import ALWAYS_HAS, NO_DAY, STILL_DOES, ColumnKind, Texts, day_number, encode, from_day_number
from graph_model.errors import ChangeRefused
from graph_model.network import Network, NodeRow, TieRow
from graph_model.plan import Stored, StoredNode, plan
from graph_model.refresh import refreshed
from graph_model.schema import NodeType, TieType
from tests.graph_model.acts import change, columns_of, drop, put, tie, untie

PERSON, KNOWS = NodeType.STAKEHOLDER, TieType.KNOWS
_TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=8)


@given(_TEXTS, st.data())
def test_texts_are_a_list_of_texts(values: list[str | None], data: st.DataObject) -> None:
    column, plain = Texts.of(values), [value or "" for value in values]
    assert (len(column), list(column), column.list) == (len(plain), plain, plain)
    assert [column[row] for row in range(-len(plain), len(plain))] == plain + plain
    assert column.given.tolist() == [bool(value) for value in plain]
    rows = data.draw(st.lists(st.integers(0, len(plain) - 1))) if plain else []
    assert column.take(rows).list == [plain[row] for row in rows]
    begin = data.draw(st.integers(0, len(plain)))
    dropped = data.draw(st.integers(0, len(plain) - begin))
    new = data.draw(_TEXTS)
    expected = plain[:begin] + [value or "" for value in new] + plain[begin + dropped :]
    assert column.spliced(begin, dropped, new).list == expected


@given(st.dates())
def test_days_are_numbers_and_back(day: date) -> None:
    assert from_day_number(day_number(day)) == day
    assert day_number(day.isoformat()) == day_number(day)
    assert from_day_number(ALWAYS_HAS) is from_day_number(STILL_DOES) is from_day_number(NO_DAY) is None


def test_what_is_not_given_has_a_mark_of_its_own() -> None:
    nothing: list[Any] = [None]
    marks = {kind: encode(kind, nothing)[0] for kind in ColumnKind if kind not in (ColumnKind.ROW, ColumnKind.CODE)}
    assert np.isnan(marks.pop(ColumnKind.NUMBER))
    assert marks == {
        ColumnKind.TEXT: "",
        ColumnKind.TEXTS: "",
        ColumnKind.FROM: ALWAYS_HAS,
        ColumnKind.TO: STILL_DOES,
        ColumnKind.DAY: NO_DAY,
        ColumnKind.FLAG: -1,
        ColumnKind.LEVEL: -1,
        ColumnKind.SIZE: -1,
        ColumnKind.BASIS: -1,
    }
    assert encode(ColumnKind.FLAG, [True, False, None]).tolist() == [1, 0, -1]
    assert encode(ColumnKind.TEXTS, [["a", "b"], None, []]).list == ["a;b", "", ""]


NODES: list[NodeRow] = [
    (PERSON, "sam", {"name": "Sam", "kind": "trader", "skills": ["Urdu", "tea"], "visible_leader": True}),
    (PERSON, "amira", {"name": "Amira", "valid_from": "2026-01-01", "valid_to": "2026-02-01"}),
    (NodeType.ASSOCIATION, "harrow", {"name": "Harrow", "size": 12}),
]
TIES: list[TieRow] = [
    (KNOWS, "amira", "sam", {"strength": 0.3}),
    (KNOWS, "amira", "sam", {"strength": 0.9, "valid_from": "2025-01-01"}),
    (TieType.MEMBER_OF, "sam", "harrow", {"role": "owner", "level": "regional"}),
    (TieType.REPORTS_TO, "sam", "amira", {"valid_to": "2026-01-15"}),
]


def test_a_network_is_ordered_whatever_the_order_of_its_rows() -> None:
    network = Network.of(3, NODES, TIES)
    assert network.nodes.id.list == ["amira", "harrow", "sam"]
    assert network.row_of == {"amira": 0, "harrow": 1, "sam": 2}
    assert network.kind_of(1) is NodeType.ASSOCIATION
    assert network.rows_of_kind(PERSON).tolist() == [0, 2]
    assert network.nodes.sort.list == ["", "", "trader"]
    assert network.ties.strength.tolist()[:2] == [0.3, 0.9]
    assert columns_of(Network.of(3, NODES[::-1], TIES[::-1])) == columns_of(network)


def test_rows_that_make_no_network() -> None:
    with pytest.raises(ValueError, match="two nodes share an id"):
        Network.of(1, [*NODES, NODES[0]], [])
    with pytest.raises(ValueError, match="a tie names the node 'nobody', which is not there"):
        Network.of(1, NODES, [(KNOWS, "sam", "nobody", {})])


@pytest.mark.parametrize(
    ("day", "nodes", "ties"),
    [
        ("2025-12-31", [False, True, True], []),
        ("2026-01-01", [True, True, True], [KNOWS, KNOWS, TieType.REPORTS_TO]),
        ("2026-01-15", [True, True, True], [KNOWS, KNOWS]),
        ("2026-02-01", [False, True, True], []),
    ],
)
def test_what_counts_on_a_day(day: str, nodes: list[bool], ties: list[TieType]) -> None:
    network = Network.of(1, NODES, TIES)
    on = date.fromisoformat(day)
    assert network.nodes_on(on).tolist() == nodes
    counting = network.ties_on(on)
    types = [list(TieType)[code] for code in network.ties.type[counting]]
    assert sorted(types) == sorted([*ties, TieType.MEMBER_OF])


def test_a_matrix_has_the_strongest_of_parallel_ties() -> None:
    network = Network.of(1, NODES, TIES)
    assert network.matrix(KNOWS).toarray().tolist() == [[0, 0, 0.9], [0, 0, 0], [0, 0, 0]]
    assert network.matrix(KNOWS, date(2030, 1, 1)).nnz == 0
    assert network.matrix(TieType.MEMBER_OF).toarray()[2, 1] == 1.0


def test_a_graph_for_notebooks() -> None:
    graph = Network.of(1, NODES, TIES).to_networkx()
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (3, 4)
    assert graph.nodes["sam"] == {"kind": "Stakeholder", "name": "Sam", "sort": "trader"}
    member = graph.get_edge_data("sam", "harrow")[0]
    assert (member["type"], member["role"], member["level"], member["strength"]) == (
        "MEMBER_OF",
        "owner",
        "regional",
        None,
    )


# What changes leave behind, laid over a Network that was read while they were being made.

IDS = ["a", "b", "é", "z"]
_FIELDS: dict[str, Any] = {
    "notes": st.sampled_from(["", "one"]),
    "skills": st.sampled_from(["", "tea;Urdu"]),
    "visible_leader": st.sampled_from(["", "yes", "no"]),
    "kind": st.sampled_from(["", "trader"]),
    "valid_from": st.sampled_from(["", "2026-01-01"]),
    "basis": st.sampled_from(["", "fact"]),
}
_TIE = st.tuples(st.sampled_from(IDS), st.sampled_from([KNOWS, TieType.REPORTS_TO]), st.sampled_from(IDS))
_DAY = st.sampled_from(["", "2026-01-01", "2025-01-01"])
_STEP = st.one_of(
    st.builds(
        lambda node_id, cells: put(node_id, name=node_id, **cells),
        st.sampled_from(IDS),
        st.fixed_dictionaries({}, optional=_FIELDS),
    ),
    st.builds(
        lambda ends, day, strength: tie(*ends, valid_from=day, strength=strength),
        _TIE,
        _DAY,
        st.sampled_from(["", "0.2", "strong"]),
    ),
    st.builds(drop, st.sampled_from(IDS)),
    st.builds(lambda ends, day: untie(*ends, valid_from=day), _TIE, _DAY),
)


def after(stored: Stored, effects: Effects) -> Stored:
    stored = copy.deepcopy(stored)
    for effect, kept, identity in [
        *((effect, stored.nodes, effect.id) for effect in effects.nodes),
        *((effect, stored.ties, effect.key) for effect in effects.ties),
    ]:
        if effect.after is None:
            del kept[identity]
            continue
        was = kept.get(identity)
        before = {} if was is None else was.properties if isinstance(was, StoredNode) else was
        now = {name: value for name, value in {**before, **effect.after}.items() if value is not None}
        kept[identity] = StoredNode(effect.type, now) if kept is stored.nodes else now
    return stored


def network_of(version: int, nodes: Stored, ties: Stored) -> Network:
    return Network.of(
        version,
        [(node.type, node_id, node.properties) for node_id, node in nodes.nodes.items()],
        [
            (key.type, key.start, key.end, fields)
            for key, fields in ties.ties.items()
            if key.start in nodes.nodes and key.end in nodes.nodes
        ],
    )


def planned(steps: list[Step], stored: Stored) -> list[Effects]:
    """What these steps do, if they can be done: else what the first does that can."""
    for asked in (steps, *([step] for step in steps)):
        with suppress(ChangeRefused):
            effects = plan(change(*asked, kind=ChangeKind.IMPORT), stored)
            return [] if effects.nothing else [effects]
    return []


@given(st.lists(st.lists(_STEP, min_size=1, max_size=3), min_size=2, max_size=12), st.data())
@settings(max_examples=200, deadline=None)
def test_a_network_read_in_the_middle_of_changes_is_put_right_by_them(
    changes: list[list[Step]], data: st.DataObject
) -> None:
    """Nodes read after some change, ties after a later one, and the version before both: all are laid over it again."""
    begin = (
        [put(node_id, name=node_id) for node_id in IDS],
        [tie(start, TieType.REPORTS_TO, end) for start, end in product(IDS, IDS)],
    )
    states, made = [after(Stored(), plan(change(*begin[0], *begin[1]), Stored()))], []
    for steps in changes:
        for effects in planned(steps, states[-1]):
            made.append(unpack(pack(effects)))
            assert made[-1] == effects
            states.append(after(states[-1], effects))
    last = len(made)
    version = data.draw(st.integers(0, last))
    nodes = data.draw(st.integers(version, last))
    ties = data.draw(st.integers(nodes, last))
    read = network_of(version, states[nodes], states[ties])
    expected = network_of(last, states[last], states[last])
    assert columns_of(refreshed(read, last, made[version:])) == columns_of(expected)
