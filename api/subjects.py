"""The subjects of the web face, in the order of the navigation: the one list of everything that is served."""

from dataclasses import dataclass

from fastapi import APIRouter

from api import browser_files
from api.changes.api import api as changes_api
from api.checks.api import api as checks_api
from api.connectors import pages as connectors
from api.connectors.api import api as connectors_api
from api.escalation import pages as escalation
from api.escalation.api import api as ways_api
from api.exports.api import api as exports_api
from api.groups import pages as groups
from api.groups.api import api as group_api
from api.health import routes as health
from api.home import pages as home
from api.imports import pages as imports
from api.imports.api import api as imports_api
from api.maps.api import api as maps_api
from api.nodes.api import api as nodes_api
from api.pages import NavigationLink
from api.people import pages as people
from api.schema.api import api as schema_api
from api.search.api import api as search_api
from api.security import routes as sign_in
from api.ties.api import api as ties_api

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
    Subject(
        pages=connectors.pages,
        link=NavigationLink("Highly connected", "/connectors", "Who is asked first, and through whom word gets round?"),
    ),
    Subject(
        pages=groups.pages,
        link=NavigationLink("Working group", "/group", "Which few people, together, reach the most others?"),
    ),
    Subject(
        pages=escalation.pages,
        link=NavigationLink("Find a way up", "/ways", "By whom does an ask reach somebody who can decide?"),
    ),
    Subject(pages=imports.pages, link=NavigationLink("Import", "/import")),
    Subject(pages=sign_in.pages),
    Subject(pages=health.pages),
    Subject(pages=browser_files.router),
    Subject(api=connectors_api),
    Subject(api=group_api),
    Subject(api=ways_api),
    Subject(api=search_api),
    Subject(api=nodes_api),
    Subject(api=ties_api),
    Subject(api=changes_api),
    Subject(api=imports_api),
    Subject(api=exports_api),
    Subject(api=checks_api),
    Subject(api=maps_api),
    Subject(api=schema_api),
)
