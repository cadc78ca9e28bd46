"""What the models of all answers share."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Answer", "AnswerOfVersion", "Fields", "Named"]

Fields = dict[str, Any]
"""The fields of a node or tie by name; ``GET /schema`` says which each type has and what they mean."""


class Answer(BaseModel):
    """A part of an answer. It holds exactly what ``analytics.plain`` puts there: what it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


class AnswerOfVersion(Answer):
    """An answer on the network as it stood after one change."""

    version: int = Field(description="The number of the last change in the network that was looked at (0: none yet).")


class Named(Answer):
    """A record that an answer speaks of."""

    id: str = Field(description="Its id.")
    name: str = Field(description="What people call it.")
