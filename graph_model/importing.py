"""Importing a folder of sheets: everything is checked, then all of it lands as one change, or none does."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from graph_model.cells import write_cell
from graph_model.changes import Change, ChangeKind, Conflict, Counts, Effects, Entry, PutNode, PutTie
from graph_model.errors import ChangeRefused, DataError, RecordError
from graph_model.sheets import Place, Problem, Sheets, read_sheets
from graph_model.store import Store

__all__ = ["PROBLEMS_SHOWN", "FieldConflict", "ImportRefused", "Imported", "Stage", "import_folder"]

PROBLEMS_SHOWN: Final = 100
"""How many problems are shown; they are always counted in full."""

Stage = Callable[[str, int, int | None], None]
"""Told how an import goes: what it is doing, how many rows of it are done, and of how many (None: not known yet)."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that was edited in Kith since the last import and was left as it is."""

    place: Place
    id: str
    column: str
    kept: str
    offered: str

    def __str__(self) -> str:
        return (
            f"{self.place.file}, row {self.place.row}, {self.column}: {self.id} was edited in Kith since the last "
            f'import. Kept "{self.kept}", the sheet says "{self.offered}".'
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or, in a dry run, would do.

    ``unchanged`` counts rows that say what is there already. ``entry`` is None in a dry run and where nothing differed.
    """

    rows: int
    nodes: Counts
    ties: Counts
    unchanged: int
    conflicts: tuple[FieldConflict, ...]
    notes: tuple[str, ...]
    entry: Entry | None


class ImportRefused(DataError):
    """An import with bad rows; nothing was written. ``problems`` has every one of them, in the order of the sheets."""

    def __init__(self, problems: list[Problem], notes: list[str]) -> None:
        self.problems = tuple(problems)
        self.notes = tuple(notes)
        shown = [str(problem) for problem in problems[:PROBLEMS_SHOWN]]
        if len(problems) > PROBLEMS_SHOWN:
            shown.append(f"... and {len(problems) - PROBLEMS_SHOWN:,} more.")
        count = "1 thing is" if len(problems) == 1 else f"{len(problems):,} things are"
        super().__init__("\n".join([f"Nothing was imported: {count} wrong.", *shown]))


def import_folder(
    store: Store,
    folder: Traversable,
    *,
    by: str,
    why: str = "",
    dry_run: bool = False,
    overwrite: bool = False,
    stage: Stage | None = None,
) -> Imported:
    """Import a folder of sheets (or a zip of one, opened with ``zipfile.Path``).

    Parameters
    ----------
    by, why
        Who imports and what for, as the history will show it.
    dry_run
        Only say what would be added, changed and left alone.
    overwrite
        Also set fields that were edited in Kith since the last import.
    stage
        Told how it goes.

    Raises
    ------
    ImportRefused
        Rows are wrong; nothing was written.
    DataError
        The folder is not there, or holds no sheet.
    """
    tell = stage or (lambda _what, _done, _of: None)
    with _no_search_for_garbage():
        sheets = read_sheets(folder, lambda done: tell("Reading", done, None))
        tell("Checking", sheets.rows, sheets.rows)
        change = Change(by, why or f"Import of {folder.name}", sheets.steps, ChangeKind.IMPORT, overwrite=overwrite)
        return _imported(store, sheets, change, dry_run=dry_run, tell=tell)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Hold Python's collector back: all of an import's many small records live to its end, and it would look at each.

    That is a quarter of the processor time of everything but the database.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _imported(store: Store, sheets: Sheets, change: Change, *, dry_run: bool, tell: Stage) -> Imported:
    try:
        if sheets.problems or dry_run:
            effects, entry = store.preview(change), None
        else:
            applied = store.apply(change, lambda done, of: tell("Writing", done, of))
            effects, entry = applied.effects, applied.entry
    except ChangeRefused as refused:
        sheets.problems.extend(_placed(sheets, refused))
    if sheets.problems:
        order = {name: place for place, name in enumerate(sheets.files)}
        sheets.problems.sort(key=lambda problem: (order.get(problem.file, -1), problem.row))
        raise ImportRefused(sheets.problems, sheets.notes)
    return _summary(sheets, effects, entry)


def _placed(sheets: Sheets, refused: ChangeRefused) -> list[Problem]:
    problems = []
    for error, place in zip(refused.reasons, refused.places, strict=True):
        assert place is not None  # noqa: S101 - plan() gives the step of each reason
        at = sheets.places[place]
        if not _follows_from_another(sheets, error, sheets.steps[place]):
            problems.append(Problem(at.file, at.row, error.column, error.problem, error.remedy))
    return problems


def _follows_from_another(sheets: Sheets, error: RecordError, step: PutNode | PutTie) -> bool:
    """Whether it is only that the row which adds an end of this tie could not be read, which is reported there."""
    if isinstance(step, PutNode) or error.column not in ("from", "to"):
        return False
    return sheets.unread or {"from": step.record.key.start, "to": step.record.key.end}[error.column] in sheets.bad_ids


def _summary(sheets: Sheets, effects: Effects, entry: Entry | None) -> Imported:
    nodes, ties = Counts.of(effects.nodes), Counts.of(effects.ties)
    touched = len(effects.nodes) + len(effects.ties)
    return Imported(
        sheets.rows,
        nodes,
        ties,
        max(len(sheets.steps) - touched, 0),
        tuple(_conflict(sheets, conflict) for conflict in effects.conflicts),
        tuple(sheets.notes),
        entry,
    )


def _conflict(sheets: Sheets, conflict: Conflict) -> FieldConflict:
    return FieldConflict(
        sheets.places[conflict.place],
        conflict.id,
        conflict.column,
        write_cell(conflict.kept),
        write_cell(conflict.offered),
    )
