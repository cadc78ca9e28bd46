"""Who can decide something, and at which level."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analytics.asks import standing
from graph_model.network import Network, tie_code
from graph_model.schema import Level, NodeType, TieType

__all__ = ["Deciders", "deciders_of"]


@dataclass(frozen=True, slots=True)
class Deciders:
    """The people who can decide, and what stands in the way of knowing more of them.

    Attributes
    ----------
    levels
        The lowest level each person (a row) can decide at.
    through
        For each of them the rows of those the power is held by: themselves, or associations they are members of.
    unmapped
        The rows of associations that can decide, of which nobody is mapped who sits high enough, with the level needed.
    """

    levels: dict[int, Level]
    through: dict[int, list[int]]
    unmapped: tuple[tuple[int, Level], ...]

    def by_level(self) -> list[tuple[Level, list[int]]]:
        """The people (rows, ascending) who decide at each level, the lowest level first."""
        levels = sorted(set(self.levels.values()))
        return [(level, sorted(row for row, at in self.levels.items() if at is level)) for level in levels]


def deciders_of(network: Network, on: date, about: int) -> Deciders:
    """Who can decide the node of this row on a date.

    A person decides at the level their tie states (local where it states none). An association stands for its members
    at the level its tie states or above, who decide at their own level; of several memberships the highest counts.
    """
    ties, valid = network.ties, network.ties_on(on)
    memberships = standing(network, valid)
    levels: dict[int, Level] = {}
    through: dict[int, list[int]] = {}
    unmapped: dict[int, Level] = {}
    for tie in np.flatnonzero(valid & (ties.type == tie_code(TieType.CAN_DECIDE)) & (ties.end == about)).tolist():
        holder, level = int(ties.start[tie]), _level(ties.level[tie])
        if network.kind_of(holder) is NodeType.STAKEHOLDER:
            people = [(holder, level)]
        else:
            of_holder: NDArray[np.int64] = memberships[ties.end[memberships] == holder]
            members = [(int(ties.start[one]), _level(ties.level[one])) for one in of_holder.tolist()]
            people = [(row, at) for row, at in members if at >= level]
            if not people:
                unmapped[holder] = min(level, unmapped.get(holder, level))
        for row, at in people:
            levels[row] = min(at, levels.get(row, at))
            if holder not in through.setdefault(row, []):
                through[row].append(holder)
    return Deciders(levels, through, tuple(sorted(unmapped.items())))


def _level(code: int) -> Level:
    return Level(max(int(code), Level.LOCAL))
