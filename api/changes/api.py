"""The history over HTTP: what was changed, and taking it back."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path

from analytics.plain import effects_plain, entry_plain
from api.changes.making import Editor, Why
from api.changes.schemas import ChangeWithEffects, History, Undone
from api.paging import After, Limit, cursor_to
from api.permissions import Permission, needs
from api.services import StoreHere
from api.versions import tagged

__all__ = ["api"]

api = APIRouter(prefix="/changes", tags=["changes"])

Number = Annotated[int, Path(ge=1, le=2**53, description="The number of the change.")]


@api.get("", dependencies=[needs(Permission.VIEW), tagged], response_model=History, summary="The history")
def history(store: StoreHere, cursor: After = None, limit: Limit = 50) -> dict[str, Any]:
    """Every change, the latest first: who made it, when, why, and how much it touched."""
    if cursor is not None and not cursor.isdecimal():
        raise HTTPException(422, "This cursor is of another list. Give the `next` of the page before, as it is.")
    entries = store.history(limit + 1, None if cursor is None else min(int(cursor[:18]), 2**53))
    shown = entries[:limit]
    return {
        "changes": [entry_plain(entry) for entry in shown],
        "next": cursor_to(shown[-1].number) if len(entries) > limit else None,
    }


@api.get(
    "/{number}",
    dependencies=[needs(Permission.VIEW), tagged],
    response_model=ChangeWithEffects,
    summary="One change, and what it did",
)
def one_change(number: Number, store: StoreHere) -> dict[str, Any]:
    """What a change did to each record and tie it touched: the fields before and after."""
    entry, effects = store.entry(number)
    return {"change": entry_plain(entry), "effects": effects_plain(effects)}


@api.post("/{number}/undo", response_model=Undone, summary="Take a change back")
def undo(number: Number, store: StoreHere, who: Editor, why: Why = "") -> dict[str, Any]:
    """Take a change back by another change, which can be taken back too.

    Refused (422), with the reasons, where a later change stands on it. Taking an import back takes away only what that
    import brought.
    """
    entry = store.undo(number, who.user, why.strip()).entry
    return {"change": None if entry is None else entry_plain(entry)}
