"""Every route says what it needs, and gets it."""

from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette

import api.permissions
from api.permissions import Permission, needs, undeclared
from api.security.sessions import Session
from api.subjects import Subject
from tests.api.shell import site


def test_every_route_declares_what_it_needs(tmp_path: Path) -> None:
    assert undeclared(site(tmp_path).app.routes) == []


def forgetful(declared: list[object]) -> Subject:
    inner, outer = APIRouter(), APIRouter(prefix="/outer")

    @inner.get("/inner", dependencies=declared)  # type: ignore[arg-type]  # a wrong number of them is the point
    def nothing() -> None:
        return None

    outer.include_router(inner)
    return Subject(api=outer)


@pytest.mark.parametrize("declared", [[], [needs(Permission.NONE), needs(Permission.VIEW)]])
def test_the_server_does_not_start_with_a_route_that_forgot(tmp_path: Path, declared: list[object]) -> None:
    with pytest.raises(RuntimeError, match="/api/v1/outer/inner"):
        site(tmp_path, subjects=[forgetful(declared)])


def test_mounted_applications_and_the_usual_documentation_count_as_forgotten() -> None:
    app = FastAPI()
    app.mount("/mounted", Starlette())
    assert set(undeclared(app.routes)) >= {"/mounted", "/openapi.json", "/docs"}


def test_a_permission_may_be_declared_for_a_whole_router() -> None:
    inner, outer = APIRouter(), APIRouter(dependencies=[needs(Permission.EDIT)])

    @inner.get("/inner")
    def nothing() -> None:
        return None

    outer.include_router(inner)
    app = FastAPI(openapi_url=None)
    app.include_router(outer)
    assert undeclared(app.routes) == []


def rooms() -> Subject:
    router = APIRouter(prefix="/rooms")

    @router.get("/export")
    def export(session: Annotated[Session, needs(Permission.EXPORT)]) -> str:
        return session.user

    @router.get("/view", dependencies=[needs(Permission.VIEW)])
    def view() -> str:
        return "seen"

    return Subject(api=router)


def test_a_route_learns_who_asks(tmp_path: Path) -> None:
    kith = site(tmp_path, subjects=[rooms()])
    assert kith.client.get("/api/v1/rooms/export").status_code == 401
    assert kith.sign_in().client.get("/api/v1/rooms/export").json() == "Robin Vale"


def test_somebody_without_the_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kith = site(tmp_path, subjects=[rooms()]).sign_in()
    monkeypatch.setattr(api.permissions, "permissions_of", lambda session: frozenset({Permission.VIEW}))
    assert kith.client.get("/api/v1/rooms/view").json() == "seen"
    refused = kith.client.get("/api/v1/rooms/export")
    assert refused.status_code == 403
    assert "may not export" in refused.json()["detail"]
