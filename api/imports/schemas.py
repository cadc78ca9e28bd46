"""What an import did, or why it was refused, as the API gives it."""

from pydantic import Field

from api.changes.schemas import ChangeOut, CountsOut
from api.errors import Problem
from api.schemas import Answer

__all__ = ["ImportProblem", "ImportedOut"]


class ConflictOut(Answer):
    """A field that was edited in Kith since the last import and was left as it is."""

    file: str = Field(description="The sheet.")
    row: int = Field(description="The row, as a spreadsheet numbers it.")
    id: str = Field(description="What it is about.")
    column: str = Field(description="The field.")
    kept: str = Field(description="What Kith says.")
    offered: str = Field(description="What the sheet says.")


class ImportedOut(Answer):
    """What an import did or, in a dry run, would do."""

    dry_run: bool = Field(description="Whether nothing was written.")
    rows: int = Field(description="How many rows were read.")
    nodes: CountsOut = Field(description="How many records it touched.")
    ties: CountsOut = Field(description="How many ties it touched.")
    unchanged: int = Field(description="How many rows say what was there already.")
    conflicts: list[ConflictOut] = Field(description="What was left because it was edited in Kith: the first hundred.")
    conflict_count: int = Field(description="How many there are.")
    notes: list[str] = Field(description="What was noticed about the sheets.")
    change: ChangeOut | None = Field(description="The change that was made; null: none.")
    sentences: list[str] = Field(description="All of this in words.")


class SheetProblem(Answer):
    """One thing that is wrong in a sheet."""

    file: str = Field(description="The sheet.")
    row: int = Field(description="The row, as a spreadsheet numbers it; 0: the sheet as a whole.")
    column: str = Field(description="The column; empty: the row as a whole.")
    what: str = Field(description="What is wrong.")
    right: str = Field(description="What would be right.")
    sentence: str = Field(description="All of this in words.")


class ImportProblem(Problem):
    """Why an import was refused (RFC 9457). Nothing was written."""

    problems: list[SheetProblem] = Field(description="What is wrong: the first hundred.")
    problem_count: int = Field(description="How many things are wrong.")
    notes: list[str] = Field(description="What was noticed about the sheets.")
