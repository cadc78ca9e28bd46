"""What the home page says of the network: how much is in it, and what changed last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.plain import entry_plain
from analytics.words import noun
from api.people.addresses import RECORDS
from api.people.wording import moment_words
from graph_model.changes import ChangeKind, Entry
from graph_model.network import KINDS, Network
from graph_model.schema import NodeType

__all__ = ["Done", "Figure", "Summary", "changes_of", "summary_of"]

_ALWAYS = (NodeType.STAKEHOLDER, NodeType.ASSOCIATION, NodeType.ASSET, NodeType.PROBLEM, NodeType.SOLUTION)
"""What is worth a number even where it is 0."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and where those are listed."""

    count: int
    what: str
    href: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What counts on a date: records of each type, the ties between them, and how many count no longer or not yet."""

    version: int
    figures: tuple[Figure, ...]
    ties: int
    others: int
    empty: bool


@dataclass(frozen=True, slots=True)
class Done:
    """One change of the history in words."""

    number: int
    what: str
    by: str
    when: str
    why: str
    undoes: int | None


def summary_of(network: Network, on: date) -> Summary:
    """Count what is there. Cost: linear."""
    counting = network.nodes_on(on)
    of = dict(zip(KINDS, np.bincount(network.nodes.kind[counting], minlength=len(KINDS)).tolist(), strict=True))
    return Summary(
        network.version,
        tuple(
            Figure(of[kind], noun(kind, many=of[kind] != 1), f"{RECORDS}?type={kind}")
            for kind in NodeType
            if of[kind] or kind in _ALWAYS
        ),
        int(np.count_nonzero(network.ties_on(on))),
        len(network.nodes) - int(np.count_nonzero(counting)),
        len(network.nodes) == 0,
    )


def changes_of(entries: Sequence[Entry]) -> list[Done]:
    """Changes in words, in their order."""
    return [
        Done(
            entry.number,
            _sentence(str(entry_plain(entry)["sentence"])),
            entry.by,
            moment_words(entry.at),
            entry.why,
            entry.undoes if entry.kind is ChangeKind.UNDO else None,
        )
        for entry in entries
    ]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
