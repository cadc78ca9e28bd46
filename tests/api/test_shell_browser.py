"""The shell in a real browser: signing in, getting around by keyboard, on a wide screen and on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI, Request
from playwright.sync_api import Browser, BrowserContext, expect
from starlette.responses import HTMLResponse

from api.app import create_app, sign_in_link
from api.pages import NavigationLink, render
from api.permissions import Permission, needs
from api.settings import ServerSettings
from api.subjects import SUBJECTS, Subject
from graph_model.settings import DatabaseSettings
from tests.browser import WIDTHS, chromium, free_port, picture, served

pytestmark = pytest.mark.browser


def subjects() -> list[Subject]:
    """As many entries as the navigation will have, each leading to a page."""
    words = ("People", "Highly connected", "Allotments", "Find a way up", "Import")
    made = []
    for number, text in enumerate(words):
        router = APIRouter(dependencies=[needs(Permission.VIEW)])

        @router.get(f"/subject-{number}")
        def page(request: Request, size: int = 1) -> HTMLResponse:
            return render(request, "security/no_link.html", dead=False)

        made.append(Subject(pages=router, link=NavigationLink(text, f"/subject-{number}", f"What {text} is for.")))
    return made


@dataclass
class Shown:
    """A server, and a browser that may look at it."""

    app: FastAPI
    url: str
    browser: Browser

    def window(self, width: str, *, javascript: bool = True) -> BrowserContext:
        across, down = WIDTHS[width]
        return self.browser.new_context(viewport={"width": across, "height": down}, java_script_enabled=javascript)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    port = free_port()
    database = DatabaseSettings(data=tmp_path_factory.mktemp("data"))
    app = create_app(ServerSettings(port=port, database=database), subjects=(*SUBJECTS, *subjects()))
    with chromium() as browser, served(app, port) as url:
        yield Shown(app, url, browser)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_signs_in_looks_around_and_signs_out(shown: Shown, width: str, javascript: bool) -> None:
    with shown.window(width, javascript=javascript) as window:
        page = window.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))

        page.goto(f"{shown.url}/")
        expect(page).to_have_url(f"{shown.url}/sign-in")
        picture(page, f"no-link-{width}")
        page.goto(sign_in_link(shown.app))
        picture(page, f"sign-in-{width}")
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{shown.url}/")
        picture(page, f"home-{width}{'' if javascript else '-plain'}")
        if javascript and width == "phone":
            page.get_by_role("button", name="Menu").click()
        page.get_by_role("navigation").get_by_role("link", name="Allotments").click()
        expect(page.locator("[aria-current=page]")).to_have_text("Allotments")
        if javascript and width == "phone":
            page.get_by_role("button", name="Menu").click()
            picture(page, f"menu-{width}")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{shown.url}/sign-in")
        assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(shown: Shown, width: str) -> None:
    with shown.window(width) as window:
        page = window.new_page()
        page.goto(f"{shown.url}/sign-in")
        page.goto(sign_in_link(shown.app))
        page.get_by_role("button", name="Sign in").click()
        for path, name in {"/": "home", "/nowhere": "not-found", "/subject-1?size=x": "invalid"}.items():
            page.goto(shown.url + path)
            picture(page, f"{name}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_a_wide_table_scrolls_inside_itself(shown: Shown) -> None:
    with shown.window("phone") as window:
        page = window.new_page()
        page.goto(f"{shown.url}/sign-in")
        page.evaluate(
            """() => {
                const cells = `<td class="govuk-table__cell">A-wide-column</td>`.repeat(12);
                const table = `<table class="govuk-table"><tr class="govuk-table__row">${cells}</tr></table>`;
                document.querySelector("main").innerHTML =
                    `<div class="kith-scroll" role="region" aria-label="Wide" tabindex="0">${table}</div>`;
            }"""
        )
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        region = page.get_by_role("region", name="Wide")
        region.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('.kith-scroll').scrollLeft > 0")


def test_the_keyboard_reaches_the_content_first(shown: Shown) -> None:
    with shown.window("desktop") as window:
        page = window.new_page()
        page.goto(f"{shown.url}/sign-in")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main-content")).to_be_focused()


def test_a_script_that_a_name_smuggled_in_does_not_run(shown: Shown, tmp_path: Path) -> None:
    with shown.window("desktop") as window:
        page = window.new_page()
        page.goto(f"{shown.url}/sign-in")
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "window.smuggled = true";
                document.body.append(script);
                document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.smuggled = true'>");
            }"""
        )
        page.wait_for_timeout(200)
        assert page.evaluate("window.smuggled") is None
