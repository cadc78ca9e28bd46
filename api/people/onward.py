"""The questions that can be asked from a record, with the record filled in already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from graph_model.schema import NodeType

__all__ = ["Onward", "questions_about"]

_CONNECTED, _GROUP, _WAYS = "/connectors", "/group", "/ways"

_DECIDED: Final = (("Find a way up to whoever can decide it", _WAYS, "about"),)
_QUESTIONS: Final[Mapping[NodeType, tuple[tuple[str, str, str], ...]]] = {
    NodeType.STAKEHOLDER: (
        ("Find a way up from here", _WAYS, "from"),
        ("Find a way up to here", _WAYS, "to"),
        ("Form a working group that includes them", _GROUP, "include"),
    ),
    NodeType.ASSOCIATION: (
        ("See who is highly connected in it", _CONNECTED, "association"),
        ("Find a way up from here", _WAYS, "from"),
    ),
    NodeType.PLACE: (("See who is highly connected here", _CONNECTED, "place"),),
    NodeType.PROBLEM: (
        ("Form a working group for it", _GROUP, "problem"),
        ("See who of those affected is highly connected", _CONNECTED, "problem"),
        *_DECIDED,
    ),
    NodeType.SOLUTION: _DECIDED,
    NodeType.BARRIER: _DECIDED,
    NodeType.ASSET: _DECIDED,
}


@dataclass(frozen=True, slots=True)
class Onward:
    """A question, as a link."""

    text: str
    href: str


def questions_about(kind: NodeType, record: str, *, eligible: bool = True) -> tuple[Onward, ...]:
    """What can be asked from a record of this type; ``eligible``: it may be put into a working group."""
    return tuple(
        Onward(text, f"{page}?{urlencode({parameter: record})}")
        for text, page, parameter in _QUESTIONS.get(kind, ())
        if eligible or parameter != "include"
    )
