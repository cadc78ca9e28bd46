"""The one door to the network: read it, change it, look back, and take a change back.

A Store is synchronous and safe to share between threads. The server runs it in its thread pool; the command line and
notebooks use the same class::

    with Store.open() as store:
        network = store.network()
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Final

from graph_model import history
from graph_model.bolt import Bolt, Overtaken
from graph_model.changes import Change, ChangeKind, Effects, Entry
from graph_model.engines import Engine, open_engine
from graph_model.errors import ChangeRefused, DataError, NotFound, SetUpError
from graph_model.network import Network
from graph_model.plan import StoredNode, Wanted, plan, wanted
from graph_model.reading import read_network
from graph_model.records import TieKey, counts_on
from graph_model.refresh import refreshed
from graph_model.schema import NodeType, TieType
from graph_model.settings import DatabaseSettings
from graph_model.statements import Kept
from graph_model.undo import plan_undo
from graph_model.writing import Progress, Runner, read_all, read_stored, write_effects

__all__ = ["SCHEMA_VERSION", "Applied", "Neighbour", "Store"]

SCHEMA_VERSION: Final = 1
"""How this Kith lays a network out. Raised, with a migration, when what is kept changes its meaning."""
_READS: Final = 5
_REFRESH_LIMIT: Final = 500
"""Above this many touched records a Network is read afresh, which is then quicker than bringing it up to date."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a change: its entry (None: nothing differed, so nothing was written) and its effects."""

    entry: Entry | None
    effects: Effects


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A tie seen from one of its ends."""

    key: TieKey
    outward: bool
    other: str
    other_type: NodeType
    other_name: str
    fields: dict[str, Any]
    other_validity: Mapping[str, Any] = field(default_factory=dict)

    def counts_on(self, day: date) -> bool:
        """Whether the tie counts on a date, and what is at its other end does."""
        return counts_on(self.fields, day) and counts_on(self.other_validity, day)


class Store:
    """The network in its database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._bolt = Bolt(engine)
        try:
            self._prepare()
        except BaseException:
            self._bolt.close()
            raise

    @classmethod
    def open(cls, settings: DatabaseSettings | None = None) -> "Store":
        """Open the store the settings name (default: from the environment).

        Raises
        ------
        SetUpError
            The database cannot be reached or used, or was written by a newer Kith.
        """
        engine = open_engine(settings or DatabaseSettings())
        try:
            return cls(engine)
        except BaseException:
            engine.close()
            raise

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """The engine it is kept in."""
        return self._engine

    def close(self, *, now: bool = False) -> None:
        """Let go of the database; with ``now``, an embedded engine that nobody else uses has stopped on return."""
        self._bolt.close()
        self._engine.close(now=now)

    def _prepare(self) -> None:
        meta = self._bolt.reading(lambda run: run("get_meta"))
        if not meta:
            for label in (*NodeType, *Kept):
                self._bolt.alone("create_constraint", {"Label": label})
            self._bolt.alone("create_number_constraint")
            self._bolt.alone("create_meta", schema_version=SCHEMA_VERSION)
        elif meta[0]["schema_version"] > SCHEMA_VERSION:
            raise SetUpError(
                f"This network was written by a newer Kith (layout {meta[0]['schema_version']}; this one knows "
                f"{SCHEMA_VERSION}). Install that Kith to open it."
            )

    # Reading

    def version(self) -> int:
        """The number of the last change (0: none yet)."""
        return self._bolt.reading(history.version)

    def network(self, previous: Network | None = None) -> Network:
        """The whole network as columns.

        With ``previous``, it is brought up to date by what changed since, or given back as it is where nothing did.
        """
        version = self._settled()
        if previous is None:
            began = version
            network = self._bolt.reading(lambda run: read_network(run, began))
            # What was committed while it was read is laid over it; effects bear being applied twice.
            version = self._settled()
        else:
            network = previous
        return network if version == network.version else self._caught_up(network, version)

    def _caught_up(self, network: Network, version: int) -> Network:
        def since(run: Runner) -> list[Effects] | None:
            entries = history.entries(run, network.version, version + 1, _REFRESH_LIMIT + 1)
            touched = sum(sum((c.added, c.changed, c.removed)) for e in entries for c in (e.nodes, e.ties))
            if version < network.version or touched > _REFRESH_LIMIT:
                return None
            return [history.effects_of(run, entry) for entry in reversed(entries)]

        effects = self._bolt.reading(since)
        return self.network() if effects is None else refreshed(network, version, effects)

    def _settled(self) -> int:
        """The number of the last change, all of which is to be seen, as is all of those before it."""
        if self._engine.name == "embedded":
            return self.version()
        return self._bolt.writing(lambda run: int(run("wait_for_commits")[0]["value"]))

    def node(self, node_id: str) -> StoredNode:
        """One node with all its fields.

        Raises
        ------
        NotFound
            Nothing has this id.
        """
        rows = self._bolt.reading(lambda run: run("find_nodes", ids=[node_id]))
        if not rows:
            raise NotFound(f'Nothing has the id "{node_id}".')
        return StoredNode(NodeType(rows[0]["type"]), rows[0]["properties"])

    def ties_of(self, node_id: str, limit: int = 1_000) -> list[Neighbour]:
        """The ties of one node, either way, at most ``limit`` of them, in the order of type and other end.

        Raises
        ------
        NotFound
            Nothing has this id.
        """
        node = self.node(node_id)
        rows = self._bolt.reading(lambda run: run("list_ties_of", {"Node": node.type}, id=node_id, limit=limit))
        return [_neighbour(node_id, row) for row in rows]

    def tie(self, key: TieKey) -> dict[str, Any]:
        """The fields of one tie.

        Raises
        ------
        NotFound
            There is no such tie.
        """
        found = self._bolt.reading(lambda run: _stored_tie(run, key.canonical))
        if found is None:
            raise NotFound(f"{key.start} {key.type.value} {key.end}: there is no such tie.")
        return found

    def records(self) -> tuple[list[StoredNode], list[tuple[TieKey, dict[str, Any]]]]:
        """Every node and every tie of one version with all their fields. Cost: linear, and everything in memory.

        Raises
        ------
        DataError
            Others changed the network each time it was read.
        """
        for _ in range(_READS):
            before = self.version()
            found = self._bolt.reading(read_all)
            if self.version() == before:
                return found
        raise DataError("Others keep changing the network while it is read. Try again when they have done.")

    # Changing

    def preview(self, change: Change) -> Effects:
        """What a change would do, without doing it.

        Raises
        ------
        ChangeRefused
            As ``apply`` would.
        """
        return self._bolt.reading(lambda run: self._plan(run, change)[1])

    def apply(self, change: Change, progress: Progress | None = None) -> Applied:
        """Apply a change, whole, in one transaction with its entry in the history. The same change again is a no-op.

        ``progress`` is told how many records are written so far, and of how many.

        Raises
        ------
        ChangeRefused
            With every reason why not; nothing was written.
        EngineUnavailable
            The database went away; the change landed whole or not at all, and may safely be applied again.
        """
        return self._bolt.writing(lambda run: self._apply(run, change, progress))

    def _apply(self, run: Runner, change: Change, progress: Progress | None) -> Applied:
        if applied := _applied(run, change):
            return applied
        base = self._settled()
        try:
            want, effects = self._plan(run, change)
        except ChangeRefused:
            if applied := _applied(run, change):  # asked for twice at once, the other landed just now
                return applied
            raise
        if effects.nothing:
            return _applied(run, change) or Applied(None, effects)
        write_effects(run, effects, progress)
        chunks = history.keep_effects(run, change, effects)
        number = int(run("take_number")[0]["value"])
        # From here on nobody else can take a number until we commit. Who did since we read?
        if any(want.stands_on(history.effects_of(run, entry).touched) for entry in history.entries(run, base, number)):
            raise Overtaken
        entry = history.keep_entry(run, number, change, effects, chunks)
        return Applied(entry, effects)

    def _plan(self, run: Runner, change: Change) -> tuple[Wanted, Effects]:
        """What a change would do, and the records that it looked at to know."""
        if change.undoes is None:
            want = wanted(change)
            return want, plan(change, read_stored(run, want))
        entry = history.entry_numbered(run, change.undoes)
        undone = history.effects_of(run, entry)
        want = wanted(change, undone)
        try:
            return want, plan_undo(change, undone, read_stored(run, want))
        except ChangeRefused as refused:
            raise ChangeRefused([*refused.reasons, *history.later(run, entry, want)]) from None

    # Looking back

    def history(self, limit: int = 20, below: int | None = None) -> list[Entry]:
        """The latest changes, the latest first; with ``below``, those with a smaller number."""
        top = history.EVER if below is None else below
        return self._bolt.reading(lambda run: history.entries(run, 0, top, limit))

    def entry(self, number: int) -> tuple[Entry, Effects]:
        """One change and what it did.

        Raises
        ------
        NotFound
            There is no change of this number.
        """

        def read(run: Runner) -> tuple[Entry, Effects]:
            entry = history.entry_numbered(run, number)
            return entry, history.effects_of(run, entry)

        return self._bolt.reading(read)

    def undo(self, number: int, by: str, why: str = "") -> Applied:
        """Take a change back, by another change.

        Raises
        ------
        NotFound
            There is no change of this number.
        ChangeRefused
            Something that came later stands on it; with the reasons.
        """
        why = why or f"Undo of change {number}"
        return self.apply(Change(by, why, (), ChangeKind.UNDO, undoes=number))


def _applied(run: Runner, change: Change) -> Applied | None:
    """What came of a change when it was applied before."""
    entry = history.entry_of(run, change)
    return Applied(entry, history.effects_of(run, entry)) if entry else None


def _stored_tie(run: Runner, key: TieKey) -> dict[str, Any] | None:
    return read_stored(run, Wanted({key.start, key.end}, {key}, set())).ties.get(key)


def _neighbour(node_id: str, row: dict[str, Any]) -> Neighbour:
    fields = row["properties"]
    start, end = (node_id, row["other"]) if row["outward"] else (row["other"], node_id)
    key = TieKey(TieType(row["type"]), start, end, fields.get("role") or "", fields.get("valid_from") or "")
    validity = {name: row[f"other_{name}"] for name in ("valid_from", "valid_to")}
    other = NodeType(row["other_type"])
    return Neighbour(key, row["outward"], row["other"], other, row["other_name"] or "", fields, validity)
