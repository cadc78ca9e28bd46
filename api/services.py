"""What lives as long as the server: the store, and the workers that answer questions on it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, Request
from starlette.concurrency import run_in_threadpool

from api.worker import Answers
from graph_model.errors import KithError
from graph_model.settings import DatabaseSettings
from graph_model.store import Store

if TYPE_CHECKING:  # it imports the routes, which import this
    from api.app import Service

__all__ = ["AnswersHere", "StoreHere", "services"]

_log = logging.getLogger(__name__)


def services(settings: DatabaseSettings) -> "list[Service]":
    """The services of a server on this database, for ``create_app``.

    The store is left in ``app.state.store``, the workers in ``app.state.answers``; routes ask for ``StoreHere`` and
    ``AnswersHere``. The workers are warmed up in the background, so that the server answers at once.

    Raises
    ------
    SetUpError
        When the server starts and the database cannot be opened.
    """

    @asynccontextmanager
    async def store(app: FastAPI) -> AsyncIterator[None]:
        opened = await run_in_threadpool(Store.open, settings)
        app.state.store = opened
        try:
            yield
        finally:
            await run_in_threadpool(opened.close, now=True)

    @asynccontextmanager
    async def answers(app: FastAPI) -> AsyncIterator[None]:
        workers = Answers(app.state.store, settings)
        app.state.answers = workers
        warming = asyncio.ensure_future(_warm_up(workers))
        try:
            yield
        finally:
            warming.cancel()
            await asyncio.wait([warming])
            await workers.close()

    return [store, answers]


async def _warm_up(answers: Answers) -> None:
    try:
        await answers.warm_up()
    except KithError as error:
        _log.warning("The network could not be loaded yet: %s", error)


# Coroutines, so that FastAPI does not spend a pool thread on them.
async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def _answers(request: Request) -> Answers:
    answers: Answers = request.app.state.answers
    return answers


StoreHere = Annotated[Store, Depends(_store)]
"""The store, for a route that is not async: it runs in the thread pool, where the store may be waited for."""
AnswersHere = Annotated[Answers, Depends(_answers)]
"""The workers, for a route that is async."""
