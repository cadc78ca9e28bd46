"""Ranks and their order, against the definition one pair at a time."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.ranking import Ranking, ranking

# Scores with near and exact ties, and the undefined among them.
SCORES = st.builds(
    lambda whole, wobble: whole * (1 + wobble),
    st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 1e6]),
    st.sampled_from([0.0, 1e-12, -1e-12, 1e-7]),
)
PEOPLE = st.lists(st.tuples(SCORES | st.just(math.nan), st.sampled_from("abc")), max_size=12)


@given(PEOPLE, st.integers(1, 14))
def test_ranking_is_what_the_definition_says(people: list[tuple[float, str]], top: int) -> None:
    def better(one: float, other: float) -> bool:
        return one - other > 1e-9 * max(abs(one), abs(other))

    ranks = [None if math.isnan(score) else 1 + sum(better(other, score) for other, _ in people) for score, _ in people]
    ids = [f"id{place:02}" for place in reversed(range(len(people)))]
    order = sorted(range(len(people)), key=lambda place: (ranks[place] or 99, people[place][1], ids[place]))
    found = ranking(np.array([score for score, _ in people]), [name for _, name in people], ids, top)
    assert found.places == tuple(order[:top])
    assert found.ranks == tuple(ranks[place] for place in order[:top])
    tied = {place for place in order if ranks[place] == ranks[order[min(top, len(order)) - 1]]}
    assert found.tied_at_cut == (len(tied) if tied & set(order[top:]) else 0)


def test_ranks_of_nobody() -> None:
    assert ranking(np.array([]), [], [], 5) == Ranking((), (), 0)
