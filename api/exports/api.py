"""Exports over HTTP."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from api.asking import today
from api.exports.writing import graphml_file, zip_folder
from api.permissions import Permission, needs
from api.services import AnswersHere, StoreHere
from api.versions import Tagged

__all__ = ["api"]

api = APIRouter(tags=["data"])


class _Zip(FileResponse):
    media_type = "application/zip"


class _GraphML(Response):
    media_type = "application/graphml+xml"


@api.get("/export", dependencies=[needs(Permission.EXPORT)], response_class=_Zip, summary="The network as sheets")
def export(tagged: Tagged, store: StoreHere) -> FileResponse:
    """Everything in the network, with every field, as a zip of the folder that an import reads. It is personal data."""
    folder = TemporaryDirectory(prefix="kith-export-")
    try:
        file = zip_folder(store, Path(folder.name))
    except BaseException:
        folder.cleanup()
        raise
    name = f"kith-{today()}.zip"
    return _Zip(file, filename=name, headers=tagged, background=BackgroundTask(folder.cleanup))


@api.get(
    "/export.graphml",
    dependencies=[needs(Permission.EXPORT)],
    response_class=_GraphML,
    summary="The network as GraphML",
)
async def export_graphml(tagged: Tagged, answers: AnswersHere) -> Response:
    """The network for Gephi, yEd and other tools: names, types, ties and their strengths, without the other fields."""
    name = f"kith-{today()}.graphml"
    headers = {**tagged, "Content-Disposition": f'attachment; filename="{name}"'}
    return _GraphML(await graphml_file(answers), headers=headers)
