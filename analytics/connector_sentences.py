"""What the place of a person in a list of highly connected people means, in one sentence that is true."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from analytics.measures import Measure
from analytics.projection import CONNECTING
from analytics.words import counted, listed, verb
from graph_model.schema import TieType

__all__ = ["Standing", "links", "says"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to say of one person.

    Attributes
    ----------
    name, score
        Who, and their score.
    contacts, joined_to
        How many people they are in contact with, and how many anything joins them to, however weakly.
    people
        How many people the network has on the date.
    below
        How many are surely below them of how many others, such as ``148 of the 149 others``; empty where nobody is.
    sampled
        Whether the score is an estimate.
    """

    name: str
    score: float
    contacts: int
    joined_to: int
    people: int
    below: str
    sampled: bool


def links(name: str, parts: Sequence[int], tie_types: frozenset[TieType]) -> str:
    """What is said of somebody without whom a component would fall into parts of these sizes, the largest first.

    Examples
    --------
    >>> links("Amira Khan", [120, 14, 1], frozenset(CONNECTING))
    'Amira Khan links 3 groups that otherwise have no contact (of 120, 14 and 1 people)'
    """
    sizes = [f"{size:,}" for size in parts[:3]]
    if parts[0] == 1:
        of = "one person each"
    else:
        of = f"{'of' if len(parts) <= len(sizes) else 'the largest of'} {listed(sizes)} people"
    going_by = ""
    if tie_types != CONNECTING.keys():
        going_by = f", going only by {listed([f'“{verb(tie)}”' for tie in sorted(tie_types)])} ties"
    return f"{name} links {len(parts):,} groups that otherwise have no contact ({of}){going_by}"


def says(measure: Measure, standing: Standing) -> str:
    """What a score means for the person who has it.

    Examples
    --------
    >>> says(Measure.DEGREE, Standing("Amira Khan", 14.0, 14, 14, 150, "148 of the 149 others", False))
    'Amira Khan is in direct contact with 14 people, more than 148 of the 149 others'
    """
    if not standing.joined_to:
        return f"{standing.name} is in contact with nobody else on record"
    if not standing.contacts and measure in _OF_CONTACTS:
        return f"{standing.name} has only ties that are too weak to count as contact"
    return _SAYS[measure](standing)


def _degree(who: Standing) -> str:
    people = counted(who.contacts, "person", "people")
    return f"{who.name} is in direct contact with {people}{_more('more than', who)}"


def _strength(who: Standing) -> str:
    says = f"Of everybody with a tie to {who.name}, about {who.score:.1f} can be expected to pass on what is asked"
    return says + _more("more than for", who)


def _betweenness(who: Standing) -> str:
    if who.score == 0:
        few = "Hardly any" if who.sampled else "No"
        return f"{few} shortest chain of contacts between two other people runs through {who.name}"
    percent = 100 * who.score
    rounded = f"{percent:.0f}" if percent >= 10 else f"{percent:.2g}"
    share = f"about {rounded} %" if percent >= 0.01 else "less than 0.01 %"
    says = f"For two other people, the shortest chain of contacts runs through {who.name} in {share} of cases"
    return says + _more("more often than through", who)


def _harmonic_closeness(who: Standing) -> str:
    away = f"{1 / who.score:.1f} contacts away from"
    return f"Other people are typically {away} {who.name}{_more('nearer than for', who)}"


def _pagerank(who: Standing) -> str:
    times = f"{who.score * who.people:.1f} times as often as with the average person"
    return f"What is passed on at random from one to the next would be with {who.name} {times}"


def _core_number(who: Standing) -> str:
    others = counted(round(who.score), "other", "others")
    return f"{who.name} is in a circle whose members are each in contact with at least {others} in it"


def _more(how: str, who: Standing) -> str:
    return f", {how} {who.below}" if who.below else ""


_OF_CONTACTS = frozenset({Measure.DEGREE, Measure.BETWEENNESS, Measure.HARMONIC_CLOSENESS, Measure.CORE_NUMBER})
_SAYS: Mapping[Measure, Callable[[Standing], str]] = MappingProxyType(
    {
        Measure.DEGREE: _degree,
        Measure.STRENGTH: _strength,
        Measure.BETWEENNESS: _betweenness,
        Measure.HARMONIC_CLOSENESS: _harmonic_closeness,
        Measure.PAGERANK: _pagerank,
        Measure.CORE_NUMBER: _core_number,
    }
)
