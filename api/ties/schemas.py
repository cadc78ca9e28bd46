"""Ties as the API takes and gives them; what a type's fields are comes from the schema."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from pydantic import BaseModel, Field, create_model

from api.changes.schemas import ChangeOut, TieKeyOut
from api.schemas import Answer
from graph_model.records import TIE_MODELS
from graph_model.schema import TIE_TYPES, TieSpec, TieType

__all__ = ["NEW_TIE_MODELS", "TieFields", "TieWritten"]


class TieWritten(Answer):
    """What came of writing a tie."""

    tie: TieKeyOut = Field(description="The tie, as it is kept: the ends of KNOWS, which has no direction, in order.")
    change: ChangeOut | None = Field(description="The change that was made; null: nothing differed.")


def _new(spec: TieSpec) -> type[BaseModel]:
    columns: dict[str, Any] = {
        "start": (str, Field(alias="from", description="The id of the record it starts from.")),
        "end": (str, Field(alias="to", description="The id of the record it leads to.")),
    }
    name = f"New{spec.type.value.title().replace('_', '')}"
    return create_model(name, __base__=TIE_MODELS[spec.type], __doc__=spec.meaning, **columns)


NEW_TIE_MODELS: Mapping[TieType, type[BaseModel]] = {tie: _new(spec) for tie, spec in TIE_TYPES.items()}
"""The body with which a tie of each type is added."""
TieFields = reduce(or_, TIE_MODELS.values())  # a union
"""The body with which a tie of any type is changed."""
