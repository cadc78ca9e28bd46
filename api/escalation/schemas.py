"""Ways up to a decision-maker as the API gives them."""

from typing import Annotated

from pydantic import Field

from api.schemas import Answer, AnswerOfVersion
from graph_model.schema import TieType

__all__ = ["WaysOut"]


class PassedOut(Answer):
    """An association that an ask goes through."""

    id: str = Field(description="Its id.")
    name: str = Field(description="Its name.")


class StepOut(Answer):
    """One ask."""

    start: Annotated[str, Field(alias="from", description="The id of who asks.")]
    from_name: str = Field(description="The name of who asks.")
    end: Annotated[str, Field(alias="to", description="The id of who is asked.")]
    to_name: str = Field(description="The name of who is asked.")
    through: str | None = Field(description="The id of the association whose member is asked; null: directly.")
    through_name: str = Field(description="The name of that association; empty: directly.")
    passed: list[PassedOut] = Field(description="All associations the ask goes through, in order.")
    tie: TieType = Field(description="The type of the tie that leads to who is asked.")
    ties: int = Field(description="How many ties the step takes.")
    strength: float = Field(description="The chance that the ask is passed on.")
    also: list[str] = Field(description="What else would carry the ask between the two; it is not counted.")
    sentence: str = Field(description="The step in words.")


class WayOut(Answer):
    """One way up."""

    reliability: float = Field(description="The chance that the ask arrives: the product of the strengths.")
    level: str | None = Field(description="The level its end decides at; null: its end was named.")
    ties: int = Field(description="How many ties it has.")
    start: Annotated[str, Field(alias="from", description="The id of where it starts.")]
    from_name: str = Field(description="The name of where it starts.")
    end: Annotated[str, Field(alias="to", description="The id of where it ends.")]
    to_name: str = Field(description="The name of where it ends.")
    sentence: str = Field(description="The way in words.")
    steps: list[StepOut] = Field(description="Who asks whom; empty where the one it starts with can decide.")


class WaysOut(AnswerOfVersion):
    """Ways up, the most reliable to the lowest level that can decide first."""

    on: str = Field(description="The date that was asked of.")
    about: str | None = Field(description="The id of what must be decided; null: whom to reach was named.")
    start: Annotated[str | None, Field(alias="from", description="The id of who asks; null: anybody of ours.")]
    end: Annotated[str | None, Field(alias="to", description="The id of the person to reach; null: who can decide.")]
    k: int = Field(description="How many ways were asked for.")
    max_steps: int = Field(description="The most ties a way could have.")
    avoid: list[str] = Field(description="Ids of those to go round.")
    worth_asking: float = Field(description="How reliable a way must be for its level to come first.")
    paths: list[WayOut] = Field(description="The ways.")
    weaker: list[str] = Field(description="Lower levels that could decide but are not worth asking, in words.")
    missing: list[str] = Field(description="What the network must hold before there is a way, in words.")
    truncated: bool = Field(description="Whether the search was cut: there may be more ways.")
    notes: list[str] = Field(description="What was left out or cut, in words.")
