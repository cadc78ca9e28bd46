"""The embedded engine as its users see it: found running or started, held while it is used, let go of.

The engine is a process of its own (:mod:`graph_model.engines.embedded_child`), shared by all who use one data folder.
Each user holds the users' lock; the operating system takes it back when a user dies, so neither a crash nor a kill -9
leaves an engine behind, and no user can take the engine from another.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from graph_model.engines import Address
from graph_model.engines.check import check
from graph_model.engines.embedded_child import DATABASE, USERNAME
from graph_model.engines.embedded_folder import EngineFolder, EngineState
from graph_model.engines.locks import HeldLock, exclusive, is_held
from graph_model.errors import EngineUnavailable

__all__ = ["EmbeddedEngine", "open_embedded"]

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LOOK_EVERY = 0.02
_CODE_ROOT = Path(__file__).parents[2]


class EmbeddedEngine:
    """A share in the running engine of a data folder. Open it with :func:`open_embedded`."""

    name = "embedded"

    def __init__(self, folder: EngineFolder, use: HeldLock, state: EngineState, password: str) -> None:
        self._folder = folder
        self._use = use
        self._state = state
        self._password = password

    @property
    def address(self) -> Address:
        """Where the driver finds it, on this machine's loopback interface."""
        return Address(f"bolt://127.0.0.1:{self._state.port}", USERNAME, self._password, DATABASE)

    @property
    def state(self) -> EngineState:
        """What the engine said of itself when it was opened or revived: its process, heap and safety of writes."""
        return self._state

    def gate(self) -> AbstractContextManager[None]:
        """The one place at a time for changes, across threads and processes."""
        return exclusive(self._folder.gate_lock)

    def revive(self) -> None:
        """Start the engine again where it has died; on the same port where that is still free."""
        with exclusive(self._folder.start_lock):
            self._state = _running(self._folder) or _start(self._folder, self._state.port)
        check(self)

    def close(self, *, now: bool = False) -> None:
        """Let go of the engine; with ``now`` stop it, and wait until it has, if nobody else uses it."""
        if not now:
            self._use.release()
            return
        with exclusive(self._folder.start_lock):
            self._use.release()
            users = HeldLock(self._folder.users_lock)
            try:
                # The engine itself holds this lock for an instant whenever it looks whether it is still used.
                if users.take(_LOOK_EVERY * 5) and (state := _running(self._folder)):
                    _stop(self._folder, state.pid)
            finally:
                users.release()


def open_embedded(data: Path) -> EmbeddedEngine:
    """The engine of a data folder: the one that runs, or a new one.

    Ready in about two seconds where it has to be started, in milliseconds where it runs.

    Raises
    ------
    DataFolderError
        The folder cannot be written, or holds something else, or something newer.
    EngineUnavailable
        The engine does not start; the sentence says where its log is.
    """
    folder = EngineFolder.within(data)
    with exclusive(folder.start_lock):
        folder.claim()
        use = _use(folder)
        try:
            last = folder.state()
            state = _running(folder) or _start(folder, last.port if last else 0)
            engine = EmbeddedEngine(folder, use, state, folder.password())
            check(engine)
        except BaseException:
            use.release()
            raise
    return engine


def _use(folder: EngineFolder) -> HeldLock:
    """A share in the users' lock. Only an engine that is just closing its database keeps one waiting."""
    use = HeldLock(folder.users_lock, shared=True)
    if use.take(_STOP_SECONDS):
        return use
    use.release()
    raise EngineUnavailable(
        f"The database engine has been stopping for {_STOP_SECONDS:.0f} seconds. Its log is {folder.log}."
    )


def _running(folder: EngineFolder) -> EngineState | None:
    """What the live engine says of itself, waiting for one that is just starting; None where none lives.

    Like all that follows it is called under the start lock.
    """
    give_up = time.monotonic() + _START_SECONDS
    while is_held(folder.engine_lock):
        state = folder.state()
        if state is not None and not state.failure:
            return state
        if time.monotonic() >= give_up:
            raise EngineUnavailable(f"The database engine does not become ready. Its log is {folder.log}.")
        time.sleep(_LOOK_EVERY)
    return None


def _start(folder: EngineFolder, preferred_port: int) -> EngineState:
    """Start the engine's process and wait until it is ready."""
    folder.forget_state()  # so that what is there from now on is this engine's
    folder.password()
    log = folder.new_log()
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "graph_model.engines.embedded_child", str(folder.path), str(preferred_port)],
            cwd=_CODE_ROOT,
            env=os.environ | {"LC_ALL": "C.UTF-8"},  # or Java cannot open a folder whose name is not plain ASCII
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    finally:
        os.close(log)
    # It lives longer than we may: nobody waits for it, but a dead one must not stay behind as a zombie.
    threading.Thread(target=child.wait, name="kith-engine-reaper", daemon=True).start()
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up:
        state = folder.state()
        if state is not None and not state.failure:
            return state
        if state is not None or child.poll() is not None:
            why = state.failure if state else "it ended at once"
            raise EngineUnavailable(f"The database engine did not start: {why}. Its log is {folder.log}.")
        time.sleep(_LOOK_EVERY)
    child.kill()
    raise EngineUnavailable(
        f"The database engine was not ready within {_START_SECONDS:.0f} seconds. Its log is {folder.log}."
    )


def _stop(folder: EngineFolder, pid: int) -> None:
    """Tell the live engine to close its database, and wait until it has ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    give_up = time.monotonic() + _STOP_SECONDS
    while is_held(folder.engine_lock) and time.monotonic() < give_up:
        time.sleep(_LOOK_EVERY)
