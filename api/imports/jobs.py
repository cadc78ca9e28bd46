"""One import that runs in the background: how far it has come, and how it ended."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analytics.plain import imported_plain
from api.imports.uploads import import_zip
from graph_model.errors import DataError
from graph_model.importing import ImportRefused
from graph_model.store import Store

__all__ = ["Cancelled", "Job", "Standing"]

_WRITING: Final = "Writing"


class Cancelled(Exception):
    """Whoever started the import does not want it any more; nothing was written."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an import has come. ``of`` is None where nobody knows yet how many rows there are."""

    stage: str
    done: int
    of: int | None
    rows_a_second: float


class Job:
    """A dry run, or an import for real.

    Parameters
    ----------
    file, name
        The zip, and what to call it.
    by, why
        Who imports and what for.
    dry_run, overwrite
        As ``import_folder`` takes them.
    clock
        Seconds.
    """

    def __init__(
        self,
        file: Path,
        name: str,
        *,
        by: str,
        why: str = "",
        dry_run: bool = True,
        overwrite: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.dry_run = dry_run
        self._file, self._name, self._by, self._why, self._overwrite = file, name, by, why, overwrite
        self._clock = clock
        self._lock = threading.Lock()
        self._cancelled = False
        self._stage, self._done, self._begun = "Reading", 0, clock()
        self._of: int | None = None

    def run(self, store: Store) -> dict[str, Any]:
        """Do it, in a thread: what it did, or every bad row, as plain data; ``error`` where it cannot be read at all.

        Raises
        ------
        Cancelled
            It was cancelled before anything was written.
        SetUpError
            Another import runs, or the database went away: it may be tried again.
        """
        try:
            with self._file.open("rb") as file:
                done = import_zip(
                    store,
                    file,
                    self._name,
                    by=self._by,
                    why=self._why,
                    dry_run=self.dry_run,
                    overwrite=self._overwrite,
                    stage=self._tell,
                )
            return imported_plain(done, dry_run=self.dry_run)
        except ImportRefused as refused:
            return imported_plain(refused, dry_run=self.dry_run)
        except DataError as error:
            return {"error": str(error)}

    def cancel(self) -> bool:
        """Stop it before it writes; False where it writes already, and will end whole."""
        with self._lock:
            self._cancelled = self._cancelled or self._stage != _WRITING
            return self._cancelled

    @property
    def standing(self) -> Standing:
        """How far it has come."""
        with self._lock:
            seconds = max(self._clock() - self._begun, 1e-3)
            return Standing(self._stage, self._done, self._of, self._done / seconds)

    @property
    def writing(self) -> bool:
        """Whether it is too late to cancel."""
        return self.standing.stage == _WRITING

    def _tell(self, what: str, done: int, of: int | None) -> None:
        with self._lock:
            # The first word of writing comes within the transaction, which is then rolled back.
            if self._cancelled:
                raise Cancelled
            if what != self._stage:
                self._begun = self._clock()
            self._stage, self._done, self._of = what, done, of
