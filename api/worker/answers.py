"""Questions asked of the network from the server: queued, run in a worker, kept for the next who asks the same."""

import asyncio
import multiprocessing
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from api.worker import processes
from graph_model.errors import SetUpError
from graph_model.network import Network
from graph_model.settings import DatabaseSettings
from graph_model.shared import Handle, attach
from graph_model.store import Store

__all__ = ["Answers", "QueueFull", "WorkerStopped"]

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")
Key = tuple[int, str, Hashable]

_ASKERS: Final = 2
_QUEUE: Final = 16
_KEPT: Final = 256
_MODULES: Final = ("analytics.connectors", "analytics.groups", "analytics.escalation", "analytics.maps")


class QueueFull(SetUpError):
    """Too many questions wait already; try again in a few seconds."""


class WorkerStopped(SetUpError):
    """The process that was working the answer out stopped."""


class Answers:
    """The worker processes of one server. Its methods belong to the server's event loop.

    Parameters
    ----------
    store
        Where the network is kept.
    settings
        How the loader opens the same.
    """

    def __init__(self, store: Store, settings: DatabaseSettings) -> None:
        self._store = store
        self._settings = settings
        self._context = multiprocessing.get_context("spawn")
        self._loader = self._new_loader()
        self._askers = self._new_askers()
        self._loading = asyncio.Lock()
        self._running = asyncio.Semaphore(_ASKERS)
        self._waiting = 0
        self._handle: Handle | None = None
        self._network: Network | None = None
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._asked: dict[Key, asyncio.Future[Any]] = {}

    async def warm_up(self) -> None:
        """Load the network and start the askers, so that the first question does not wait for it."""
        askers = [self._in(self._askers, _nothing) for _ in range(_ASKERS)]
        await asyncio.gather(self.network(), *askers)

    async def close(self) -> None:
        """Stop the workers. A question that is being answered is given up."""
        with suppress(BrokenProcessPool, TimeoutError):
            await asyncio.wait_for(self._in(self._loader, processes.unload), timeout=5)
        for pool in (self._askers, self._loader):
            for process in list((pool._processes or {}).values()):  # the pool would wait for them
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)

    async def network(self) -> Network:
        """The network as it stands now."""
        await self._current()
        assert self._network is not None  # noqa: S101 - what _current sees to
        return self._network

    async def ask(self, function: Callable[[Network, Question], Answer], question: Question) -> Answer:
        """Answer a question on the network as it stands now.

        Parameters
        ----------
        function
            A pure function at the top of a module, such as ``analytics.connectors.highly_connected``.
        question
            What is asked: hashable, and whole (a date, not "today"), because the answer is kept under it.

        Raises
        ------
        QueueFull
            Two questions are being answered and sixteen wait.
        WorkerStopped
            The worker died over it.
        KithError
            What the function raises about the question.
        """
        handle = await self._current()
        key = (handle.version, f"{function.__module__}.{function.__qualname__}", question)
        if key in self._kept:
            self._kept.move_to_end(key)
            kept: Answer = self._kept[key]
            return kept
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._answer(key, handle, function, question))
            self._asked[key].add_done_callback(lambda _: self._asked.pop(key))
        # Shielded: one who leaves must not take the answer from another who asked the same.
        return await asyncio.shield(self._asked[key])

    async def _answer(self, key: Key, handle: Handle, function: Callable[..., Answer], question: Any) -> Answer:
        if self._waiting >= _QUEUE:
            raise QueueFull("Too many questions are waiting to be answered. Try again in a few seconds.")
        self._waiting += 1
        try:
            await self._running.acquire()
        finally:
            self._waiting -= 1
        try:
            answer = await self._in_asker(handle, function, question)
        finally:
            self._running.release()
        self._kept[key] = answer
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return answer

    async def _in_asker(self, handle: Handle, function: Callable[..., Answer], question: Any) -> Answer:
        for last in (False, True):
            try:
                answer: Answer = await self._in(self._askers, partial(processes.run, handle, function, question))
            except FileNotFoundError:
                handle = await self._current()  # it was replaced while the question waited
            except BrokenProcessPool:
                self._askers = self._new_askers()
                if last:
                    raise WorkerStopped(
                        "The process that was working this out stopped, twice. The question may need more memory "
                        "than there is."
                    ) from None
            else:
                return answer
        raise WorkerStopped("The network keeps changing while this is being worked out. Try again.")

    async def _current(self) -> Handle:
        version = await run_in_threadpool(self._store.version)
        if self._handle is None or self._handle.version < version:
            async with self._loading:
                if self._handle is None or self._handle.version < version:
                    self._handle = await self._load()
                    self._network = attach(self._handle)
        return self._handle

    async def _load(self) -> Handle:
        try:
            return await self._in(self._loader, processes.load)
        except BrokenProcessPool:
            self._loader = self._new_loader()
            try:
                return await self._in(self._loader, processes.load)
            except BrokenProcessPool:
                raise WorkerStopped("The process that reads the network stopped, twice.") from None

    async def _in(self, pool: ProcessPoolExecutor, task: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(pool, task)

    def _new_loader(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, self._context, processes.start_loader, (self._settings,))

    def _new_askers(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(_ASKERS, self._context, processes.start_asker, (_MODULES,))


def _nothing() -> None:
    """What an asker is given to start with."""
