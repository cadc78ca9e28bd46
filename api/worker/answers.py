"""Questions asked of the network from the server: queued, run in a worker, kept for the next who asks the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from api.worker import processes
from api.worker.workers import Worker, WorkerStopped
from graph_model.errors import SetUpError
from graph_model.network import Network
from graph_model.settings import DatabaseSettings
from graph_model.shared import Handle, attach, remove
from graph_model.store import Store

__all__ = ["Answers", "QueueFull"]

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")
Key = tuple[int, str, Hashable]

_ASKERS: Final = 2
_QUEUE: Final = 16
_KEPT: Final = 64
_SECONDS: Final = 120.0
_SECONDS_TO_CLOSE: Final = 5.0
_TRIES: Final = 3
_MODULES: Final = ("analytics.connectors", "analytics.groups", "analytics.escalation", "analytics.maps")


class QueueFull(SetUpError):
    """Too many questions wait already; try again in a few seconds."""


class Answers:
    """The worker processes of one server. Its methods belong to the server's event loop.

    Parameters
    ----------
    store
        Where the network is kept.
    settings
        How the loader opens the same.
    queue
        How many questions may wait while two are being answered.
    seconds
        How long a question may take once its turn has come.
    """

    def __init__(
        self, store: Store, settings: DatabaseSettings, *, queue: int = _QUEUE, seconds: float = _SECONDS
    ) -> None:
        self._store = store
        self._queue = queue
        self._seconds = seconds
        self._loader = Worker(processes.start_loader, settings)
        self._askers = [Worker(processes.start_asker) for _ in range(_ASKERS)]
        self._free = list(self._askers)
        self._running = asyncio.Semaphore(_ASKERS)
        self._waiting = 0
        self._loading = asyncio.Lock()
        self._published: list[Handle] = []
        self._network: Network | None = None
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._asked: dict[Key, asyncio.Future[Any]] = {}

    async def warm_up(self) -> None:
        """Load the network, which most pages need, then start the askers, so that the first question need not wait."""
        await self.network()
        await asyncio.gather(*(asker.do(processes.warm, _MODULES) for asker in self._askers))

    async def close(self) -> None:
        """Stop the workers. A question that is being answered is given up."""
        for asker in self._askers:
            asker.close()
        if self._loader.started:
            with suppress(SetUpError):
                await self._loader.do(processes.unload, seconds=_SECONDS_TO_CLOSE)
        self._loader.close()
        self._withdraw()

    async def network(self) -> Network:
        """The network as it stands now."""
        await self._current()
        assert self._network is not None  # noqa: S101 - what _current sees to
        return self._network

    async def ask(
        self, function: Callable[[Network, Question], Answer], question: Question, *, keep: bool = True
    ) -> Answer:
        """Answer a question on the network as it stands now.

        Parameters
        ----------
        function
            A pure function at the top of a module, such as ``analytics.connectors.highly_connected``.
        question
            What is asked: hashable, and whole (a date, not "today"), because the answer is kept under it.
        keep
            Whether the answer is kept; not where it is large and seldom asked for again.

        Raises
        ------
        QueueFull
            Two questions are being answered and sixteen wait.
        WorkerStopped
            The worker died over it, twice.
        TookTooLong
            It took more than two minutes.
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
            self._asked[key] = asyncio.ensure_future(self._answer(key, handle, function, question, keep=keep))
            self._asked[key].add_done_callback(lambda task: self._answered(key, task))
        # Shielded: one who leaves must not take the answer from another who asked the same.
        answer: Answer = await asyncio.shield(self._asked[key])
        return answer

    def _answered(self, key: Key, task: "asyncio.Future[Any]") -> None:
        del self._asked[key]
        if not task.cancelled():
            task.exception()  # seen to by whoever waits; if nobody does any more, there is nobody to tell

    async def _answer(
        self, key: Key, handle: Handle, function: Callable[..., Answer], question: Any, *, keep: bool
    ) -> Answer:
        if self._waiting >= self._queue:
            raise QueueFull("Too many questions are waiting to be answered. Try again in a few seconds.")
        self._waiting += 1
        try:
            await self._running.acquire()
        finally:
            self._waiting -= 1
        asker = self._free.pop()
        try:
            handle, answer = await self._in(asker, handle, function, question)
        finally:
            self._free.append(asker)
            self._running.release()
        if keep:
            self._kept[handle.version, *key[1:]] = answer
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return answer

    async def _in(
        self, asker: Worker, handle: Handle, function: Callable[..., Answer], question: Any
    ) -> tuple[Handle, Answer]:
        """The answer, and the Network it was asked of."""
        stopped = 0
        for _ in range(_TRIES):
            try:
                return handle, await asker.do(processes.run, handle, function, question, seconds=self._seconds)
            except processes.Gone:
                handle = await self._current()  # it was replaced, twice, while the question waited
            except WorkerStopped:
                stopped += 1
                if stopped > 1:
                    raise WorkerStopped(
                        "The process that was working this out stopped, twice. The question may need more memory "
                        "than there is."
                    ) from None
        raise WorkerStopped("The network keeps changing while this is being worked out. Try again.")

    async def _current(self) -> Handle:
        """The Network as it stands now, published; brought up to date by the loader if need be."""
        version = await run_in_threadpool(self._store.version)
        if not self._is(version):
            async with self._loading:
                if not self._is(version):
                    handle = await self._load(version)
                    if not self._published or handle.path != self._published[-1].path:
                        self._network = attach(handle)
                        self._kept.clear()  # what was asked of older versions is not asked for again
                        self._published = [*self._published, handle][-processes.KEPT :]
        return self._published[-1]

    def _is(self, version: int) -> bool:
        return bool(self._published) and self._published[-1].version == version

    async def _load(self, version: int) -> Handle:
        try:
            return await self._loader.do(processes.load, version)
        except WorkerStopped:
            self._withdraw()  # what it left behind
            return await self._loader.do(processes.load, version)

    def _withdraw(self) -> None:
        for handle in self._published:
            remove(handle)
        self._published.clear()
