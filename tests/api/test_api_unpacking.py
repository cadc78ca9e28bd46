"""A zip is unpacked trusting nothing that it says of itself."""

import io
import stat
import struct
import zipfile
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from api.imports import unpacking
from api.imports.unpacking import unpack
from graph_model.errors import DataError


def packed(*files: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return file


def unpacked(file: io.BytesIO, folder: Path) -> dict[str, bytes]:
    target = folder / "sheets"
    target.mkdir(parents=True)
    unpack(file, target)
    assert {path.name for path in folder.iterdir()} == {"sheets"}
    return {path.name: path.read_bytes() for path in target.iterdir()}


def refused(file: io.BytesIO, folder: Path) -> str:
    with pytest.raises(DataError) as error:
        unpacked(file, folder)
    return str(error.value)


@pytest.mark.parametrize("prefix", ["", "larkfield/", "a/b/c/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, ZIP_DEFLATED])
def test_sheets_come_out_as_they_went_in(prefix: str, method: int, tmp_path: Path) -> None:
    sheets = {"stakeholders.csv": b"id,name\n1,Wren\n" * 9_000, "ties.csv": b""}
    file = packed(*((prefix + name, content) for name, content in sheets.items()), method=method)
    assert unpacked(file, tmp_path) == sheets


def test_what_is_no_sheet_is_passed_over(tmp_path: Path) -> None:
    file = packed(
        ("larkfield/", b""),
        ("larkfield/Stakeholders.CSV", b"x"),
        ("larkfield/read me.txt", b"x"),
        ("larkfield/photos/one.jpg", b"x"),
        ("__MACOSX/larkfield/._stakeholders.csv", b"x"),
        ("larkfield/.hidden.csv", b"x"),
    )
    assert unpacked(file, tmp_path) == {"Stakeholders.CSV": b"x"}


@pytest.mark.parametrize("name", ["../ties.csv", "/etc/ties.csv", "../../../tmp/ties.csv", "a/../../ties.csv"])
def test_no_path_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    assert unpacked(packed((name, b"x")), tmp_path) == {"ties.csv": b"x"}


def test_a_link_is_only_a_text(tmp_path: Path) -> None:
    link = ZipInfo("ties.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert unpacked(packed((link, b"/etc/passwd")), tmp_path) == {"ties.csv": b"/etc/passwd"}
    assert not (tmp_path / "sheets" / "ties.csv").is_symlink()


def test_sheets_in_two_places_or_twice_are_refused(tmp_path: Path) -> None:
    assert "more than one folder (a, b)" in refused(packed(("a/ties.csv", b""), ("b/assets.csv", b"")), tmp_path)
    (tmp_path / "sheets").rmdir()
    assert "more than once" in refused(packed(("ties.csv", b""), ("TIES.csv", b"")), tmp_path)


def test_a_zip_without_a_sheet_and_a_file_that_is_no_zip_are_refused(tmp_path: Path) -> None:
    assert "no sheet" in refused(packed(("ties.xlsx", b"")), tmp_path)
    (tmp_path / "sheets").rmdir()
    assert "not a zip" in refused(io.BytesIO(b"PK\x03\x04 but no more"), tmp_path)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    file = packed(*((f"{number}.txt", b"") for number in range(unpacking.MOST_FILES + 1)))
    assert "1,001 files" in refused(file, tmp_path)


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 2**20)
    sheets = [(f"{name}.csv", bytes(2**19)) for name in "ab"]
    assert len(unpacked(packed(*sheets), tmp_path)) == 2
    assert "more than 1 MB" in refused(packed(*sheets, ("c.csv", b"x")), tmp_path / "again")


def bomb(size: int) -> io.BytesIO:
    """A zip that says of its one sheet that it has a byte when unpacked."""
    file = packed(("ties.csv", bytes(size)))
    raw = bytearray(file.getvalue())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(signature) + offset
        raw[at : at + 4] = struct.pack("<I", 1)
    return io.BytesIO(bytes(raw))


def test_a_size_that_is_a_lie_brings_in_no_more(tmp_path: Path) -> None:
    import tracemalloc

    file = bomb(200 * 2**20)
    tracemalloc.start()
    try:
        assert "not a zip that can be read" in refused(file, tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    raw = bytearray(packed(("ties.csv", b"from,type,to\n" * 1000)).getvalue())
    raw[60] ^= 0xFF
    assert "not a zip that can be read" in refused(io.BytesIO(bytes(raw)), tmp_path)


def test_a_locked_or_uncommonly_packed_zip_is_refused(tmp_path: Path) -> None:
    raw = bytearray(packed(("ties.csv", b"x")).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refused(io.BytesIO(bytes(raw)), tmp_path)
    (tmp_path / "sheets").rmdir()
    assert "uncommon" in refused(packed(("ties.csv", b"x"), method=ZIP_BZIP2), tmp_path)
