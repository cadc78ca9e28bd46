"""The subjects of the web face, in the order of the navigation: the one list of everything that is served."""

from dataclasses import dataclass

from fastapi import APIRouter

from api import browser_files
from api.health import routes as health
from api.home import pages as home
from api.pages import NavigationLink
from api.people import pages as people
from api.security import routes as sign_in

__all__ = ["SUBJECTS", "Subject"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One folder of ``api/``: its pages under /, its API under /api/v1, and where it stands in the navigation."""

    pages: APIRouter | None = None
    api: APIRouter | None = None
    link: NavigationLink | None = None


SUBJECTS: tuple[Subject, ...] = (
    Subject(pages=home.pages, link=NavigationLink("Home", "/")),
    Subject(pages=people.pages, link=NavigationLink("People", "/records")),
    Subject(pages=sign_in.pages),
    Subject(pages=health.pages),
    Subject(pages=browser_files.router),
)
