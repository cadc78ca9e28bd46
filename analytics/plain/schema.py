"""The schema as plain data."""

from typing import Any

from graph_model.schema import COMMON_FIELDS, NODE_TYPES, TIE_TYPES, Field

__all__ = ["schema_plain"]


def schema_plain() -> dict[str, Any]:
    """What the network can hold: every node and tie type with its own fields, and the fields that all have.

    ``connects`` says how strongly a tie joins two people where it states no strength of its own, and ``carries`` how
    likely an ask is passed on along it, onward and back; None: not at all.
    """
    return {
        "nodes": [
            {
                "type": spec.type.value,
                "meaning": spec.meaning,
                "sheet": spec.sheet,
                "plural": spec.plural,
                "fields": [_field(field) for field in spec.own_fields],
            }
            for spec in NODE_TYPES.values()
        ],
        "ties": [
            {
                "type": spec.type.value,
                "meaning": spec.meaning,
                "says": spec.says,
                "says_back": spec.says_back,
                "directed": spec.directed,
                "ends": [[start.value, end.value] for start, end in spec.ends],
                "connects": None
                if spec.connects is None
                else {"strength": spec.connects.strength, "by_membership": spec.connects.by_membership},
                "carries": None
                if spec.carries is None
                else {"onward": spec.carries.onward, "back": spec.carries.back, "own": spec.carries.own},
                "fields": [_field(field) for field in spec.own_fields],
            }
            for spec in TIE_TYPES.values()
        ],
        "common_fields": [_field(field) for field in COMMON_FIELDS],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind.value,
        "meaning": field.meaning,
        "required": field.required,
        "sensitive": field.sensitive,
        "choices": list(field.choices),
    }
