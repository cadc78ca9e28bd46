"""What the page of ways up is asked: the fields of its form."""

from dataclasses import dataclass
from datetime import date

from analytics.escalation import MOST_STEPS, WayQuestion
from api.forms import Sent
from api.people.wording import today

__all__ = ["MOST_SHOWN", "STEPS", "WAYS", "Form"]

WAYS = 3
STEPS = 6
MOST_SHOWN = 12
"""The most ways one page shows: beyond a few nobody compares them."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form, read. ``about``, ``start`` and ``end`` are ids, or ``""``."""

    sent: Sent
    about: str
    start: str
    end: str
    k: int
    steps: int
    avoid: tuple[str, ...]
    on: date

    @classmethod
    def of(cls, sent: Sent) -> "Form":
        """Read the form."""
        return cls(
            sent,
            sent.text("about"),
            sent.text("from"),
            sent.text("to"),
            sent.whole("k", "How many ways to show", (1, MOST_SHOWN), WAYS),
            sent.whole("steps", "The most ties of a way", (1, MOST_STEPS), STEPS),
            sent.texts("avoid"),
            sent.day(),
        )

    @property
    def whole(self) -> bool:
        """Whether it says where to: what must be decided, or whom to reach."""
        return bool(self.about or self.end)

    @property
    def question(self) -> WayQuestion:
        """What is asked of the network.

        Raises
        ------
        DataError
            Where the fields cannot stand together.
        """
        return WayQuestion(
            self.on,
            self.about or None,
            self.start or None,
            self.end or None,
            self.k,
            self.steps,
            frozenset(self.avoid),
        )

    def fields(self, **other: tuple[str, ...]) -> dict[str, str | int | date | tuple[str, ...] | None]:
        """What an address needs to ask the same; with ``other``, a little differently."""
        fields: dict[str, str | int | date | tuple[str, ...] | None] = {
            "about": self.about,
            "from": self.start,
            "to": self.end,
            "k": None if self.k == WAYS else self.k,
            "steps": None if self.steps == STEPS else self.steps,
            "avoid": self.avoid,
            "on": None if self.on == today() else self.on,
        }
        return {**fields, **other}
