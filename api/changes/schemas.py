"""The history as the API gives it."""

from typing import Annotated

from pydantic import Field

from api.paging import Next
from api.schemas import Answer, Fields
from graph_model.changes import ChangeKind
from graph_model.schema import NodeType, TieType

__all__ = ["ChangeOut", "ChangeWithEffects", "CountsOut", "History", "TieKeyOut", "Undone"]


class CountsOut(Answer):
    """How many."""

    added: int = Field(description="How many were added.")
    changed: int = Field(description="How many were changed.")
    removed: int = Field(description="How many were removed.")


class ChangeOut(Answer):
    """One change: everything that was ever written is one."""

    number: int = Field(description="Its number: the version of the network that it made.")
    id: str = Field(description="Its id.")
    kind: ChangeKind = Field(description="What sort of act it was.")
    by: str = Field(description="Who made it.")
    at: str = Field(description="When, in UTC (ISO 8601).")
    why: str = Field(description="What for, in their words.")
    undoes: int | None = Field(description="The number of the change that it took back; null: none.")
    nodes: CountsOut = Field(description="How many records it touched.")
    ties: CountsOut = Field(description="How many ties it touched.")
    sentence: str = Field(description="What it did, in words.")


class History(Answer):
    """A page of the history, the latest change first."""

    changes: list[ChangeOut] = Field(description="The changes.")
    next: Next


class TieKeyOut(Answer):
    """What makes a tie that tie."""

    type: TieType = Field(description="Its type.")
    start: Annotated[str, Field(alias="from", description="The id of the record it starts from.")]
    end: Annotated[str, Field(alias="to", description="The id of the record it leads to.")]
    role: str = Field(description="The role that tells it apart from others between the same two; empty: none.")
    valid_from: str = Field(description="The date likewise (ISO 8601); empty: none.")


_BEFORE = Field(description="The fields that differ, as they were before; null: it was not there.")
_AFTER = Field(description="The same fields afterwards; null: it was removed.")


class NodeEffectOut(Answer):
    """What became of one record."""

    id: str = Field(description="Its id.")
    type: NodeType = Field(description="Its type.")
    before: Annotated[Fields | None, _BEFORE]
    after: Annotated[Fields | None, _AFTER]


class TieEffectOut(TieKeyOut):
    """What became of one tie."""

    before: Annotated[Fields | None, _BEFORE]
    after: Annotated[Fields | None, _AFTER]


class EffectsOut(Answer):
    """What a change did."""

    nodes: list[NodeEffectOut] = Field(description="What became of records.")
    ties: list[TieEffectOut] = Field(description="What became of ties.")
    truncated: bool = Field(description="Whether there are more than the thousand that are listed.")


class ChangeWithEffects(Answer):
    """One change and what it did."""

    change: ChangeOut = Field(description="The change.")
    effects: EffectsOut = Field(description="What it did.")


class Undone(Answer):
    """What came of taking a change back."""

    change: ChangeOut | None = Field(description="The change that took it back; null: nothing differed any more.")
