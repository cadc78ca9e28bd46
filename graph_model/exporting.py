"""Writing the network as the plain folder that ``import_folder`` reads: the same network comes back."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_model.errors import DataError
from graph_model.schema import NODE_TYPES, NodeSpec
from graph_model.sheets import TIE_COLUMNS, TIES_SHEET
from graph_model.store import Store

__all__ = ["export_folder"]


def export_folder(store: Store, folder: Path) -> dict[str, int]:
    """Write every node and tie, with every field, one sheet a type; gives the number of rows of each sheet.

    Columns that nobody has filled in are left out. Rows are sorted, so that two exports can be compared.

    Raises
    ------
    DataError
        The folder exists and holds sheets already, which are never written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if held := sorted(path.name for path in folder.glob("*.csv")):
        raise DataError(f"{folder} holds {held[0]} already. Name a folder that is new or empty.")
    written: dict[str, int] = {}
    nodes, ties = store.records()
    for spec in NODE_TYPES.values():
        rows = [node.properties for node in nodes if node.type is spec.type]
        if rows:
            rows.sort(key=lambda row: str(row["id"]))
            _write(folder / spec.sheet, ["id", *_used(_names(spec), rows)], rows)
            written[spec.sheet] = len(rows)
    if ties:
        tie_rows: list[dict[str, Any]] = [
            {**fields, "from": key.start, "type": key.type.value, "to": key.end}
            for key, fields in sorted(ties, key=lambda tie: (tie[0].type, *_identity(tie[0])))
        ]
        _write(folder / TIES_SHEET, ["from", "type", "to", *_used(TIE_COLUMNS, tie_rows)], tie_rows)
        written[TIES_SHEET] = len(tie_rows)
    return written


def _identity(key: Any) -> tuple[str, ...]:
    return key.start, key.end, key.role, key.valid_from


def _names(spec: NodeSpec) -> list[str]:
    return [field.name for field in spec.fields]


def _used(columns: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [column for column in columns if any(row.get(column) is not None for row in rows)]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(value)
        case float():
            return f"{value:.17g}" if float(f"{value:.12g}") != value else f"{value:.12g}"
        case _:
            return str(value)
