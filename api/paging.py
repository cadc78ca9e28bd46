"""Lists in pages: each names, by a cursor, where the next begins.

A cursor holds the last thing listed, not how many came before it, so that what is added or removed meanwhile makes a
list neither skip nor repeat anything else.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Final

from fastapi import Query
from pydantic import AfterValidator, Field

__all__ = ["After", "Limit", "Next", "cursor_to"]

_LONGEST: Final = 1_100
"""Characters of the cursor of the longest id: 200 characters of at most four bytes, in base 64."""


def cursor_to(last: str | int) -> str:
    """The cursor of the page that begins after ``last``."""
    return urlsafe_b64encode(str(last).encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise ValueError("This is no cursor. Give the `next` of the page before, as it is.") from None


After = Annotated[
    Annotated[str, AfterValidator(_read)] | None,
    Query(alias="cursor", max_length=_LONGEST, description="The `next` of the page before; none: the first page."),
]
"""The last thing on the page before, as a parameter of a route."""
Limit = Annotated[int, Query(ge=1, le=500, description="How many to list, 1 to 500.")]
Next = Annotated[
    str | None, Field(description="The `cursor` of the next page, to be given as it is; null: this is the last page.")
]
