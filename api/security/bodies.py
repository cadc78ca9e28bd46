"""Bounds what is read of a request: by its size as announced, then by the bytes that really come."""

from fastapi import HTTPException
from pydantic import ByteSize
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refuse
from api.permissions import NotSignedIn
from api.security.cookies import signed_in

__all__ = ["BodyLimitMiddleware"]

_ANONYMOUS = 16 * 1024  # enough for the sign-in form
_UPLOADS = ("multipart/form-data", "application/zip")


class BodyLimitMiddleware:
    """Refuses a body that is too large, without reading more of it than the limit.

    Whoever is not signed in may send what a sign-in form holds; files may be larger than other bodies.

    Parameters
    ----------
    body_limit, upload_limit
        Bytes, for forms and JSON, and for uploaded files.
    """

    def __init__(self, app: ASGIApp, body_limit: int, upload_limit: int) -> None:
        self._app = app
        self._body_limit = body_limit
        self._upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that ends at the limit, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        limit, excess = self._limit(request)
        announced = request.headers.get("content-length", "0")
        if not (announced.isascii() and announced.isdigit() and int(announced) <= limit):
            await refuse(request, excess)(scope, receive, send)
            return
        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise excess
            return message

        await self._app(scope, receive_bounded, send)

    def _limit(self, request: Request) -> tuple[int, HTTPException]:
        """How much may be read, and what is said to more than that."""
        if signed_in(request) is None:
            return _ANONYMOUS, NotSignedIn()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        limit = self._upload_limit if kind in _UPLOADS else self._body_limit
        return limit, HTTPException(413, f"This is too large: Kith reads at most {ByteSize(limit).human_readable()}.")
