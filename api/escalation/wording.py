"""The reliability of a way in words."""

from typing import Final

__all__ = ["chance_words", "per_cent"]

_WORDS: Final = (
    (0.8, "Very likely to arrive"),
    (0.5, "More likely than not to arrive"),
    (0.2, "Less likely than not to arrive"),
    (0.05, "Unlikely to arrive"),
    (0.0, "Very unlikely to arrive"),
)


def chance_words(chance: float) -> str:
    """What a chance from 0 to 1 means for an ask.

    Examples
    --------
    >>> chance_words(0.66)
    'More likely than not to arrive'
    """
    return next(words for least, words in _WORDS if chance >= least)


def per_cent(chance: float) -> str:
    """A chance from 0 to 1 in per cent, without pretending to more than is known.

    Examples
    --------
    >>> per_cent(0.656), per_cent(0.004), per_cent(0.9999), per_cent(1.0)
    ('66 %', 'less than 1 %', 'more than 99 %', '100 %')
    """
    if 0 < chance < 0.01:
        return "less than 1 %"
    if 0.99 < chance < 1:
        return "more than 99 %"
    return f"{100 * chance:.0f} %"
