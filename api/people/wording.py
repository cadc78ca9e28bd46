"""Days and moments as an officer says them."""

from datetime import date, datetime

from api.asking import today

__all__ = ["day_words", "moment_words", "today"]


def day_words(day: str | date) -> str:
    """A date, such as ``3 May 2026``; a text is an ISO date."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day} {day:%B %Y}"


def moment_words(moment: str) -> str:
    """An ISO moment as it is kept, in the server's zone: ``3 May 2026 at 14:05``."""
    local = datetime.fromisoformat(moment).astimezone()
    return f"{day_words(local.date())} at {local:%H:%M}"
