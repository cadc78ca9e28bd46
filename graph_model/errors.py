"""What can go wrong below the pages, as sentences a person can act on.

::

    KithError                  every error whose text may be shown to a person
    ├── DataError              what was given is wrong: says what, where, and what would be right
    │   ├── RecordError        one field of a record
    │   ├── ChangeRefused      a change that cannot be applied as it stands; lists every problem
    │   └── NotFound           nothing has this id
    ├── SetUpError             the machine or the settings are not ready; exit code 2
    │   ├── EngineUnavailable  the database cannot be reached, signed in to, or used
    │   └── DataFolderError    the data folder is in use or cannot be written
    └── CypherLoadError        a statement file is wrong (path, line)
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = [
    "ChangeRefused",
    "CypherLoadError",
    "DataError",
    "DataFolderError",
    "EngineUnavailable",
    "KithError",
    "NotFound",
    "RecordError",
    "SetUpError",
]


class KithError(Exception):
    """Its text is one or more sentences for the person in front of the screen."""


class DataError(KithError):
    """Something that was given is wrong."""


class RecordError(DataError):
    """One field of a record is wrong.

    Parameters
    ----------
    column
        The field, as its sheet names it; ``""`` where it is the record as a whole.
    problem
        What is wrong, in a sentence without the column's name.
    remedy
        What would be right.
    """

    def __init__(self, column: str, problem: str, remedy: str) -> None:
        self.column = column
        self.problem = problem
        self.remedy = remedy
        where = f"{column}: " if column else ""
        super().__init__(f"{where}{problem} {remedy}".strip())

    def __reduce__(self) -> tuple[type["RecordError"], tuple[str, str, str]]:
        return RecordError, (self.column, self.problem, self.remedy)


class ChangeRefused(DataError):
    """A change that was not applied, with one sentence for each reason.

    ``places`` has, for each reason, the position in the change of the record it is about, or None.
    """

    def __init__(self, reasons: Sequence[RecordError], places: Sequence[int | None] = ()) -> None:
        self.reasons = tuple(reasons)
        self.places = tuple(places) or (None,) * len(self.reasons)
        super().__init__("\n".join(str(reason) for reason in reasons))

    def __reduce__(self) -> tuple[type["ChangeRefused"], tuple[Any, ...]]:
        return ChangeRefused, (self.reasons, self.places)


class NotFound(DataError):
    """Nothing in the network has this id."""


class SetUpError(KithError):
    """The machine, the settings or the database are not ready for Kith."""


class EngineUnavailable(SetUpError):
    """The database cannot be reached, signed in to, or used."""


class DataFolderError(SetUpError):
    """The data folder is in use by something else, or cannot be written."""


class CypherLoadError(KithError):
    """A statement file breaks the rules of ``cypher/``."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}, line {line}: {problem}")
