"""Records: one node or one tie as somebody wrote it down, checked against the schema.

The pydantic models are made from ``schema.py``, so a field is declared once; FastAPI describes bodies with the same
models. A field that was not given is left alone; one given as None (an empty cell) is cleared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema, create_model
from pydantic import Field as PydanticField
from pydantic_core import PydanticCustomError

from graph_model.cells import read_cell, read_id
from graph_model.errors import ChangeRefused, RecordError
from graph_model.schema import NODE_TYPES, TIE_TYPES, Field, FieldKind, NodeSpec, NodeType, TieSpec, TieType

__all__ = [
    "NODE_MODELS",
    "TIE_MODELS",
    "NodeRecord",
    "TieKey",
    "TieRecord",
    "check_dates",
    "check_ends",
    "counts_on",
    "read_node",
    "read_tie",
    "unknown_column",
]

Fields = Mapping[str, Any]


class TieKey(NamedTuple):
    """What makes a tie that tie: the same again updates it."""

    type: TieType
    start: str
    end: str
    role: str = ""
    valid_from: str = ""

    @property
    def canonical(self) -> "TieKey":
        """The key under which it is kept: the ends of an undirected tie in order."""
        if TIE_TYPES[self.type].directed or self.start <= self.end:
            return self
        return TieKey(self.type, self.end, self.start, self.role, self.valid_from)


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A node as somebody wrote it down: the fields they gave, None where they emptied one."""

    type: NodeType
    id: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class TieRecord:
    """A tie as somebody wrote it down, its ends as given. ``fields`` holds role and valid_from too, where given."""

    key: TieKey
    fields: Fields


_WITH_STRENGTH = [
    tie.value for tie, spec in TIE_TYPES.items() if any(field.name == "strength" for field in spec.fields)
]
_JSON: Mapping[FieldKind, dict[str, Any]] = {
    FieldKind.TEXT: {"type": "string"},
    FieldKind.LIST: {"type": "array", "items": {"type": "string"}},
    FieldKind.FLAG: {"type": "boolean"},
    FieldKind.WHOLE: {"type": "integer", "minimum": 0},
    FieldKind.NUMBER: {"type": "number"},
    FieldKind.DATE: {"type": "string", "format": "date"},
    FieldKind.CHOICE: {"type": "string"},
    FieldKind.STRENGTH: {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
}


def _validated(field: Field, value: Any) -> Any:
    try:
        return read_cell(field, value)
    except RecordError as error:
        raise PydanticCustomError("record", "{problem}", {"problem": error.problem, "remedy": error.remedy}) from None


def _annotated(field: Field) -> tuple[Any, Any]:
    described = {**_JSON[field.kind]}
    if field.choices:
        described["enum"] = list(field.choices)
    schema = described if field.required else {"anyOf": [described, {"type": "null"}]}
    annotation = Annotated[Any, BeforeValidator(partial(_validated, field)), WithJsonSchema(schema)]
    meaning = f"{field.meaning} A new one needs it." if field.required else field.meaning
    return annotation, PydanticField(None, description=meaning)


def _model(name: str, spec: NodeSpec | TieSpec) -> type[BaseModel]:
    columns: dict[str, Any] = {field.name: _annotated(field) for field in spec.fields}
    return create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=spec.meaning, **columns)


NODE_MODELS: Mapping[NodeType, type[BaseModel]] = {
    node: _model(f"{node.value}Fields", spec) for node, spec in NODE_TYPES.items()
}
"""The pydantic model of each node type's fields. That a new node has what is required is checked by the change."""
TIE_MODELS: Mapping[TieType, type[BaseModel]] = {
    tie: _model(f"{tie.value.title().replace('_', '')}Fields", spec) for tie, spec in TIE_TYPES.items()
}
"""The pydantic model of each tie type's fields."""


