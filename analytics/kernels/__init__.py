"""Loops that no library runs fast enough, compiled by numba.

Kernels take and give plain numpy arrays and know nothing of people. ``analytics.warm`` finds every module here and
calls its ``warm()``, which calls each kernel once with the dtypes really used. ``docs/decisions/numba-kernels.md`` says
why.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCKS", "kernel", "sum_in_blocks"]

BLOCKS = 32
"""Into how many blocks work is cut. Fixed, so that what is summed, and in which order, depends on no machine."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile a function, without the interpreter's lock, and keep what was compiled for the next process.

    numba keeps it beside the source, or in the user's cache folder where that cannot be written. Where neither can, it
    is compiled in each process: slower at first, never an error.
    """
    try:
        compiled = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba: "no locator available", that is, nowhere to write
        compiled = numba.njit(nogil=True)(function)
    return cast("_Function", compiled)


def sum_in_blocks(work: Callable[[int, int], NDArray[np.float64]], items: int) -> NDArray[np.float64]:
    """The sum of ``work(first, last)`` over blocks of items, on all cores; the same to the last bit on any number.

    ``work`` has to be a kernel, or call one: threads gain nothing unless it lets go of the interpreter's lock.
    """
    bounds = [items * block // BLOCKS for block in range(BLOCKS + 1)]
    spans = [(first, last) for first, last in pairwise(bounds) if first < last] or [(0, 0)]
    with ThreadPoolExecutor(max_workers=min(len(spans), _cores())) as pool:
        parts = pool.map(lambda span: work(*span), spans)
        total = next(parts)
        for part in parts:
            total = total + part
    return total


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
