"""What is refused before a route sees it, and what every answer tells the browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import anyio
import httpx
import pytest
from fastapi import APIRouter, Body, HTTPException, Request, UploadFile
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.permissions import Permission, needs
from api.security.bodies import BodyLimitMiddleware
from api.security.origins import HostMiddleware
from api.security.sessions import Session
from api.subjects import Subject
from tests.api.shell import HOME, Site, site

POLICY = (
    r"default-src 'self'; script-src 'self' 'nonce-{n}'; style-src 'self' 'nonce-{n}'; img-src 'self' data:; "
    r"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def notebook() -> Subject:
    """A subject that keeps what it is told."""
    router = APIRouter(dependencies=[needs(Permission.EDIT)])

    @router.api_route("/notes", methods=["POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    async def write(request: Request) -> int:
        return len(await request.body())

    @router.post("/notes/typed")
    async def typed(text: Annotated[str, Body(embed=True)]) -> int:
        return len(text)

    @router.post("/notes/file")
    async def upload(sheet: UploadFile) -> int:
        return len(await sheet.read())

    @router.post("/notes/deaf")
    async def deaf() -> str:
        return "heard nothing"

    return Subject(api=router)


@pytest.fixture
def kith(tmp_path: Path) -> Site:
    return site(tmp_path, subjects=[notebook()], body_limit=1000, upload_limit=100_000).sign_in()


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/kith.css", "/static/none", "/livez", "/api/v1/none"])
def test_every_answer_is_marked(kith: Site, path: str) -> None:
    headers = kith.client.get(path).headers
    nonce = re.search(r"'nonce-([\w-]{22})'", headers["content-security-policy"])
    assert nonce is not None
    assert headers["content-security-policy"] == POLICY.format(n=nonce[1])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{16}", headers["x-request-id"])
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/api/v1/openapi.json", "/static/none"])
def test_what_people_see_is_not_kept_by_the_browser(kith: Site, path: str) -> None:
    assert kith.client.get(path).headers["cache-control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own_and_its_inline_script_carries_it(kith: Site) -> None:
    answers = [kith.client.get("/") for _ in range(2)]
    nonces = [re.findall(r"<script nonce=\"([\w-]+)\">", answer.text) for answer in answers]
    assert len(nonces[0]) == len(nonces[1]) == 1
    assert nonces[0] != nonces[1]
    for answer, (nonce,) in zip(answers, nonces, strict=True):
        assert f"'nonce-{nonce}'" in answer.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]*(nonce|src)=)|<style|\sstyle=|\son\w+=|javascript:", answer.text)


def test_behind_tls_the_browser_is_told_to_stay_there(tmp_path: Path) -> None:
    kith = site(tmp_path, url="https://kith.example", public_url="https://kith.example")
    assert kith.client.get("/sign-in").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]:8000"])
def test_loopback_names_are_answered(kith: Site, host: str) -> None:
    assert kith.client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "me@127.0.0.1", "localhost.", "", "[::1"]
)
def test_other_names_are_refused(kith: Site, host: str) -> None:
    for path in ("/livez", "/", "/static/kith.css"):
        answer = kith.client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "KITH_TRUSTED_HOSTS" in answer.text
    assert kith.client.get("/api/v1/openapi.json", headers={"Host": host}).json()["status"] == 400


def test_names_that_were_configured_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_TRUSTED_HOSTS", "Kith.example, desk.example")
    kith = site(tmp_path, public_url="https://front.example")
    for host in ("kith.example", "desk.example:80", "front.example"):
        assert kith.client.get("/livez", headers={"Host": host}).status_code == 200
    assert kith.client.get("/livez", headers={"Host": "other.example"}).status_code == 400


def test_a_server_on_every_interface_trusts_no_name_for_it(tmp_path: Path) -> None:
    assert site(tmp_path, host="0.0.0.0").client.get("/livez", headers={"Host": "0.0.0.0"}).status_code == 400


def test_two_host_headers_are_refused(kith: Site) -> None:
    headers = httpx.Headers([("Host", "127.0.0.1"), ("Host", "localhost")])
    assert kith.client.get("/livez", headers=headers).status_code == 400


def write(kith: Site, method: str = "POST", **headers: str) -> int:
    del kith.client.headers["origin"]
    answer = kith.client.request(method, "/api/v1/notes", headers=headers)
    assert isinstance(answer, httpx.Response)
    return answer.status_code


def test_a_write_from_our_own_page_is_let_through(kith: Site) -> None:
    assert kith.client.post("/api/v1/notes").status_code == 200
    assert write(kith, Referer=f"{HOME}/people?name=x") == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_that_does_not_say_where_it_comes_from_is_refused(kith: Site, method: str) -> None:
    assert write(kith, method) == 403


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
        "http://localhost:8000",
        "http://127.0.0.1:8000.evil.example",
        "http://evil@127.0.0.1:8000",
        "http://127.0.0.1:port",
    ],
)
def test_a_write_from_elsewhere_is_refused(kith: Site, origin: str) -> None:
    assert write(kith, Origin=origin) == 403
    assert kith.client.post("/api/v1/notes", headers={"Referer": f"{origin}/page"}).status_code == 403


def test_the_origin_counts_before_the_referer(kith: Site) -> None:
    assert write(kith, Origin="http://evil.example", Referer=f"{HOME}/") == 403


def test_another_site_cannot_sign_anybody_in_or_out(kith: Site) -> None:
    token = kith.token()
    evil = {"Origin": "http://evil.example"}
    assert kith.client.post("/sign-out", headers=evil).status_code == 403
    assert kith.client.post("/sign-in", data={"token": token}, headers=evil).status_code == 403
    assert kith.client.get("/").status_code == 200
    assert kith.client.get("/sign-in", params={"token": token}).status_code == 200  # still unused


def test_behind_tls_a_write_comes_from_the_https_page(tmp_path: Path) -> None:
    kith = site(tmp_path, subjects=[notebook()], url="https://kith.example", public_url="https://kith.example")
    kith.sign_in()
    assert kith.client.post("/api/v1/notes").status_code == 200
    assert write(kith, Origin="http://kith.example") == 403


def test_reads_need_no_origin(kith: Site) -> None:
    del kith.client.headers["origin"]
    assert kith.client.get("/").status_code == 200


def test_no_websocket_is_let_in() -> None:
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()

    app = HostMiddleware(Starlette(routes=[WebSocketRoute("/talk", talk)]), frozenset({"127.0.0.1"}))
    client = TestClient(app, base_url=HOME)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/talk"):
        pass


def in_pieces(size: int) -> Iterator[bytes]:
    """A body that does not announce its size."""
    for start in range(0, size, 100):
        yield b"x" * min(100, size - start)


def test_a_body_up_to_the_limit_is_read(kith: Site) -> None:
    assert kith.client.post("/api/v1/notes", content=b"x" * 1000).json() == 1000
    assert kith.client.post("/api/v1/notes", content=in_pieces(1000)).json() == 1000


@pytest.mark.parametrize("path", ["/api/v1/notes", "/api/v1/notes/typed", "/api/v1/notes/deaf"])
def test_a_body_that_announces_too_much_is_refused_unread(kith: Site, path: str) -> None:
    answer = kith.client.post(path, content=b"x" * 1001)
    assert answer.status_code == 413
    assert answer.json()["title"] == "Content Too Large"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/notes", "/api/v1/notes/typed"])
def test_a_body_is_counted_as_it_comes(kith: Site, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = kith.client.post(path, content=in_pieces(1001), headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


def test_pieces_that_are_small_alone_are_counted_together() -> None:
    fetched = 0

    async def receive() -> Message:
        nonlocal fetched
        fetched += 400
        return {"type": "http.request", "body": b"x" * 400, "more_body": True}

    async def send(message: Message) -> None:
        return None

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            await receive()

    scope = {"type": "http", "headers": [], "state": {"session": Session("Robin Vale", 0, 0)}}
    with pytest.raises(HTTPException) as refused:
        anyio.run(BodyLimitMiddleware(read, 1000, 1000), scope, receive, send)
    assert (refused.value.status_code, fetched) == (413, 1200)


def test_a_page_says_so_too(kith: Site) -> None:
    answer = kith.client.post("/sign-in", content=in_pieces(1001), headers={"Content-Type": "text/plain"})
    assert answer.status_code != 413  # nobody reads it
    answer = kith.client.post("/sign-in", data={"token": "x" * 1001})
    assert answer.status_code == 413
    assert "<h1" in answer.text


@pytest.mark.parametrize("announced", ["-1", "1e3", "٣"])
def test_a_size_that_is_no_number_is_refused(kith: Site, announced: str) -> None:
    headers = [(b"Content-Length", announced.encode())]
    assert kith.client.post("/api/v1/notes", headers=httpx.Headers(headers), content=in_pieces(10)).status_code == 413


def test_a_file_may_be_larger_than_a_form(kith: Site) -> None:
    assert kith.client.post("/api/v1/notes/file", files={"sheet": b"x" * 50_000}).json() == 50_000
    assert kith.client.post("/api/v1/notes/file", files={"sheet": b"x" * 100_000}).status_code == 413
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert kith.client.post("/api/v1/notes/file", content=in_pieces(100_001), headers=headers).status_code == 413


def test_nobody_unknown_can_send_much(tmp_path: Path) -> None:
    kith = site(tmp_path)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"x" * 20_000, in_pieces(20_000)):
        answer = kith.client.post("/sign-in", content=content, headers=form)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in")
    assert kith.client.post("/api/v1/openapi.json", content=b"x" * 20_000).status_code == 401
