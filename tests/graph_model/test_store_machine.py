"""Any sequence of changes, imports and undos, held to plain dictionaries, and the Network brought up to date by it."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from graph_model.changes import ChangeKind, Step
from graph_model.errors import ChangeRefused
from graph_model.network import Network
from graph_model.records import TieKey
from graph_model.schema import NodeType, TieType
from graph_model.store import Store
from tests.graph_model.acts import State, act, columns_of, drop, put, state, tie, untie

PEOPLE, PLACES = ("p1", "p2", "é"), ("harrow", "z1")
KINDS = dict.fromkeys(PEOPLE, NodeType.STAKEHOLDER) | dict.fromkeys(PLACES, NodeType.ASSOCIATION)
DAYS = st.sampled_from(["", "2025-01-01", "2026-06-01"])
NODES = st.sampled_from([*PEOPLE, *PLACES])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "notes": st.sampled_from(["", "one", "two"]),
        "contact_upward": st.sampled_from(["", "yes", "no"]),
        "valid_to": st.sampled_from(["", "2027-01-01"]),
    },
)


@st.composite
def ties(draw: st.DrawFn) -> tuple[TieKey, dict[str, Any]]:
    """A tie between two people, or of a person and an association, with fields."""
    kind = draw(st.sampled_from([TieType.KNOWS, TieType.REPORTS_TO, TieType.MEMBER_OF]))
    start, day = draw(st.sampled_from(PEOPLE)), draw(DAYS)
    cells: dict[str, Any] = {"valid_from": day} if day else {}
    if kind is TieType.MEMBER_OF:
        role = draw(st.sampled_from(["", "chair", "owner"]))
        cells |= draw(st.fixed_dictionaries({}, optional={"level": st.sampled_from(["", "area"])}))
        return TieKey(kind, start, draw(st.sampled_from(PLACES)), role, day), cells | ({"role": role} if role else {})
    cells |= draw(st.fixed_dictionaries({}, optional={"strength": st.sampled_from(["", "weak", "0.5"])}))
    return TieKey(kind, start, draw(st.sampled_from(PEOPLE)), "", day).canonical, cells


PUT_NODE = st.tuples(st.just("put"), NODES, FIELDS)
PUT_TIE = st.tuples(st.just("tie"), ties())
DROP_NODE = st.tuples(st.just("drop"), NODES)
DROP_TIE = st.tuples(st.just("untie"), ties())
KEPT = {"yes": True, "no": False, "weak": 0.3, "0.5": 0.5, "": None}


class Model:
    """What a network is: nodes and ties by identity, and the fields edited in Kith."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, Any]] = {}
        self.ties: dict[TieKey, dict[str, Any]] = {}
        self.edited: dict[object, set[str]] = {}

    def step(self, step: tuple[Any, ...], *, imported: bool) -> bool:
        """Do one step; False where it must be refused."""
        match step:
            case ("put", node_id, cells):
                return self._put(self.nodes, node_id, {"name": node_id, **cells}, imported=imported)
            case ("tie", (key, cells)):
                if not {key.start, key.end} <= self.nodes.keys():
                    return False
                return self._put(self.ties, key, cells, imported=imported)
            case ("drop", node_id):
                for key in [key for key in self.ties if node_id in (key.start, key.end)]:
                    self._forget(self.ties, key)
                return self._forget(self.nodes, node_id)
            case ("untie", (key, _)):
                return self._forget(self.ties, key)
        raise AssertionError(step)

    def _forget(self, kept: dict[Any, Any], identity: object) -> bool:
        self.edited.pop(identity, None)
        return kept.pop(identity, None) is not None

    def _put(self, kept: dict[Any, Any], identity: Any, cells: dict[str, Any], *, imported: bool) -> bool:
        new = identity not in kept
        record, edited = kept.setdefault(identity, {}), self.edited.setdefault(identity, set())
        for name, cell in cells.items():
            value = KEPT.get(cell, cell)
            if record.get(name) != value and not (imported and name in edited):
                record[name] = value
                (edited.discard if imported else edited.add)(name)
            elif new and not imported and value is not None:
                edited.add(name)
        begin, end = record.get("valid_from"), record.get("valid_to")
        return not (begin and end and begin > end)

    def state(self) -> State:
        def given(fields: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in fields.items() if value is not None}

        return (
            {node_id: (KINDS[node_id], given(fields)) for node_id, fields in self.nodes.items()},
            {key: given(fields) for key, fields in self.ties.items()},
        )


