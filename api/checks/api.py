"""What is wrong in the data, over HTTP."""

from typing import Any

from fastapi import APIRouter

from analytics.checks import check
from analytics.plain import checked_plain
from api.asking import Day
from api.checks.schemas import CheckedOut
from api.permissions import Permission, needs
from api.services import AnswersHere
from api.versions import tagged

__all__ = ["api"]

api = APIRouter(tags=["data"])


@api.get(
    "/checks",
    dependencies=[needs(Permission.VIEW), tagged],
    response_model=CheckedOut,
    summary="Find what is wrong, doubtful or missing",
)
async def checks(on: Day, answers: AnswersHere) -> dict[str, Any]:
    """Look through the network for what is wrong, doubtful or missing: how many, which, and what to do."""
    return checked_plain(await answers.ask(check, on))
