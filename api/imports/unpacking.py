"""Unpacking an uploaded zip into a folder, trusting nothing that it says of itself."""

import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - an exception

from graph_model.errors import DataError

__all__ = ["MOST_BYTES", "MOST_FILES", "unpack"]

MOST_FILES: Final = 1_000
"""How many things a zip may hold, sheets or not."""
MOST_BYTES: Final = 512 * 1024**2
"""How many bytes its sheets may have when unpacked."""
_PIECE: Final = 64 * 1024


def unpack(file: BinaryIO, folder: Path) -> None:
    """Write the sheets of a zip into a folder, side by side.

    A zip holds the sheets themselves, or one folder that holds them. What else is in it is passed over. Nothing is
    written outside the folder, because of a path only the last part is used; and no more than ``MOST_BYTES``, because
    bytes are counted as they come, whatever size the zip announces.

    Raises
    ------
    DataError
        It is no zip, holds no sheet, holds sheets in more than one place, or is too large.
    """
    try:
        with ZipFile(file) as archive:
            left = MOST_BYTES
            for entry in _sheets(archive):
                left = _write(archive, entry, folder / PurePosixPath(entry.filename).name, left)
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, zipfile.LargeZipFile) as error:
        raise DataError(f"This is not a zip that can be read ({error}). Pack the folder again.") from None


def _sheets(archive: ZipFile) -> list[ZipInfo]:
    """The sheets, none of them twice, from one place."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise DataError(f"This zip holds {len(entries):,} files. At most {MOST_FILES:,} are looked at.")
    sheets = {}
    for entry in entries:
        path = PurePosixPath(entry.filename)
        # What macOS puts beside each file is not one.
        if entry.is_dir() or path.suffix.lower() != ".csv" or "__MACOSX" in path.parts or path.name.startswith("."):
            continue
        if entry.flag_bits & 1:
            raise DataError(f"{path.name} is locked with a password. Pack the folder without one.")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise DataError(f"{path.name} is packed in an uncommon way. Pack the folder as an ordinary zip.")
        if path.name.lower() in sheets:
            raise DataError(f"This zip holds {path.name} more than once. Pack one folder of sheets.")
        sheets[path.name.lower()] = entry
    if not sheets:
        raise DataError("This zip holds no sheet. Pack the folder that holds stakeholders.csv, ties.csv, ...")
    if len(places := sorted({str(PurePosixPath(entry.filename).parent) for entry in sheets.values()})) > 1:
        raise DataError(f"This zip holds sheets in more than one folder ({', '.join(places[:3])}). Pack only one.")
    return list(sheets.values())


def _write(archive: ZipFile, entry: ZipInfo, path: Path, left: int) -> int:
    """Unpack one sheet; gives how many bytes may still come."""
    with archive.open(entry) as packed, path.open("xb") as sheet:
        while piece := packed.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise DataError(f"Unpacked, this is more than {MOST_BYTES // 1024**2} MB. Import it in parts.")
            sheet.write(piece)
    return left
