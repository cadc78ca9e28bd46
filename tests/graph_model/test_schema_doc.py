"""The reference page of the schema says all that the schema does, and is the one in docs/."""

from pathlib import Path

from graph_model.schema import COMMON_FIELDS, NODE_TYPES, TIE_TYPES
from graph_model.schema_doc import schema_markdown

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "schema.md"


def test_the_page_is_the_one_that_the_schema_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema_markdown(), "kith schema --markdown > docs/reference/schema.md"


def test_every_type_and_field_is_told() -> None:
    page = schema_markdown()
    sections = {part.split("\n", 1)[0]: part for part in page.split("### ")[1:]}
    for spec in (*NODE_TYPES.values(), *TIE_TYPES.values()):
        section = sections[spec.type]
        assert spec.meaning in section
        for field in spec.own_fields:
            row = next(line for line in section.splitlines() if line.startswith(f"| `{field.name}`"))
            assert field.meaning in row
            assert ("**needed**" in row, "*sensitive*" in row) == (field.required, field.sensitive)
            assert all(choice in row for choice in field.choices)
    assert all(f"| `{field.name}` |" in page for field in COMMON_FIELDS)
    assert all(spec.sheet in page for spec in NODE_TYPES.values())


def test_how_ties_join_and_carry_is_told_in_words() -> None:
    rows = {line.split("](")[0].removeprefix("| ["): line for line in schema_markdown().splitlines() if "](#" in line}
    assert rows["KNOWS"].endswith(
        "| Stakeholder and Stakeholder | by its strength, 0.6 where none is given "
        "| both ways, 0.6, or its strength where one is given |"
    )
    assert rows["REPORTS_TO"].endswith("| from start to end 0.8, or its strength where one is given |")
    assert rows["MEMBER_OF"].endswith(
        "| Stakeholder to Association | each pair of its K members, by 0.5 or 1/(K − 1), whichever is less "
        "| both ways, 0.7 |"
    )
    assert rows["PART_OF"].endswith("| Association to Association; Place to Place | no | from start to end 0.7 |")
    assert rows["LOCATED_IN"].endswith("| any but Place to Place | no | no |")
