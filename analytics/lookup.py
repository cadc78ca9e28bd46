"""Find what a question names, or say in a sentence why it cannot be used."""

from datetime import date

from analytics.words import noun
from graph_model.errors import DataError, NotFound
from graph_model.network import Network
from graph_model.schema import NodeType

__all__ = ["look_up"]


def look_up(network: Network, node_id: str, on: date, kinds: tuple[NodeType, ...], purpose: str) -> int:
    """The row of a node that a question names.

    Parameters
    ----------
    network
        The network.
    node_id
        Its id.
    on
        The date of the question.
    kinds
        The node types that will do.
    purpose
        What it was named for, such as ``A way up cannot start there``: said where it is of another type.

    Raises
    ------
    NotFound
        Where nothing has this id.
    DataError
        Where it is of another type, or does not count on the date.
    """
    row = network.row_of.get(node_id)
    if row is None:
        raise NotFound(f"Nothing in the network has the id {node_id!r}.")
    name, kind = network.nodes.name[row], network.kind_of(row)
    if kind not in kinds:
        wanted = [noun(other) for other in kinds]
        right = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} or {wanted[-1]}"
        raise DataError(f"{purpose}: {name} is of the type {noun(kind)}. Name {_article(right)} {right}.")
    if not network.nodes_on(on)[row]:
        raise DataError(
            f"{name} does not count on {on:%d %B %Y}. Choose another date, or change from when to when it counts."
        )
    return row


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
