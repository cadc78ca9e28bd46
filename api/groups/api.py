"""A working group over HTTP."""

from typing import Any

from fastapi import APIRouter

from analytics.plain import group_plain
from api.groups.asking import Asked, ask
from api.groups.schemas import GroupOut
from api.permissions import Permission, needs
from api.services import AnswersHere
from api.versions import tagged

__all__ = ["api"]

api = APIRouter(tags=["questions"])


@api.get(
    "/group",
    dependencies=[needs(Permission.VIEW), tagged],
    response_model=GroupOut,
    summary="Whom should a working group be made of?",
)
async def group(question: Asked, answers: AnswersHere) -> dict[str, Any]:
    """The people who together reach the most others, each with what they bring, and how close it is to the best."""
    return group_plain(await ask(answers, question))
