"""What a search found, as the API gives it."""

from pydantic import Field

from api.schemas import Answer, AnswerOfVersion
from graph_model.schema import NodeType

__all__ = ["FoundOut"]


class HitOut(Answer):
    """One record that was found."""

    id: str = Field(description="Its id.")
    type: NodeType = Field(description="Its type.")
    name: str = Field(description="Its name.")
    matched: str = Field(description="The name that fitted: its own, or another it is known by.")
    sort: str = Field(description="Its own kind, such as resident; empty: not given.")
    score: float = Field(description="How well it fits, up to 100 (the same words).")


class FoundOut(AnswerOfVersion):
    """What was found, the best first."""

    text: str = Field(description="What was looked for.")
    total: int = Field(description="How many fit.")
    truncated: bool = Field(description="Whether more fit than are listed.")
    rows: list[HitOut] = Field(description="The best.")
