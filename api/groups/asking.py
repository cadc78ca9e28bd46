"""The question for a working group, from the parameters of a request."""

from typing import Annotated

from fastapi import Depends, Query

from analytics.groups import LARGEST_GROUP, MOST_HOPS, GroupQuestion, WorkingGroup, working_group
from api.asking import Day, TieTypes
from api.worker import Answers

__all__ = ["Asked", "ask"]


async def _question(
    on: Day,
    tie_types: TieTypes,
    *,
    size: Annotated[int, Query(ge=1, le=LARGEST_GROUP, description="How many members.")] = 8,
    hops: Annotated[int, Query(ge=1, le=MOST_HOPS, description="Over how many ties somebody may be reached.")] = 2,
    weighted: Annotated[
        bool, Query(description="Whether a person counts by how surely they are reached; else by whether they are.")
    ] = True,
    include: Annotated[
        list[str] | None,
        Query(description="The id of somebody who has to be in it; may be given several times."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        Query(description="The id of somebody who may not be; may be given several times."),
    ] = None,
    problem: Annotated[
        str | None, Query(description="The id of a problem: count only people affected by it. Default: everybody.")
    ] = None,
) -> GroupQuestion:
    return GroupQuestion(
        on=on,
        size=size,
        hops=hops,
        weighted=weighted,
        tie_types=tie_types,
        must_include=frozenset(filter(None, include or ())),
        exclude=frozenset(filter(None, exclude or ())),
        problem=problem or None,
    )


Asked = Annotated[GroupQuestion, Depends(_question)]
"""The question, as a parameter of a route."""


async def ask(answers: Answers, question: GroupQuestion) -> WorkingGroup:
    """Ask it of the network as it stands."""
    return await answers.ask(working_group, question)
