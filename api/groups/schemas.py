"""A working group as the API gives it."""

from pydantic import Field

from api.schemas import Answer, AnswerOfVersion, Named
from graph_model.schema import TieType

__all__ = ["GroupOut"]


class MemberOut(Answer):
    """One member."""

    id: str = Field(description="Their id.")
    name: str = Field(description="Their name.")
    alone: float = Field(description="What the group's reach would lose without them.")
    only_through: int = Field(description="How many people nobody else in the group reaches at all.")
    self_interest: str = Field(description="What they want out of it; empty: nobody has asked yet.")
    visible_leader: bool = Field(description="Whether officers see them as a community leader.")
    sentence: str = Field(description="What they bring to the group, in words.")


class GroupOut(AnswerOfVersion):
    """A working group, what it reaches, and how close that is to the best there could be."""

    on: str = Field(description="The date that was asked of.")
    size: int = Field(description="How many members were asked for.")
    hops: int = Field(description="Over how many ties somebody could be reached.")
    weighted: bool = Field(description="Whether a person counted by how surely they are reached.")
    tie_types: list[TieType] | None = Field(description="Which ties were counted; null: all that join people.")
    must_include: list[str] = Field(description="Ids of those who had to be in it.")
    exclude: list[str] = Field(description="Ids of those who could not be.")
    problem: str | None = Field(description="The id of the problem whose people counted; null: everybody did.")
    members: list[MemberOut] = Field(description="Those who had to be in it, then the others as they were chosen.")
    reach: float = Field(description="How surely the group reaches each person who counts, added up.")
    possible_at_most: float = Field(description="What no group that meets the question can reach more than.")
    share: float = Field(description="Reach as a share of that.")
    people: int = Field(description="How many people count.")
    threshold: float = Field(description="The least strength of a tie that counts as contact, where not weighted.")
    left_out: list[Named] = Field(description="Associations too large for members to be taken to be in contact.")
    sentence: str = Field(description="What the group reaches, in words.")
    notes: list[str] = Field(description="What was left out, in words.")
