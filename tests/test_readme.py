"""The documentation says what is so: commands run, settings exist, links lead somewhere."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from api.settings import ServerSettings
from graph_model.settings import DatabaseSettings
from tests.cli.conftest import LARKFIELD, Kith
from tests.cli.conftest import kith as kith  # noqa: PLC0414 - a fixture

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(text: str) -> list[str]:
    """The lines of a page's shell blocks that run kith."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if "bin/kith " in line]


def test_every_command_of_the_readme_works_in_its_order(
    kith: Kith, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").mkdir()
    shutil.copytree(LARKFIELD, tmp_path / "examples" / "larkfield")
    (tmp_path / "my-folder").mkdir()
    (tmp_path / "my-folder" / "places.csv").write_text("id,name\nplace-mine,My Street\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KITH_DATA", str(tmp_path / "data"))
    found = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(found) > 8
    for command in found:
        told = kith(*shlex.split(command)[1:])
        assert told.code == 0, (command, told.err)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_that_are_named_exist(page: Path) -> None:
    known = {
        str(field.validation_alias)
        for model in (DatabaseSettings, ServerSettings)
        for field in model.model_fields.values()
    }
    known |= set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    tested = {"KITH_REQUIRE_NEO4J", "KITH_REQUIRE_BROWSER", "KITH_TEST_NEO4J", "KITH_PICTURES"}
    named = set(re.findall(r"\b(?:KITH|NEO4J)_[A-Z0-9_]+\b", page.read_text(encoding="utf-8")))
    assert {name for name in named - tested if not name.startswith("NEO4J_TEST_")} <= known


def test_every_setting_stands_in_the_reference_with_what_it_means() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for model in (DatabaseSettings, ServerSettings):
        for field in model.model_fields.values():
            if field.validation_alias:
                row = next(
                    (line for line in text.splitlines() if line.startswith(f"| `{field.validation_alias}` |")), ""
                )
                assert row.endswith(f"| {field.description} |"), field.validation_alias


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`?make ([a-z-]+)`", page.read_text(encoding="utf-8"))) <= targets
