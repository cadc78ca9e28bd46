"""Answers and records as plain data: what ``--json`` prints and the API sends, so that both say the same.

A plain thing is made of dicts, lists, texts, numbers, booleans and None; dates are ISO texts. Beside the bare answer it
carries ``notes``: sentences on what was left out, estimated or cut, for whoever reads it.
"""

from analytics.plain.answers import checked_plain, connectors_plain, found_plain, group_plain, ways_plain
from analytics.plain.kept import (
    effects_plain,
    entry_plain,
    imported_plain,
    neighbour_plain,
    node_plain,
    tie_plain,
)
from analytics.plain.schema import schema_plain

__all__ = [
    "checked_plain",
    "connectors_plain",
    "effects_plain",
    "entry_plain",
    "found_plain",
    "group_plain",
    "imported_plain",
    "neighbour_plain",
    "node_plain",
    "schema_plain",
    "tie_plain",
    "ways_plain",
]
