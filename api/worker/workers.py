"""One worker process, which does one task at a time and is replaced when it dies."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from graph_model.errors import SetUpError

__all__ = ["TookTooLong", "Worker", "WorkerStopped"]

Answer = TypeVar("Answer")


class WorkerStopped(SetUpError):
    """The process that was working the answer out stopped."""


class TookTooLong(SetUpError):
    """The work was given up because it took too long."""


class Worker:
    """A process that is started with its first task. Its methods belong to the server's event loop.

    Each worker is a pool of one: in a larger one, a process that dies takes the others' work with it.

    Parameters
    ----------
    prepare, arguments
        What the process calls first. It must not fail: what can belongs in a task, which can say why.
    """

    def __init__(self, prepare: Callable[..., None], *arguments: Any) -> None:
        # Spawned, because a fork would copy the server's threads' locks as they happen to be held.
        context = multiprocessing.get_context("spawn")
        self._new_pool = partial(ProcessPoolExecutor, 1, context, prepare, arguments)
        self._pool = self._new_pool()
        self._closed = False

    @property
    def started(self) -> bool:
        """Whether there is a process."""
        return bool(self._pool._processes)

    async def do(self, task: Callable[..., Answer], *arguments: Any, seconds: float | None = None) -> Answer:
        """Do a task, after those that were given before.

        Parameters
        ----------
        task, arguments
            A function at the top of a module and what it is given; all of it, and the answer, must pickle.
        seconds
            After which it is given up, and the process with it; None: never.

        Raises
        ------
        WorkerStopped
            The process died. Another takes its place with the next task.
        TookTooLong
            It was given up.
        """
        pool = self._pool
        try:
            if self._closed:
                raise WorkerStopped("Kith is stopping.")
            with _deaf_to_ctrl_c():
                doing = asyncio.get_running_loop().run_in_executor(pool, partial(task, *arguments))
            doing.add_done_callback(_seen)
            if not (await asyncio.wait({doing}, timeout=seconds))[0]:
                self._replace(pool)
                raise TookTooLong(f"This took longer than {seconds:.0f} seconds and was given up. Ask for less.")
            return await doing
        except BrokenProcessPool:
            self._replace(pool)
            raise WorkerStopped("The process that was working this out stopped.") from None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed = True
        _kill(self._pool)

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        """Put a new pool in the place of this one, unless another task saw to that."""
        _kill(pool)
        if self._pool is pool and not self._closed:
            self._pool = self._new_pool()


def _seen(doing: "asyncio.Future[Any]") -> None:
    """Whoever asked may have left; a failure then concerns nobody, and is not to be logged as forgotten."""
    if not doing.cancelled():
        doing.exception()


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):  # kill_workers() comes with Python 3.14
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started within never hears Ctrl-C, which reaches every process of a terminal.

    The server ends its workers itself, in order. A signal mask is inherited where a handler is not; a Ctrl-C that
    comes meanwhile reaches the server a moment later.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
