"""Ties over HTTP: each to be added, read, changed and removed. A record lists its own ties."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import SkipValidation

from analytics.plain import tie_plain
from api.changes.making import Editor, Why, change
from api.nodes.api import as_cells
from api.nodes.schemas import TieOut
from api.permissions import Permission, needs
from api.services import StoreHere
from api.ties.schemas import NEW_TIE_MODELS, TieFields, TieWritten
from api.versions import tagged
from graph_model.changes import DropTie, PutTie
from graph_model.errors import RecordError
from graph_model.records import TieKey, read_tie
from graph_model.schema import TIE_TYPES, TieSpec, TieType

__all__ = ["api"]

api = APIRouter(prefix="/ties", tags=["ties"])


async def _which(
    tie: Annotated[TieType, Path(alias="type", description="The type of the tie.")],
    start: Annotated[str, Query(alias="from", description="The id of the record it starts from.")],
    end: Annotated[str, Query(alias="to", description="The id of the record it leads to.")],
    role: Annotated[str, Query(description="Its role, where it has one.")] = "",
    valid_from: Annotated[
        date | None, Query(description="The first day on which it counts, where that is given.")
    ] = None,
) -> TieKey:
    return TieKey(tie, start, end, role, valid_from.isoformat() if valid_from else "").canonical


_Fields = Annotated[
    TieFields,  # type: ignore[valid-type]  # made from the schema
    SkipValidation,
    Body(description="The fields to set, by name; null clears one."),
]
Which = Annotated[TieKey, Depends(_which)]


@api.get("/{type}", dependencies=[needs(Permission.VIEW), tagged], response_model=TieOut, summary="Read one tie")
def read(key: Which, store: StoreHere) -> dict[str, Any]:
    """Everything that is known of one tie, named by its type, its ends, its role and its first day."""
    return tie_plain(key, store.tie(key))


@api.patch("/{type}", response_model=TieWritten, summary="Change one tie")
def edit(
    key: Which,
    fields: _Fields,
    store: StoreHere,
    who: Editor,
    why: Why = "",
) -> dict[str, Any]:
    """Set some fields of a tie. What is not given is left alone.

    Its role and first day are part of what makes it this tie: to change one, remove it and add another.
    """
    store.tie(key)
    cells = as_cells(fields).copy()
    for name, kept in (("role", key.role), ("valid_from", key.valid_from)):
        if (cells.pop(name, kept) or "") != kept:
            raise RecordError(name, "is part of what makes a tie this one.", "Remove this tie and add another.")
    named = {name: kept for name, kept in (("role", key.role), ("valid_from", key.valid_from)) if kept}
    record = read_tie(key.type, key.start, key.end, {**cells, **named})
    return _written(key, change(store, who, why, PutTie(record)))


@api.delete("/{type}", response_model=TieWritten, summary="Remove one tie")
def remove(key: Which, store: StoreHere, who: Editor, why: Why = "") -> dict[str, Any]:
    """Remove a tie. The history keeps it: taking the change back brings it back."""
    store.tie(key)
    return _written(key, change(store, who, why, DropTie(key)))


def _written(key: TieKey, made: dict[str, Any] | None) -> dict[str, Any]:
    named = {"type": key.type, "from": key.start, "to": key.end, "role": key.role, "valid_from": key.valid_from}
    return {"tie": named, "change": made}


def _adder(spec: TieSpec) -> Callable[..., Any]:
    """The route that adds a tie of one type."""
    model = NEW_TIE_MODELS[spec.type]

    def add(
        fields: Annotated[model, SkipValidation, Body(description="The fields, by name.")],  # type: ignore[valid-type]  # as above
        store: StoreHere,
        who: Editor,
        why: Why = "",
    ) -> dict[str, Any]:
        cells = as_cells(fields).copy()
        record = read_tie(spec.type, cells.pop("from", None), cells.pop("to", None), cells)
        return _written(record.key.canonical, change(store, who, why, PutTie(record, new=True)))

    return add


for _spec in TIE_TYPES.values():
    _ends = "; ".join(f"{start.value} to {end.value}" for start, end in _spec.ends)
    api.add_api_route(
        f"/{_spec.type.value}",
        _adder(_spec),
        methods=["POST"],
        status_code=201,
        response_model=TieWritten,
        name=f"add_{_spec.type.value.lower()}",
        summary=f"Add a tie of the type {_spec.type.value}",
        description=f"{_spec.meaning} It may join: {_ends}. Refused (422) where it is there already.",
    )
