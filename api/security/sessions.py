"""Who is signed in: sessions on the server, known to a browser by a random id.

They are kept in memory and, so that a restart signs nobody out, in a file of the data folder that only its owner can
read. The file holds hashes of the ids, so that whoever reads it cannot sign in with what it says.
"""

import json
import logging
import os
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from api.security.tokens import digest, new_token

__all__ = ["Session", "Sessions"]

_log = logging.getLogger(__name__)
_SAVE_EVERY = 60.0  # seconds between two writes that only say when somebody was last seen


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in: who, since when, and when last seen (seconds since 1970)."""

    user: str
    begun: float
    seen: float


class Sessions:
    """All sessions of a server. Safe to use from several threads.

    Parameters
    ----------
    idle
        Seconds without a request after which a session ends.
    longest
        Seconds after which it ends in any case.
    file
        Where they outlive a restart; None: nowhere.
    clock
        Seconds since 1970.
    """

    def __init__(
        self, idle: float, longest: float, file: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._idle = idle
        self._longest = longest
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions = _read(file) if file is not None else {}
        self._saved = clock()

    def begin(self, user: str) -> str:
        """Sign somebody in: the id for their cookie."""
        session_id = new_token()
        now = self._clock()
        with self._lock:
            self._sessions[digest(session_id)] = Session(user, now, now)
            self._save()
        return session_id

    def find(self, session_id: str) -> Session | None:
        """Whose session this is, who has now been seen; None where there is none or it has ended."""
        key = digest(session_id)
        now = self._clock()
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                return None
            if not self._lasts(session, now):
                del self._sessions[key]
                return None
            session = self._sessions[key] = replace(session, seen=now)
            if now - self._saved >= _SAVE_EVERY:
                self._save()
            return session

    def end(self, session_id: str) -> None:
        """Sign out whoever has this session."""
        with self._lock:
            if self._sessions.pop(digest(session_id), None) is not None:
                self._save()

    def save(self) -> None:
        """Write down when everybody was last seen, before the server stops."""
        with self._lock:
            self._save()

    def _lasts(self, session: Session, now: float) -> bool:
        return now - session.seen < self._idle and now - session.begun < self._longest

    def _save(self) -> None:
        now = self._saved = self._clock()
        self._sessions = {key: session for key, session in self._sessions.items() if self._lasts(session, now)}
        if self._file is not None:
            _write(self._file, self._sessions)


def _read(file: Path) -> dict[str, Session]:
    """What a former server left. Nothing where somebody else could have written it or it makes no sense."""
    try:
        status = file.stat()
        foreign = os.name == "posix" and (status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077)
        if foreign:
            _log.warning("%s can be opened by others, so everybody has to sign in again.", file)
            return {}
        return {
            key: Session(str(entry["user"]), float(entry["begun"]), float(entry["seen"]))
            for key, entry in json.loads(file.read_text(encoding="utf-8")).items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        _log.warning("%s cannot be read, so everybody has to sign in again.", file)
        return {}


def _write(file: Path, sessions: dict[str, Session]) -> None:
    """Replace the file at one stroke, readable by its owner alone from its first moment."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump({key: asdict(session) for key, session in sessions.items()}, stream)
        beside.replace(file)
    except OSError as error:
        _log.warning("Sessions will not outlive a restart: %s cannot be written (%s).", file, error.strerror)
