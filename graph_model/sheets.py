"""Reading the plain folder format: one CSV a node type and ``ties.csv``, checked row by row.

Sheets come as people save them: with or without a byte order mark, with Windows line ends, in an old encoding, with
line breaks inside quotes. What cannot be read for certain is a Problem that says where, never a guess.
"""

import codecs
import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Final, NamedTuple

from graph_model.changes import PutNode, PutTie
from graph_model.errors import ChangeRefused, DataError, RecordError
from graph_model.records import read_node, read_tie, unknown_column
from graph_model.schema import NODE_TYPES, TIE_TYPES, NodeSpec, TieType, tie_type

__all__ = ["TIES_SHEET", "TIE_COLUMNS", "Place", "Problem", "Sheets", "read_sheets"]

TIES_SHEET: Final = "ties.csv"
TIE_COLUMNS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(field.name for spec in TIE_TYPES.values() for field in spec.fields)
)
"""The columns ``ties.csv`` may have after from, type and to."""
_OWN: Final = {tie: frozenset(field.name for field in spec.fields) for tie, spec in TIE_TYPES.items()}
_SHEETS: Final = {spec.sheet: spec for spec in NODE_TYPES.values()}
_STEMS: Final = [name.removesuffix(".csv") for name in (*_SHEETS, TIES_SHEET)]
ROW_LIMIT: Final = 2_000_000
BYTE_LIMIT: Final = 512 * 1024 * 1024
_CELL_LIMIT: Final = 4_000_000

Cells = dict[str, str]
Progress = Callable[[int], None]


