"""What the embedded engine keeps in its folder, and what its users and its process tell each other through it.

::

    <data>/engine/
        about.json     whose folder this is, and which version of the engine last wrote it
        password       of the database's one user; 0600, made once
        state.json     written by a running engine: its process, port and settings, or why it could not start
        start.lock     held by a user that looks for a running engine or starts one
        users.lock     held together by all users: free means that nobody uses the engine
        engine.lock    held by the engine's process while it lives
        gate.lock      held by whoever applies a change
        engine.log     what the engine prints; engine.previous.log: the run before
        databases/ config/ backups/ log/    the engine's own
"""

import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from graph_model.engines.locks import is_held
from graph_model.errors import DataFolderError

__all__ = ["EngineFolder", "EngineState"]

_LAYOUT = 1


@dataclass(frozen=True, slots=True)
class EngineState:
    """What a running engine says of itself; ``failure`` is the sentence of one that could not start."""

    pid: int
    port: int = 0
    http_port: int = 0
    heap_bytes: int = 0
    wal_flush: int = 0
    failure: str = ""


class EngineFolder:
    """The folder ``engine`` inside a data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.start_lock = path / "start.lock"
        self.users_lock = path / "users.lock"
        self.engine_lock = path / "engine.lock"
        self.gate_lock = path / "gate.lock"
        self.log = path / "engine.log"
        self._previous_log = path / "engine.previous.log"
        self._about = path / "about.json"
        self._password = path / "password"
        self._state = path / "state.json"

    @classmethod
    def within(cls, data: Path) -> "EngineFolder":
        """The engine's folder in a data folder, both made where they are missing.

        Raises
        ------
        DataFolderError
            It is a file, or cannot be made or written.
        """
        folder = cls(data.expanduser().absolute() / "engine")
        try:
            folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_held(folder.start_lock)  # some network folders cannot lock
        except (FileExistsError, NotADirectoryError):
            raise DataFolderError(
                f"{data} cannot be the data folder: a file stands where Kith needs a folder. Name another folder "
                "with --data or KITH_DATA."
            ) from None
        except OSError as error:
            raise DataFolderError(
                f"The data folder {data} cannot be written: {(error.strerror or 'unknown error').lower()}. Make it "
                "writable, or name another folder with --data or KITH_DATA."
            ) from None
        return folder

    def claim(self) -> None:
        """Make sure that what is in the folder is ours and not newer than this Kith; call it under the start lock.

        Raises
        ------
        DataFolderError
            Something else is in it, or a newer Kith or engine wrote it.
        """
        if not self._about.exists():
            found = sorted(entry.name for entry in self.path.iterdir() if entry != self.start_lock)
            if found:
                raise DataFolderError(
                    f"The folder {self.path} holds something that is not Kith's ({found[0]}). Name another data "
                    "folder with --data or KITH_DATA."
                )
            self.sign()
        try:
            about = json.loads(self._about.read_text())
            layout, engine = int(about["layout"]), str(about["engine"])
        except (ValueError, KeyError, TypeError):
            raise DataFolderError(
                f"The file {self._about} cannot be read, so Kith does not know what this folder holds. Bring it "
                "back from a backup, or name another data folder with --data or KITH_DATA."
            ) from None
        if layout > _LAYOUT or _release(engine) > _release(_installed()):
            raise DataFolderError(
                f"The data folder {self.path.parent} was last written by a newer Kith (database engine {engine}; "
                f"this one has {_installed()}). Install the newer Kith to open it."
            )

    def sign(self) -> None:
        """Note which engine wrote the folder last."""
        self._write(self._about, json.dumps({"layout": _LAYOUT, "engine": _installed()}))

    def password(self) -> str:
        """The password of the database's one user, made up at the first call; call it under the start lock."""
        try:
            return self._password.read_text()
        except FileNotFoundError:
            self._write(self._password, secrets.token_urlsafe(32))
            return self._password.read_text()

    def state(self) -> EngineState | None:
        """What the engine last said of itself, if anything. Only an engine whose lock is held still lives."""
        try:
            return EngineState(**json.loads(self._state.read_text()))
        except FileNotFoundError:
            return None

    def write_state(self, state: EngineState) -> None:
        """Say how the engine is; readers see all of it or nothing."""
        self._write(self._state, json.dumps(asdict(state)))

    def forget_state(self) -> None:
        """Take back what the engine last said."""
        self._state.unlink(missing_ok=True)

    def new_log(self) -> int:
        """A file to write a new log into; the one before is kept."""
        with suppress(FileNotFoundError):
            self.log.replace(self._previous_log)
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """Write a private file so that readers find the old text or the new one, after a power cut too."""
        fresh = path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)


def _installed() -> str:
    return version("arcadedb-embedded")


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])
