"""The cookie that carries a session, and who it says is asking."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.security.sessions import Session, Sessions

__all__ = ["SessionCookie", "SessionMiddleware", "signed_in"]


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """A session's id, out of reach of scripts, and of requests that other sites cause.

    Behind TLS it is Secure and, by its name, bound to this host alone (the ``__Host-`` prefix of RFC 6265bis).
    """

    secure: bool
    seconds: int

    @property
    def name(self) -> str:
        """The cookie's name."""
        return "__Host-kith" if self.secure else "kith"

    def read(self, request: HTTPConnection) -> str | None:
        """The session's id that a request brings."""
        return request.cookies.get(self.name)

    def write(self, response: Response, session_id: str) -> None:
        """Give a browser its session."""
        response.set_cookie(
            self.name, session_id, max_age=self.seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def clear(self, response: Response) -> None:
        """Take it away again."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


class SessionMiddleware:
    """Finds the session of each request and leaves it where `signed_in` looks."""

    def __init__(self, app: ASGIApp, sessions: Sessions, cookie: SessionCookie) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its session."""
        if scope["type"] == "http":
            session_id = self._cookie.read(HTTPConnection(scope))
            scope.setdefault("state", {})["session"] = self._sessions.find(session_id) if session_id else None
        await self._app(scope, receive, send)


def signed_in(request: Request) -> Session | None:
    """Whoever is signed in and asks this; None: nobody."""
    session = getattr(request.state, "session", None)
    return session if isinstance(session, Session) else None
