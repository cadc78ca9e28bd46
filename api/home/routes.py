"""The home page."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.pages import render
from api.permissions import Permission, needs

__all__ = ["pages"]

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@pages.get("/", dependencies=[needs(Permission.VIEW)])
def home(request: Request) -> HTMLResponse:
    """What Kith is for, and the ways on."""
    return render(request, "home/home.html")
