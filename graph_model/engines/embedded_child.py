"""The embedded engine's own process: ``python -m graph_model.engines.embedded_child <engine folder>``.

It serves the database ``kith`` over Bolt on loopback until nobody has held the users' lock for a few seconds, or until
it is sent SIGTERM; then it closes the database and ends. :mod:`graph_model.engines.embedded` starts it, in a session of
its own, so that Ctrl-C in a terminal never reaches it.
"""

import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from graph_model.engines.embedded_folder import EngineFolder, EngineState
from graph_model.engines.locks import HeldLock

__all__ = ["DATABASE", "USERNAME", "main"]

DATABASE = "kith"
USERNAME = "root"
_HOST = "127.0.0.1"
# Acknowledged writes outlive a power cut (WalFlush=2) and the heap is bounded; the package's own defaults do neither.
# -Xrs leaves SIGTERM to us: the database is closed here and not from a hook of a virtual machine that is going down.
_JVM_ARGS = "-Xmx1g -Darcadedb.txWalFlush=2 -Xrs"
_LARGEST_MESSAGE = 64 * 2**20
_GRACE_SECONDS = 3.0
_LOOK_EVERY = 0.2


def _free_port(preferred: int = 0) -> int:
    """A free loopback port; the preferred one if it is free, so that drivers find a revived engine where it was."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on the loopback interface")


def _start_server(folder: EngineFolder, preferred_port: int) -> tuple[Any, EngineState]:
    """The running server, and what to say of it."""
    os.environ["ARCADEDB_JVM_ARGS"] = _JVM_ARGS
    import arcadedb_embedded
    import jpype

    # The one user is made anew from our password file at every start, so the two can never disagree.
    (folder.path / "config" / "server-users.jsonl").unlink(missing_ok=True)
    port = _free_port(preferred_port)
    http_port = _free_port()
    server = arcadedb_embedded.create_server(
        str(folder.path),
        root_password=folder.password(),
        config={
            "host": _HOST,
            "http_port": http_port,
            "mode": "development",  # "production" keeps from us what was wrong with a statement
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": port,
            "bolt_defaultDatabase": DATABASE,
            "bolt_maxMessageSize": _LARGEST_MESSAGE,
            "bolt_packstream_maxValueLength": _LARGEST_MESSAGE,
        },
    )
    server.start()
    server.create_database(DATABASE)
    wal_flush = jpype.JClass("com.arcadedb.GlobalConfiguration").TX_WAL_FLUSH
    database = server._java_server.getDatabase(DATABASE)
    return server, EngineState(
        pid=os.getpid(),
        port=port,
        http_port=http_port,
        heap_bytes=int(jpype.JClass("java.lang.Runtime").getRuntime().maxMemory()),
        wal_flush=int(database.getConfiguration().getValueAsInteger(wal_flush)),
    )


def _why(error: BaseException) -> str:
    """The sentence for whoever waits for the engine; the whole story is in the log."""
    text = str(error)
    if "lock" in text.lower():
        return "its database is in use by another program"
    if "Address already in use" in text:
        return "the port it had chosen was taken by another program"
    return "it could not open its database"


def _until_unused(users_lock: Path, stop: list[int]) -> None:
    """Wait until nobody has used the engine for the grace time, or until told to stop.

    Where nobody is there the users' lock is kept, so that whoever comes now waits until this process has ended.
    """
    unused_since = time.monotonic()
    while not stop:
        users = HeldLock(users_lock)
        if not users.take(0):
            unused_since = time.monotonic()
        elif time.monotonic() - unused_since >= _GRACE_SECONDS:
            return
        users.release()
        time.sleep(_LOOK_EVERY)


def main(folder_path: str, preferred_port: int = 0) -> int:
    """Serve until unused; the exit code says whether the engine had started."""
    os.umask(0o077)
    folder = EngineFolder(Path(folder_path))
    os.chdir(folder.path)  # the engine writes a log/ into its working directory
    alive = HeldLock(folder.engine_lock)
    if not alive.take(10):
        folder.write_state(EngineState(os.getpid(), failure="another engine of this folder does not end"))
        return 1
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stop.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        server, state = _start_server(folder, preferred_port)
    except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits for the engine is told
        traceback.print_exc()
        folder.write_state(EngineState(os.getpid(), failure=_why(error)))
        return 1
    folder.sign()
    folder.write_state(state)
    _until_unused(folder.users_lock, stop)
    folder.forget_state()
    server.stop()
    return 0  # and only the end of the process lets go of its locks


if __name__ == "__main__":
    code = main(sys.argv[1], int(sys.argv[2]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the database is closed; the virtual machine's own leave-taking may wait for idle threads
