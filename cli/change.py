"""Bringing data in and out, and taking changes back: ``import``, ``export``, ``history``, ``undo``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from cli.common import AsJson, Data, Why, me, opened, print_json, print_table, say, warn
from graph_model.errors import DataError

__all__ = ["export", "history", "import_", "undo"]


def import_(
    folder: Annotated[Path, typer.Argument(help="The folder that holds stakeholders.csv, ties.csv, ...")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be added, changed and left alone.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also set fields that were edited in Kith since the last import.")
    ] = False,
    why: Why = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Bring in a folder of sheets: all of it, or, where a row is wrong, nothing."""
    from analytics.plain import imported_plain
    from graph_model.importing import ImportRefused, import_folder

    with opened(data) as store, _Bar() as bar:
        try:
            done = import_folder(store, folder, by=me(), why=why, dry_run=dry_run, overwrite=overwrite, stage=bar.stage)
        except ImportRefused as refused:
            if not as_json:
                raise
            bar.stop()
            print_json(imported_plain(refused, dry_run=dry_run))
            raise typer.Exit(1) from None
    plain = imported_plain(done, dry_run=dry_run)
    if as_json:
        print_json(plain)
        return
    for sentence in plain["sentences"]:
        say(sentence)


class _Bar:
    """A progress bar with rows per second, on standard error."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.completed:,.0f} rows"),
            TextColumn("{task.fields[speed]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._progress.stop()

    def stage(self, what: str, done: int, of: int | None) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=of, speed="")
        task = self._progress.tasks[self._tasks[what]]
        speed = f"{done / task.elapsed:,.0f} a second" if task.elapsed and done > 1_000 else ""
        self._progress.update(task.id, completed=done, total=of, speed=speed)


def export(
    target: Annotated[Path, typer.Argument(help="A new folder; with --format graphml, a file.")],
    *,
    form: Annotated[str, typer.Option("--format", help="folder (what import reads) or graphml.")] = "folder",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Write the network as a folder of sheets, or as GraphML."""
    if form not in ("folder", "graphml"):
        raise DataError(f"{form} is not a format. Known are folder and graphml.")
    with opened(data) as store:
        if form == "folder":
            from graph_model.exporting import export_folder

            written = export_folder(store, target)
        else:
            from analytics.graphml import graphml

            if target.exists():
                raise DataError(f"{target} is there already. Name a new file.")
            network = store.network()
            target.write_bytes(graphml(network))
            written = {target.name: len(network.nodes) + len(network.ties)}
    if as_json:
        print_json({"written": written})
        return
    for name, rows in written.items():
        say(f"{name}: {rows:,} rows")
    warn("It holds personal data: keep it where only those who need it can read it.")


def history(
    *,
    limit: Annotated[int, typer.Option(help="How many changes to show.")] = 20,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Show who changed what, the latest first."""
    from analytics.plain import entry_plain

    with opened(data) as store:
        entries = [entry_plain(entry) for entry in store.history(limit)]
    if as_json:
        print_json({"changes": entries})
        return
    if not entries:
        say("Nothing was ever written here.")
        return
    print_table(
        ("Change", "When", "Who", "What", "Why"),
        [
            (e["number"], e["at"].replace("T", " ").replace("Z", " UTC"), e["by"], e["sentence"], e["why"])
            for e in entries
        ],
        right=("Change",),
    )


def undo(
    number: Annotated[int, typer.Argument(help="The change to take back, as kith history numbers it.")],
    *,
    why: Why = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Take a change back, by another change; refused where later ones stand on it."""
    from analytics.plain import entry_plain

    with opened(data) as store:
        applied = store.undo(number, me(), why)
    plain = entry_plain(applied.entry) if applied.entry else None
    if as_json:
        print_json({"change": plain})
    elif plain is None:
        say(f"Change {number} has been taken back already: nothing differs.")
    else:
        say(f"Change {number} is taken back by change {plain['number']}: {plain['sentence']}.")
