"""Refuses what does not come from our own pages: another name in Host, another site behind a write.

A page of any site can make a browser send requests to this machine. The name in Host tells a site whose name was made
to point here (DNS rebinding); the Origin tells a form or script of another site. A write that says neither Origin nor
Referer is refused too: every browser sends one of them.
"""

from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import refuse

__all__ = ["HostMiddleware", "OriginMiddleware"]

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}

_Site = tuple[str, str, int | None]


class HostMiddleware:
    """Answers only to the names it was given. No page of ours opens a websocket, so none is let in."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http" or _host_name(scope) in self._hosts:
            await self._app(scope, receive, send)
            return
        response = refuse(
            Request(scope, receive),
            HTTPException(
                400,
                "Kith does not answer to this name. Open it by the address it printed when it started, or name this "
                "one in KITH_TRUSTED_HOSTS.",
            ),
        )
        await response(scope, receive, send)


class OriginMiddleware:
    """Refuses writes that do not say they come from a page of this server."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] in _READS or self._is_ours(scope):
            await self._app(scope, receive, send)
            return
        response = refuse(
            Request(scope, receive),
            HTTPException(
                403,
                "This did not come from a page of Kith, so nothing was changed. Go back, load the page again and "
                "repeat it there.",
            ),
        )
        await response(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        said = headers.get("origin") or headers.get("referer")
        scheme = "https" if self._secure else "http"
        return said is not None and _site(said) == _site(f"{scheme}://{headers.get('host', '')}") is not None


def _host_name(scope: Scope) -> str | None:
    """The name in the Host header in small letters, without the port; None where there is not exactly one."""
    said = Headers(scope=scope).getlist("host")
    if len(said) != 1:
        return None
    site = _site(f"http://{said[0]}")
    return site[1] if site is not None else None


def _site(address: str) -> _Site | None:
    """Scheme, name and port of an address; None where it has none or hides a name behind another."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc or "\\" in address:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS.get(parts.scheme)
