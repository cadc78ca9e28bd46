"""Imports over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Request, UploadFile
from starlette.responses import JSONResponse

from analytics.plain import imported_plain
from api.changes.making import Why
from api.imports.schemas import ImportedOut, ImportProblem
from api.imports.uploads import import_zip
from api.permissions import Permission, needs
from api.security.sessions import Session
from api.services import StoreHere
from graph_model.importing import ImportRefused

__all__ = ["api"]

api = APIRouter(tags=["data"])


@api.post(
    "/imports",
    response_model=ImportedOut,
    responses={"4XX": {"description": "Nothing was imported.", "model": ImportProblem}},
    summary="Import a folder of sheets",
)
def imports(
    request: Request,
    folder: Annotated[UploadFile, File(description="A zip of the folder that holds stakeholders.csv, ties.csv, ...")],
    store: StoreHere,
    who: Annotated[Session, needs(Permission.IMPORT)],
    *,
    dry_run: Annotated[bool, Query(description="Only say what would be added, changed and left alone.")] = False,
    overwrite: Annotated[
        bool, Query(description="Also set fields that were edited in Kith since the last import.")
    ] = False,
    why: Why = "",
) -> Any:
    """Import a zip of a folder: all of it or, where a row is wrong, nothing.

    A refusal (422) lists what is wrong, the first hundred things, and counts them in full. The same folder twice
    changes nothing. One import runs at a time; a second is asked to try again (503).
    """
    try:
        done = import_zip(
            store,
            folder.file,
            folder.filename or "a zip",
            by=who.user,
            why=why.strip(),
            dry_run=dry_run,
            overwrite=overwrite,
        )
    except ImportRefused as refused:
        plain = imported_plain(refused, dry_run=dry_run)
        problem = ImportProblem(
            type="urn:kith:problem:import-refused",
            title="Unprocessable Content",
            status=422,
            detail=" ".join(plain.pop("sentences")),
            request_id=request.state.request_id,
            **plain,
        )
        return JSONResponse(problem.model_dump(exclude_none=True), 422, media_type="application/problem+json")
    return imported_plain(done, dry_run=dry_run)
