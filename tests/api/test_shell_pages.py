"""What every page stands in, the files it loads, and what lives as long as the server."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from jinja2 import DictLoader, UndefinedError
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from api import pages
from api.app import create_app
from api.pages import NavigationLink, render
from api.permissions import Permission, needs
from api.settings import ServerSettings
from api.subjects import SUBJECTS, Subject
from graph_model.errors import SetUpError
from graph_model.settings import DatabaseSettings
from tests.api.shell import Site, site

CHILD = """{% extends "layout.html" %}
{% from "macros.html" import scrolling, cards %}
{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}
{% set title = name %}
{% block content %}
<h1>{{ name }}</h1>
{{ govukInput({"id": "who", "name": "who", "label": {"text": name}, "value": name}) }}
{% call scrolling(name) %}<table></table>{% endcall %}
{{ cards([{"text": name, "href": "/x", "sentence": name}]) }}
{% endblock %}"""


def people() -> Subject:
    router = APIRouter(dependencies=[needs(Permission.VIEW)])

    @router.get("/people")
    @router.get("/people/one")
    def person(request: Request, name: str = "Sam Okafor", template: str = "child.html") -> HTMLResponse:
        return render(request, template, name=name)

    return Subject(pages=router, link=NavigationLink("People", "/people", "Find a person."))


@pytest.fixture
def kith(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    environment = pages._Environment()
    assert environment.loader is not None
    ours = environment.loader.loaders  # type: ignore[attr-defined]  # a ChoiceLoader
    ours.insert(0, DictLoader({"child.html": CHILD, "slip.html": "{{ nmae }}", "deep.html": "{{ name.first.letter }}"}))
    monkeypatch.setattr(pages, "_environment", lambda: environment)
    return site(tmp_path, subjects=[people()]).sign_in()


def test_what_people_type_is_text_wherever_it_is_shown(kith: Site) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    page = kith.client.get("/people", params={"name": evil}).text
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&gt;&lt;img") == 7
    assert "<img" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("template", ["slip.html", "deep.html"])
def test_a_slip_in_a_template_is_an_error_and_not_an_empty_place(
    kith: Site, caplog: pytest.LogCaptureFixture, template: str
) -> None:
    assert kith.client.get("/people", params={"template": template}).status_code == 500
    assert UndefinedError.__name__ in caplog.text


def test_the_navigation_shows_what_is_served_and_where_one_is(kith: Site) -> None:
    def marked(path: str) -> dict[str, str]:
        found = re.findall(
            r'<a class="govuk-service-navigation__link" href="([^"]+)"([^>]*)>', kith.client.get(path).text
        )
        return {href: mark.strip() for href, mark in found}

    links = [subject.link.href for subject in SUBJECTS if subject.link] + ["/people"]
    assert marked("/") == {href: 'aria-current="page"' if href == "/" else "" for href in links}
    assert marked("/people") == {href: 'aria-current="page"' if href == "/people" else "" for href in links}
    assert marked("/people/one") == {href: 'aria-current="true"' if href == "/people" else "" for href in links}


def test_the_home_page_leads_to_every_subject(kith: Site) -> None:
    home = kith.client.get("/").text
    assert '<a class="govuk-link" href="/people">People</a>' in home
    assert "Find a person." in home


def test_who_is_not_signed_in_sees_no_navigation(kith: Site) -> None:
    kith.client.cookies.clear()
    page = kith.client.get("/sign-in").text
    assert "People" not in page
    assert "Sign out" not in page


def test_every_page_can_be_found_way_around_in_without_eyes(kith: Site) -> None:
    page = kith.client.get("/people").text
    assert re.search(r'<html lang="en"', page)
    assert "<title>Sam Okafor – Kith</title>" in page
    assert re.search(r'href="#main-content"[^>]*class="govuk-skip-link"', page)
    assert '<main class="govuk-main-wrapper" id="main-content">' in page
    assert 'role="region" aria-label="Sam Okafor" tabindex="0"' in page


def test_a_built_file_is_kept_for_ever_and_a_new_build_is_seen_at_once(kith: Site, tmp_path: Path) -> None:
    def address() -> str:
        found = re.search(r'href="(/static/kith\.css\?v=[0-9a-f]{12})"', kith.client.get("/").text)
        assert found is not None
        return found[1]

    first = address()
    answer = kith.client.get(first)
    assert (answer.status_code, answer.text) == (200, "/* kith.css */")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    file = tmp_path / "built" / "kith.css"
    file.write_text("/* KITH.CSS */")
    os.utime(file, ns=(1, 1))
    assert address() != first


def test_a_built_file_without_its_hash_is_asked_about_each_time(kith: Site) -> None:
    answer = kith.client.get("/static/favicon.svg")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "image/svg+xml"
    again = kith.client.get("/static/favicon.svg", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["", "nowhere.css", "..%2Fsecret", "%2e%2e/secret", "..%5Csecret", "%2Fetc%2Fpasswd", "a%00b"]
)
def test_nothing_but_built_files_is_served(kith: Site, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")
    answer = kith.client.get(f"/static/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_built_files_the_server_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="make setup"):
        create_app(ServerSettings(browser_files=tmp_path))


def test_the_api_describes_itself_with_its_own_errors(tmp_path: Path) -> None:
    class Note(BaseModel):
        text: str

    router = APIRouter(dependencies=[needs(Permission.EDIT)])

    @router.post("/notes")
    def write(note: Note) -> Note:
        return note

    document: dict[str, Any] = (
        site(tmp_path, subjects=[Subject(api=router)]).sign_in().client.get("/api/v1/openapi.json").json()
    )
    assert "/api/v1/notes" in document["paths"]
    answers = document["paths"]["/api/v1/notes"]["post"]["responses"]
    assert set(answers) == {"200", "default"}
    reference = answers["default"]["content"]["application/problem+json"]["schema"]["$ref"]
    assert reference == "#/components/schemas/Problem"
    assert set(document["components"]["schemas"]) >= {"Note", "Problem", "ProblemPart"}


def test_no_documentation_page_loads_from_another_host(kith: Site) -> None:
    assert {kith.client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}


def test_the_server_says_that_it_is_up(tmp_path: Path) -> None:
    answer = site(tmp_path).client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_services_are_entered_in_order_and_left_in_the_other(tmp_path: Path) -> None:
    seen: list[str] = []

    def service(name: str) -> Any:
        @asynccontextmanager
        async def live(app: FastAPI) -> AsyncIterator[None]:
            setattr(app.state, name, f"the {name}")
            seen.append(f"{name} in")
            yield
            seen.append(f"{name} out")

        return live

    kith = site(tmp_path, services=[service("store"), service("worker")])
    with kith.client:
        assert (kith.app.state.store, kith.app.state.worker) == ("the store", "the worker")
    assert seen == ["store in", "worker in", "worker out", "store out"]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "KITH_HOST": "::",
        "KITH_PORT": "8123",
        "KITH_UPLOAD_LIMIT": "2MiB",
        "KITH_DATA": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    settings = ServerSettings()
    assert (settings.port, settings.upload_limit, settings.database.data) == (8123, 2 * 1024**2, tmp_path)
    assert settings.base_url == "http://127.0.0.1:8123"
    assert not settings.secure
    assert ServerSettings(host="::1").base_url == "http://[::1]:8123"
    monkeypatch.delenv("KITH_HOST")
    assert ServerSettings(database=DatabaseSettings(data=tmp_path)).host == "127.0.0.1"  # loopback unless told
