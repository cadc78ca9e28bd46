"""Maps over HTTP."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.maps.asking import Asked, file
from api.permissions import Permission, needs
from api.services import AnswersHere
from api.versions import Tagged

__all__ = ["api"]

api = APIRouter(tags=["maps"])


@api.get("/map", dependencies=[needs(Permission.VIEW)], response_class=HTMLResponse, summary="A map to keep")
async def map_file(tagged: Tagged, question: Asked, answers: AnswersHere) -> HTMLResponse:
    """A map of the network, or of what is around one record: one HTML file that opens in any browser, offline.

    Beside the picture it holds tables of the same. A map that would be too large says what it leaves out.
    """
    html = await file(answers, question)
    # To be kept, not shown from here: its scripts run only where the page's own policy is the only one.
    return HTMLResponse(html, headers={**tagged, "Content-Disposition": 'attachment; filename="kith-map.html"'})
