"""The command line as a person uses it, on one engine that all its tests share."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from graph_model.settings import DatabaseSettings
from graph_model.store import Store

LARKFIELD = Path(__file__).resolve().parents[2] / "examples" / "larkfield"


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Kith = Callable[..., Ran]


@pytest.fixture
def kith(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Kith:
    """Runs ``kith`` with these words, in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["kith", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return run


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with Larkfield in it, its engine kept running so that each verb need not start one."""
    from graph_model.importing import import_folder

    data = tmp_path_factory.mktemp("town")
    with Store.open(DatabaseSettings(_env_file=None, uri=None, data=data)) as store:
        import_folder(store, LARKFIELD, by="tests")
        yield data
        store.close(now=True)
