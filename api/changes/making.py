"""Making changes on behalf of whoever is signed in."""

from typing import Annotated, Any

from fastapi import Query

from analytics.plain import entry_plain
from api.permissions import Permission, needs
from api.security.sessions import Session
from graph_model.changes import Change, Step
from graph_model.store import Store

__all__ = ["Editor", "Why", "change"]

Editor = Annotated[Session, needs(Permission.EDIT)]
"""Whoever changes something; declares that the route needs to edit."""
Why = Annotated[str, Query(max_length=1_000, description="What it is for: the history will show it.")]


def change(store: Store, who: Session, why: str, *steps: Step) -> dict[str, Any] | None:
    """Apply steps as one change; its entry as plain data, None where nothing differed.

    Raises
    ------
    ChangeRefused
        With every reason; nothing was changed.
    """
    entry = store.apply(Change(who.user, why.strip(), steps)).entry
    return None if entry is None else entry_plain(entry)
