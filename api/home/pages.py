"""The home page: what is in the network, what can be asked of it, and what changed last."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.home.summary import changes_of, summary_of
from api.pages import render
from api.people.wording import day_words, today
from api.permissions import Permission, needs
from api.security.sessions import Session
from graph_model.errors import ChangeRefused, SetUpError

__all__ = ["pages"]

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_CHANGES: Final = 5


@pages.get("/", dependencies=[needs(Permission.VIEW)])
async def home(request: Request, undone: int | None = None) -> HTMLResponse:
    """What is there and the ways on; ``undone`` is the change that has just taken another back."""
    return await _home(request, undone=undone)


@pages.post("/undo")
async def undo(
    request: Request, session: Annotated[Session, needs(Permission.EDIT)], number: Annotated[int, Form()]
) -> Response:
    """Take a change back, by another change."""
    try:
        applied = await run_in_threadpool(request.app.state.store.undo, number, session.user)
    except ChangeRefused as refused:
        return await _home(
            request, status=422, refused=number, reasons=[{"text": str(reason)} for reason in refused.reasons]
        )
    return RedirectResponse(f"/?undone={applied.entry.number}" if applied.entry else "/", 303)


async def _home(request: Request, *, status: int = 200, **said: Any) -> HTMLResponse:
    context = {"undone": None, "refused": None, "reasons": [], **said}
    try:
        context |= await _there(request)
    except SetUpError as error:
        # The way to everything else stays open while the database restarts or the workers are busy.
        context |= {"summary": None, "changes": [], "trouble": str(error)}
    return render(request, "home/home.html", status=status, on=day_words(today()), **context)


async def _there(request: Request) -> dict[str, Any]:
    state = request.app.state
    if not hasattr(state, "store"):  # a server may be started without the services that keep a network
        raise SetUpError("No network is kept by this server.")
    summary = summary_of(await state.answers.network(), today())
    entries = await run_in_threadpool(state.store.history, _CHANGES)
    return {"summary": summary, "changes": changes_of(entries), "trouble": ""}
