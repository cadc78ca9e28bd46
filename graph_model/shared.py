"""Handing a Network to another process without copying or decoding its columns.

The columns are written end to end into a file in memory; whoever takes it over maps the file and removes its name at
once, so that nothing is left behind however a process ends. What is mapped is read-only, as a Network is.
"""

import mmap
import pickle
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph_model.network import Network

__all__ = ["Handle", "publish", "take_over"]

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system in memory; files are made with mode 0600
_ALIGNED: Final = 64


@dataclass(frozen=True, slots=True)
class Handle:
    """A Network that waits to be taken over: its file, its outline, and where each column lies."""

    path: str
    outline: bytes
    columns: tuple[tuple[int, int], ...]


def publish(network: Network) -> Handle:
    """Lay a Network out for another process to take over. Cost: one copy of its columns."""
    buffers: list[pickle.PickleBuffer] = []
    outline = pickle.dumps(Network(network.version, network.nodes, network.ties), 5, buffer_callback=buffers.append)
    columns: list[tuple[int, int]] = []
    folder = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.NamedTemporaryFile(prefix="kith-", dir=folder, delete=False) as file:
        for buffer in buffers:
            begin = -(-file.tell() // _ALIGNED) * _ALIGNED
            file.seek(begin)
            raw = buffer.raw()
            file.write(raw)
            columns.append((begin, raw.nbytes))
        file.write(b"\0")  # an empty file cannot be mapped
    return Handle(file.name, outline, tuple(columns))


def take_over(handle: Handle) -> Network:
    """The Network behind a handle, which can be taken over once."""
    path = Path(handle.path)
    try:
        with path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    finally:
        path.unlink(missing_ok=True)
    columns = [whole[begin : begin + size] for begin, size in handle.columns]
    network = pickle.loads(handle.outline, buffers=columns)  # noqa: S301 - made by a process of our own, never sent in
    if not isinstance(network, Network):
        raise TypeError("the handle does not hold a Network")
    return network
