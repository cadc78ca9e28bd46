"""Importing a zip that somebody uploaded: unpacked into a folder of its own, which is gone when it has been read."""

import threading
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from api.imports.unpacking import unpack
from graph_model.errors import SetUpError
from graph_model.importing import Imported, Stage, import_folder
from graph_model.store import Store

__all__ = ["import_zip"]

_ONE_AT_A_TIME: Final = threading.Lock()


def import_zip(
    store: Store,
    file: BinaryIO,
    name: str,
    *,
    by: str,
    why: str = "",
    dry_run: bool = False,
    overwrite: bool = False,
    stage: Stage | None = None,
) -> Imported:
    """Import a zip of a folder of sheets: all of it or, where a row is wrong, nothing.

    Parameters
    ----------
    file, name
        The zip, and what it is called: the history says it where ``why`` does not say more.
    by, why, dry_run, overwrite, stage
        As ``import_folder`` takes them.

    Raises
    ------
    ImportRefused
        Rows are wrong; nothing was written.
    DataError
        It is no zip, holds no sheet, or is too large.
    SetUpError
        Another import runs: each holds all its rows in memory.
    """
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise SetUpError("Another import is being read or written just now. Try again in a moment.")
    try:
        with TemporaryDirectory(prefix="kith-import-") as folder:
            unpack(file, Path(folder))
            called = why or f"Import of {PurePosixPath(name).name}"
            return import_folder(
                store, Path(folder), by=by, why=called, dry_run=dry_run, overwrite=overwrite, stage=stage
            )
    finally:
        _ONE_AT_A_TIME.release()
