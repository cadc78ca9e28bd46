"""The question for ways up to a decision-maker, from the parameters of a request."""

from typing import Annotated

from fastapi import Depends, Query

from analytics.escalation import MOST_STEPS, MOST_WAYS, WayQuestion, Ways, ways_up
from api.asking import Day
from api.worker import Answers

__all__ = ["Asked", "ask"]


async def _question(
    on: Day,
    *,
    about: Annotated[
        str | None, Query(description="The id of what must be decided: a problem, solution, barrier or asset.")
    ] = None,
    start: Annotated[
        str | None,
        Query(
            alias="from",
            description="The id of the person or association that asks. Default: any member of our own organisations.",
        ),
    ] = None,
    end: Annotated[
        str | None, Query(alias="to", description="The id of the person to reach. Default: whoever can decide it.")
    ] = None,
    k: Annotated[int, Query(ge=1, le=MOST_WAYS, description="How many ways to show.")] = 3,
    steps: Annotated[int, Query(ge=1, le=MOST_STEPS, description="The most ties of a way.")] = 6,
    avoid: Annotated[
        list[str] | None,
        Query(description="The id of a person or association to go round; may be given several times."),
    ] = None,
) -> WayQuestion:
    return WayQuestion(on, about or None, start or None, end or None, k, steps, frozenset(filter(None, avoid or ())))


Asked = Annotated[WayQuestion, Depends(_question)]
"""The question, as a parameter of a route."""


async def ask(answers: Answers, question: WayQuestion) -> Ways:
    """Ask it of the network as it stands."""
    return await answers.ask(ways_up, question)
