"""Records as the API takes and gives them; what a type's fields are comes from the schema."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

from api.changes.schemas import ChangeOut, TieKeyOut
from api.paging import Next
from api.schemas import Answer, AnswerOfVersion, Fields
from graph_model.records import NODE_MODELS
from graph_model.schema import NODE_TYPES, NodeSpec, NodeType

__all__ = ["NEW_NODE_MODELS", "NodeFields", "NodeOut", "NodePage", "NodeWritten", "RecordOut", "TieOut"]


class NodeRow(Answer):
    """A record in a list."""

    id: str = Field(description="Its id, one space over all types.")
    type: NodeType = Field(description="Its type.")
    name: str = Field(description="Its name.")
    sort: str = Field(description="Its own kind, such as resident or retailer; empty: not given.")


class NodePage(AnswerOfVersion):
    """Records in order of id."""

    rows: list[NodeRow] = Field(description="The records.")
    next: Next


class RecordOut(Answer):
    """Who wrote something, and who changed it last."""

    created_by: str | None = Field(description="Who wrote it.")
    created_at: str | None = Field(description="When, in UTC (ISO 8601).")
    updated_by: str | None = Field(description="Who changed it last; null: nobody has.")
    updated_at: str | None = Field(description="When, in UTC (ISO 8601).")


class TieOut(TieKeyOut):
    """A tie."""

    fields: Fields = Field(description="Its fields, those that are filled in; GET /schema says what they mean.")
    record: RecordOut = Field(description="Who wrote it, and who changed it last.")


class NeighbourOut(TieOut):
    """A tie seen from one of its ends."""

    outward: bool = Field(description="Whether it starts here.")
    other: str = Field(description="The id of the record at its other end.")
    other_type: NodeType = Field(description="The type of that record.")
    other_name: str = Field(description="The name of that record.")
    sentence: str = Field(description="The tie in words, read from here.")


class NodeOut(Answer):
    """A record with everything that is known of it."""

    id: str = Field(description="Its id.")
    type: NodeType = Field(description="Its type.")
    name: str = Field(description="Its name.")
    fields: Fields = Field(description="Its fields, those that are filled in; GET /schema says what they mean.")
    record: RecordOut = Field(description="Who wrote it, and who changed it last.")
    ties: list[NeighbourOut] = Field(description="Its ties, in the order of type and other end.")
    truncated: bool = Field(description="Whether it has more ties than are listed.")


class NodeWritten(Answer):
    """What came of writing a record."""

    id: str = Field(description="The id of the record.")
    change: ChangeOut | None = Field(description="The change that was made; null: nothing differed.")


def _new(spec: NodeSpec) -> type[BaseModel]:
    """A record that is not there yet: its id may be left to Kith, what is required must be there."""
    columns: dict[str, Any] = {
        "id": (
            str | None,
            Field(None, description="Its id, of at most 200 characters, unlike any other's. Default: a UUIDv7."),
        )
    }
    known = NODE_MODELS[spec.type]
    for field in spec.fields:
        if field.required:
            annotation = Annotated[(Any, *known.model_fields[field.name].metadata)]
            columns[field.name] = (annotation, Field(description=field.meaning))
    return create_model(f"New{spec.type.value}", __base__=known, __doc__=spec.meaning, **columns)


NEW_NODE_MODELS: Mapping[NodeType, type[BaseModel]] = {node: _new(spec) for node, spec in NODE_TYPES.items()}
"""The body with which a record of each type is added."""
NodeFields = reduce(or_, NODE_MODELS.values())  # a union
"""The body with which a record of any type is changed."""
