"""What a person sent with a form, read field by field: a sentence for each that is wrong, and what was typed kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict

from api.people.wording import today

__all__ = ["Sent", "address"]

_LONGEST: Final = 400
_MOST: Final = 200


class Sent:
    """A form as it was sent, by its address or as a body.

    Attributes
    ----------
    errors
        What is wrong, by the name of the field, in the order in which the fields were read.
    """

    def __init__(self, fields: ImmutableMultiDict[str, object]) -> None:
        self._fields = fields
        self.errors: dict[str, str] = {}

    def text(self, name: str, default: str = "") -> str:
        """What was typed into a field, without spaces around it."""
        value = self._fields.get(name)
        return value.strip()[:_LONGEST] if isinstance(value, str) else default

    def texts(self, name: str) -> tuple[str, ...]:
        """Everything that was ticked in a field, each once, in the order it came."""
        sent = [value.strip()[:_LONGEST] for value in self._fields.getlist(name) if isinstance(value, str)]
        return tuple(dict.fromkeys(value for value in sent if value))[:_MOST]

    def choice(self, name: str, known: Iterable[str], default: str) -> str:
        """One of a few words; what is none of them is an error, and the default stands."""
        value = self.text(name) or default
        if value not in known:
            self.errors[name] = f"“{value}” is none of the choices. Choose one of those listed."
            return default
        return value

    def whole(self, name: str, what: str, bounds: tuple[int, int], default: int) -> int:
        """A whole number within bounds; ``what`` begins the sentence that says otherwise."""
        value = self.text(name)
        low, high = bounds
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            self.errors[name] = f"{what} must be a whole number from {low:,} to {high:,}. “{value}” is not."
            return default
        return int(value)

    def day(self, name: str = "on") -> date:
        """A date; today where none was given."""
        value = self.text(name)
        if not value:
            return today()
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.errors[name] = f"“{value}” is not a date. Give it as year-month-day, such as {today().isoformat()}."
            return today()

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors for an error summary, each leading to its field."""
        return [{"text": sentence, "href": f"#{name}"} for name, sentence in self.errors.items()]


def address(path: str, fields: Mapping[str, str | int | date | Sequence[str] | None], fragment: str = "") -> str:
    """The address of a question: ids and numbers, nothing that was left empty, and no name."""
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        several = [value] if isinstance(value, (str, int, date)) else value or ()
        pairs += [(name, str(each)) for each in several if each != ""]
    query = urlencode(pairs)
    return f"{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"
