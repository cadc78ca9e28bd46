"""Finding by name, from the parameters of a request."""

from typing import Annotated

from fastapi import Query
from starlette.concurrency import run_in_threadpool

from analytics.search import LONGEST_TEXT, Found, find
from api.worker import Answers
from graph_model.schema import NodeType

__all__ = ["Kinds", "Most", "Text", "search"]

Text = Annotated[
    str,
    Query(
        max_length=LONGEST_TEXT,
        description="A name, or its beginning; slips, accents and word order do not matter. Empty: the first names.",
    ),
]
Kinds = Annotated[
    list[NodeType] | None,
    Query(alias="type", description="Only records of this type; may be given several times. Default: all."),
]
Most = Annotated[int, Query(ge=1, le=100, description="How many to list.")]


async def search(answers: Answers, text: str, kinds: list[NodeType] | None, limit: int) -> Found:
    """Find records by name in the network as it stands.

    In the server itself, not in a worker: it takes some milliseconds, and no question may hold it up.
    """
    network = await answers.network()
    return await run_in_threadpool(find, network, text, kinds=frozenset(kinds) if kinds else None, limit=limit)
