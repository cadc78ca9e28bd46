"""A person gets a sentence, a program a problem document, and nobody a trace."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field, field_validator
from starlette.responses import StreamingResponse

from api.permissions import Permission, needs
from api.subjects import Subject
from graph_model.errors import (
    ChangeRefused,
    CypherLoadError,
    DataError,
    DataFolderError,
    EngineUnavailable,
    NotFound,
    RecordError,
)
from tests.api.shell import Site, site

BAD_STRENGTH = RecordError("strength", "is 1.5.", "Give a number above 0 and up to 1.")

FAILURES: dict[str, Exception] = {
    "not-found": NotFound("Nothing has the id p9."),
    "record": BAD_STRENGTH,
    "whole": RecordError("", "The record is empty.", "Fill it in."),
    "change": ChangeRefused([BAD_STRENGTH, RecordError("a/b~ c", "is unknown.", "Leave it out.")], [4, None]),
    "data": DataError("The folder has no sheets."),
    "engine": EngineUnavailable("The database cannot be reached at bolt://db:7687."),
    "folder": DataFolderError("The data folder is in use."),
    "statement": CypherLoadError(Path("find.cypher"), 3, "no header"),
    "bug": ZeroDivisionError("secret of the inside"),
    "busy": HTTPException(503, headers={"Retry-After": "9"}),
    "teapot": HTTPException(418, "Only tea here."),
}


class Friendship(BaseModel):
    strength: float = Field(gt=0, le=1)
    since: str = ""

    @field_validator("since")
    @classmethod
    def _year(cls, value: str) -> str:
        if value and not value.isdigit():
            raise ValueError("Give a year.")
        return value


def troubles() -> Subject:
    """A subject in which everything goes wrong."""
    pages, api = (APIRouter(dependencies=[needs(Permission.VIEW)]) for _ in range(2))

    @pages.get("/troubles/{name}")
    @api.get("/troubles/{name}")
    def trouble(name: str, size: int = 1) -> None:
        raise FAILURES[name]

    @api.get("/broken-off")
    def broken_off() -> StreamingResponse:
        def pieces() -> Iterator[bytes]:
            yield b"first"
            raise FAILURES["bug"]

        return StreamingResponse(pieces())

    @api.post("/friends")
    def befriend(friends: list[Friendship]) -> None:
        return None

    return Subject(pages=pages, api=api)


@pytest.fixture
def kith(tmp_path: Path) -> Site:
    return site(tmp_path, subjects=[troubles()]).sign_in()


def problem(kith: Site, name: str, **expected: Any) -> dict[str, Any]:
    answer = kith.client.get(f"/api/v1/troubles/{name}")
    document: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == answer.status_code
    assert document["request_id"] == answer.headers["x-request-id"]
    assert document["title"]
    assert {key: document[key] for key in expected} == expected
    return document


def test_what_is_not_there(kith: Site) -> None:
    problem(kith, "not-found", status=404, title="Not Found", detail="Nothing has the id p9.", type="about:blank")


def test_a_wrong_field_is_pointed_to(kith: Site) -> None:
    sentence = "is 1.5. Give a number above 0 and up to 1."
    problem(
        kith,
        "record",
        status=422,
        title="Unprocessable Content",
        errors=[{"pointer": "#/strength", "detail": sentence}],
    )
    problem(kith, "whole", errors=[{"pointer": "#", "detail": "The record is empty. Fill it in."}])


def test_every_reason_of_a_refusal_is_listed_with_its_record(kith: Site) -> None:
    document = problem(
        kith, "change", status=422, detail="Nothing was changed.", type="urn:kith:problem:change-refused"
    )
    assert [(part["pointer"], part.get("record")) for part in document["errors"]] == [
        ("#/strength", 4),
        ("#/a~1b~0%20c", None),
    ]


def test_other_wrong_data(kith: Site) -> None:
    problem(kith, "data", status=422, detail="The folder has no sheets.", errors=[])


@pytest.mark.parametrize("name", ["engine", "folder"])
def test_a_machine_that_is_not_ready(kith: Site, name: str) -> None:
    problem(kith, name, status=503, detail=str(FAILURES[name]))
    assert kith.client.get(f"/api/v1/troubles/{name}").headers["retry-after"] == "5"


def test_a_refusal_keeps_its_headers_and_its_words(kith: Site) -> None:
    assert kith.client.get("/api/v1/troubles/busy").headers["retry-after"] == "9"
    problem(kith, "teapot", status=418, detail="Only tea here.")


@pytest.mark.parametrize("name", ["bug", "statement"])
@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_fault_of_ours_is_logged_and_never_shown(
    kith: Site, caplog: pytest.LogCaptureFixture, name: str, prefix: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = kith.client.get(f"{prefix}/troubles/{name}", params={"size": 7})
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert str(FAILURES[name]) not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["content-security-policy"]
    assert f"Request {answer.headers['x-request-id']} failed: GET {prefix}/troubles/{name}" in caplog.text
    assert type(FAILURES[name]).__name__ in caplog.text
    assert "size" not in caplog.records[0].message  # a query may hold somebody's name


def test_an_answer_that_breaks_off_is_not_made_to_look_whole(kith: Site, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError):  # the server then closes the connection
        kith.client.get("/api/v1/broken-off")
    assert "failed: GET /api/v1/broken-off" in caplog.text


def test_a_body_that_does_not_fit_is_pointed_to_by_field(kith: Site) -> None:
    answer = kith.client.post("/api/v1/friends", json=[{"strength": 0.5}, {"strength": 2, "since": "long"}])
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "#/1/strength", "detail": "Input should be less than or equal to 1."},
        {"pointer": "#/1/since", "detail": "Give a year."},
    ]


def test_a_body_that_is_no_json_is_pointed_to_as_a_whole(kith: Site) -> None:
    answer = kith.client.post("/api/v1/friends", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [part["pointer"] for part in answer.json()["errors"]] == ["#"]


def test_a_parameter_that_does_not_fit_is_named(kith: Site) -> None:
    (part,) = kith.client.get("/api/v1/troubles/bug?size=many").json()["errors"]
    assert part["parameter"] == "size"
    page = kith.client.get("/troubles/bug?size=many")
    assert page.status_code == 422
    assert "<strong>size</strong>" in page.text


def test_an_address_that_leads_nowhere(kith: Site) -> None:
    document = kith.client.get("/api/v1/nowhere").json()
    assert (document["status"], document["title"]) == (404, "Not Found")
    page = kith.client.get("/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Page not found" in page.text


def test_a_method_that_is_not_there_names_those_that_are(kith: Site) -> None:
    answer = kith.client.post("/livez")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_page_shows_every_sentence_escaped(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        FAILURES, "change", ChangeRefused([RecordError("name", "<b>is bold</b>.", "Write it plainly.")])
    )
    page = kith.client.get("/troubles/change")
    assert page.status_code == 422
    assert "&lt;b&gt;is bold&lt;/b&gt;. Write it plainly." in page.text
