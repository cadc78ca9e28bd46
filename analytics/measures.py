"""How connected each person is: six measures of a projection, each a pure function to one number a person.

They count people in contact (``Projection.contacts``), except strength and pagerank, which weigh every pair
(``Projection.strengths``). ``scores`` is what a question asks: the exact numbers where they can be had in about a
second, and an estimate with its error bound where not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import sum_in_blocks
from analytics.kernels.cores import core_numbers
from analytics.kernels.paths import harmonic_sums, pair_dependencies, source_dependencies
from analytics.projection import Projection

__all__ = [
    "MEASURES",
    "Measure",
    "Sampled",
    "Scores",
    "betweenness",
    "core_number",
    "degree",
    "harmonic_closeness",
    "pagerank",
    "sampled_betweenness",
    "sampled_harmonic_closeness",
    "scores",
    "strength",
]

Values = NDArray[np.float64]

ALWAYS_EXACT: Final = 2_000
"""Up to so many people nothing is ever sampled."""
EXACT_BETWEENNESS: Final = 3 * 10**8
"""People times contacts (each counted from both sides) up to which betweenness is exact: 1.5 s on two cores."""
EXACT_CLOSENESS: Final = 12 * 10**9
"""The same for harmonic closeness, which searches from 64 people at once: 1.3 s on two cores."""
CONFIDENCE: Final = 0.95
"""The chance that, in a sampled answer, everybody's true score is within their half width."""
SEED: Final = 1
DAMPING: Final = 0.85
_TIES_LOOKED_AT: Final = 15 * 10**7
"""How many ties the sampled searches of one answer look at, about: a second on two cores."""
_FEWEST, _MOST = 2_000, 400_000
_PILOT: Final = 256


class Measure(StrEnum):
    """A measure, by the name it has everywhere."""

    DEGREE = "degree"
    STRENGTH = "strength"
    BETWEENNESS = "betweenness"
    HARMONIC_CLOSENESS = "harmonic_closeness"
    PAGERANK = "pagerank"
    CORE_NUMBER = "core_number"


@dataclass(frozen=True, slots=True)
class Sampled:
    """How an estimate was made, and how far off it may be.

    With probability ``confidence`` every person's true score is within their own half width of the estimate;
    ``half_width`` is the widest of these. The same seed gives the same answer.
    """

    samples: int
    half_width: float
    confidence: float
    seed: int


@dataclass(frozen=True, eq=False)
class Scores:
    """One score a person, in the order of the projection; ``half_widths`` likewise, all 0 where nothing was sampled."""

    values: Values
    half_widths: Values
    sampled: Sampled | None


def degree(projection: Projection) -> Values:
    """How many people each person is in contact with.

    Examples
    --------
    >>> degree(_star()).tolist()
    [3.0, 1.0, 1.0, 1.0]
    """
    return np.diff(projection.contacts.indptr).astype(np.float64)


def strength(projection: Projection) -> Values:
    """The strengths of all that join a person to others, added up: how many can be expected to pass on what is asked.

    Examples
    --------
    >>> strength(_star()).tolist()
    [1.5, 0.5, 0.5, 0.5]
    """
    return np.asarray(projection.strengths.sum(axis=1), dtype=np.float64).reshape(len(projection))


