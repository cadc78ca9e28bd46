"""What a check found, as the API gives it."""

from pydantic import Field

from analytics.checks import Weight
from api.schemas import Answer, AnswerOfVersion

__all__ = ["CheckedOut"]


class CaseOut(Answer):
    """One thing that was found."""

    ids: list[str] = Field(description="The ids of the records it is about.")
    words: str = Field(description="The thing in words.")


class FindingOut(Answer):
    """One kind of thing that was found."""

    code: str = Field(description="Its name for programs; never changes.")
    weight: Weight = Field(description="How much it matters.")
    count: int = Field(description="How many there are.")
    at_least: bool = Field(description="Whether there are more, which were not counted.")
    truncated: bool = Field(description="Whether there are more than are listed.")
    sentence: str = Field(description="What is wrong.")
    remedy: str = Field(description="What to do about it.")
    cases: list[CaseOut] = Field(description="Which: the first hundred.")


class CheckedOut(AnswerOfVersion):
    """All that was found, what is wrong first."""

    on: str = Field(description="The date that was asked of.")
    findings: list[FindingOut] = Field(description="What was found; empty: nothing.")
