"""What the routes' questions share: the date they are asked of, and which ties count."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query

from graph_model.schema import TieType

__all__ = ["Day", "TieTypes", "today"]


def today() -> date:
    """The date where the server stands."""
    return datetime.now().astimezone().date()


async def _day(
    on: Annotated[
        date | None,
        Query(description="Only what counts on this date is seen. Default: today, where the server stands."),
    ] = None,
) -> date:
    return on or today()


async def _tie_types(
    tie_type: Annotated[
        list[TieType] | None,
        Query(description="Count only ties of this type; may be given several times. Default: all that join people."),
    ] = None,
) -> frozenset[TieType] | None:
    return frozenset(tie_type) if tie_type else None


Day = Annotated[date, Depends(_day)]
"""The date a question is asked of, always whole: an answer is kept under it."""
TieTypes = Annotated[frozenset[TieType] | None, Depends(_tie_types)]
"""The tie types that count; None: all that can."""
