"""Import as pages: send sheets, see what they would do, import them for real, take that back."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.imports.jobs import Cancelled
from api.imports.waiting import MINUTES, MOST_SHEETS, Upload, Uploads
from api.pages import render
from api.permissions import Permission, needs
from api.security.cookies import SessionCookie
from api.security.sessions import Session
from api.security.tokens import digest
from graph_model.errors import DataError, KithError
from graph_model.schema import NODE_TYPES, TIE_TYPES
from graph_model.sheets import TIE_COLUMNS, TIES_SHEET
from graph_model.store import Store

__all__ = ["ADDRESS", "pages"]

ADDRESS: Final = "/import"
_NEEDED: Final = "Choose a zip of the folder, or the sheets in it: stakeholders.csv, ties.csv, ..."

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Importer = Annotated[Session, needs(Permission.IMPORT)]


@pages.get(ADDRESS, dependencies=[needs(Permission.IMPORT)])
async def choose(request: Request, *, cancelled: bool = False) -> HTMLResponse:
    """The form to send sheets with, and what sheets Kith reads."""
    return _choose(request, cancelled=cancelled)


@pages.post(ADDRESS)
async def send(request: Request, who: Importer) -> Response:
    """Take sheets and check them; nothing is written yet."""
    async with request.form(max_files=MOST_SHEETS) as sent:
        files = _files(sent)
        if not files:
            return _choose(request, error=_NEEDED)
        try:
            upload = await _uploads(request).add(_store(request), _owner(request), who.user, files)
        except DataError as error:
            return _choose(request, error=str(error))
    return RedirectResponse(_address(upload), 303)


@pages.get(ADDRESS + "/{token}", dependencies=[needs(Permission.IMPORT)])
async def look(request: Request, token: str) -> HTMLResponse:
    """How far the check or the import has come, and when it has ended, what came of it."""
    upload = _uploads(request).find(token, _owner(request))
    if upload is None:
        return render(request, "imports/gone.html", status=404, minutes=MINUTES)
    if upload.at_work:
        return render(
            request, "imports/progress.html", address=_address(upload), job=upload.job, standing=upload.job.standing
        )
    outcome, error = await _outcome(upload)
    return render(
        request,
        "imports/outcome.html",
        status=422 if error or "problems" in outcome else 200,
        address=_address(upload),
        name=upload.name,
        dry_run=upload.job.dry_run,
        waits=upload.file.exists(),
        outcome=outcome,
        error=error,
        minutes=MINUTES,
        tally=_tally(outcome),
        conflicts=outcome.get("conflicts", []),
    )


@pages.post(ADDRESS + "/{token}")
async def import_(
    request: Request,
    token: str,
    who: Importer,
    why: Annotated[str, Form(max_length=500)] = "",
    conflicts: Annotated[str, Form(pattern="^(leave|set)$")] = "leave",
) -> Response:
    """Import for real what was checked, or check it again where that did not end."""
    uploads = _uploads(request)
    upload = uploads.find(token, _owner(request))
    if upload is not None and upload.file.exists():
        await uploads.import_(_store(request), upload, who.user, why.strip(), overwrite=conflicts == "set")
    return RedirectResponse(f"{ADDRESS}/{token}", 303)


@pages.post(ADDRESS + "/{token}/cancel", dependencies=[needs(Permission.IMPORT)])
async def cancel(request: Request, token: str) -> Response:
    """Stop it and remove what was sent; what is being written already is not stopped."""
    uploads = _uploads(request)
    upload = uploads.find(token, _owner(request))
    if upload is None or uploads.drop(upload):
        return RedirectResponse(f"{ADDRESS}?cancelled=true", 303)
    return RedirectResponse(_address(upload), 303)


def _choose(request: Request, *, error: str = "", cancelled: bool = False) -> HTMLResponse:
    sheets = [(spec.sheet, spec.plural, ["id", *(each.name for each in spec.fields)]) for spec in NODE_TYPES.values()]
    ties = [(tie.value, spec.meaning) for tie, spec in TIE_TYPES.items()]
    return render(
        request,
        "imports/choose.html",
        status=422 if error else 200,
        error=error,
        cancelled=cancelled,
        sheets=[*sheets, (TIES_SHEET, "ties", ["from", "type", "to", *TIE_COLUMNS])],
        ties=ties,
        limit=f"{request.app.state.settings.upload_limit / 1024**2:,.0f} MB",
        minutes=MINUTES,
    )


def _files(sent: FormData) -> list[tuple[str, Any]]:
    """What was chosen; a file field that was left empty sends a file without a name."""
    return [
        (each.filename, each.file) for each in sent.getlist("files") if isinstance(each, UploadFile) and each.filename
    ]


async def _outcome(upload: Upload) -> tuple[dict[str, Any], str]:
    """What came of it, and why there is nothing where there is not."""
    try:
        outcome = await upload.task
    except Cancelled:
        return {}, "It was cancelled before anything was written."
    except KithError as error:
        return {}, str(error)
    return outcome, str(outcome.get("error", ""))


def _tally(outcome: dict[str, Any]) -> list[tuple[str, int, int]]:
    """How much is added and changed, of records and of ties."""
    if "nodes" not in outcome:
        return []
    kinds = (("People, places and other records", outcome["nodes"]), ("Ties between them", outcome["ties"]))
    return [(name, counts["added"], counts["changed"]) for name, counts in kinds]


def _address(upload: Upload) -> str:
    return f"{ADDRESS}/{upload.token}"


def _owner(request: Request) -> str:
    cookie: SessionCookie = request.app.state.cookie
    return digest(cookie.read(request) or "")


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _uploads(request: Request) -> Uploads:
    """The uploads of this server; it has none before the first is asked for."""
    state = request.app.state
    if not hasattr(state, "uploads"):
        state.uploads = Uploads(state.settings.database.data)
    uploads: Uploads = state.uploads
    return uploads
