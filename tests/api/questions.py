"""Questions that tests ask in a worker process: what they do can be seen from outside."""

import os
import signal
import time
from pathlib import Path

from graph_model.errors import DataError, NotFound
from graph_model.network import Network

__all__ = ["count", "die", "fail", "names", "survive_once", "wait_for", "write"]


def names(network: Network, question: str) -> tuple[int, list[str]]:
    """The version, and all names."""
    return network.version, network.nodes.name.list


def count(network: Network, question: tuple[Path, str]) -> int:
    """How often this was worked out: a line in a file each time."""
    counter, _ = question
    with counter.open("a") as file:
        file.write(".")
    return len(counter.read_text())


def fail(network: Network, question: str) -> None:
    """What a question that cannot be answered does."""
    raise NotFound(question) if question == "missing" else DataError(question)


def die(network: Network, question: str) -> None:
    """A question that takes its process with it."""
    os.kill(os.getpid(), signal.SIGKILL)


def survive_once(network: Network, question: Path) -> str:
    """Die the first time, answer the second."""
    if not question.exists():
        question.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "answered"


def wait_for(network: Network, question: tuple[Path, Path]) -> int:
    """Say that work has begun by one file, and end when there is the other."""
    begun, end = question
    begun.touch()
    while not end.exists():
        time.sleep(0.01)
    return os.getpid()


def write(network: Network, question: str) -> str:
    """Try to change a column."""
    try:
        network.nodes.kind[0] = 1
    except ValueError as error:
        return str(error)
    return "changed"
