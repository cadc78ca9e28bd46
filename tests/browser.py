"""A real browser against a real server, for tests of what people see.

The browser is Debian's Chromium (``apt-get install chromium``) or whatever CHROMIUM_PATH names, driven by Playwright.
Where there is none the tests that need it are skipped, and with KITH_REQUIRE_BROWSER=1 they fail.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["WIDTHS", "chromium", "free_port", "picture", "served"]

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
"""The windows every page is looked at in, in CSS pixels."""

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium with an empty profile."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("KITH_REQUIRE_BROWSER") == "1":
            pytest.fail("KITH_REQUIRE_BROWSER=1, and there is no Chromium: install it, or set CHROMIUM_PATH.")
        pytest.skip("NOT TESTED IN A BROWSER: there is no Chromium here; install it, or set CHROMIUM_PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def served(app: FastAPI, port: int) -> Iterator[str]:
    """The application on loopback, until the block ends: its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("The server did not start.")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def picture(page: Page, name: str, folder: Path | None = None) -> None:
    """Keep a picture of the whole page in the folder, or in KITH_PICTURES where that is set, or not at all."""
    kept = folder or (Path(os.environ["KITH_PICTURES"]) if "KITH_PICTURES" in os.environ else None)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=kept / f"{name}.png", full_page=True)
