"""What `npm run build` made in explorer/dist, and that none of it poses as a government service."""

import json
import re
from pathlib import Path

import pytest

import api
from tests.api.shell import site

EXPLORER = Path(api.__file__).resolve().parent.parent / "explorer"
BUILT = EXPLORER / "dist"
FORBIDDEN = ("crest", "gds transport", "gov.uk")


@pytest.fixture(scope="module")
def built() -> dict[str, str]:
    assert BUILT.is_dir(), (
        "The browser files are not built: run `npm ci && npm run build` in explorer/, or `make setup`."
    )
    return {file.name: file.read_text(encoding="utf-8") for file in BUILT.iterdir()}


def test_everything_that_is_needed_is_built(built: dict[str, str]) -> None:
    assert set(built) == {"favicon.svg", "kith.css", "kith.js", "licences.txt", "vis-network.min.js"}


def test_nothing_built_poses_as_a_government_service(built: dict[str, str]) -> None:
    found = [(name, word) for name, text in built.items() for word in FORBIDDEN if word in text.lower()]
    assert found == []


def test_nothing_shown_poses_as_a_government_service(tmp_path: Path) -> None:
    kith = site(tmp_path, browser_files=BUILT)
    shown = [kith.client.get(path).text for path in ("/sign-in", "/sign-in?token=x", "/nowhere")]
    shown.append(kith.client.get("/sign-in", params={"token": kith.token()}).text)
    shown.append(kith.sign_in().client.get("/").text)
    assert [word for text in shown for word in FORBIDDEN if word in text.lower()] == []
    assert not any("/assets/" in text for text in shown)
    assert all('<link rel="icon" href="/static/favicon.svg' in text for text in shown)
    assert not any("govuk-header" in text or "govuk-footer" in text for text in shown)


def test_the_styles_are_those_of_the_components_used_and_no_others(built: dict[str, str]) -> None:
    styles = built["kith.css"]
    assert "system-ui" in styles
    assert "@font-face" not in styles
    for absent in (".govuk-header", ".govuk-footer", ".govuk-cookie-banner", ".govuk-phase-banner"):
        assert absent not in styles
    for present in (
        ".govuk-button{",
        ".govuk-service-navigation{",
        ".govuk-error-summary{",
        ".govuk-table{",
        ".kith-scroll{",
    ):
        assert present in styles


def test_nothing_built_is_loaded_from_another_host(built: dict[str, str]) -> None:
    assert set(re.findall(r"url\(([^)]*)\)", built["kith.css"])) == {'"favicon.svg"'}
    assert "@import" not in built["kith.css"]
    assert not re.search(r"\bimport\b|https?://(?!www\.w3\.org/)", built["kith.js"])
    assert "sourceMappingURL" not in built["kith.js"] + built["vis-network.min.js"]


def test_every_licence_of_what_is_shipped_is_shipped_too(built: dict[str, str]) -> None:
    lock = json.loads((EXPLORER / "package-lock.json").read_text())["packages"]
    shipped = {
        path.removeprefix("node_modules/"): entry for path, entry in lock.items() if path and not entry.get("dev")
    }
    types_only = {name for name in shipped if name.startswith("@types/")}
    for name, entry in shipped.items():
        if name not in types_only:
            assert f"{name} {entry['version']} (" in built["licences.txt"]
    assert built["licences.txt"].count("Copyright") >= len(shipped) - len(types_only)
