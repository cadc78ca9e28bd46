"""Writing the network to a file that somebody takes away."""

import zipfile
from pathlib import Path
from threading import Lock
from typing import Final

from analytics.graphml import graphml
from api.worker import Answers
from graph_model.errors import SetUpError
from graph_model.exporting import export_folder
from graph_model.network import Network
from graph_model.store import Store

__all__ = ["graphml_file", "zip_folder"]


_exporting: Final = Lock()


def zip_folder(store: Store, folder: Path) -> Path:
    """Write the plain folder as a zip, into a folder that is there. Takes a while: for the thread pool.

    Raises
    ------
    SetUpError
        Another export is being written: each holds the whole network in memory.
    """
    sheets, target = folder / "kith", folder / "kith.zip"
    if not _exporting.acquire(blocking=False):
        raise SetUpError("Another export is being written just now. Try again in a moment.")
    try:
        export_folder(store, sheets)
    finally:
        _exporting.release()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sorted(sheets.iterdir()):
            archive.write(sheet, f"kith/{sheet.name}")
    return target


async def graphml_file(answers: Answers) -> bytes:
    """The network as a GraphML document, written by a worker."""
    return await answers.ask(_graphml, None, keep=False)


def _graphml(network: Network, question: None) -> bytes:  # noqa: ARG001 - there is only one
    return graphml(network)
