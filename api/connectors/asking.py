"""The question who is highly connected, from the parameters of a request."""

from typing import Annotated

from fastapi import Depends, Query

from analytics.connectors import MOST_ROWS, Connectors, ConnectorsQuestion, Measure, highly_connected
from api.asking import Day, TieTypes
from api.worker import Answers

__all__ = ["Asked", "ask"]


async def _question(
    on: Day,
    tie_types: TieTypes,
    measure: Annotated[Measure, Query(description="What connected is to mean.")] = Measure.BETWEENNESS,
    top: Annotated[int, Query(ge=1, le=MOST_ROWS, description="How many people to list.")] = 20,
    scope: Annotated[
        str | None,
        Query(
            description="The id of a place, association or problem: list only those who are in it or affected by it, "
            "by their scores in the whole network."
        ),
    ] = None,
) -> ConnectorsQuestion:
    return ConnectorsQuestion(on, measure, top, tie_types, scope or None)


Asked = Annotated[ConnectorsQuestion, Depends(_question)]
"""The question, as a parameter of a route."""


async def ask(answers: Answers, question: ConnectorsQuestion) -> Connectors:
    """Ask it of the network as it stands."""
    return await answers.ask(highly_connected, question)
