"""What runs inside the worker processes. Each holds its state in this module, once a process."""

import os
import signal
from collections.abc import Callable
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Final

from graph_model.network import Network
from graph_model.settings import DatabaseSettings
from graph_model.shared import Handle, attach, publish, remove
from graph_model.store import Store

__all__ = ["load", "run", "start_asker", "start_loader", "unload"]

_KEPT: Final = 2
"""How many versions stay published: the last, and the one a question may just be about to look at."""


class _Loader:
    """The loader's store, the last Network it read, and what it has published."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.store = Store.open(settings)
        self.network: Network | None = None
        self.published: list[Handle] = []

    def load(self) -> Handle:
        network = self.store.network(self.network)
        if not self.published or network is not self.network:
            self.network = network
            self.published.append(publish(network))
            while len(self.published) > _KEPT:
                remove(self.published.pop(0))
        return self.published[-1]

    def close(self) -> None:
        self.withdraw()
        self.store.close()

    def withdraw(self) -> None:
        while self.published:
            remove(self.published.pop())


class _Asker:
    """The Network an asker saw last."""

    handle: Handle | None = None
    network: Network | None = None

    def see(self, handle: Handle) -> Network:
        if self.network is None or self.handle is None or self.handle.path != handle.path:
            self.network, self.handle = attach(handle), handle
        return self.network


_loader: _Loader | None = None
_asker: Final = _Asker()


def start_loader(settings: DatabaseSettings) -> None:
    """Make this process the loader."""
    global _loader  # noqa: PLW0603 - the pool gives a process no other place to keep its state
    _outlive_ctrl_c()
    _loader = _Loader(settings)
    _end_with_parent(_loader.withdraw)


def start_asker(modules: tuple[str, ...]) -> None:
    """Make this process an asker: import what questions need, so that the first does not wait for it."""
    _outlive_ctrl_c()
    _end_with_parent(lambda: None)
    for module in modules:
        import_module(module)


def load() -> Handle:
    """Bring the loader's Network up to date; gives where its columns are to be seen."""
    if _loader is None:
        raise RuntimeError("this process is not the loader")
    return _loader.load()


def unload() -> None:
    """Withdraw what the loader has published and let go of the database."""
    if _loader is not None:
        _loader.close()


def run(handle: Handle, function: Callable[[Network, Any], Any], question: Any) -> Any:
    """Answer a question on the Network behind a handle."""
    return function(_asker.see(handle), question)


def _outlive_ctrl_c() -> None:
    """Ctrl-C reaches every process of the terminal; the server ends its workers itself, in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent(clean_up: Callable[[], None]) -> None:
    """See that this process is gone soon after the server is, however the server went."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        clean_up()
        os._exit(1)

    Thread(target=watch, name="watch-parent", daemon=True).start()
