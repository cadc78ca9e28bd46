"""How a long answer is cut to a list, and what is said of it."""

from datetime import date

import pytest

from analytics.connectors import Connector, Connectors, ConnectorsQuestion
from analytics.measures import Sampled
from api.connectors.form import shown
from api.connectors.pages import notes_of


def rows(*scores: float) -> tuple[Connector, ...]:
    ranks = [1 + sum(other > score for other in scores) for score in scores]
    return tuple(
        Connector(f"p{place}", f"P {place}", score, rank, False, "", 0.0, 0)
        for place, (score, rank) in enumerate(zip(scores, ranks, strict=True))
    )


def answered(found: tuple[Connector, ...], people: int, tied: int = 0, sampled: Sampled | None = None) -> Connectors:
    return Connectors(1, ConnectorsQuestion(date(2026, 1, 1)), found, people, tied, (), sampled, 0.05)


@pytest.mark.parametrize(("top", "tied"), [(1, 0), (2, 3), (3, 3), (4, 0), (5, 4), (6, 4)])
def test_ties_at_the_cut_of_a_shorter_list(top: int, tied: int) -> None:
    assert shown(answered(rows(9, 5, 5, 5, 1, 1), people=8, tied=4), top).tied_at_cut == tied


def test_an_estimate_says_how_far_off_it_may_be() -> None:
    answer = answered(rows(9, 5), people=2, sampled=Sampled(4000, 0.0123, 0.95, 1))
    (note,) = notes_of(shown(answer, 2))
    assert "from 4,000 samples" in note
    assert "with 95% confidence none is more than 0.012 off" in note
