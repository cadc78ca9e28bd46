"""The pages on which somebody signs in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.pages import render
from api.permissions import Permission, needs
from api.security.cookies import SessionCookie, signed_in
from api.security.links import SignInLinks
from api.security.sessions import Sessions

__all__ = ["pages"]

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs(Permission.NONE)])

_Token = Annotated[str, Query(max_length=200)]


@pages.get("/sign-in")
def show_sign_in(request: Request, token: _Token = "") -> Response:
    """Show the button of a sign-in link, or how to get a link.

    The link itself signs nobody in, or whatever previews links in a message would use it up.
    """
    links: SignInLinks = request.app.state.links
    if token and links.good(token):
        return render(request, "security/sign_in.html", token=token)
    if signed_in(request) is not None:
        return RedirectResponse("/", 303)
    return _how_to_get_a_link(request, dead=bool(token))


@pages.post("/sign-in")
def sign_in(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Use a link up: begin a session, under a new id whatever the browser had before."""
    state = request.app.state
    links: SignInLinks = state.links
    sessions: Sessions = state.sessions
    cookie: SessionCookie = state.cookie
    user = links.use(token)
    if user is None:
        return _how_to_get_a_link(request, dead=True)
    _end_session(request)
    response = RedirectResponse("/", 303)
    cookie.write(response, sessions.begin(user))
    return response


@pages.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session here and in the browser."""
    cookie: SessionCookie = request.app.state.cookie
    _end_session(request)
    response = RedirectResponse("/sign-in", 303)
    cookie.clear(response)
    return response


def _end_session(request: Request) -> None:
    state = request.app.state
    session_id = state.cookie.read(request)
    if session_id is not None:
        state.sessions.end(session_id)


def _how_to_get_a_link(request: Request, *, dead: bool) -> HTMLResponse:
    return render(request, "security/no_link.html", status=403 if dead else 200, dead=dead)
