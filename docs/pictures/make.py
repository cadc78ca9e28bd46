"""Takes the pictures of the README: ``make pictures``. Needs Chromium; Larkfield is loaded into a folder of its own."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import chromium
from tests.cli.test_serve import serving

_HERE = Path(__file__).resolve().parent
_PAGES = {
    "home": "/",
    "connectors": "/connectors?measure=betweenness&top=8",
    "group": "/group?size=8",
    "ways": "/ways?about=barrier-guarding-budget&from=p-leah-whitcombe",
    "person": "/records/p-amira-khan",
}


def main() -> None:
    """Take every picture, or those that are named."""
    chosen = sys.argv[1:] or list(_PAGES)
    with tempfile.TemporaryDirectory() as data, serving(Path(data), "--example") as (process, link, _):
        base = link.split("/sign-in")[0]
        with chromium() as browser:
            context = browser.new_context(viewport={"width": 1100, "height": 800})
            page = context.new_page()
            page.goto(link)
            page.get_by_role("button").last.click()
            for name in chosen:
                _take(page, f"{base}{_PAGES[name]}", _HERE / f"{name}.png")
        process.terminate()


def _take(page: Page, address: str, file: Path) -> None:
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": 1100, "height": 1000}, full_page=True)
    if subprocess.run(["which", "pngquant"], capture_output=True, check=False).returncode == 0:
        subprocess.run(["pngquant", "--force", "--output", str(file), "64", str(file)], check=True)


if __name__ == "__main__":
    main()
