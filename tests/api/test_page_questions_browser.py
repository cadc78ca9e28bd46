"""The three questions and import in a real browser: by keyboard, on a wide screen and on a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from api.app import create_app, sign_in_link
from api.services import services
from api.settings import ServerSettings
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.browser import WIDTHS, chromium, free_port, picture, served

pytestmark = ON_EMBEDDED


@dataclass
class Shown:
    """A server on Larkfield, and a browser that may look at it."""

    app: FastAPI
    url: str
    browser: Browser

    @contextmanager
    def window(self, width: str, *, javascript: bool = True) -> Iterator[Page]:
        """A page of somebody signed in, on which nothing may be complained about."""
        across, down = WIDTHS[width]
        with self.browser.new_context(
            viewport={"width": across, "height": down}, java_script_enabled=javascript
        ) as context:
            page = context.new_page()
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(sign_in_link(self.app))
            page.get_by_role("button", name="Sign in").click()
            yield page
            # A form sent back with errors answers 422, which the browser mentions.
            assert [text for text in complaints if "422" not in text] == []


@pytest.fixture(scope="module")
def shown(
    larkfield: Store, database_settings: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shown]:
    port = free_port()
    settings = ServerSettings(port=port, database=database_settings)
    app = create_app(settings, services=services(database_settings))
    with chromium() as browser, served(app, port) as url:
        yield Shown(app, url, browser)


def looked_at(page: Page, name: str, width: str) -> None:
    """Keep a picture, and see that the page is no wider than the window."""
    picture(page, f"{name}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


PAGES = {
    "connectors": "/connectors",
    "connectors-problem": "/connectors?measure=degree&top=5&problem=problem-parade-shoplifting",
    "connectors-error": "/connectors?measure=fame&top=many&among=place",
    "group": "/group",
    "group-problem": "/group?size=4&problem=problem-parade-shoplifting&count=alike&include=p-sam-okafor",
    "group-error": "/group?size=1&include=p-sam-okafor&include=p-amira-khan&exclude=p-amira-khan",
    "ways": "/ways",
    "ways-guarding": "/ways?about=barrier-guarding-budget",
    "ways-missing": "/ways?about=barrier-guarding-budget&steps=1&avoid=p-sam-okafor",
    "ways-error": "/ways?k=0",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_window(shown: Shown, width: str) -> None:
    with shown.window(width) as page:
        for name, path in PAGES.items():
            page.goto(shown.url + path)
            looked_at(page, name, width)