class Place(NamedTuple):
    """Where a row stands: the file, and the row as a spreadsheet numbers it (the header is row 1)."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a sheet. ``row`` 0: the file as a whole."""

    file: str
    row: int
    column: str
    what: str
    right: str

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row else self.file
        column = f", {self.column}" if self.column else ""
        return f"{where}{column}: {self.what} {self.right}".rstrip()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns a sheet must and may have, what to say of any other, and whether ties may name its ids."""

    needed: Sequence[str]
    optional: Sequence[str]
    unknown: Callable[[str], RecordError]
    nodes: bool = True


@dataclass(slots=True)
class Sheets:
    """What a folder holds: a step for every good row, with its place, and everything that is wrong or worth saying.

    ``bad_ids`` are the ids on rows that could not be read; ``unread`` says that a whole sheet of nodes, or what is left
    of one, could not. A tie to one of those is not reported as well.
    """

    steps: list[PutNode | PutTie] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    bad_ids: set[str] = field(default_factory=set)
    unread: bool = False
    rows: int = 0


def read_sheets(folder: Traversable, progress: Progress | None = None) -> Sheets:
    """Read a folder of sheets, or a zip of one opened with ``zipfile.Path``.

    Parameters
    ----------
    folder
        Where the sheets are. Files that are not ``.csv`` are passed over.
    progress
        Told the number of rows read so far, now and then.

    Raises
    ------
    DataError
        The folder is not there, holds no sheet at all, or cannot be read.
    """
    sheets = Sheets()
    first_seen: dict[str, Place] = {}
    try:
        known = _found(folder)
        for name in sorted(known.keys() - {*_SHEETS, TIES_SHEET}):
            near = get_close_matches(name.removesuffix(".csv"), _STEMS, n=1)
            right = f"Did you mean {near[0]}.csv?" if near else f"Known are {', '.join(_SHEETS)} and {TIES_SHEET}."
            sheets.problems.append(Problem(known[name].name, 0, "", "is not a sheet that Kith knows.", right))
            sheets.unread = True
        for name, spec in _SHEETS.items():
            if name in known:
                _read_nodes(sheets, known[name], spec, first_seen, progress)
        if TIES_SHEET in known:
            _read_ties(sheets, known[TIES_SHEET], progress)
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {(error.strerror or 'unknown error').lower()}.") from None
    except zipfile.BadZipFile:
        raise DataError(f"{folder} cannot be read: the zip file is damaged.") from None
    return sheets


def _found(folder: Traversable) -> dict[str, Traversable]:
    """The sheets of a folder by name in small letters; of a zip of one folder, those of that folder."""
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder. Give the folder that holds stakeholders.csv, ties.csv, ...")
    items = [item for item in folder.iterdir() if not item.name.startswith((".", "__MACOSX"))]
    if isinstance(folder, zipfile.Path) and len(items) == 1 and items[0].is_dir():
        return _found(items[0])
    found = {item.name.lower(): item for item in items if item.name.lower().endswith(".csv") and item.is_file()}
    if not found:
        raise DataError(f"{folder} holds no sheet. Kith reads {', '.join(_SHEETS)} and {TIES_SHEET} there.")
    return found


def _read_nodes(
    sheets: Sheets, file: Traversable, spec: NodeSpec, first_seen: dict[str, Place], progress: Progress | None
) -> None:
    columns = _Columns(["id"], [field.name for field in spec.fields], lambda name: unknown_column(name, spec))
    for place, cells in _rows(sheets, file, columns, progress):
        node_id = cells.pop("id")
        try:
            record = read_node(spec.type, node_id, cells)
        except ChangeRefused as refused:
            sheets.bad_ids.add(node_id.strip())
            _refuse(sheets, place, refused.reasons)
            continue
        earlier = first_seen.setdefault(record.id, place)
        if earlier is not place:
            right = f"It stands in {earlier.file}, row {earlier.row} already: give each record an id of its own."
            sheets.problems.append(Problem(place.file, place.row, "id", f'"{record.id}" is used twice.', right))
            continue
        sheets.steps.append(PutNode(record))
        sheets.places.append(place)


def _unknown_tie_column(name: str) -> RecordError:
    near = get_close_matches(name, ("from", "type", "to", *TIE_COLUMNS), n=1)
    right = f"Did you mean {near[0]}?" if near else f"Known are from, type, to, {', '.join(TIE_COLUMNS)}."
    return RecordError(name, "is not a column of ties.csv.", right)


_TIE_COLUMNS: Final = _Columns(["from", "type", "to"], TIE_COLUMNS, _unknown_tie_column, nodes=False)


def _read_ties(sheets: Sheets, file: Traversable, progress: Progress | None) -> None:
    types: dict[str, TieType | None] = {}
    for place, cells in _rows(sheets, file, _TIE_COLUMNS, progress):
        start, name, end = cells.pop("from"), cells.pop("type"), cells.pop("to")
        if name not in types:
            types[name] = tie_type(name)
        tie = types[name]
        if tie is None:
            _refuse(sheets, place, [_unknown_type(name)])
            continue
        given = {column: cell for column, cell in cells.items() if column in _OWN[tie] or cell.strip()}
        try:
            sheets.steps.append(PutTie(read_tie(tie, start, end, given)))
            sheets.places.append(place)
        except ChangeRefused as refused:
            _refuse(sheets, place, refused.reasons)


def _unknown_type(name: str) -> RecordError:
    near = get_close_matches(name.upper(), list(TieType), n=1)
    right = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(TieType)}."
    return RecordError("type", f'"{name[:40]}" is not a type of tie.', right)


def _refuse(sheets: Sheets, place: Place, reasons: Sequence[RecordError]) -> None:
    sheets.problems.extend(Problem(place.file, place.row, each.column, each.problem, each.remedy) for each in reasons)


def _rows(
    sheets: Sheets, file: Traversable, columns: _Columns, progress: Progress | None
) -> Iterator[tuple[Place, Cells]]:
    """The rows of one sheet as cells by column; what is wrong with the sheet itself goes to the problems."""
    sheets.files.append(file.name)
    csv.field_size_limit(_CELL_LIMIT)
    whole = False
    row = 0
    try:
        lines = enumerate(csv.reader(StringIO(_text(sheets, file), newline=""), strict=True), 1)
        _, first = next(lines, (0, []))
        header = [name.strip().lower() for name in first]
        if _header_is_good(sheets, file.name, header, columns):
            for row, line in lines:
                if not any(map(str.strip, line)):
                    continue
                _count(sheets, progress)
                if len(line) != len(header):
                    what = f"has {len(line)} cells, the header has {len(header)}."
                    right = "Put a cell that holds a comma in double quotes, and leave empty cells between commas."
                    sheets.problems.append(Problem(file.name, row, "", what, right))
                    if columns.nodes:
                        sheets.bad_ids.update(map(str.strip, line))  # one of them is its id
                    continue
                yield Place(file.name, row), dict(zip(header, line, strict=True))
            whole = True
    except csv.Error as error:
        right = "Look for a double quote that is not closed near there, or a cell far too long."
        sheets.problems.append(Problem(file.name, row + 1, "", f"cannot be read as CSV ({error}).", right))
    except _UnreadableError as error:
        sheets.problems.append(Problem(file.name, row, "", error.what, error.right))
    sheets.unread |= columns.nodes and not whole


def _count(sheets: Sheets, progress: Progress | None) -> None:
    sheets.rows += 1
    if progress and sheets.rows % 1_000 == 0:
        progress(sheets.rows)
    if sheets.rows > ROW_LIMIT:
        raise _UnreadableError(f"There are more than {ROW_LIMIT:,} rows.", "Import it in parts.")


def _header_is_good(sheets: Sheets, name: str, header: list[str], columns: _Columns) -> bool:
    before = len(sheets.problems)
    names = f"Its first row must name the columns: {', '.join(columns.needed)}, ..."
    if not header:
        sheets.problems.append(Problem(name, 0, "", "is empty.", names))
        return False
    separator = next((sign for sign in ";\t|" if len(header) == 1 and sign in header[0]), None)
    if separator:
        what = f"Its cells are separated by {'a tab' if separator == chr(9) else separator}, not by commas."
        sheets.problems.append(Problem(name, 1, "", what, "Save it as CSV with commas."))
        return False
    for column in columns.needed:
        if column not in header:
            sheets.problems.append(Problem(name, 1, column, "is not among the columns.", names))
    for place, column in enumerate(header):
        if not column:
            sheets.problems.append(Problem(name, 1, "", "has a column without a name.", "Name it or take it out."))
        elif column in header[:place]:
            sheets.problems.append(Problem(name, 1, column, "stands twice in the header.", "Take one out."))
        elif column not in columns.needed and column not in columns.optional:
            error = columns.unknown(column)
            sheets.problems.append(Problem(name, 1, column, error.problem, error.remedy))
    return len(sheets.problems) == before


class _UnreadableError(Exception):
    """A sheet that is not read any further."""

    def __init__(self, what: str, right: str) -> None:
        self.what = what
        self.right = right


def _text(sheets: Sheets, file: Traversable) -> str:
    with file.open("rb") as stream:
        raw = stream.read(BYTE_LIMIT + 1)
    if len(raw) > BYTE_LIMIT:
        raise _UnreadableError(f"is larger than {BYTE_LIMIT // 2**20} MB.", "Import it in parts.")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sheets.notes.append(f"{file.name} is in UTF-16; it was read as that.")
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise _UnreadableError("is damaged: it begins as UTF-16 and does not go on so.", "Save it anew.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        sheets.notes.append(
            f"{file.name} is not in UTF-8; it was read as latin-1 (Windows-1252). "
            "Look whether names with accents are right."
        )
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
