"""``docs/reference/schema.md``, written from the schema: ``kith schema --markdown`` prints it."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from graph_model.schema import (
    COMMON_FIELDS,
    NODE_TYPES,
    TIE_TYPES,
    Connects,
    Field,
    FieldKind,
    Level,
    NodeType,
    TieSpec,
    strength_words,
)

__all__ = ["schema_markdown"]

_INTRODUCTION = """\
# What the network holds

<!-- Written by `kith schema --markdown` from graph_model/schema.py. Do not edit it here. -->

A network is made of **nodes** (people, associations, problems, places, ...) and **ties** between them. This page lists
every type of both, with every field. [The plain folder format](folder-format.md) says how they are written in sheets.

In the lists of fields **needed** marks what a new record must have, and *sensitive* what only those may see who are
allowed to.
"""

_MEMBERSHIP = """\
K is how many people belong to the association on the day in question, or its `size` where that is larger. An
association of more than 50 joins no pairs, and the answer says that it was left out. An ask comes out of an association
only to members of a level above that of whoever brought it in, manager or higher; it ends with whoever CAN_DECIDE what
it is about.
"""


def schema_markdown() -> str:
    """The whole reference page: node types, tie types, the fields common to all, and the words that cells may hold."""
    parts = [_INTRODUCTION, *_nodes(), *_ties(), *_common(), *_words()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _nodes() -> Iterator[str]:
    yield "## Nodes\n\nA node is of exactly one type. Its `id` is one that no other node of any type has."
    yield _table(
        ("node", "what it is", "sheet"),
        ((f"[{spec.type}](#{_anchor(spec.type)})", spec.meaning, f"`{spec.sheet}`") for spec in NODE_TYPES.values()),
    )
    for spec in NODE_TYPES.values():
        yield f"### {spec.type}\n\n{spec.meaning}"
        yield _fields(spec.own_fields)


def _ties() -> Iterator[str]:
    yield (
        "## Ties\n\n"
        "A tie is known by its type, its two ends, its role and its `valid_from`: the same again updates it. *Joins "
        "people* says how strongly it connects two people for the measures of connection; *carries an ask* which way, "
        "and how reliably, a request for a decision can travel along it. All are written in `ties.csv`."
    )
    yield _table(
        ("tie", "from and to", "joins people", "carries an ask"),
        (
            (f"[{spec.type}](#{_anchor(spec.type)})", _ends(spec), _joins(spec), _carries(spec))
            for spec in TIE_TYPES.values()
        ),
    )
    yield _MEMBERSHIP
    for spec in TIE_TYPES.values():
        yield f"### {spec.type}\n\n{spec.meaning}"
        start, end = "*one*", "*the other*"
        said = f"Read from its start: {spec.says.format(start=start, end=end)}."
        yield f"{said} Read from its end: {spec.says_back.format(start=start, end=end)}."
        if spec.own_fields:
            yield _fields(spec.own_fields)


def _common() -> Iterator[str]:
    yield "## Fields of every node and tie"
    yield _fields(COMMON_FIELDS)
    yield (
        "Something counts on a day when `valid_from` is that day or earlier and `valid_to` is later. Who created a "
        "record, who last updated it, and when, Kith notes by itself."
    )


def _words() -> Iterator[str]:
    yield "## Words for strength and level"
    words = [f"{word} {strength:g}" for word, strength in strength_words.items()]
    yield (
        "A strength is the chance that something asked along a tie is passed on: a number above 0 and up to 1, or "
        f"one of these words: {', '.join(words)}."
    )
    yield f"The levels, from the lowest to the highest: {', '.join(level.word for level in Level)}."


def _fields(fields: Sequence[Field]) -> str:
    return _table(("field", "holds", "meaning"), ((_name(field), _holds(field), field.meaning) for field in fields))


def _name(field: Field) -> str:
    marks = ", ".join(
        mark for mark, given in (("**needed**", field.required), ("*sensitive*", field.sensitive)) if given
    )
    return f"`{field.name}` {marks}".rstrip()


def _holds(field: Field) -> str:
    if field.kind is FieldKind.CHOICE:
        return "one of: " + ", ".join(field.choices)
    return field.kind.value


def _ends(spec: TieSpec) -> str:
    """The ends in words: types that are joined to the same ones are named together."""
    by_start: dict[NodeType, list[NodeType]] = {}
    for start, end in spec.ends:
        by_start.setdefault(start, []).append(end)
    by_ends: dict[tuple[NodeType, ...], list[NodeType]] = {}
    for start, ends in by_start.items():
        by_ends.setdefault(tuple(ends), []).append(start)
    joint = "to" if spec.directed else "and"
    return "; ".join(f"{_or(starts)} {joint} {_or(ends)}" for ends, starts in by_ends.items())


def _or(types: Iterable[NodeType]) -> str:
    names = [str(one) for one in types]
    if len(names) == len(NodeType) - 1:
        missing = next(one for one in NodeType if one not in names)
        return f"any but {missing}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _joins(spec: TieSpec) -> str:
    match spec.connects:
        case None:
            return "no"
        case Connects(strength, by_membership=True):
            return f"each pair of its K members, by {strength:g} or 1/(K − 1), whichever is less"
        case Connects(strength):
            return f"by its strength, {strength:g} where none is given"


def _carries(spec: TieSpec) -> str:
    carries = spec.carries
    if carries is None:
        return "no"
    ways = [
        f"{way} {strength:g}"
        for way, strength in (("from start to end", carries.onward), ("from end to start", carries.back))
        if strength is not None
    ]
    if carries.onward == carries.back:
        ways = [f"both ways, {carries.onward:g}"]
    return f"{' and '.join(ways)}{', or its strength where one is given' if carries.own else ''}"


def _anchor(name: str) -> str:
    return name.lower()


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(schema_markdown())
