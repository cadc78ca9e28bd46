"""How each type looks on a map. Colours are Okabe and Ito's, and no two types share a shape: colour is never alone.

A shape is one SVG path between -1 and 1; the browser draws the same path in the legend and on the map.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from types import MappingProxyType

from graph_model.schema import TIE_TYPES, NodeType, TieType

__all__ = ["NODE_LOOKS", "TIE_LOOKS", "NodeLook", "TieLook"]


@dataclass(frozen=True, slots=True)
class NodeLook:
    """The fill and the outline of a node type."""

    colour: str
    path: str


@dataclass(frozen=True, slots=True)
class TieLook:
    """The line of a tie type: its colour, its dashes in pixels (none: unbroken), its width, an arrow at its end."""

    colour: str
    dashes: tuple[int, ...] = ()
    width: float = 1.2
    arrow: bool = False


def _polygon(*radii: float, turn: float = -90) -> str:
    """A closed outline with corners at these radii, evenly around."""
    angles = [turn * pi / 180 + 2 * pi * corner / len(radii) for corner in range(len(radii))]
    corners = (f"{r * cos(a):.2f},{r * sin(a):.2f}" for r, a in zip(radii, angles, strict=True))
    return f"M{'L'.join(corners)}Z"


_BLACK, _ORANGE, _SKY, _GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
_YELLOW, _BLUE, _VERMILLION, _PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
# Thin lines need more contrast with white than filled shapes.
_DARK_ORANGE, _DARK_PURPLE, _GREY = "#9A6700", "#A0527D", "#6B7276"

NODE_LOOKS: Mapping[NodeType, NodeLook] = MappingProxyType(
    {
        NodeType.STAKEHOLDER: NodeLook(_BLUE, "M-1,0A1,1 0 1,1 1,0A1,1 0 1,1 -1,0Z"),
        NodeType.ASSOCIATION: NodeLook(_ORANGE, "M-.9,-.9H.9V.9H-.9Z"),
        NodeType.ASSET: NodeLook(_GREEN, _polygon(*[1.05] * 6)),
        NodeType.PROBLEM: NodeLook(_VERMILLION, _polygon(*[1.25] * 3)),
        NodeType.SOLUTION: NodeLook(_SKY, _polygon(*[1.25, 0.55] * 5)),
        NodeType.BARRIER: NodeLook(_BLACK, "M-1.2,-.5H1.2V.5H-1.2Z"),
        NodeType.PLACE: NodeLook(_PURPLE, "M0,1.25L-.75,.1A.85,.85 0 1,1 .75,.1Z"),
        NodeType.ACTIVITY: NodeLook(_YELLOW, _polygon(*[1.2] * 4)),
        NodeType.WORKING_GROUP: NodeLook(_YELLOW, "M-.4,-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z"),
        NodeType.TEAM: NodeLook(_SKY, _polygon(*[1.25] * 3, turn=90)),
        NodeType.ENGAGEMENT: NodeLook(_PURPLE, _polygon(*[1.1] * 5)),
    }
)


def _line(tie: TieType, colour: str, *dashes: int, width: float = 1.2) -> TieLook:
    """An arrow only where both ends may be of one type: elsewhere the shapes say which way it goes."""
    spec = TIE_TYPES[tie]
    return TieLook(colour, dashes, width, spec.directed and any(start == end for start, end in spec.ends))


TIE_LOOKS: Mapping[TieType, TieLook] = MappingProxyType(
    {
        TieType.KNOWS: _line(TieType.KNOWS, _GREY, width=1.5),
        TieType.REPORTS_TO: _line(TieType.REPORTS_TO, _BLUE, width=2),
        TieType.MEMBER_OF: _line(TieType.MEMBER_OF, _DARK_ORANGE),
        TieType.PART_OF: _line(TieType.PART_OF, _DARK_ORANGE, 6, 3, width=2),
        TieType.CAN_DECIDE: _line(TieType.CAN_DECIDE, _BLACK, width=2),
        TieType.AFFECTED_BY: _line(TieType.AFFECTED_BY, _VERMILLION, 5, 4),
        TieType.HAS: _line(TieType.HAS, _GREEN),
        TieType.ADDRESSES: _line(TieType.ADDRESSES, _VERMILLION, width=2),
        TieType.USES: _line(TieType.USES, _GREEN, 5, 4),
        TieType.RESPONSIBLE_FOR: _line(TieType.RESPONSIBLE_FOR, _BLACK, 8, 4),
        TieType.BLOCKED_BY: _line(TieType.BLOCKED_BY, _BLACK, 2, 3, width=2),
        TieType.LOCATED_IN: _line(TieType.LOCATED_IN, _DARK_PURPLE, 2, 4),
        TieType.ATTENDED: _line(TieType.ATTENDED, _GREY, 2, 4),
        TieType.ABOUT: _line(TieType.ABOUT, _GREY, 5, 4),
        TieType.IN_GROUP: _line(TieType.IN_GROUP, _BLUE, 8, 3),
        TieType.FOR: _line(TieType.FOR, _BLUE, 2, 3),
        TieType.OF_TEAM: _line(TieType.OF_TEAM, _BLUE, 8, 3, 2, 3),
    }
)
