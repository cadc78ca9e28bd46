"""The measures and ties of highly connected people in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from analytics.connectors import Measure
from graph_model.schema import TieType

__all__ = ["MEASURES", "TIES", "MeasureWords"]


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """A measure: what being connected means by it, what the score says, and how it is written."""

    label: str
    meaning: str
    by: str
    form: str

    def score(self, value: float | None) -> str:
        """A score as it is read."""
        return "–" if value is None else format(value, self.form)


MEASURES: Final[Mapping[Measure, MeasureWords]] = MappingProxyType(
    {
        Measure.BETWEENNESS: MeasureWords(
            "Stands between others",
            "How often the shortest chain of contacts between two other people runs through them.",
            "how often they stand between others",
            ".3f",
        ),
        Measure.DEGREE: MeasureWords(
            "Most contacts",
            "How many people they are in direct contact with.",
            "how many people they are in contact with",
            ",.0f",
        ),
        Measure.STRENGTH: MeasureWords(
            "Strongest ties",
            "How many people can be expected to pass on what they ask.",
            "how strong all their ties are together",
            ",.1f",
        ),
        Measure.HARMONIC_CLOSENESS: MeasureWords(
            "Nearest to everybody",
            "How few contacts away other people are: 1 would be everybody, directly.",
            "how near they are to everybody",
            ".3f",
        ),
        Measure.PAGERANK: MeasureWords(
            "Where things end up",
            "How often they would have what is passed on at random from one to the next.",
            "how often things end up with them",
            ".4f",
        ),
        Measure.CORE_NUMBER: MeasureWords(
            "In the tightest circle",
            "The circle they are in whose members each have at least so many contacts within it.",
            "how tight a circle they are in",
            ",.0f",
        ),
    }
)
"""Every measure, in the order in which a form offers them."""

TIES: Final[Mapping[TieType, str]] = MappingProxyType(
    {
        TieType.KNOWS: "Knowing one another",
        TieType.REPORTS_TO: "Reporting to one another",
        TieType.MEMBER_OF: "Belonging to the same association",
    }
)
"""The ties that join people, as a form names them."""
