"""How one cell is read: a sheet's text or a JSON value becomes the value that is kept, or a sentence says why not.

Every reader takes what a person may have written (``" Yes "``, ``"0.6"``, ``"some"``) and gives the one form in which
it is kept; an empty cell is None, which clears. Dates are kept as ISO texts, which sort as dates do on both engines.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from graph_model.errors import RecordError
from graph_model.schema import Field, FieldKind, strength_words

__all__ = ["ID_LIMIT", "NAME_LIMIT", "TEXT_LIMIT", "read_cell", "read_id", "write_cell"]

ID_LIMIT: Final = 200
NAME_LIMIT: Final = 500
TEXT_LIMIT: Final = 1_000_000
_LIST_LIMIT: Final = 200
_WHOLE_LIMIT: Final = 2**31 - 1

_UNKEPT: Final = re.compile("[\x00\ud800-\udfff]")
"""NUL, and halves of characters: no database and no file keeps them."""
_YES: Final = frozenset({"yes", "y", "true", "1"})
_NO: Final = frozenset({"no", "n", "false", "0"})
_BOUNDS: Final[Mapping[str, float]] = {"latitude": 90.0, "longitude": 180.0}


def read_cell(field: Field, value: Any) -> Any:
    """The value of one cell as it is kept; None where it is empty.

    Raises
    ------
    RecordError
        Where the cell does not hold what the field's kind asks for, or a required field is empty.
    """
    if value.__class__ is str:
        value = value.strip()
    if value is None or value in ("", []):
        if field.required:
            raise RecordError(field.name, "is empty.", "It is needed.")
        return None
    return _READERS[field.kind](field, value)


def read_id(column: str, value: object) -> str:
    """An id, as given but for white space around it; accents in the one form in which they are kept.

    Raises
    ------
    RecordError
        Where it is empty, too long, or holds a character that cannot be seen.
    """
    if not isinstance(value, str) or not value.strip():
        raise RecordError(column, "is empty.", "Every row needs one, such as p-014.")
    value = value.strip()
    if len(value) > ID_LIMIT:
        raise RecordError(column, f"is {len(value)} characters long.", f"At most {ID_LIMIT} are kept.")
    if not value.isprintable():
        raise RecordError(column, "holds a character that cannot be seen.", "Use letters, digits, - and _.")
    if value in (".", ".."):
        raise RecordError(column, f'"{value}" cannot stand in an address.', "Use letters, digits, - and _.")
    return unicodedata.normalize("NFC", value)


def write_cell(value: Any) -> str:
    """A value that is kept, as a sheet's cell; reading the cell gives the value back."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(value)
        case _:
            return str(value)


def _shown(value: Any) -> str:
    text = str(value)
    return f'"{text[:40]}…"' if len(text) > 41 else f'"{text}"'


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError(field.name, f"{_shown(value)} is not a text.", "Put it in quotes.")
    limit = NAME_LIMIT if field.name == "name" else TEXT_LIMIT
    if len(value) > limit:
        raise RecordError(field.name, f"is {len(value):,} characters long.", f"At most {limit:,} are kept.")
    if _UNKEPT.search(value):
        raise RecordError(field.name, "holds a character that cannot be kept.", "Take it out, or type it anew.")
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _list(field: Field, value: Any) -> list[str] | None:
    items = value.split(";") if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise RecordError(field.name, f"{_shown(value)} is not a list of texts.", "Separate them by ; .")
    kept = [_text(field, item.strip()) for item in items if item.strip()]
    if len(kept) > _LIST_LIMIT:
        raise RecordError(field.name, f"has {len(kept)} entries.", f"At most {_LIST_LIMIT} are kept.")
    if any(";" in item for item in kept):
        raise RecordError(field.name, "has a ; inside one entry.", "It separates entries.")
    return kept or None


def _flag(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise RecordError(field.name, f"{_shown(value)} is neither yes nor no.", "Write yes, no, or leave it empty.")


def _whole(field: Field, value: Any) -> int:
    try:
        number = int(value) if not isinstance(value, float) or value.is_integer() else -1
    except (TypeError, ValueError, OverflowError):
        number = -1
    if isinstance(value, bool) or not 0 <= number <= _WHOLE_LIMIT:
        raise RecordError(field.name, f"{_shown(value)} is not a whole number.", "Write one such as 12.")
    return number


def _number(field: Field, value: Any) -> float:
    number = _float(value)
    if not math.isfinite(number):
        raise RecordError(field.name, f"{_shown(value)} is not a number.", "Write one such as 51.5.")
    bound = _BOUNDS.get(field.name)
    if bound and abs(number) > bound:
        raise RecordError(
            field.name, f"{_shown(value)} is not a {field.name}.", f"Write degrees from -{bound:g} to {bound:g}."
        )
    return number


def _date(field: Field, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        # Python also reads 20260331 and 2026-W14-2, which would no longer sort as dates do.
        if date.fromisoformat(value).isoformat() == value:
            return str(value)
    except (TypeError, ValueError):
        pass
    raise RecordError(field.name, f"{_shown(value)} is not a date.", "Write year-month-day, such as 2026-03-31.")


def _choice(field: Field, value: Any) -> str:
    folded = str(value).casefold()
    for choice in field.choices:
        if choice.casefold() == folded:
            return choice
    raise RecordError(field.name, f"{_shown(value)} is not known.", f"Write one of: {', '.join(field.choices)}.")


def _strength(field: Field, value: Any) -> float:
    word = strength_words.get(value.casefold()) if isinstance(value, str) else None
    number = _float(value) if word is None else word
    if not 0 < number <= 1:
        raise RecordError(
            field.name,
            f"{_shown(value)} is not a strength.",
            "Write a number above 0 and up to 1, or weak, some or strong.",
        )
    return number


def _float(value: Any) -> float:
    """The number in a cell; NaN, which no bound lets through, where there is none."""
    if isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


_READERS: Final[Mapping[FieldKind, Callable[[Field, Any], Any]]] = {
    FieldKind.TEXT: _text,
    FieldKind.LIST: _list,
    FieldKind.FLAG: _flag,
    FieldKind.WHOLE: _whole,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.STRENGTH: _strength,
}
