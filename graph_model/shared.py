"""Letting other processes see a Network without copying or decoding its columns.

The columns are written end to end into a file in memory, mode 0600, which any process of ours maps for reading. Whoever
published it removes it; what is mapped stays until it is let go of.
"""

import mmap
import os
import pickle
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph_model.network import Network

__all__ = ["Handle", "attach", "publish", "remove", "sweep"]

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system in memory; where there is none, the temporary folder
_FOLDER: Final = _MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir())
_PREFIX: Final = "kith-"
_ALIGNED: Final = 64


@dataclass(frozen=True, slots=True)
class Handle:
    """A published Network: its version, its file, its outline, and where each column lies in the file."""

    version: int
    path: str
    outline: bytes
    columns: tuple[tuple[int, int], ...]


def publish(network: Network) -> Handle:
    """Lay a Network out for other processes to see. Cost: one copy of its columns."""
    buffers: list[pickle.PickleBuffer] = []
    bare = Network(network.version, network.nodes, network.ties)  # without what was worked out from it
    outline = pickle.dumps(bare, protocol=5, buffer_callback=buffers.append)
    columns: list[tuple[int, int]] = []
    with tempfile.NamedTemporaryFile(prefix=f"{_PREFIX}{os.getpid()}-", dir=_FOLDER, delete=False) as file:
        for buffer in buffers:
            begin = -(-file.tell() // _ALIGNED) * _ALIGNED
            file.seek(begin)
            raw = buffer.raw()
            file.write(raw)
            columns.append((begin, raw.nbytes))
        file.write(b"\0")  # an empty file cannot be mapped
    return Handle(network.version, file.name, outline, tuple(columns))


def attach(handle: Handle) -> Network:
    """See a published Network. Its columns are read-only, as a Network is.

    Raises
    ------
    FileNotFoundError
        It has been removed: a newer one took its place.
    """
    with Path(handle.path).open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    columns = [whole[begin : begin + size] for begin, size in handle.columns]
    network = pickle.loads(handle.outline, buffers=columns)  # noqa: S301 - made by a process of our own, never sent in
    if not isinstance(network, Network):
        raise TypeError("the handle does not hold a Network")
    return network


def remove(handle: Handle) -> None:
    """Take back what was published. Those who see it already go on seeing it."""
    Path(handle.path).unlink(missing_ok=True)


def sweep() -> None:
    """Remove what processes of this account published and, killed, did not take back."""
    for path in _FOLDER.glob(f"{_PREFIX}[0-9]*-*"):
        publisher = path.name.removeprefix(_PREFIX).split("-")[0]
        with suppress(FileNotFoundError):  # whoever published it may take it back meanwhile
            if publisher.isdigit() and path.stat().st_uid == os.getuid() and not _lives(int(publisher)):
                path.unlink()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True
