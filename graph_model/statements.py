"""The statements in ``cypher/``: one a file, checked as they are loaded.

A file begins with ``// name[slots](parameters): one|many|value|write``, then one sentence, then, where it answers rows,
``// columns: a, b``. ``<Slot>`` in the text is filled with a label or tie type from the schema's enums: those cannot be
parameters, and text from a request never becomes part of a statement. ``[every Node]`` joins one copy a node type
with UNION ALL.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from graph_model.errors import CypherLoadError
from graph_model.schema import NodeType, TieType

__all__ = ["CYPHER_FOLDER", "Kept", "Shape", "Statement", "Word", "load_statements", "statement"]

CYPHER_FOLDER: Final = Path(__file__).resolve().parents[1] / "cypher"


class Kept(StrEnum):
    """The labels of Kith's own book-keeping, beside the node types of the schema."""

    META = "Meta"
    CHANGE = "Change"
    CHUNK = "ChangeChunk"


class Shape(StrEnum):
    """What a statement answers: at most one row, many rows, a single value, or nothing because it writes."""

    ONE = "one"
    MANY = "many"
    VALUE = "value"
    WRITE = "write"


Word = NodeType | TieType | Kept
_SLOTS: Final[Mapping[str, tuple[type[StrEnum], ...]]] = {
    "Node": (NodeType,),
    "From": (NodeType,),
    "To": (NodeType,),
    "Tie": (TieType,),
    "Label": (NodeType, Kept),
}
_HEADER: Final = re.compile(r"^// (\w+)(?:\[([\w, ]+)\])?\(([\w, ]*)\): (one|many|value|write)$")
_PARAMETER: Final = re.compile(r"\$(\w+)")
_SLOT: Final = re.compile(r"<(\w+)>")
_COLUMNS: Final = "// columns: "


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: what it takes, what it answers, and its text with slots."""

    name: str
    subject: str
    slots: tuple[str, ...]
    every: str | None
    parameters: tuple[str, ...]
    shape: Shape
    sentence: str
    columns: tuple[str, ...]
    text: str

    def filled(self, **words: Word) -> str:
        """The text with its slots filled.

        Raises
        ------
        TypeError
            Where a slot is missing, unknown, or filled with anything but a member of the schema's enums.
        """
        if set(words) != set(self.slots):
            raise TypeError(f"{self.name} has the slots {self.slots}, not {tuple(words)}")
        for slot, word in words.items():
            if not isinstance(word, _SLOTS[slot]):
                raise TypeError(f"{word!r} cannot fill <{slot}> of {self.name}")
        if self.every:
            return "\nUNION ALL\n".join(self.text.replace(f"<{self.every}>", node.value) for node in NodeType)
        return _SLOT.sub(lambda slot: words[slot.group(1)].value, self.text)


def load_statements(folder: Path = CYPHER_FOLDER) -> dict[str, Statement]:
    """All statements below a folder, by name.

    Raises
    ------
    CypherLoadError
        Where a header cannot be read, declared and used parameters or slots differ, a body is empty, a sentence is
        missing, the file is not called what the statement is, or two share a name.
    """
    statements: dict[str, Statement] = {}
    for path in sorted(folder.rglob("*.cypher")):
        loaded = _load(path)
        if loaded.name in statements:
            other = statements[loaded.name].subject
            raise CypherLoadError(path, 1, f"{loaded.name} is in the folder {other} already.")
        statements[loaded.name] = loaded
    return statements


@cache
def _shipped() -> Mapping[str, Statement]:
    return load_statements()


def statement(name: str) -> Statement:
    """The statement of this name among those that Kith ships."""
    return _shipped()[name]


def _load(path: Path) -> Statement:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = _HEADER.match(lines[0]) if lines else None
    if header is None:
        raise CypherLoadError(path, 1, "does not begin with // name[slots](parameters): one|many|value|write.")
    name, slot_text, parameter_text, shape = header.groups()
    if name != path.stem:
        raise CypherLoadError(path, 1, f"declares {name}, but the file is called {path.name}.")
    comments = 1
    while comments < len(lines) and lines[comments].startswith("//"):
        comments += 1
    notes = lines[1:comments]
    columns = tuple(
        column.strip() for note in notes if note.startswith(_COLUMNS) for column in note[len(_COLUMNS) :].split(",")
    )
    sentence = " ".join(note[3:] for note in notes if not note.startswith(_COLUMNS))
    if not sentence.endswith("."):
        raise CypherLoadError(path, 2, "has no sentence that says what it does.")
    if bool(columns) != (shape in (Shape.ONE, Shape.MANY)):
        raise CypherLoadError(path, comments, "columns are declared where it answers rows, and only there.")
    text = "\n".join(lines[comments:]).strip()
    if not text:
        raise CypherLoadError(path, comments, "has no statement after its header.")
    parameters = tuple(part.strip() for part in parameter_text.split(",") if part.strip())
    body = [(number, line.split("//")[0]) for number, line in enumerate(lines, 1) if number > comments]
    _agree(path, body, set(parameters), _PARAMETER)
    words = [part.strip() for part in (slot_text or "").split(",") if part.strip()]
    every = words[0].removeprefix("every ") if words and words[0].startswith("every ") else None
    slots = [every] if every else words
    _agree(path, body, set(slots), _SLOT)
    if unknown := [slot for slot in slots if slot not in _SLOTS]:
        raise CypherLoadError(path, 1, f"the slot {unknown[0]} is not one of {', '.join(_SLOTS)}.")
    return Statement(
        name, path.parent.name, () if every else tuple(slots), every, parameters, Shape(shape), sentence, columns, text
    )


def _agree(path: Path, body: list[tuple[int, str]], declared: set[str], pattern: re.Pattern[str]) -> None:
    used = {name: number for number, line in body for name in pattern.findall(line)}
    for name, number in used.items():
        if name not in declared:
            raise CypherLoadError(path, number, f"uses {name}, which its header does not declare.")
    if idle := declared - used.keys():
        raise CypherLoadError(path, 1, f"declares {min(idle)}, which it does not use.")
