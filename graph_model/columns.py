"""The kinds of column a Network is made of, and how values from the database become one.

Every column is one or two numpy arrays, so that a whole Network can be laid into shared memory and read by another
process without decoding a thing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graph_model.schema import Level

__all__ = [
    "ALWAYS_HAS",
    "NO_DAY",
    "NO_LEVEL",
    "NO_SIZE",
    "STILL_DOES",
    "Column",
    "ColumnKind",
    "Texts",
    "day_number",
    "encode",
    "from_day_number",
]

ALWAYS_HAS: Final = -(2**31)
"""The day number of a ``valid_from`` that is not given."""
STILL_DOES: Final = 2**31 - 1
"""The day number of a ``valid_to`` that is not given."""
NO_DAY: Final = ALWAYS_HAS
"""The day number of any other date that is not given."""
NO_LEVEL: Final = -1
NO_SIZE: Final = -1


class Texts:
    """A frozen column of texts: UTF-8 bytes end to end, and where each begins.

    Behaves like a sequence of str; a missing text is ``""``. The list of str is made once, on first use.
    """

    def __init__(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self.data = data
        self.offsets = offsets

    @classmethod
    def of(cls, values: Iterable[str | None]) -> "Texts":
        """A column of these texts, in this order."""
        encoded = [value.encode() if value else b"" for value in values]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)), out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    def __reduce__(self) -> tuple[type["Texts"], tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        return Texts, (self.data, self.offsets)  # not the list, which each process makes when it wants it

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        if row < 0:
            row += len(self)
        return bytes(self.data[self.offsets[row] : self.offsets[row + 1]]).decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self.list)

    @cached_property
    def list(self) -> list[str]:
        """All texts as str."""
        whole = bytes(self.data)
        bounds = self.offsets.tolist()
        if len(whole) < 1 or bounds[-1] == 0:
            return [""] * len(self)
        return [whole[begin:end].decode() for begin, end in pairwise(bounds)]

    @cached_property
    def given(self) -> NDArray[np.bool_]:
        """Which rows hold a text at all."""
        return np.diff(self.offsets) > 0

    def take(self, rows: Sequence[int] | NDArray[Any]) -> "Texts":
        """The texts of these rows, in this order."""
        rows = np.asarray(rows, dtype=np.int64)
        lengths = np.diff(self.offsets)[rows]
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        if not offsets[-1]:
            return Texts(np.empty(0, dtype=np.uint8), offsets)
        source = np.repeat(self.offsets[:-1][rows] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Texts(self.data[source], offsets)

    def spliced(self, row: int, dropped: int, values: Sequence[str | None]) -> "Texts":
        """This column with ``dropped`` texts from ``row`` on replaced by ``values``."""
        put = Texts.of(values)
        begin, end = int(self.offsets[row]), int(self.offsets[row + dropped])
        data = np.concatenate((self.data[:begin], put.data, self.data[end:]))
        moved = self.offsets[row + dropped :] + (int(put.offsets[-1]) - (end - begin))
        return Texts(data, np.concatenate((self.offsets[:row], put.offsets[:-1] + begin, moved)))


Column = Texts | NDArray[Any]


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    TEXTS = "texts joined by ;"
    ROW = "row of a node"
    CODE = "position in its enum"
    FROM = "first day, ALWAYS_HAS where not given"
    TO = "first day no longer, STILL_DOES where not given"
    DAY = "day, NO_DAY where not given"
    FLAG = "1 yes, 0 no, -1 not given"
    LEVEL = "level, NO_LEVEL where not given"
    SIZE = "whole number, NO_SIZE where not given"
    NUMBER = "number, NaN where not given"
    BASIS = "0 fact, 1 assessment, -1 not given"

    @property
    def is_text(self) -> bool:
        """Whether it is kept as Texts."""
        return self in (ColumnKind.TEXT, ColumnKind.TEXTS)


_KEPT_AS: Final[dict[ColumnKind, tuple[type[np.generic], Any]]] = {
    ColumnKind.FROM: (np.int32, ALWAYS_HAS),
    ColumnKind.TO: (np.int32, STILL_DOES),
    ColumnKind.DAY: (np.int32, NO_DAY),
    ColumnKind.FLAG: (np.int8, -1),
    ColumnKind.LEVEL: (np.int8, NO_LEVEL),
    ColumnKind.SIZE: (np.int32, NO_SIZE),
    ColumnKind.NUMBER: (np.float64, np.nan),
    ColumnKind.BASIS: (np.int8, -1),
    ColumnKind.ROW: (np.int32, None),
    ColumnKind.CODE: (np.uint8, None),
}
_BASIS: Final = {"fact": 0, "assessment": 1}
_LEVELS: Final = {level.word: int(level) for level in Level}


def day_number(value: str | date) -> int:
    """The day number of a date (its proleptic Gregorian ordinal)."""
    return (date.fromisoformat(value) if isinstance(value, str) else value).toordinal()


def from_day_number(number: int) -> date | None:
    """The date of a day number; None for the marks of a date not given."""
    return None if number in (ALWAYS_HAS, STILL_DOES) else date.fromordinal(number)


def encode(kind: ColumnKind, values: Sequence[Any]) -> Column:
    """A column of this kind from values as the database gives them; None is "not given"."""
    if kind is ColumnKind.TEXT:
        return Texts.of(values)
    if kind is ColumnKind.TEXTS:
        return Texts.of(";".join(value) if value else None for value in values)
    dtype, missing = _KEPT_AS[kind]
    if kind in (ColumnKind.ROW, ColumnKind.CODE):
        return np.asarray(values, dtype=dtype)
    codes = {value: _code(kind, value) for value in set(values) if value is not None}
    codes[None] = missing
    return np.fromiter(map(codes.__getitem__, values), dtype=dtype, count=len(values))


def _code(kind: ColumnKind, value: Any) -> Any:
    match kind:
        case ColumnKind.FROM | ColumnKind.TO | ColumnKind.DAY:
            return day_number(value)
        case ColumnKind.LEVEL:
            return _LEVELS[value]
        case ColumnKind.BASIS:
            return _BASIS[value]
        case _:
            return value
