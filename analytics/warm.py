"""Compile every kernel now, so that nobody's first question has to wait for it: ``python -m analytics.warm``."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from time import perf_counter

from analytics import kernels

__all__ = ["main", "warm"]


def warm() -> Iterator[str]:
    """Compile the kernels of each module of ``analytics.kernels`` in turn, giving its name once that is done."""
    for module in pkgutil.iter_modules(kernels.__path__, f"{kernels.__name__}."):
        import_module(module.name).warm()
        yield module.name


def main() -> None:
    """Compile every kernel and say which, a line each. What is compiled already takes a moment only."""
    begun = perf_counter()
    for name in warm():
        print(f"{name} is compiled ({perf_counter() - begun:.1f} s)", flush=True)  # noqa: T201 - this is its face


if __name__ == "__main__":
    main()
