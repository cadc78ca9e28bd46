"""The record of changes in the database: which there were, what each did, and which version that makes."""

from collections.abc import Iterator

from graph_model.changes import Change, Counts, Effects, Entry, pack, unpack
from graph_model.errors import DataError, NotFound, RecordError
from graph_model.plan import Wanted
from graph_model.writing import Runner

__all__ = [
    "EVER",
    "effects_of",
    "entries",
    "entry_numbered",
    "entry_of",
    "keep_effects",
    "keep_entry",
    "later",
    "version",
]

EVER = 2**62
"""A number that no change reaches."""


def version(run: Runner) -> int:
    """The number of the last change; 0 where there is none yet."""
    return int(run("get_meta")[0]["version"])


def entries(run: Runner, above: int, below: int, limit: int = 10_000) -> list[Entry]:
    """The changes between two numbers, both left out, the latest first."""
    if below - above < 2:
        return []
    return [Entry.of(row["change"]) for row in run("list_changes", above=above, below=below, limit=limit)]


def entry_numbered(run: Runner, number: int) -> Entry:
    """The change of this number.

    Raises
    ------
    NotFound
        There is none.
    """
    rows = run("get_change_by_number", number=number)
    if not rows:
        raise NotFound(f"There is no change {number}. `kith history` lists them.")
    return Entry.of(rows[0]["change"])


def entry_of(run: Runner, change: Change) -> Entry | None:
    """The entry of a change, where it has been applied."""
    rows = run("get_change", id=change.id)
    return Entry.of(rows[0]["change"]) if rows else None


def effects_of(run: Runner, entry: Entry) -> Effects:
    """What a change did.

    Raises
    ------
    DataError
        Part of it is missing: somebody has been at the database.
    """
    ids = [f"{entry.id}:{part}" for part in range(entry.chunks)]
    rows = sorted(run("list_chunks", ids=ids), key=lambda row: int(row["part"]))
    if len(rows) != entry.chunks:
        raise DataError(f"Change {entry.number} is not whole: {len(rows)} of its {entry.chunks} parts are there.")
    return unpack(bytes(row["data"]) for row in rows)


def keep_effects(run: Runner, change: Change, effects: Effects) -> int:
    """Keep what a change does, in parts; gives how many."""
    chunks = pack(effects)
    for part, data in enumerate(chunks):
        run("create_chunk", id=f"{change.id}:{part}", change=change.id, part=part, data=data)
    return len(chunks)


def keep_entry(run: Runner, number: int, change: Change, effects: Effects, chunks: int) -> Entry:
    """Put a change on the record under its number."""
    nodes, ties = Counts.of(effects.nodes), Counts.of(effects.ties)
    entry = Entry(number, change.id, change.kind, change.by, change.at, change.why, nodes, ties, chunks, change.undoes)
    run("create_change", properties=entry.properties())
    return entry


def later(run: Runner, entry: Entry, want: Wanted) -> Iterator[RecordError]:
    """Which later changes touched the same records, for whoever is told that this one cannot be undone."""
    for other in reversed(entries(run, entry.number, EVER)):
        if want.stands_on(effects_of(run, other).touched):
            yield RecordError(
                "", f"Change {other.number} by {other.by} ({other.at}) came after it.", "Undo that first."
            )
