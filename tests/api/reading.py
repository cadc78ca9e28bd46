"""A page as a person reads it."""

import re
from html import unescape

__all__ = ["read"]


def read(page: str) -> str:
    """The text of the main part of a page, without tags, each gap one space."""
    main = page[page.index('id="main-content"') :].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split()).replace(" .", ".").replace(" ,", ",")
