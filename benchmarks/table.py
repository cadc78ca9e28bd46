"""How measurements are taken and shown: the median of a few, in one table."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Row", "median_seconds", "seconds", "show"]


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: what, ours in seconds, what it stands beside, and what was promised (``limit``).

    With ``most``, the promise is that ours takes at most so many times as long as what it stands beside.
    """

    what: str
    ours: float
    beside: float | None = None
    beside_what: str = ""
    limit: float | None = None
    most: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None where none was made."""
        promises = []
        if self.limit is not None:
            promises.append(self.ours <= self.limit)
        if self.most is not None and self.beside:
            promises.append(self.ours <= self.most * self.beside)
        return all(promises) if promises else None


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes, once."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def median_seconds(act: Callable[[], object], times: int = 5) -> float:
    """The median of several runs of an act."""
    return statistics.median(seconds(act) for _ in range(times))


def show(title: str, rows: list[Row]) -> None:
    """Print measurements as a table."""
    table = Table(title=title, title_justify="left")
    for heading in ("What", "Ours", "Beside", "Seconds", "Ratio", "Promise", "Kept"):
        table.add_column(heading, justify="left" if heading in ("What", "Beside") else "right")
    for row in rows:
        ratio = f"{row.ours / row.beside:.2f}" if row.beside else ""
        promise = " ".join(
            part
            for part in (
                f"< {row.limit:g} s" if row.limit is not None else "",
                f"at most {row.most:g} x" if row.most is not None else "",
            )
            if part
        )
        kept = {None: "", True: "yes", False: "NO"}[row.kept]
        beside = f"{row.beside:.3f}" if row.beside is not None else ""
        table.add_row(row.what, f"{row.ours:.3f} s", row.beside_what, beside, ratio, promise, kept)
    Console(width=150).print(table)
