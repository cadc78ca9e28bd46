"""A server to ask, with its clock in the test's hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import Service, create_app, sign_in_link
from api.settings import ServerSettings
from api.subjects import SUBJECTS, Subject
from graph_model.settings import DatabaseSettings

HOME = "http://127.0.0.1:8000"


class Clock:
    """Seconds since 1970 that pass only when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Site:
    """One server and a browser's way to it: it keeps cookies, follows no redirect, and says where it comes from."""

    app: FastAPI
    client: TestClient
    clock: Clock

    def token(self) -> str:
        """The token of a new sign-in link."""
        return parse_qs(urlsplit(sign_in_link(self.app, "Robin Vale")).query)["token"][0]

    def sign_in(self) -> "Site":
        """The same site, signed in."""
        answer = self.client.post("/sign-in", data={"token": self.token()})
        assert answer.status_code == 303, answer.text
        return self


def site(
    folder: Path,
    *,
    subjects: Sequence[Subject] = (),
    services: Sequence[Service] = (),
    url: str = HOME,
    **settings: Any,
) -> Site:
    """A server whose data and built files are in a folder; the same folder again is the same server started again."""
    built = folder / "built"
    built.mkdir(parents=True, exist_ok=True)
    for name in ("kith.css", "kith.js", "favicon.svg", "licences.txt"):
        (built / name).write_text(f"/* {name} */")
    clock = Clock()
    given = {"browser_files": built, "database": DatabaseSettings(data=folder / "data"), **settings}
    app = create_app(ServerSettings(**given), subjects=(*SUBJECTS, *subjects), services=services, clock=clock)
    client = TestClient(app, base_url=url, follow_redirects=False, headers={"Origin": url})
    return Site(app, client, clock)
