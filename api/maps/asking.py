"""The question for a map, from the parameters of a request."""

from typing import Annotated

from fastapi import Depends, Query

from analytics.maps import MapQuestion, Picture, draw, map_html
from analytics.maps.picture import MOST_HOPS, MOST_NODES
from api.asking import Day
from api.worker import Answers
from graph_model.network import Network

__all__ = ["Asked", "drawn", "file"]


async def _question(
    on: Day,
    around: Annotated[
        str | None, Query(description="The id of the record in the middle. Default: the whole network.")
    ] = None,
    hops: Annotated[int, Query(ge=0, le=MOST_HOPS, description="How many ties away from it.")] = 2,
    limit: Annotated[int, Query(ge=1, le=MOST_NODES, description="The most records on it.")] = 2_000,
) -> MapQuestion:
    return MapQuestion(on, around or None, hops, limit)


Asked = Annotated[MapQuestion, Depends(_question)]
"""The question, as a parameter of a route."""


async def drawn(answers: Answers, question: MapQuestion) -> Picture:
    """The map as a picture, for a page to put into itself."""
    return await answers.ask(draw, question)


async def file(answers: Answers, question: MapQuestion) -> str:
    """The map as one HTML file."""
    return await answers.ask(_file, question, keep=False)


def _file(network: Network, question: MapQuestion) -> str:
    return map_html(draw(network, question))
