"""Import as pages: nothing is written before it was shown, each upload is its sender's own, and none stays for long."""

import asyncio
import io
import os
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from api.imports import jobs
from api.imports.waiting import Uploads
from api.services import services
from graph_model.engines import Engine
from graph_model.errors import DataError, SetUpError
from graph_model.importing import Imported
from graph_model.settings import DatabaseSettings
from graph_model.store import Store
from tests.api.conftest import LARKFIELD, ON_EMBEDDED
from tests.api.reading import read
from tests.api.shell import Site, site

pytestmark = ON_EMBEDDED

GOOD = {
    "stakeholders.csv": "id,name,kind\np-new,Noor Vance,resident\np-old,Odd Larsen,\n",
    "ties.csv": "from,type,to,strength\np-new,KNOWS,p-old,strong\n",
}


@pytest.fixture(scope="module")
def store(engine: Engine, driver: neo4j.Driver, database_settings: DatabaseSettings) -> Iterator[Store]:
    """A store that holds nothing."""
    driver.execute_query("MATCH (n) DETACH DELETE n", database_=engine.address.database)
    with Store.open(database_settings) as store:
        yield store


@pytest.fixture(scope="module")
def kith(store: Store, database_settings: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on that store, signed in to; what one test brings in the next may find."""
    server = site(tmp_path_factory.mktemp("site"), services=services(database_settings), database=database_settings)
    with server.client:
        yield server.sign_in()


def zipped(files: dict[str, str | bytes], inside: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(inside + name, text)
    return held.getvalue()


def send(kith: Site, *files: tuple[str, str | bytes]) -> Any:
    """Send files and follow to what came of it."""
    parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return kith.client.post("/import", files=parts, follow_redirects=True)


def check(kith: Site, *files: tuple[str, str | bytes]) -> Any:
    """Send files; what their check came to."""
    page = send(kith, *files)
    return finish(kith, page) if page.url.path != "/import" else page


def finish(kith: Site, page: Any) -> Any:
    """Wait until what goes on behind a page has ended; what came of it."""
    upload = kith.app.state.uploads._uploads[page.url.path.rpartition("/")[2]]
    kith.client.portal.call(asyncio.wait, [upload.task])
    return kith.client.get(page.url.path)


def import_for_real(kith: Site, page: Any, **choice: str) -> Any:
    """Press the button under what was checked, and follow to what came of it."""
    return finish(kith, kith.client.post(page.url.path, data=choice, follow_redirects=True))


def waiting(kith: Site) -> list[Path]:
    return list(kith.app.state.settings.database.data.glob("uploads-*/*.zip"))


@pytest.mark.parametrize("path", ["/connectors", "/group", "/ways"])
def test_before_anything_is_there_each_question_leads_here(kith: Site, path: str) -> None:
    page = kith.client.get(path)
    assert page.status_code == 200
    assert "is in the network" in read(page.text)
    assert '<a class="govuk-link" href="/import">Import a folder of sheets</a>' in page.text


def test_the_form_says_what_every_sheet_may_hold(kith: Site) -> None:
    text = read(kith.client.get("/import").text)
    for words in ("stakeholders.csv", "visible_leader", "ties.csv", "from, type, to", "CAN_DECIDE", "64 MB"):
        assert words in text


def test_sheets_are_shown_first_then_written_then_taken_back(kith: Site, store: Store) -> None:
    before = store.version()
    page = check(kith, *GOOD.items())
    assert page.status_code == 200
    text = read(page.text)
    assert "2 sheets What importing it would do 3 rows were read, and all are right." in text
    assert "People, places and other records 2 0 Ties between them 1 0" in text
    assert store.version() == before
    assert len(waiting(kith)) == 1

    address = page.url.path
    done = import_for_real(kith, page, why="door-knock")
    assert done.status_code == 200
    assert f"That is change {before + 1}." in read(done.text)
    (entry,) = store.history(1)
    assert (entry.number, entry.by, entry.why) == (before + 1, "Robin Vale", "door-knock")
    assert store.node("p-new").properties["name"] == "Noor Vance"
    assert waiting(kith) == []

    again = kith.client.post(address, follow_redirects=True)
    assert store.version() == before + 1
    assert "That is change" in read(again.text)

    number = re.search(r'action="/undo">\s*<input type="hidden" name="number" value="(\d+)">', done.text)
    assert number is not None
    assert kith.client.post("/undo", data={"number": number[1]}).status_code == 303
    assert store.version() == before + 2


def test_a_zip_of_a_folder_does_as_well_and_twice_changes_nothing(kith: Site, store: Store) -> None:
    larkfield = {file.name: file.read_bytes() for file in LARKFIELD.glob("*.csv")}
    page = check(kith, ("larkfield.zip", zipped(larkfield, "larkfield/")))
    assert "larkfield.zip What importing it would do" in read(page.text)
    import_for_real(kith, page)
    assert store.history(1)[0].why == "Import of larkfield.zip"
    again = check(kith, ("larkfield.zip", zipped(larkfield)))
    assert "Nothing would change" in read(again.text)
    assert "Import for real" not in again.text
    assert "150 people" in read(kith.client.get("/connectors").text)


def test_every_bad_row_is_listed_with_what_would_be_right(kith: Site, store: Store) -> None:
    rows = "".join(f"p-{number},Sam,perhaps\n" for number in range(150))
    before = store.version()
    page = check(kith, ("stakeholders.csv", f"id,name,visible_leader\n{rows}"))
    assert page.status_code == 422
    text = read(page.text)
    assert "Nothing was imported: 150 things are wrong" in text
    assert "The first 100 are listed." in text
    assert (
        'stakeholders.csv 2 visible_leader "perhaps" is neither yes nor no. Write yes, no, or leave it empty.' in text
    )
    assert page.text.count('data-label="File"') == 100
    assert "Import for real" not in page.text
    assert store.version() == before


def test_a_field_edited_in_kith_is_left_unless_one_says_so(kith: Site, store: Store) -> None:
    def brought_in(sheet: str, **choice: str) -> Any:
        page = check(kith, ("places.csv", sheet))
        import_for_real(kith, page, **choice)
        return page

    brought_in("id,name,kind\nplace-x,Quay,street\n")
    edited = kith.client.patch("/api/v1/nodes/place-x", json={"kind": "estate"})
    assert edited.status_code == 200, edited.text
    page = brought_in("id,name,kind\nplace-x,Quay,square\n", conflicts="leave")
    assert "Edited in Kith since the last import (1)" in read(page.text)
    assert "places.csv 2 place-x kind estate square" in read(page.text)
    assert store.node("place-x").properties["kind"] == "estate"
    brought_in("id,name,kind\nplace-x,Quay,square\n", conflicts="set")
    assert store.node("place-x").properties["kind"] == "square"


def test_an_old_encoding_is_said(kith: Site) -> None:
    page = check(kith, ("stakeholders.csv", "id,name\np-zoe,Zoë\n".encode("latin-1")))
    assert "it was read as latin-1" in read(page.text)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ((), "Choose a zip of the folder, or the sheets in it"),
        ((("notes.pdf", b"%PDF"), ("ties.csv", "from,type,to\n")), "notes.pdf is not a sheet."),
        ((("ties.csv", "a"), ("ties.csv", "a")), "ties.csv was sent twice."),
    ],
)
def test_what_is_no_folder_is_told_so_at_the_field(
    kith: Site, files: tuple[tuple[str, str | bytes], ...], sentence: str
) -> None:
    page = check(kith, *files) if files else kith.client.post("/import", files={"files": ("", b"")})
    assert page.status_code == 422
    assert read(page.text).count(sentence) == 2
    assert '<a href="#files">' in page.text


@pytest.mark.parametrize(
    ("name", "content"),
    [("folder.zip", b"PK not really"), ("folder.zip", zipped({"readme.txt": "x"})), ("../../evil.exe", b"\x00")],
)
def test_what_cannot_be_opened_is_told_so(kith: Site, name: str, content: bytes) -> None:
    page = check(kith, (name, content))
    assert page.status_code == 422
    assert "It could not be imported" in read(page.text)
    assert "zip" in read(page.text)
    assert "/" not in read(page.text).partition("It could")[0]


def test_names_in_sheets_are_only_text(kith: Site) -> None:
    evil = "<script>alert(1)</script>"
    page = check(kith, (f"{evil}.csv", "id\n"), ("stakeholders.csv", f"id,name,{evil}\np,{evil},x\n"))
    assert page.status_code == 422
    assert "<script>alert" not in page.text


def test_an_upload_is_its_senders_own(kith: Site) -> None:
    address = check(kith, *GOOD.items()).url.path
    mine = dict(kith.client.cookies)
    kith.client.cookies.clear()
    kith.sign_in()
    assert kith.client.get(address).status_code == 404
    assert "no longer here" in read(kith.client.get(address).text)
    kith.client.post(f"{address}/cancel")
    kith.client.cookies.clear()
    kith.client.cookies.update(mine)
    assert kith.client.get(address).status_code == 200


def test_only_the_last_one_is_kept_and_cancelling_removes_it(kith: Site) -> None:
    first = check(kith, *GOOD.items()).url.path
    second = check(kith, *GOOD.items()).url.path
    assert kith.client.get(first).status_code == 404
    mine = [file for file in waiting(kith) if file.stem in second]
    assert len(mine) == 1
    cancelled = kith.client.post(f"{second}/cancel", follow_redirects=True)
    assert "Nothing was written." in read(cancelled.text)
    assert kith.client.get(second).status_code == 404
    assert not mine[0].exists()


class Slow:
    """An import that waits where the test wants it to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = threading.Event()
        self.told: Callable[[str, int, int | None], None] | None = None
        self._real = jobs.import_zip
        monkeypatch.setattr(jobs, "import_zip", self)

    def __call__(self, *given: Any, stage: Any, **named: Any) -> Imported:
        self.told = stage
        stage("Reading", 4_000, None)
        assert self.go_on.wait(30)
        return self._real(*given, stage=stage, **named)


def test_progress_is_shown_and_it_can_be_cancelled(kith: Site, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    page = send(kith, *GOOD.items())
    assert '<meta http-equiv="refresh" content="1">' in page.text
    text = read(page.text)
    assert "Checking what you sent Reading : 4,000 rows so far" in text
    assert "a second." in text
    address = page.url.path
    upload = kith.app.state.uploads._uploads[address.rpartition("/")[2]]
    assert kith.client.post(f"{address}/cancel").headers["location"] == "/import?cancelled=true"
    slow.go_on.set()
    kith.client.portal.call(asyncio.wait, [upload.task])
    assert isinstance(upload.task.exception(), jobs.Cancelled)
    assert not upload.file.exists()


def test_what_is_being_written_cannot_be_cancelled(kith: Site, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    page = check(kith, *GOOD.items())
    slow = Slow(monkeypatch)
    address = page.url.path
    page = kith.client.post(address, follow_redirects=True)
    assert slow.told is not None
    slow.told("Writing", 1, 3)
    shown = kith.client.get(address).text
    assert "Writing : 1 of 3 rows" in read(shown)
    assert "can no longer be cancelled" in read(shown)
    assert "/cancel" not in shown
    assert kith.client.post(f"{address}/cancel").headers["location"] == address
    slow.go_on.set()
    upload = kith.app.state.uploads._uploads[address.rpartition("/")[2]]
    kith.client.portal.call(asyncio.wait, [upload.task])
    assert "That is change" in read(kith.client.get(address).text)


def test_cancelled_at_the_last_moment_nothing_is_written(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sheets.zip"
    file.write_bytes(zipped({"places.csv": "id,name\nplace-late,Late Lane\n"}))
    job = jobs.Job(file, "sheets.zip", by="Robin Vale", dry_run=False)
    told: list[str] = []
    tell = job._tell

    def cancel_when_checked(what: str, done: int, of: int | None) -> None:
        told.append(what)
        tell(what, done, of)
        if what == "Checking":
            assert job.cancel()

    monkeypatch.setattr(job, "_tell", cancel_when_checked)
    before = store.version()
    with pytest.raises(jobs.Cancelled):
        job.run(store)
    assert told[-1] == "Writing"  # it was within the transaction that writes
    assert store.version() == before
    assert "place-late" not in store.network().row_of


def test_another_import_at_the_same_time_may_be_tried_again(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    page = check(kith, ("places.csv", "id,name\nplace-y,Yard\n"))

    def busy(*given: Any, **named: Any) -> Imported:
        raise SetUpError("Another import is being written just now.")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "import_zip", busy)
        refused = import_for_real(kith, page)
    assert "Another import is being written just now." in read(refused.text)
    assert "Try again" in refused.text
    assert "That is change" in read(import_for_real(kith, page).text)


def test_an_upload_goes_by_itself_and_few_are_kept(store: Store, tmp_path: Path) -> None:
    def sheet() -> list[tuple[str, Any]]:
        return [("places.csv", io.BytesIO(b"id,name\nplace-z,Zone\n"))]

    async def sent() -> None:
        uploads = Uploads(tmp_path, seconds=0.5, most=2)
        kept = [await uploads.add(store, owner, "Robin Vale", sheet()) for owner in ("a", "b")]
        with pytest.raises(SetUpError):
            await uploads.add(store, "c", "Robin Vale", sheet())
        assert uploads.find(kept[0].token, "a") is kept[0]
        assert uploads.find(kept[0].token, "b") is None
        folder = kept[0].file.parent
        assert folder.stat().st_mode & 0o077 == 0
        while uploads.find(kept[1].token, "b"):
            await asyncio.sleep(0.02)
        assert list(folder.iterdir()) == []
        assert await uploads.add(store, "c", "Robin Vale", sheet())

    asyncio.run(asyncio.wait_for(sent(), 30))


def test_what_a_killed_server_left_goes(store: Store, tmp_path: Path) -> None:
    left, fresh = tmp_path / "uploads-left", tmp_path / "uploads-fresh"
    for folder in (left, fresh):
        folder.mkdir()
        (folder / "token.zip").write_bytes(b"PK")
    for path in (left / "token.zip", left):
        os.utime(path, (1, 1))

    async def sent() -> None:
        with pytest.raises(DataError):
            await Uploads(tmp_path).add(store, "a", "Robin Vale", [("a.txt", io.BytesIO()), ("b.txt", io.BytesIO())])

    asyncio.run(sent())
    assert not left.exists()
    assert fresh.exists()
