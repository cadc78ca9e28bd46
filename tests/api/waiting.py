"""Waiting for what other processes do."""

import asyncio
from collections.abc import Callable
from pathlib import Path

__all__ = ["alive", "until"]


async def until(happened: Callable[[], bool]) -> None:
    """Wait until it happens, but not for ever."""
    async with asyncio.timeout(60):
        while not happened():
            await asyncio.sleep(0.01)


def alive(process: int) -> bool:
    """Whether a process runs; one that is dead and waits for its parent to look does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
