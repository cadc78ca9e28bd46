"""ETags: a program that has an answer already is told so, and spared the work and the way (RFC 9110, section 13)."""

from hashlib import sha256
from importlib.metadata import version
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from api.asking import today
from api.services import StoreHere

__all__ = ["Tagged", "Unchanged", "tagged"]

_KITH: Final = version("kith")


class Unchanged(HTTPException):
    """Whoever asks has this answer already: 304."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(304, headers=headers)


async def _tag(request: Request, response: Response, store: StoreHere) -> dict[str, str]:
    """The headers of an answer on the network as it stands.

    The tag is weak: it stands for what is said, not for its bytes. The date is in it because questions mean today where
    they name no date, and Kith's own version because another one may put things differently.
    """
    number = await run_in_threadpool(store.version)
    about = f"{_KITH} {number} {today()} {request.url.path}?{request.url.query}"
    headers = {
        "ETag": f'W/"{sha256(about.encode()).hexdigest()[:32]}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
    }
    held = (tag.strip() for tag in request.headers.get("if-none-match", "").split(","))
    if any(tag.removeprefix("W/") == headers["ETag"].removeprefix("W/") for tag in held):
        raise Unchanged(headers)
    response.headers.update(headers)
    return headers


tagged = Depends(_tag)
"""Put on every route that reads the network, after the permission it needs."""
Tagged = Annotated[dict[str, str], tagged]
"""The same for a route that makes its response itself: the headers to put on it."""