def asked(step: tuple[Any, ...]) -> Step:
    match step:
        case ("put", node_id, cells):
            return put(node_id, KINDS[node_id], name=node_id, **cells)
        case ("tie", (key, cells)):
            # An undirected tie is asked for from its other end: it is the same tie.
            start, end = (key.end, key.start) if key.type is TieType.KNOWS else (key.start, key.end)
            return tie(start, key.type, end, **cells)
        case ("drop", node_id):
            return drop(node_id)
        case ("untie", (key, _)):
            return untie(key.start, key.type, key.end, key.role, key.valid_from)
    raise AssertionError(step)


class StoreMachine(RuleBasedStateMachine):
    """Changes at random. ``store`` is set by the test, on either engine."""

    store: Store
    reset: Any

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.past: list[Model] = []
        self.network: Network | None = None

    @initialize()
    def begin(self) -> None:
        type(self).reset()
        self.network = self.store.network()
        self.past = [copy.deepcopy(self.model)]

    def attempt(self, steps: list[tuple[Any, ...]], *, imported: bool) -> None:
        after = copy.deepcopy(self.model)
        good = [after.step(step, imported=imported) for step in steps]
        kind = ChangeKind.IMPORT if imported else ChangeKind.EDIT
        if not all(good):
            with pytest.raises(ChangeRefused):
                act(self.store, *map(asked, steps), kind=kind)
            return
        applied = act(self.store, *map(asked, steps), kind=kind)
        self.model = after
        if applied.entry is not None:
            self.past.append(copy.deepcopy(after))

    @rule(steps=st.lists(st.one_of(PUT_NODE, PUT_NODE, PUT_TIE, PUT_TIE, DROP_NODE, DROP_TIE), min_size=1, max_size=4))
    def edit(self, steps: list[tuple[Any, ...]]) -> None:
        self.attempt(steps, imported=False)

    @rule(steps=st.lists(st.one_of(PUT_NODE, PUT_TIE), min_size=1, max_size=6))
    def import_rows(self, steps: list[tuple[Any, ...]]) -> None:
        self.attempt(steps, imported=True)

    @precondition(lambda self: len(self.past) > 1)
    @rule(back=st.integers(0, 3))
    def undo(self, back: int) -> None:
        """The latest change can always be taken back, to the state before it; an older one may be refused."""
        number = max(1, len(self.past) - 1 - back)
        try:
            self.store.undo(number, "leah")
        except ChangeRefused:
            assert number < len(self.past) - 1
            return
        if number == len(self.past) - 1:
            self.model = copy.deepcopy(self.past[number - 1])
        else:
            nodes, ties = state(self.store)
            before = self.model
            self.model = Model()
            self.model.nodes = {node_id: fields for node_id, (_, fields) in nodes.items()}
            self.model.ties = ties
            touched = self.store.entry(number)[1].touched
            for mine, theirs in ((before.nodes, self.model.nodes), (before.ties, self.model.ties)):
                for identity in mine.keys() | theirs.keys():
                    assert identity in touched or mine.get(identity) == theirs.get(identity)
        stored_nodes, stored_ties = self.store.records()
        records = {node.properties["id"]: node.properties for node in stored_nodes} | dict(stored_ties)
        self.model.edited = {identity: set(fields.get("edited", ())) for identity, fields in records.items()}
        self.past.append(copy.deepcopy(self.model))

    @invariant()
    def the_same_state_and_the_same_network(self) -> None:
        if self.network is None:
            return
        assert state(self.store) == self.model.state()
        assert self.store.version() == len(self.past) - 1
        self.network = self.store.network(self.network)
        assert columns_of(self.network) == columns_of(self.store.network())


def campaign(store: Store, reset: Any, examples: int, steps: int) -> None:
    machine = type("Machine", (StoreMachine,), {"store": store, "reset": staticmethod(reset)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_sequence_of_changes(store: Store, emptied: Any) -> None:
    campaign(store, emptied, 8, 12)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_very_many_sequences_of_changes(store: Store, emptied: Any) -> None:
    campaign(store, emptied, 300, 40)