def betweenness(projection: Projection) -> Values:
    """How often the shortest chains of contact between two others run through a person, exactly.

    The mean over all pairs of other people of the share of their shortest chains that the person is on; 0 where there
    is no chain, and for everybody where there are fewer than three people.

    Notes
    -----
    Freeman (1977), doi:10.2307/3033543; computed as Brandes (2001), doi:10.1080/0022250X.2001.9990249. O(n m).

    Examples
    --------
    >>> betweenness(_star()).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    people, graph = len(projection), projection.contacts
    if people < 3:
        return np.zeros(people)
    total = sum_in_blocks(lambda first, last: source_dependencies(graph.indptr, graph.indices, first, last), people)
    return total / ((people - 1) * (people - 2))


def harmonic_closeness(projection: Projection) -> Values:
    """How near a person is to everybody else, exactly: the mean of 1 / distance, 0 for those out of reach.

    Notes
    -----
    Marchiori and Latora (2000), doi:10.1016/S0378-4371(00)00311-3. O(n m / 64) at best, O(n m) at worst.

    Examples
    --------
    >>> harmonic_closeness(_star()).round(3).tolist()
    [1.0, 0.667, 0.667, 0.667]
    """
    people, graph = len(projection), projection.contacts
    everybody = np.arange(people, dtype=np.int32)
    total = sum_in_blocks(
        lambda first, last: harmonic_sums(graph.indptr, graph.indices, everybody, first, last), people
    )
    closeness: Values = total[0] / max(people - 1, 1)
    return closeness


def pagerank(projection: Projection) -> Values:
    """How much of the time something passed on at random, along strong ties more often, is with a person.

    At each step it is passed on with probability 0.85, and else starts afresh with anybody; from a person joined to
    nobody it always does. Sums to 1.

    Notes
    -----
    Brin and Page (1998), doi:10.1016/S0169-7552(98)00110-X. Power iteration until the scores change by less than 1e-12
    in all. O(m) a step, at most some 175 steps.

    Examples
    --------
    >>> pagerank(_star()).round(3).tolist()
    [0.48, 0.173, 0.173, 0.173]
    """
    people = len(projection)
    if not people:
        return np.zeros(0)
    weights, total = projection.strengths, strength(projection)
    joined = total > 0
    share = np.divide(1.0, total, out=np.zeros(people), where=joined)
    now = np.full(people, 1 / people)
    change = np.inf
    # A step shrinks what is still to change to 0.85 of it, so this ends.
    while change >= 1e-12:
        before = now
        afresh = (1 - DAMPING + DAMPING * before[~joined].sum()) / people
        now = DAMPING * (weights @ (before * share)) + afresh
        change = np.abs(now - before).sum()
    return now


def core_number(projection: Projection) -> Values:
    """The largest k such that a person is in a circle whose members each are in contact with k others of it.

    Notes
    -----
    Seidman (1983), doi:10.1016/0378-8733(83)90028-X; computed as Batagelj and Zaversnik (2011),
    doi:10.1007/s11634-010-0079-y. O(n + m).

    Examples
    --------
    >>> core_number(_star()).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    return core_numbers(projection.contacts.indptr, projection.contacts.indices).astype(np.float64)


