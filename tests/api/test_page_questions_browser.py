"""The three questions and import in a real browser: by keyboard, on a wide screen and on a phone."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.app import create_app, sign_in_link
from api.imports import jobs
from api.services import services
from api.settings import ServerSettings
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.browser import WIDTHS, chromium, free_port, picture, served

pytestmark = [ON_EMBEDDED, pytest.mark.browser]


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
            # A form sent back with errors answers 422, and a page that is gone 404, which the browser mentions.
            assert [text for text in complaints if "the server responded with a status of 4" not in text] == []


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
    "import": "/import",
    "import-gone": "/import/nowhere",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_window(shown: Shown, width: str) -> None:
    with shown.window(width) as page:
        for name, path in PAGES.items():
            page.goto(shown.url + path)
            looked_at(page, name, width)


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tabbed_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText")
        if " ".join(focused.split()) == name:
            return
    raise AssertionError(f"Tab never reached {name!r}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_way_up_is_found_by_keyboard(shown: Shown, width: str) -> None:
    with shown.window(width) as page:
        page.goto(f"{shown.url}/ways")
        page.locator("#about").focus()
        page.keyboard.type("Guards")
        page.locator("#find_from").focus()
        page.keyboard.type("whitcomb")
        pressed(page, "Enter")
        expect(page.get_by_role("heading", name="Whom do you mean?")).to_be_visible()
        assert "whitcomb" not in page.url
        looked_at(page, "ways-found", width)
        expect(page.get_by_role("radio", name="Leah Whitcombe")).to_be_checked()
        page.get_by_role("button", name="Find a way").focus()
        pressed(page, "Enter")
        expect(page.locator("#answer-heading")).to_contain_text("Guards are budgeted by region")
        assert "from=p-leah-whitcombe" in page.url
        tabbed_to(page, "Go round Sam Okafor")
        looked_at(page, "ways-focus", width)
        pressed(page, "Enter")
        expect(page.get_by_text("Going round Sam Okafor.")).to_be_visible()
        looked_at(page, "ways-round", width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_working_group_is_changed_by_keyboard(shown: Shown, width: str) -> None:
    with shown.window(width) as page:
        page.goto(f"{shown.url}/group?size=3")
        page.locator("#find_exclude").focus()
        page.keyboard.type("amria khan")
        pressed(page, "Enter")
        expect(page.get_by_role("checkbox", name="Amira Khan")).to_be_checked()
        looked_at(page, "group-found", width)
        page.get_by_role("button", name="Form the group").focus()
        pressed(page, "Enter")
        expect(page).to_have_url(re.compile("exclude=p-amira-khan"))
        expect(page.locator(".kith-members > li")).to_have_count(3)
        expect(page.locator(".kith-members")).not_to_contain_text("Amira Khan")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_sheets_are_sent_checked_imported_and_taken_back(
    shown: Shown, width: str, javascript: bool, tmp_path: Path
) -> None:
    bad = tmp_path / "stakeholders.csv"
    bad.write_text("id,name,visible_leader,asked_on\np-new,Noor Vance,perhaps,31/12/2025\n", encoding="utf-8")
    (tmp_path / "good").mkdir()
    good = tmp_path / "good" / "stakeholders.csv"
    good.write_text("id,name\np-new,Noor Vance\np-old,Odd Larsen\n", encoding="utf-8")
    ties = tmp_path / "good" / "ties.csv"
    ties.write_text("from,type,to,strength\np-new,KNOWS,p-old,strong\n", encoding="utf-8")
    name = f"{width}{'' if javascript else '-plain'}"
    with shown.window(width, javascript=javascript) as page:

        def sent(*files: Path) -> None:
            page.goto(f"{shown.url}/import")
            page.locator("input[type=file]").set_input_files(files)
            page.get_by_role("button", name="Check it").click()

        sent(bad)
        expect(page.get_by_role("heading", level=1)).to_contain_text("2 things are wrong")
        looked_at(page, "import-refused", name)
        sent(good, ties)
        expect(page.get_by_role("heading", level=1)).to_contain_text("What importing it would do")
        looked_at(page, "import-checked", name)
        page.get_by_role("button", name="Import for real").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Imported")
        looked_at(page, "import-done", name)
        page.get_by_role("button", name="Undo this import").click()
        expect(page.get_by_role("alert")).to_contain_text("was taken back")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_import_shows_how_far_it_has_come_without_a_script(
    shown: Shown, width: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    real = jobs.import_zip

    def slow(*given: Any, stage: Any, **named: Any) -> Any:
        stage("Checking", 60_000, 120_000)
        assert go_on.wait(30)
        return real(*given, stage=stage, **named)

    monkeypatch.setattr(jobs, "import_zip", slow)
    sheet = tmp_path / "places.csv"
    sheet.write_text("id,name\nplace-quay,The Quay\n", encoding="utf-8")
    with shown.window(width, javascript=False) as page:
        page.goto(f"{shown.url}/import")
        page.locator("input[type=file]").set_input_files(sheet)
        page.get_by_role("button", name="Check it").click()
        expect(page.get_by_text("60,000 of 120,000 rows")).to_be_visible()
        looked_at(page, "import-progress", width)
        go_on.set()
        expect(page.get_by_role("heading", level=1)).to_contain_text("What importing it would do")