def read_node(node: NodeType, node_id: Any, cells: Mapping[str, Any]) -> NodeRecord:
    """A record from an id and cells by field name.

    Raises
    ------
    ChangeRefused
        With a RecordError for every cell that is wrong.
    """
    errors: list[RecordError] = []
    node_id = _id("id", node_id, errors)
    fields = _fields(NODE_MODELS[node], NODE_TYPES[node], cells, errors)
    if errors:
        raise ChangeRefused(errors)
    return NodeRecord(node, node_id, fields)


def read_tie(tie: TieType, start: Any, end: Any, cells: Mapping[str, Any]) -> TieRecord:
    """A record from the ids of its ends and cells by field name.

    Raises
    ------
    ChangeRefused
        With a RecordError for every cell that is wrong.
    """
    errors: list[RecordError] = []
    start, end = _id("from", start, errors), _id("to", end, errors)
    fields = _fields(TIE_MODELS[tie], TIE_TYPES[tie], cells, errors)
    if errors:
        raise ChangeRefused(errors)
    return TieRecord(TieKey(tie, start, end, fields.get("role") or "", fields.get("valid_from") or ""), fields)


def _id(column: str, value: Any, errors: list[RecordError]) -> str:
    try:
        return read_id(column, value)
    except RecordError as error:
        errors.append(error)
        return ""


def _fields(
    model: type[BaseModel], spec: NodeSpec | TieSpec, cells: Fields, errors: list[RecordError]
) -> dict[str, Any]:
    try:
        kept = model.model_validate(cells).__dict__
    except ValidationError as invalid:
        errors.extend(_sentences(invalid, spec))
        return {}
    fields = {name: kept[name] for name in cells}
    try:
        check_dates(fields)
    except RecordError as error:
        errors.append(error)
    return fields


def _sentences(invalid: ValidationError, spec: NodeSpec | TieSpec) -> list[RecordError]:
    """What pydantic found, as our errors."""
    found = []
    for error in invalid.errors(include_url=False, include_input=False):
        column = ".".join(map(str, error["loc"]))
        if error["type"] == "extra_forbidden":
            found.append(unknown_column(column, spec))
        else:
            found.append(RecordError(column, error["msg"], error.get("ctx", {}).get("remedy", "")))
    return found


def unknown_column(column: str, spec: NodeSpec | TieSpec) -> RecordError:
    """The error for a column that this type does not have, naming the one that was probably meant."""
    names = [field.name for field in spec.fields]
    if column == "strength" and isinstance(spec, TieSpec):
        remedy = f"Only {' and '.join(_WITH_STRENGTH)} state one. Leave it empty."
    elif near := get_close_matches(column, names, n=1):
        remedy = f"Did you mean {near[0]}?"
    else:
        remedy = f"It has: {', '.join(names)}."
    return RecordError(column, f"is not a field of {spec.type.value}.", remedy)


def check_dates(fields: Fields) -> None:
    """See that a record does not end before it begins.

    Raises
    ------
    RecordError
        Where ``valid_from`` is later than ``valid_to``.
    """
    begin, end = fields.get("valid_from"), fields.get("valid_to")
    if begin and end and begin > end:
        raise RecordError("valid_to", f"{end} is before valid_from, {begin}.", "It must be the same day or later.")


def counts_on(fields: Fields, day: date) -> bool:
    """Whether a record counts on a date: valid_from <= date < valid_to, and open where one is missing."""
    on = day.isoformat()
    return (fields.get("valid_from") or "") <= on and (not fields.get("valid_to") or on < fields["valid_to"])


def check_ends(tie: TieType, start: NodeType, end: NodeType) -> None:
    """See that a tie of this type may join these two types of node.

    Raises
    ------
    RecordError
        Where the schema does not allow it; the remedy says which ends it does.
    """
    spec = TIE_TYPES[tie]
    if not spec.allows(start, end):
        allowed = "; ".join(f"{one.value} to {other.value}" for one, other in spec.ends[:6])
        more = " and others" if len(spec.ends) > 6 else ""
        raise RecordError(
            "type", f"{tie.value} cannot join {start.value} to {end.value}.", f"It joins {allowed}{more}."
        )
