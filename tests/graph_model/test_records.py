"""What a record may hold, and the sentence for what it may not."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_model.cells import ID_LIMIT, NAME_LIMIT, TEXT_LIMIT, read_cell, write_cell
from graph_model.errors import ChangeRefused, RecordError
from graph_model.records import NODE_MODELS, TIE_MODELS, TieKey, check_ends, read_node, read_tie
from graph_model.schema import NODE_TYPES, TIE_TYPES, Field, FieldKind, NodeType, TieType

PERSON = NodeType.STAKEHOLDER


def refused(node: NodeType, **cells: Any) -> RecordError:
    with pytest.raises(ChangeRefused) as caught:
        read_node(node, "x", cells)
    assert len(caught.value.reasons) == 1
    return caught.value.reasons[0]


def refused_tie(tie: TieType, **cells: Any) -> RecordError:
    with pytest.raises(ChangeRefused) as caught:
        read_tie(tie, "a", "b", cells)
    assert len(caught.value.reasons) == 1
    return caught.value.reasons[0]


@pytest.mark.parametrize(
    ("column", "given_cell", "kept"),
    [
        ("name", "  Amira Khan ", "Amira Khan"),
        ("name", "Zoe\u0301", "Zoé"),
        ("skills", "Urdu; first aid ;", ["Urdu", "first aid"]),
        ("skills", ["Urdu"], ["Urdu"]),
        ("skills", " ; ", None),
        ("visible_leader", " Yes ", True),
        ("visible_leader", "N", False),
        ("visible_leader", True, True),
        ("asked_on", "2026-03-31", "2026-03-31"),
        ("asked_on", date(2026, 3, 31), "2026-03-31"),
        ("asked_on", "", None),
        ("notes", None, None),
        ("source_grade", "b", "B"),
    ],
)
def test_a_cell_is_kept_in_one_form(column: str, given_cell: Any, kept: Any) -> None:
    assert read_node(PERSON, "p", {column: given_cell}).fields == {column: kept}


def test_only_given_fields_are_in_a_record() -> None:
    assert read_node(PERSON, " p-1 ", {"name": "Amira"}) == read_node(PERSON, "p-1", {"name": "Amira"})
    assert read_node(PERSON, "p", {}).fields == {}


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("asked_on", "31/03/2026", "year-month-day"),
        ("asked_on", "2026-02-30", "is not a date"),
        ("asked_on", "20260331", "is not a date"),
        ("asked_on", "2026-W14-2", "is not a date"),
        ("visible_leader", "perhaps", "neither yes nor no"),
        ("name", "", "is empty"),
        ("name", "x" * (NAME_LIMIT + 1), "At most 500"),
        ("notes", "x" * (TEXT_LIMIT + 1), "At most 1,000,000"),
        ("notes", "a\x00b", "cannot be kept"),
        ("notes", "\ud800", "cannot be kept"),
        ("notes", 7, "is not a text"),
        ("skills", 7, "is not a list"),
        ("skills", ["a;b"], "; inside one entry"),
        ("skills", ";".join("s" * 201), "At most 200"),
        ("source_grade", "F", "Write one of: A, B, C, D, E"),
        ("nmae", "Amira", "Did you mean name?"),
        ("shoe_size", "9", "is not a field of Stakeholder"),
        ("strength", "0.3", "is not a field of Stakeholder"),
        ("id", "other", "is not a field"),
    ],
)
def test_a_wrong_cell_is_a_sentence(column: str, cell: Any, words: str) -> None:
    error = refused(PERSON, **{column: cell})
    assert error.column == column
    assert words in str(error)


@pytest.mark.parametrize("cell", ["-1", "2.5", "many", "1e3", True, 2**31, float("nan"), [1]])
def test_whole_numbers(cell: Any) -> None:
    assert "whole number" in str(refused(NodeType.ASSOCIATION, size=cell))
    assert read_node(NodeType.ASSOCIATION, "a", {"size": " 12 "}).fields["size"] == 12


@pytest.mark.parametrize("cell", ["91", "-90.5", "north", "nan", "inf", 10**400, True])
def test_degrees(cell: Any) -> None:
    assert refused(NodeType.PLACE, latitude=cell).column == "latitude"
    assert read_node(NodeType.PLACE, "a", {"latitude": "-89.5", "longitude": 179}).fields["latitude"] == -89.5


@pytest.mark.parametrize("cell", ["0", "-0.1", "1.01", "nan", "inf", "very", True, [], "0.6%"])
def test_strength_is_a_probability_above_zero(cell: Any) -> None:
    if cell == []:
        assert read_tie(TieType.KNOWS, "a", "b", {"strength": cell}).fields["strength"] is None
    else:
        assert "weak, some or strong" in str(refused_tie(TieType.KNOWS, strength=cell))


@pytest.mark.parametrize(
    ("cell", "kept"), [("weak", 0.3), ("Some", 0.6), (" STRONG", 0.9), ("1", 1.0), (0.25, 0.25), (1, 1.0)]
)
def test_strength_in_words_or_numbers(cell: Any, kept: float) -> None:
    assert read_tie(TieType.REPORTS_TO, "a", "b", {"strength": cell}).fields["strength"] == kept


def test_strength_elsewhere_says_where_it_belongs() -> None:
    assert "Only KNOWS and REPORTS_TO" in str(refused_tie(TieType.MEMBER_OF, strength="0.3"))


def test_nothing_ends_before_it_begins() -> None:
    error = refused(PERSON, valid_from="2026-02-02", valid_to="2026-02-01")
    assert error.column == "valid_to"
    assert "2026-02-01 is before valid_from, 2026-02-02" in str(error)
    assert read_node(PERSON, "p", {"valid_from": "2026-02-02", "valid_to": "2026-02-02"})


@pytest.mark.parametrize("node_id", ["", "  ", None, 7, ".", "..", "a\nb", "a\u200bb", "x" * (ID_LIMIT + 1)])
def test_ids_that_cannot_be(node_id: Any) -> None:
    with pytest.raises(ChangeRefused) as caught:
        read_node(PERSON, node_id, {})
    assert [reason.column for reason in caught.value.reasons] == ["id"]


def test_every_wrong_cell_is_told_at_once() -> None:
    with pytest.raises(ChangeRefused) as caught:
        read_tie(TieType.KNOWS, "", "", {"strength": "9", "valid_from": "soon", "colour": "red"})
    assert {reason.column for reason in caught.value.reasons} == {"from", "to", "strength", "valid_from", "colour"}


def test_ends_that_a_tie_cannot_have() -> None:
    with pytest.raises(RecordError, match="REPORTS_TO cannot join Stakeholder to Place"):
        check_ends(TieType.REPORTS_TO, PERSON, NodeType.PLACE)
    for tie, spec in TIE_TYPES.items():
        for start in NodeType:
            for end in NodeType:
                if (start, end) in spec.ends:
                    check_ends(tie, start, end)
                else:
                    with pytest.raises(RecordError, match="cannot join"):
                        check_ends(tie, start, end)


def test_an_undirected_tie_has_one_key_whichever_end_comes_first() -> None:
    one, other = TieKey(TieType.KNOWS, "a", "b"), TieKey(TieType.KNOWS, "b", "a")
    assert one.canonical == other.canonical == one
    assert TieKey(TieType.REPORTS_TO, "b", "a").canonical == TieKey(TieType.REPORTS_TO, "b", "a")


def test_role_and_first_day_make_a_tie_another() -> None:
    key = read_tie(TieType.MEMBER_OF, "a", "b", {"role": "chair", "valid_from": "2026-01-01"}).key
    assert (key.role, key.valid_from) == ("chair", "2026-01-01")


_CELLS = {
    FieldKind.TEXT: st.text(max_size=20),
    FieldKind.LIST: st.lists(st.text(max_size=8), max_size=4),
    FieldKind.FLAG: st.booleans(),
    FieldKind.WHOLE: st.integers(0, 2**31 - 1),
    FieldKind.NUMBER: st.floats(-90, 90),
    FieldKind.DATE: st.dates(),
    FieldKind.STRENGTH: st.floats(0, 1, exclude_min=True),
}
_FIELDS = sorted(
    {field for spec in (*NODE_TYPES.values(), *TIE_TYPES.values()) for field in spec.fields}, key=lambda f: f.name
)


@given(st.data(), st.sampled_from(_FIELDS))
def test_what_is_kept_reads_back_from_its_cell(data: st.DataObject, field: Field) -> None:
    cells = st.sampled_from(field.choices) if field.kind is FieldKind.CHOICE else _CELLS[field.kind]
    try:
        kept = read_cell(field, data.draw(cells))
    except RecordError:
        return
    if kept is not None:
        assert read_cell(field, write_cell(kept)) == kept


@given(
    st.sampled_from(_FIELDS),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists),
)
def test_whatever_stands_in_a_cell_is_kept_or_refused_in_a_sentence(field: Field, value: Any) -> None:
    errors = []
    try:
        read_cell(field, value)
    except RecordError as error:
        errors.append(error)
    for error in errors:
        assert error.column == field.name
        assert error.problem.endswith(".")
        assert error.remedy.endswith(".")


def test_models_describe_every_field_for_forms_and_the_api() -> None:
    for models, specs in ((NODE_MODELS, NODE_TYPES), (TIE_MODELS, TIE_TYPES)):
        for kind, spec in specs.items():
            described = models[kind].model_json_schema()
            assert set(described["properties"]) == {field.name for field in spec.fields}
            assert all(field["description"] for field in described["properties"].values())
            assert described["additionalProperties"] is False
