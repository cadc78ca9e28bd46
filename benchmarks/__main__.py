"""``make bench``: what is promised, measured in one run. Ratios matter; the seconds are this machine's."""

import os
import platform
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from benchmarks.database import database_rows
from benchmarks.questions import beside_networkx, look_rows, question_rows
from benchmarks.serving import serving_rows
from benchmarks.table import show
from graph_model.settings import DatabaseSettings

_PARTS = ("database", "questions", "networkx", "look", "serving")


def main(
    parts: Annotated[list[str] | None, typer.Argument(help=f"Which: {', '.join(_PARTS)}. Default: all.")] = None,
    people: Annotated[int, typer.Option(help="How many people.")] = 20_000,
    ties: Annotated[int, typer.Option(help="How many ties.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
) -> None:
    """Measure Kith on a generated community."""
    chosen = parts or list(_PARTS)
    Console().print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {people:,} people, {ties:,} ties, seed {seed}\n"
    )
    if "database" in chosen:
        with tempfile.TemporaryDirectory() as data:
            ours, bare = (
                DatabaseSettings(_env_file=None, uri=None, data=Path(data) / each) for each in ("ours", "bare")
            )
            engines = [(ours, bare), *((server, server) for server in _neo4j())]
            show("Import and first read", database_rows(people, ties, seed, engines))
    if "questions" in chosen:
        show("The three questions", question_rows(people, ties, seed))
    if "networkx" in chosen:
        show("Measures beside NetworkX", beside_networkx(1_500, 7_500, seed))
    if "look" in chosen:
        show("Looking", look_rows(people, ties, seed))
    if "serving" in chosen:
        show("Serving", serving_rows(people, ties, seed))


def _neo4j() -> list[DatabaseSettings]:
    """The Neo4j of NEO4J_TEST_URI, whose database is emptied, where it is set."""
    uri = os.environ.get("NEO4J_TEST_URI")
    if not uri:
        Console().print("NEO4J_TEST_URI is not set: only the embedded engine is measured.\n")
        return []
    username, password = os.environ.get("NEO4J_TEST_USERNAME", "neo4j"), os.environ.get("NEO4J_TEST_PASSWORD", "")
    return [DatabaseSettings(_env_file=None, uri=uri, username=username, password=SecretStr(password))]


if __name__ == "__main__":
    typer.run(main)
