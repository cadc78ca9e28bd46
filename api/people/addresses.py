"""Where the page of a record is, whatever its type: ids only, never names, stand in addresses."""

from typing import Final
from urllib.parse import quote

__all__ = ["RECORDS", "around_address", "record_address"]

RECORDS: Final = "/records"
"""Where people and everything else are found."""


def record_address(record: str) -> str:
    """The page of the record with this id, whatever signs the id is made of."""
    return f"{RECORDS}/{quote(record, safe='')}"


def around_address(record: str, hops: int) -> str:
    """The map of what is within so many ties of the record."""
    return f"/around/{quote(record, safe='')}?hops={hops}"
