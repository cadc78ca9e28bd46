"""Finding by name over HTTP."""

from typing import Any

from fastapi import APIRouter

from analytics.plain import found_plain
from api.permissions import Permission, needs
from api.search.asking import Kinds, Most, Text, search
from api.search.schemas import FoundOut
from api.services import AnswersHere
from api.versions import tagged

__all__ = ["api"]

api = APIRouter(tags=["records"])


@api.get(
    "/search", dependencies=[needs(Permission.VIEW), tagged], response_model=FoundOut, summary="Find records by name"
)
async def find(answers: AnswersHere, q: Text = "", kinds: Kinds = None, limit: Most = 20) -> dict[str, Any]:
    """Find records while a name is being typed: by its beginning, with slips, without accents, in any order."""
    return found_plain(await search(answers, q, kinds, limit))
