"""What runs inside the worker processes. Each holds its state in this module, once a process."""

import os
from collections.abc import Callable
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any, Final

from graph_model.errors import EngineUnavailable
from graph_model.network import Network
from graph_model.settings import DatabaseSettings
from graph_model.shared import Handle, attach, publish, remove, sweep
from graph_model.store import Store

__all__ = ["KEPT", "Gone", "load", "run", "start_asker", "start_loader", "unload", "warm"]

KEPT: Final = 2
"""How many versions stay published: the last, and the one a question may just be about to look at."""
_PATIENCE_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.1
_WAY_GIVEN: Final = 10
"""How far askers stand back behind the server and the engine (nice)."""


class Gone(Exception):
    """The Network a question was to be asked of has been replaced by newer ones."""


class _Loader:
    """The loader's store, the last Network it read, and what it has published."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._store: Store | None = None
        self._network: Network | None = None
        self._published: list[Handle] = []
        self._publishing = Lock()

    def load(self, version: int) -> Handle:
        if self._store is None:
            self._store = Store.open(self._settings)
        network = self._store.network(self._network)
        give_up = monotonic() + _PATIENCE_SECONDS
        while network.version < version:
            if monotonic() > give_up:
                raise EngineUnavailable("The database has not caught up with the last change yet. Try again.")
            sleep(_PAUSE_SECONDS)
            network = self._store.network(network)
        if not self._published or network is not self._network:
            with self._publishing:
                self._published.append(publish(network))
                self._network = network
                while len(self._published) > KEPT:
                    remove(self._published.pop(0))
        return self._published[-1]

    def close(self) -> None:
        self.withdraw()
        if self._store is not None:
            self._store.close()

    def withdraw(self) -> None:
        with self._publishing:
            while self._published:
                remove(self._published.pop())


class _Asker:
    """The Network an asker saw last."""

    def __init__(self) -> None:
        self._path = ""
        self._network: Network | None = None

    def see(self, handle: Handle) -> Network:
        if self._network is None or self._path != handle.path:
            try:
                self._network, self._path = attach(handle), handle.path
            except FileNotFoundError:
                raise Gone from None
        return self._network


_loader: _Loader | None = None
_asker: Final = _Asker()


def start_loader(settings: DatabaseSettings) -> None:
    """Make this process the loader."""
    global _loader  # noqa: PLW0603 - the pool gives a process no other place to keep its state
    sweep()
    _loader = _Loader(settings)
    _end_with_parent(_loader.withdraw)


def start_asker() -> None:
    """Make this process an asker: one that gives way, so that a page need not wait where there are few cores."""
    os.nice(_WAY_GIVEN)
    _end_with_parent(lambda: None)


def load(version: int) -> Handle:
    """Bring the loader's Network up to date, to a version at least; gives where its columns are to be seen.

    In a cluster the loader may read from a server that has not seen yet what this one wrote: it waits for that.

    Raises
    ------
    EngineUnavailable
        The database cannot be reached, or that server does not catch up.
    """
    if _loader is None:
        raise RuntimeError("this process is not the loader")
    return _loader.load(version)


def unload() -> None:
    """Withdraw what the loader has published and let go of the database."""
    if _loader is not None:
        _loader.close()


def run(handle: Handle, function: Callable[[Network, Any], Any], question: Any) -> Any:
    """Answer a question on the Network behind a handle.

    Raises
    ------
    Gone
        That Network has been withdrawn.
    """
    return function(_asker.see(handle), question)


def warm(modules: tuple[str, ...]) -> None:
    """Import what questions need, so that the first one does not wait for it."""
    for module in modules:
        import_module(module)


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
