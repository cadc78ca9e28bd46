"""The schema as the API gives it."""

from pydantic import Field

from api.schemas import Answer
from graph_model.schema import FieldKind, NodeType, TieType

__all__ = ["SchemaOut"]


class FieldOut(Answer):
    """A field of a record or tie."""

    name: str = Field(description="Its name.")
    kind: FieldKind = Field(description="What it may hold.")
    meaning: str = Field(description="What it means.")
    required: bool = Field(description="Whether a new one needs it.")
    sensitive: bool = Field(description="Whether it is about what people may not want known.")
    choices: list[str] = Field(description="The words it accepts; empty: any.")


class NodeTypeOut(Answer):
    """A type of record."""

    type: NodeType = Field(description="Its name.")
    meaning: str = Field(description="What it means.")
    sheet: str = Field(description="The sheet it is read from.")
    plural: str = Field(description="What people call several of it.")
    fields: list[FieldOut] = Field(description="Its own fields.")


class ConnectsOut(Answer):
    """How a tie joins people."""

    strength: float = Field(description="How strongly, where the tie states nothing.")
    by_membership: bool = Field(description="Whether it joins each pair of members, by a share of that.")


class CarriesOut(Answer):
    """How likely an ask is passed on along a tie."""

    onward: float | None = Field(description="From its start to its end; null: not at all.")
    back: float | None = Field(description="From its end to its start; null: not at all.")
    own: bool = Field(description="Whether a strength stated on the tie is used instead.")


class TieTypeOut(Answer):
    """A type of tie."""

    type: TieType = Field(description="Its name.")
    meaning: str = Field(description="What it means.")
    says: str = Field(description="A tie in words, read from its start.")
    says_back: str = Field(description="The same read from its end.")
    directed: bool = Field(description="Whether its direction means anything.")
    ends: list[tuple[NodeType, NodeType]] = Field(description="The types of record it may join, from and to.")
    connects: ConnectsOut | None = Field(description="How it joins people; null: it does not.")
    carries: CarriesOut | None = Field(description="How it carries an ask; null: it does not.")
    fields: list[FieldOut] = Field(description="Its own fields.")


class SchemaOut(Answer):
    """What the network can hold."""

    nodes: list[NodeTypeOut] = Field(description="The types of record.")
    ties: list[TieTypeOut] = Field(description="The types of tie.")
    common_fields: list[FieldOut] = Field(description="The fields that every record and tie may have beside its own.")
