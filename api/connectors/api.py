"""Highly connected people over HTTP."""

from typing import Any

from fastapi import APIRouter

from analytics.plain import connectors_plain
from api.connectors.asking import Asked, ask
from api.connectors.schemas import ConnectorsOut
from api.permissions import Permission, needs
from api.services import AnswersHere
from api.versions import tagged

__all__ = ["api"]

api = APIRouter(tags=["questions"])


@api.get(
    "/connectors",
    dependencies=[needs(Permission.VIEW), tagged],
    response_model=ConnectorsOut,
    summary="Who are the highly connected people?",
)
async def connectors(question: Asked, answers: AnswersHere) -> dict[str, Any]:
    """The most highly connected people by one measure, each with a sentence that says what it means.

    Whether somebody is seen as a community leader stands beside their rank: the two are different things.
    """
    return connectors_plain(await ask(answers, question))
