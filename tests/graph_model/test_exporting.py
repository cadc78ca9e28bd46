"""Writing the network as a folder: it says the same wherever it is read."""

import csv
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_model.cells import read_cell
from graph_model.errors import DataError, RecordError
from graph_model.exporting import export_folder, write_folder
from graph_model.importing import import_folder
from graph_model.schema import NODE_TYPES, TIE_TYPES, Field, FieldKind, NodeType, TieType
from graph_model.sheets import read_sheets
from graph_model.store import Store
from tests.graph_model.acts import act, drop, knows, person, put, state, tie

_GIVEN: dict[FieldKind, Any] = {
    FieldKind.TEXT: 'A text, "quoted"; with\nline ends',
    FieldKind.LIST: ["one", "two, three"],
    FieldKind.FLAG: False,
    FieldKind.WHOLE: 7,
    FieldKind.NUMBER: -0.1,
    FieldKind.DATE: "2026-03-31",
    FieldKind.STRENGTH: 1 / 3,
}


def full(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.name: field.choices[-1] if field.choices else _GIVEN[field.kind] for field in fields}


def test_a_network_with_every_field_of_every_type_comes_back(store: Store, tmp_path: Path) -> None:
    ids = {node: f"a {node.value}" for node in NodeType}
    steps: list[Any] = [put(ids[node], node, **full(spec.fields)) for node, spec in NODE_TYPES.items()]
    steps += [
        tie(ids[start], kind, ids[end], **full(spec.fields))
        for kind, spec in TIE_TYPES.items()
        for start, end in spec.ends
    ]
    act(store, *steps)
    before, network = state(store), store.network()
    written = export_folder(store, tmp_path / "out")
    assert set(written) == {spec.sheet for spec in NODE_TYPES.values()} | {"ties.csv"}
    assert import_folder(store, tmp_path / "out", by="sam").entry is None, "it says what is there already"
    act(store, *(drop(node_id) for node_id in ids.values()))
    import_folder(store, tmp_path / "out", by="leah")
    assert state(store) == before
    again = store.network()
    assert again.nodes.id.list == network.nodes.id.list
    assert len(again.ties) == len(network.ties) == sum(len(spec.ends) for spec in TIE_TYPES.values())
    export_folder(store, tmp_path / "again")
    for sheet in written:
        assert (tmp_path / "again" / sheet).read_bytes() == (tmp_path / "out" / sheet).read_bytes()


def test_only_what_is_filled_in_is_a_column_and_rows_are_sorted(store: Store, tmp_path: Path) -> None:
    act(store, person("sam"), person("amira", visible_leader=True), knows("sam", "amira", strength="some"))
    assert export_folder(store, tmp_path) == {"stakeholders.csv": 2, "ties.csv": 1}
    assert list(csv.reader((tmp_path / "stakeholders.csv").open())) == [
        ["id", "name", "visible_leader"],
        ["amira", "Amira", "yes"],
        ["sam", "Sam", ""],
    ]
    assert (tmp_path / "ties.csv").read_bytes() == b"from,type,to,strength\r\namira,KNOWS,sam,0.6\r\n"


def test_an_empty_network_can_be_written_and_read(store: Store, tmp_path: Path) -> None:
    assert export_folder(store, tmp_path) == {"stakeholders.csv": 0}
    assert import_folder(store, tmp_path, by="leah").rows == 0


def test_sheets_are_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "Old.CSV").touch()
    with pytest.raises(DataError, match=r"holds Old.CSV already\. Name a folder that is new or empty"):
        write_folder(tmp_path, [], [])
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        write_folder(tmp_path / "file", [], [])


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(_TEXTS, st.lists(_TEXTS, max_size=3), st.floats(0, 1, exclude_min=True))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_value_that_is_kept_comes_back_from_its_sheet(text: str, texts: list[str], strength: float) -> None:
    spec = NODE_TYPES[NodeType.STAKEHOLDER]
    fields: dict[str, Any] = {"name": "x"}
    for name, value in (("notes", text), ("skills", texts)):
        try:
            fields[name] = read_cell(next(field for field in spec.fields if field.name == name), value)
        except RecordError:
            continue
    with tempfile.TemporaryDirectory() as folder:
        ties = [(TieType.KNOWS, "p", "p", {"strength": strength})]
        write_folder(Path(folder), [(NodeType.STAKEHOLDER, "p", fields)], ties)
        sheets = read_sheets(Path(folder))
    assert sheets.problems == []
    person_, tie_ = (step.record.fields for step in sheets.steps)
    assert {name: value for name, value in person_.items() if value is not None} == {
        name: value for name, value in fields.items() if value is not None
    }
    assert tie_ == {"strength": strength}
