"""The chance that an ask arrives, in words and in per cent."""

import pytest

from api.escalation.wording import chance_words, per_cent


@pytest.mark.parametrize(
    ("chance", "words", "share"),
    [
        (1.0, "Very likely to arrive", "100 %"),
        (0.995, "Very likely to arrive", "more than 99 %"),
        (0.8, "Very likely to arrive", "80 %"),
        (0.79, "More likely than not to arrive", "79 %"),
        (0.49, "Less likely than not to arrive", "49 %"),
        (0.19, "Unlikely to arrive", "19 %"),
        (0.049, "Very unlikely to arrive", "5 %"),
        (0.001, "Very unlikely to arrive", "less than 1 %"),
    ],
)
def test_a_chance_is_said_without_pretending_to_know_more(chance: float, words: str, share: str) -> None:
    assert (chance_words(chance), per_cent(chance)) == (words, share)
