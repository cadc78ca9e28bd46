"""Taking a change back: its effects turned round, and what stands in the way.

Judged by what is stored now: a field that has gone on to another value is not set back, a node that others were tied
to since is not taken away, and what was deleted comes back only where its id is free and its ends are there. A field
that somebody changed and changed back is no obstacle: nothing of theirs would be lost.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph_model.changes import BOOKKEEPING, EDITED, Change, Effect, Effects, NodeEffect, TieEffect
from graph_model.errors import ChangeRefused, RecordError
from graph_model.plan import Properties, Stored, difference, stamped
from graph_model.records import TieKey

__all__ = ["plan_undo"]

_UNSEEN: Final = frozenset({*BOOKKEEPING, EDITED})
Identity = str | TieKey


def plan_undo(change: Change, undone: Effects, stored: Stored) -> Effects:
    """The effects that take ``undone`` back, as part of ``change``.

    Raises
    ------
    ChangeRefused
        With a reason for each record that can no longer be set back.
    """
    current = dict(_current(undone, stored))
    after = {identity: _set_back(change, effect, now) for effect, (identity, now) in _pairs(undone, current)}
    staying = {end: key for key in stored.ties if after.get(key, stored.ties[key]) for end in (key.start, key.end)}
    there = {node_id for node_id in stored.nodes if after.get(node_id, stored.nodes[node_id])}
    there.update(effect.id for effect in undone.nodes if after[effect.id])
    reasons = [
        RecordError("", f"{_what(effect, now)} {obstacle}.", "")
        for effect, (_, now) in _pairs(undone, current)
        if (obstacle := _obstacle(effect, now) or _neighbour(effect, staying, there))
    ]
    if reasons:
        raise ChangeRefused(reasons)
    return Effects(
        tuple(NodeEffect(e.type, e.id, *difference(current[e.id], after[e.id])) for e in undone.nodes),
        tuple(
            TieEffect(e.key, e.start_type, e.end_type, *difference(current[e.key], after[e.key])) for e in undone.ties
        ),
    )


def _current(undone: Effects, stored: Stored) -> Iterator[tuple[Identity, Properties | None]]:
    for node in undone.nodes:
        kept = stored.nodes.get(node.id)
        yield node.id, kept.properties if kept else None
    for tie in undone.ties:
        yield tie.key, stored.ties.get(tie.key)


def _pairs(
    undone: Effects, current: Mapping[Identity, Properties | None]
) -> Iterator[tuple[Effect, tuple[Identity, Properties | None]]]:
    return zip((*undone.nodes, *undone.ties), current.items(), strict=True)


def _set_back(change: Change, effect: Effect, now: Properties | None) -> Properties | None:
    if effect.before is None:
        return None
    before = dict(effect.before)
    if now and effect.after and now.get(EDITED) != effect.after.get(EDITED):
        before.pop(EDITED, None)  # somebody edited another field since: that stays on the list
    return stamped({**(now or {}), **before}, change)


def _obstacle(effect: Effect, now: Properties | None) -> str | None:
    """What has become of the record itself since, where that stands in the way."""
    if effect.after is None:
        return None if now is None else "was added again since"
    if now is None:
        return "was removed since"
    written = {name for name, value in effect.after.items() if now.get(name) != value}
    if effect.before is None:
        written |= now.keys() - effect.after.keys()
    written -= _UNSEEN
    return f"was changed since: {', '.join(sorted(written))}" if written else None


def _neighbour(effect: Effect, staying: Mapping[str, TieKey], there: set[str]) -> str | None:
    """What has become of the records around it since, where that stands in the way."""
    if isinstance(effect, NodeEffect):
        if effect.before is None and effect.id in staying:
            return f"was tied since: {_named(staying[effect.id])}"
    elif effect.after is None:
        for end in (effect.key.start, effect.key.end):
            if end not in there:
                return f"needs {end}, which was removed since"
    return None


def _what(effect: Effect, now: Properties | None) -> str:
    if isinstance(effect, TieEffect):
        return _named(effect.key)
    fields: Mapping[str, Any] = now or effect.after or effect.before or {}
    return f"{fields['name']} ({effect.id})" if "name" in fields else effect.id


def _named(key: TieKey) -> str:
    return f"{key.start} {key.type.value} {key.end}"
