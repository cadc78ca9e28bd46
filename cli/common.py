"""What the verbs share: their options, the store they work on, and how they print."""

import getpass
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from graph_model.errors import DataError
from graph_model.settings import DatabaseSettings
from graph_model.store import Store

__all__ = [
    "AsJson",
    "Data",
    "On",
    "Types",
    "Why",
    "day",
    "me",
    "opened",
    "print_json",
    "print_table",
    "say",
    "settings_for",
    "tie_types",
    "warn",
]

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Use the embedded engine in this folder. Default: the Neo4j of NEO4J_URI, else the usual data folder.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON, whole, for a program to read.")]
On = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="Ask of the network as it was on this day. Default: today."),
]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TIE", help="Only ties of this type, such as KNOWS. May be given several times."),
]
Why = Annotated[str, typer.Option("--why", help="What for: the history will show it.")]


def settings_for(data: Path | None) -> DatabaseSettings:
    """The settings of the environment; with a folder, the embedded engine in it."""
    settings = DatabaseSettings()
    return settings if data is None else settings.model_copy(update={"uri": None, "data": data})


@contextmanager
def opened(data: Path | None) -> Iterator[Store]:
    """The store a verb works on, and a word to whoever waits for its engine to start."""
    with Console(stderr=True).status("Opening the network"):
        store = Store.open(settings_for(data))
    with store:
        yield store


def me() -> str:
    """Whose name stands in the history: the account on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"account {os.getuid()}"


def day(on: datetime | None) -> date:
    """The date a question is asked of."""
    return date.today() if on is None else on.date()  # noqa: DTZ011 - the officer's own day


def tie_types(names: list[str] | None) -> Any:
    """The tie types of these names, or None for all of them.

    Raises
    ------
    DataError
        There is no tie type of that name.
    """
    from graph_model.schema import TieType, tie_type

    if not names:
        return None
    found = {name: tie_type(name) for name in names}
    for name, tie in found.items():
        if tie is None:
            raise DataError(f"{name} is not a type of tie. Known are {', '.join(TieType)}.")
    return frozenset(found.values())


def print_json(plain: Any) -> None:
    """Print plain data as JSON, the only thing on standard output."""
    sys.stdout.buffer.write(orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def say(text: str) -> None:
    """Print a sentence."""
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print a sentence where it does not get into the way of an answer."""
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Print rows under headings; columns named in ``right`` are numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    plain: Callable[[object], str] = str
    for row in rows:
        table.add_row(*(plain(cell).replace("[", r"\[") for cell in row))
    Console().print(table, highlight=False)