def sampled_betweenness(projection: Projection, seed: int = SEED) -> Scores:
    """Betweenness estimated from pairs of people drawn at random.

    Each pair drawn gives every person their share of that pair's shortest chains, a number in [0, 1] whose mean is the
    betweenness. How many pairs follows from what the search for a few trial pairs cost.

    Notes
    -----
    Riondato and Kornaropoulos (2016), doi:10.1007/s10618-015-0423-0, with all of a pair's shortest paths in the place
    of one. For the bound see ``_half_widths``.
    """
    people, graph = len(projection), projection.contacts
    if people < 3:
        return Scores(np.zeros(people), np.zeros(people), None)
    rng = np.random.default_rng(seed)
    ties = (graph.indptr, graph.indices)
    _, looked_at = pair_dependencies(ties, _pairs(rng, people, _PILOT), 0, _PILOT)
    samples = int(np.clip(_TIES_LOOKED_AT * _PILOT // max(looked_at, 1), _FEWEST, _MOST))
    pairs = _pairs(rng, people, samples)
    total = sum_in_blocks(lambda first, last: pair_dependencies(ties, pairs, first, last)[0], samples)
    # Those at the ends of a pair count 0 for it: of all pairs a share of (n - 2) / n are pairs of others.
    return _estimate(total, samples, people / (people - 2), seed)


def sampled_harmonic_closeness(projection: Projection, seed: int = SEED) -> Scores:
    """Harmonic closeness estimated from distances to people drawn at random; for the bound see ``_half_widths``."""
    people, graph = len(projection), projection.contacts
    if people < 2:
        return Scores(np.zeros(people), np.zeros(people), None)
    samples = int(np.clip(EXACT_CLOSENESS // max(graph.nnz, 1), _FEWEST, _MOST))
    sources = np.random.default_rng(seed).integers(0, people, samples, dtype=np.int32)
    total = sum_in_blocks(lambda first, last: harmonic_sums(graph.indptr, graph.indices, sources, first, last), samples)
    return _estimate(total, samples, people / (people - 1), seed)


MEASURES: Mapping[Measure, Callable[[Projection], Values]] = MappingProxyType(
    {
        Measure.DEGREE: degree,
        Measure.STRENGTH: strength,
        Measure.BETWEENNESS: betweenness,
        Measure.HARMONIC_CLOSENESS: harmonic_closeness,
        Measure.PAGERANK: pagerank,
        Measure.CORE_NUMBER: core_number,
    }
)
"""Each measure's exact function."""


def scores(projection: Projection, measure: Measure) -> Scores:
    """A measure of everybody, exact where that takes about a second, else sampled: then ``sampled`` says so."""
    people = len(projection)
    work = people * projection.contacts.nnz
    if people > ALWAYS_EXACT:
        if measure is Measure.BETWEENNESS and work > EXACT_BETWEENNESS:
            return sampled_betweenness(projection)
        if measure is Measure.HARMONIC_CLOSENESS and work > EXACT_CLOSENESS:
            return sampled_harmonic_closeness(projection)
    return Scores(MEASURES[measure](projection), np.zeros(people), None)


def _pairs(rng: np.random.Generator, people: int, count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Pairs of two different people, each equally likely."""
    start = rng.integers(0, people, count, dtype=np.int32)
    end = rng.integers(0, people - 1, count, dtype=np.int32)
    return start, end + (end >= start).astype(np.int32)


def _estimate(total: Values, samples: int, scale: float, seed: int) -> Scores:
    """The mean of what was drawn, times ``scale``; ``total`` has the sums in row 0, the sums of squares in row 1."""
    half_widths = scale * _half_widths(total, samples)
    sampled = Sampled(samples, float(half_widths.max()), CONFIDENCE, seed)
    return Scores(scale * total[0] / samples, half_widths, sampled)


def _half_widths(total: Values, samples: int) -> Values:
    """How far each mean of draws in [0, 1] may be from the truth, for all at once with probability ``CONFIDENCE``.

    The empirical Bernstein bound of Maurer and Pontil (2009, theorem 4), arXiv:0907.3740, on both sides, its error
    shared equally among the people: sqrt(2 V L / k) + 7 L / (3 (k - 1)), with V the variance of the k draws and
    L = ln(4 n / (1 - confidence)). So it is narrow for those whose draws hardly vary.
    """
    variance = np.maximum(total[1] - total[0] ** 2 / samples, 0) / (samples - 1)
    log = np.log(4 * total.shape[1] / (1 - CONFIDENCE))
    bound: Values = np.sqrt(2 * variance * log / samples) + 7 * log / (3 * (samples - 1))
    return bound


def _star() -> Projection:
    """Ana, who knows three people who do not know each other: the graph of the examples above."""
    from datetime import date

    from analytics.projection import project
    from graph_model.network import Network
    from graph_model.schema import NodeType, TieType

    people = [(NodeType.STAKEHOLDER, person, {"name": person.title()}) for person in ("ana", "ben", "cat", "dan")]
    ties = [(TieType.KNOWS, "ana", person, {"strength": 0.5}) for person in ("ben", "cat", "dan")]
    return project(Network.of(1, people, ties), date(2026, 1, 1))
