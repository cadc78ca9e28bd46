"""The web server: everything a request passes on its way, put together in one place."""

import getpass
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from api import openapi
from api.browser_files import BrowserFiles
from api.errors import FailureMiddleware, add_error_handlers
from api.permissions import undeclared
from api.security.bodies import BodyLimitMiddleware
from api.security.cookies import SessionCookie, SessionMiddleware
from api.security.headers import SecurityHeadersMiddleware
from api.security.links import SignInLinks
from api.security.origins import HostMiddleware, OriginMiddleware
from api.security.sessions import Sessions
from api.settings import ServerSettings
from api.subjects import SUBJECTS, Subject

__all__ = ["Service", "create_app", "sign_in_link"]

Service = Callable[[FastAPI], AbstractAsyncContextManager[None]]
"""Something that lives as long as the server, such as the store; when entered, it leaves itself in ``app.state``."""

_API = "/api/v1"


def create_app(
    settings: ServerSettings | None = None,
    *,
    services: Sequence[Service] = (),
    subjects: Sequence[Subject] = SUBJECTS,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """The application.

    Parameters
    ----------
    settings
        Default: from the environment.
    services
        What is entered when the server starts, in this order, and left in the other when it stops.
    subjects
        What is served.
    clock
        Seconds since 1970, for what runs out.

    Raises
    ------
    SetUpError
        When the browser files have not been built.
    RuntimeError
        When a route does not declare the permission it needs.
    """
    settings = settings or ServerSettings()
    cookie = SessionCookie(settings.secure, settings.session_minutes * 60)
    sessions = Sessions(
        settings.idle_minutes * 60, settings.session_minutes * 60, settings.database.data / "sessions.json", clock
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for service in services:
                await stack.enter_async_context(service(app))
            yield
        await run_in_threadpool(sessions.save)

    app = FastAPI(
        title="Kith",
        version=version("kith"),
        description="Who holds a community together, and who can unblock it.",
        lifespan=lifespan,
        # Ours says what we answer on errors and needs somebody signed in; the usual viewers load from another host.
        openapi_url=None,
        # From the outside in.
        middleware=[
            Middleware(SecurityHeadersMiddleware, secure=settings.secure),
            Middleware(FailureMiddleware),
            Middleware(HostMiddleware, hosts=settings.hosts),
            Middleware(OriginMiddleware, secure=settings.secure),
            Middleware(SessionMiddleware, sessions=sessions, cookie=cookie),
            Middleware(BodyLimitMiddleware, body_limit=settings.body_limit, upload_limit=settings.upload_limit),
        ],
    )
    app.openapi = partial(openapi.describe, app)  # type: ignore[method-assign]  # FastAPI's documented way
    app.state.settings = settings
    app.state.cookie = cookie
    app.state.sessions = sessions
    app.state.links = SignInLinks(settings.link_minutes * 60, clock)
    app.state.browser_files = BrowserFiles(settings.browser_files)
    app.state.navigation = tuple(subject.link for subject in subjects if subject.link is not None)
    add_error_handlers(app)
    for subject in subjects:
        if subject.pages is not None:
            app.include_router(subject.pages)
        if subject.api is not None:
            app.include_router(subject.api, prefix=_API)
    app.include_router(openapi.router, prefix=_API)
    if forgetful := undeclared(app.routes):
        raise RuntimeError(f"These routes do not declare the permission they need: {', '.join(forgetful)}")
    return app


def sign_in_link(app: FastAPI, user: str | None = None) -> str:
    """A new link that signs somebody in, once and for a short while. Safe to call from any thread.

    Parameters
    ----------
    user
        Whom it signs in, as the history will name them; default: the account on this machine that runs the server.
    """
    links: SignInLinks = app.state.links
    settings: ServerSettings = app.state.settings
    return f"{settings.base_url}/sign-in?token={links.give(user or _account())}"


def _account() -> str:
    """The account that runs the server; in a container it may have a number and no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"account {os.getuid()}"
