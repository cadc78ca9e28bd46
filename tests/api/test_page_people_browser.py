"""Home, finding a person and the page of one in a real browser: by keyboard, on a wide screen and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.app import create_app, sign_in_link
from api.people.addresses import record_address
from api.services import services
from api.settings import ServerSettings
from graph_model.changes import Change, PutNode
from graph_model.records import read_node
from graph_model.schema import NodeType
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.api.conftest import ON_EMBEDDED
from tests.browser import WIDTHS, chromium, free_port, picture, served

pytestmark = [ON_EMBEDDED, pytest.mark.browser]

PAGES = {
    "home": "/",
    "people": "/records",
    "everything": "/records?type=all&page=2",
    "person": "/records/p-amira-khan",
    "association": "/records/a-alder-road-primary",
    "problem": "/records/problem-parade-shoplifting",
    "place": "/records/place-brook-hill",
    "gone": "/records/p-alan-quigley",
    "no-record": "/records/nobody",
}


@pytest.fixture(scope="module")
def windows(larkfield: Store, database_settings: DatabaseSettings) -> Iterator[dict[tuple[str, bool], BrowserContext]]:
    """A window of each width that is signed in, with JavaScript and without."""
    port = free_port()
    settings = ServerSettings(port=port, database=database_settings)
    app = create_app(settings, services=services(database_settings))
    with chromium() as browser, served(app, port) as url:
        opened = {}
        for width, (across, down) in WIDTHS.items():
            for script in (True, False):
                window = browser.new_context(
                    viewport={"width": across, "height": down}, java_script_enabled=script, base_url=url
                )
                page = window.new_page()
                page.goto("/sign-in")
                page.goto(sign_in_link(app))
                page.get_by_role("button", name="Sign in").click()
                expect(page.get_by_role("heading", level=1)).to_contain_text("Who holds")
                page.close()
                opened[width, script] = window
        yield opened


@pytest.fixture
def complaints() -> list[str]:
    return []


def opened(window: BrowserContext, complaints: list[str]) -> Page:
    """A new page; what its console says against our own pages is kept (the map's file has a policy of its own)."""
    page = window.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            "/around/" in str(message.location.get("url")) or "404" in message.text or complaints.append(message.text)
        ),
    )
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_window_and_breaks_no_rule(
    windows: dict[tuple[str, bool], BrowserContext], complaints: list[str], width: str
) -> None:
    page = opened(windows[width, True], complaints)
    titles = set()
    for name, path in PAGES.items():
        page.goto(path)
        titles.add(page.title())
        if page.locator("iframe").count():
            page.locator("iframe").scroll_into_view_if_needed()
            expect(page.frame_locator("iframe").locator("#canvas canvas")).to_be_visible()
        picture(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert len(titles) == len(PAGES)
    assert complaints == []
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("script", [True, False])
def test_a_person_is_found_by_keyboard_alone(
    windows: dict[tuple[str, bool], BrowserContext], complaints: list[str], width: str, script: bool
) -> None:
    page = opened(windows[width, script], complaints)
    page.goto("/records")
    page.get_by_label("Name").focus()
    page.keyboard.type("amra kahn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 found")).to_be_visible()
    assert "amra" not in page.url
    picture(page, f"found-{width}")
    page.get_by_role("button", name="Find").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Amira Khan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amira Khan")
    page.get_by_role("link", name="Two ties away").focus()
    page.keyboard.press("Enter")
    expect(page.locator("iframe")).to_have_attribute("src", "/around/p-amira-khan?hops=2")
    expect(page.get_by_role("heading", name="Map of what is around")).to_be_in_viewport()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Around Amira Khan")
    if not script:
        expect(page.frame_locator("iframe").get_by_text("The tables below hold the same.")).to_be_visible()
    assert complaints == []
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_field_of_the_search_is_lost_when_it_finds_nobody(
    windows: dict[tuple[str, bool], BrowserContext], complaints: list[str], width: str
) -> None:
    page = opened(windows[width, True], complaints)
    page.goto("/records")
    page.get_by_label("Name").fill("xqzw")
    page.get_by_label("Look among").select_option("Asset")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="No assets found")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("xqzw")
    expect(page.get_by_label("Look among")).to_have_value("Asset")
    picture(page, f"nobody-{width}")
    page.close()


def test_an_id_with_a_percent_sign_leads_to_its_page(
    windows: dict[tuple[str, bool], BrowserContext], larkfield: Store, complaints: list[str]
) -> None:
    node = PutNode(read_node(NodeType.STAKEHOLDER, "a%2Fb #%41", {"name": "Odd Id"}))
    done = larkfield.apply(Change("Robin Vale", "A test", [node])).entry
    assert done
    page = opened(windows["desktop", True], complaints)
    page.goto(record_address("a%2Fb #%41"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Odd Id")
    larkfield.undo(done.number, "Robin Vale")
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_change_is_undone_from_the_home_page(
    windows: dict[tuple[str, bool], BrowserContext], larkfield: Store, complaints: list[str], width: str
) -> None:
    node = PutNode(read_node(NodeType.STAKEHOLDER, "p-wren", {"name": "Wren Ashdown"}))
    done = larkfield.apply(Change("Robin Vale", "A slip", [node])).entry
    assert done
    page = opened(windows[width, False], complaints)
    page.goto("/")
    page.get_by_role("button", name=f"Undo change {done.number}").press("Enter")
    expect(page.get_by_role("alert", name="Done")).to_contain_text(f"Change {done.number} was taken back.")
    picture(page, f"undone-{width}")
    page.goto("/records/p-wren")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such record")
    page.close()
