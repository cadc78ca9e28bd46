"""Where the network is kept, from the environment."""

from pathlib import Path

import pytest
from platformdirs import user_data_path

from graph_model.settings import DatabaseSettings

_NAMES = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE", "KITH_DATA")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in _NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_with_nothing_set_the_network_is_kept_in_the_data_folder(bare: pytest.MonkeyPatch) -> None:
    settings = DatabaseSettings()
    assert (settings.uri, settings.username, settings.password, settings.database) == (None, "neo4j", None, None)
    assert settings.data == user_data_path("kith", appauthor=False)


def test_from_the_environment(bare: pytest.MonkeyPatch) -> None:
    for name, value in zip(_NAMES, ("neo4j://db.example", "leah", "secret", "kith", "/srv/kith"), strict=True):
        bare.setenv(name, value)
    settings = DatabaseSettings()
    assert (settings.uri, settings.username, settings.database) == ("neo4j://db.example", "leah", "kith")
    assert settings.password is not None
    assert settings.password.get_secret_value() == "secret"
    assert settings.data == Path("/srv/kith")
    assert "secret" not in repr(settings)


def test_empty_is_not_set(bare: pytest.MonkeyPatch) -> None:
    """As docker compose hands on a variable that nobody has filled in."""
    for name in _NAMES:
        bare.setenv(name, "")
    assert DatabaseSettings() == DatabaseSettings(_env_file=None)
    assert DatabaseSettings().uri is None


def test_from_a_file_which_the_environment_overrules(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEO4J_URI=bolt://file\nNEO4J_USERNAME=file\nOTHER=x\n")
    bare.setenv("NEO4J_USERNAME", "environment")
    assert (DatabaseSettings().uri, DatabaseSettings().username) == ("bolt://file", "environment")
