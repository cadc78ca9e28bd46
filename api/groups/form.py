"""What the page of working groups is asked: the fields of its form."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.groups import LARGEST_GROUP, MOST_HOPS, GroupQuestion
from api.forms import Sent
from api.people.wording import today

__all__ = ["COUNTING", "Form"]

SIZE: Final = 8
HOPS: Final = 2
COUNTING: Final = {
    "strength": ("By how strongly they are reached", "Through a weak tie, or a long way round, somebody counts less."),
    "alike": ("Everybody alike", "Whoever is within that many contacts counts as one."),
}
"""How people count, by the value of the field: in a few words, and what that means."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form, read."""

    sent: Sent
    size: int
    hops: int
    count: str
    problem: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    on: date

    @classmethod
    def of(cls, sent: Sent) -> "Form":
        """Read the form."""
        return cls(
            sent,
            sent.whole("size", "How many people are in the group", (1, LARGEST_GROUP), SIZE),
            sent.whole("hops", "Over how many ties people are reached", (1, MOST_HOPS), HOPS),
            sent.choice("count", list(COUNTING), "strength"),
            sent.text("problem"),
            sent.texts("include"),
            sent.texts("exclude"),
            sent.day(),
        )

    @property
    def question(self) -> GroupQuestion:
        """What is asked of the network.

        Raises
        ------
        DataError
            Where the fields cannot stand together.
        """
        return GroupQuestion(
            self.on,
            self.size,
            self.hops,
            self.count == "strength",
            must_include=frozenset(self.include),
            exclude=frozenset(self.exclude),
            problem=self.problem or None,
        )

    def fields(self, **other: int | str | tuple[str, ...]) -> dict[str, str | int | date | tuple[str, ...] | None]:
        """What an address needs to ask the same; with ``other``, a little differently."""
        fields: dict[str, str | int | date | tuple[str, ...] | None] = {
            "size": self.size,
            "hops": None if self.hops == HOPS else self.hops,
            "count": None if self.count == "strength" else self.count,
            "problem": self.problem,
            "include": self.include,
            "exclude": self.exclude,
            "on": None if self.on == today() else self.on,
        }
        return {**fields, **other}
