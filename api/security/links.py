"""One-time sign-in links: printed in the terminal, good once and for a short while.

Only the hash of a link's token is kept, and only in memory: a restart makes all unused links worthless.
"""

import threading
import time
from collections.abc import Callable

from api.security.tokens import digest, new_token

__all__ = ["SignInLinks"]


class SignInLinks:
    """The links that have been given out and not used yet.

    Safe to use from several threads.

    Parameters
    ----------
    lifetime
        Seconds for which a link can be used.
    clock
        Seconds since 1970.
    """

    def __init__(self, lifetime: float, clock: Callable[[], float] = time.time) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._lock = threading.Lock()
        self._given: dict[str, tuple[str, float]] = {}

    def give(self, user: str) -> str:
        """A new token that signs ``user`` in."""
        token = new_token()
        now = self._clock()
        with self._lock:
            self._given = {key: given for key, given in self._given.items() if now < given[1]}
            self._given[digest(token)] = (user, now + self._lifetime)
        return token

    def good(self, token: str) -> bool:
        """Whether the token could be used now. Asking does not use it."""
        with self._lock:
            given = self._given.get(digest(token))
            return given is not None and self._clock() < given[1]

    def use(self, token: str) -> str | None:
        """Use the token up: whom it signs in, or None where it is unknown, used, or too old."""
        with self._lock:
            user, until = self._given.pop(digest(token), ("", 0.0))
            return user if user and self._clock() < until else None
