"""Writing the network as the plain folder that ``import_folder`` reads: the same network comes back."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from graph_model.cells import write_cell
from graph_model.errors import DataError
from graph_model.network import NodeRow, TieRow
from graph_model.schema import NODE_TYPES, NodeType
from graph_model.sheets import TIE_COLUMNS, TIES_SHEET
from graph_model.store import Store

__all__ = ["export_folder", "write_folder"]

Row = Mapping[str, Any]
_TIE_ORDER: Final = ("type", "from", "to", "valid_from", "role")


def export_folder(store: Store, folder: Path) -> dict[str, int]:
    """Write every node and tie of a store, with every field; gives the number of rows of each sheet.

    Raises
    ------
    DataError
        The folder cannot be written, or holds sheets already, which are never written over.
    """
    nodes, ties = store.records()
    return write_folder(
        folder,
        ((node.type, node.properties["id"], node.properties) for node in nodes),
        ((key.type, key.start, key.end, fields) for key, fields in ties),
    )


def write_folder(folder: Path, nodes: Iterable[NodeRow], ties: Iterable[TieRow]) -> dict[str, int]:
    """Write nodes and ties as sheets; gives the number of rows of each sheet.

    Columns that nobody has filled in are left out. Rows are sorted, so that two folders can be compared.
    ``stakeholders.csv`` is there even where nobody is, so that what was written can always be read.

    Raises
    ------
    DataError
        The folder cannot be written, or holds sheets already, which are never written over.
    """
    rows: dict[NodeType, list[Row]] = {node: [] for node in NODE_TYPES}
    for node, node_id, fields in nodes:
        rows[node].append({**fields, "id": node_id})
    tie_rows: list[Row] = [{**fields, "from": start, "type": tie.value, "to": end} for tie, start, end, fields in ties]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if held := sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".csv"):
            raise DataError(f"{folder} holds {held[0]} already. Name a folder that is new or empty.")
        written = {}
        for spec in NODE_TYPES.values():
            if rows[spec.type] or spec.type is NodeType.STAKEHOLDER:
                columns = _used([field.name for field in spec.fields], rows[spec.type]) or ["name"]
                rows[spec.type].sort(key=lambda row: str(row["id"]))
                _write(folder / spec.sheet, ["id", *columns], rows[spec.type])
                written[spec.sheet] = len(rows[spec.type])
        if tie_rows:
            tie_rows.sort(key=lambda row: [row.get(column) or "" for column in _TIE_ORDER])
            _write(folder / TIES_SHEET, ["from", "type", "to", *_used(TIE_COLUMNS, tie_rows)], tie_rows)
            written[TIES_SHEET] = len(tie_rows)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {(error.strerror or 'unknown error').lower()}.") from None
    return written


def _used(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    return [column for column in columns if any(row.get(column) is not None for row in rows)]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([write_cell(row.get(column)) for column in columns] for row in rows)
