"""The records of the network in order of id, a page at a time."""

from bisect import bisect_right
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from analytics.search import folded
from api.paging import cursor_to
from graph_model.network import Network, node_kind
from graph_model.schema import NodeType

__all__ = ["listed_nodes"]

_folded: Final = lru_cache(maxsize=2**16)(folded)


def listed_nodes(
    network: Network, *, kind: NodeType | None, containing: str, after: str | None, limit: int
) -> dict[str, Any]:
    """One page as plain data: the records after an id.

    Only those of one type (None: of any) whose name contains a text, accents and case aside.
    """
    ids, names, sorts = network.nodes.id.list, network.nodes.name.list, network.nodes.sort
    wanted, text = None if kind is None else node_kind(kind), folded(containing.strip())
    rows = (
        row
        for row in range(0 if after is None else bisect_right(ids, after), len(ids))
        if (wanted is None or network.nodes.kind[row] == wanted) and (not text or text in _folded(names[row]))
    )
    found = list(islice(rows, limit + 1))
    return {
        "version": network.version,
        "rows": [
            {"id": ids[row], "type": network.kind_of(row).value, "name": names[row], "sort": sorts[row]}
            for row in found[:limit]
        ],
        "next": cursor_to(ids[found[limit - 1]]) if len(found) > limit else None,
    }
