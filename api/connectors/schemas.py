"""Highly connected people as the API gives them."""

from pydantic import Field

from analytics.connectors import Measure
from api.schemas import Answer, AnswerOfVersion, Named
from graph_model.schema import TieType

__all__ = ["ConnectorsOut"]


class ConnectorOut(Answer):
    """One person of the list."""

    id: str = Field(description="Their id.")
    name: str = Field(description="Their name.")
    score: float | None = Field(description="Their score by the measure; null: it is not defined for them.")
    rank: int | None = Field(description="1 + the number of people who are better; null where the score is.")
    visible_leader: bool = Field(description="Whether officers see them as a community leader.")
    sentence: str = Field(description="What their score means, in words that are true of what is recorded.")
    half_width: float = Field(description="How far off the score may be; 0: it is exact.")
    not_told_apart: int = Field(description="How many others may be as good or better, or as bad or worse.")


class SampledOut(Answer):
    """How an estimate was made."""

    samples: int = Field(description="How many samples were drawn.")
    half_width: float = Field(description="The widest half width of all scores.")
    confidence: float = Field(description="The chance that every true score is within its half width.")
    seed: int = Field(description="The seed: the same gives the same answer.")


class ConnectorsOut(AnswerOfVersion):
    """Highly connected people, in order of rank, name and id."""

    on: str = Field(description="The date that was asked of.")
    measure: Measure = Field(description="What connected was to mean.")
    top: int = Field(description="How many were asked for.")
    tie_types: list[TieType] | None = Field(description="Which ties were counted; null: all that join people.")
    scope: str | None = Field(description="The id of what they were to be in or affected by; null: anybody.")
    people: int = Field(description="How many were ranked.")
    tied_at_cut: int = Field(description="How many share the last rank listed, if not all of them are listed; else 0.")
    sampled: SampledOut | None = Field(description="How the scores were estimated; null: they are exact.")
    threshold: float = Field(description="The least strength of a tie that counts as contact.")
    left_out: list[Named] = Field(description="Associations too large for members to be taken to be in contact.")
    rows: list[ConnectorOut] = Field(description="The people.")
    notes: list[str] = Field(description="What was left out or estimated, in words.")
