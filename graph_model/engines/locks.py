"""Locks that the operating system lets go of when their holder dies, by whatever death.

All are ``flock`` on an open file of its own, so two threads of one process keep each other out as two processes do.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["HeldLock", "exclusive", "is_held"]

_PAUSE = 0.02


class HeldLock:
    """A lock on a file, held until it is released or the process ends.

    Programs started meanwhile do not inherit it; forked workers do, and then it is free once all have let go.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX

    def take(self, seconds: float | None = None) -> bool:
        """Wait for the lock; False where it was not to be had within ``seconds`` (None: wait for ever)."""
        if seconds is None:
            fcntl.flock(self._file, self._mode)
            return True
        give_up = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self._file, self._mode | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    return False
                time.sleep(_PAUSE)
            else:
                return True

    def release(self) -> None:
        """Let go; a second time does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock on ``path`` alone, waiting for it as long as it takes."""
    lock = HeldLock(path)
    try:
        lock.take()
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock on ``path`` alone at this moment."""
    lock = HeldLock(path, shared=True)
    try:
        return not lock.take(0)
    finally:
        lock.release()
