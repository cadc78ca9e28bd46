"""Ways up to a decision-maker over HTTP."""

from typing import Any

from fastapi import APIRouter

from analytics.plain import ways_plain
from api.escalation.asking import Asked, ask
from api.escalation.schemas import WaysOut
from api.permissions import Permission, needs
from api.services import AnswersHere
from api.versions import tagged

__all__ = ["api"]

api = APIRouter(tags=["questions"])


@api.get(
    "/ways",
    dependencies=[needs(Permission.VIEW), tagged],
    response_model=WaysOut,
    summary="By what way does an ask reach somebody who can decide?",
)
async def ways(question: Asked, answers: AnswersHere) -> dict[str, Any]:
    """The most reliable ways up: who asks whom, through what, and how likely the ask arrives.

    At least one of `about` and `to` is needed. Where there is no way, `missing` says what there would have to be.
    """
    return ways_plain(await ask(answers, question))
