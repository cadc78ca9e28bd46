"""What stands in the network, in words: a tie as a sentence, a node type as a noun, a number with its noun."""

from graph_model.network import TYPES, Network
from graph_model.schema import NODE_TYPES, TIE_TYPES, NodeType, TieType

__all__ = ["counted", "listed", "noun", "tie_says", "too_large", "verb"]

_NOUNS = {NodeType.STAKEHOLDER: "person", NodeType.WORKING_GROUP: "working group"}


def noun(kind: NodeType, many: bool = False) -> str:
    """What an officer calls a node of this type: ``person``, ``people``, ``working group``."""
    return NODE_TYPES[kind].plural if many else _NOUNS.get(kind, kind.value.lower())


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun, such as ``1 person`` or ``2,000 people``."""
    return f"{count:,} {one if count == 1 else many}"


def listed(parts: list[str]) -> str:
    """Parts as a person would say them: ``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def too_large(names: list[str]) -> list[str]:
    """What is said of associations whose members are not taken to know one another: one sentence, or none."""
    shown = [*names[:5], *([f"{len(names) - 5:,} more"] if len(names) > 5 else [])]
    return [
        f"{listed(shown)}: too large for the members to be taken to know one another, so belonging there joins nobody."
        for _ in shown[:1]
    ]


def verb(tie: TieType) -> str:
    """What stands between the two names: ``knows``, ``reports to``."""
    return TIE_TYPES[tie].says.format(start="", end="").strip()


def tie_says(network: Network, tie: int, *, back: bool = False) -> str:
    """One tie as a sentence without a full stop, such as ``Sam Okafor belongs to Mill Street Traders, as treasurer``.

    Parameters
    ----------
    network
        The network the tie is in.
    tie
        Its row in ``network.ties``.
    back
        Read from its end: ``Mill Street Traders counts Sam Okafor among its members, as treasurer``.
    """
    ties, names = network.ties, network.nodes.name.list
    spec = TIE_TYPES[TYPES[ties.type[tie]]]
    # replaced in one pass, so that a name that looks like a place holder is still only a name
    says = (spec.says_back if back else spec.says).format(start=names[ties.start[tie]], end=names[ties.end[tie]])
    role = ties.role.list[tie]
    return f"{says}, as {role}" if role else says
