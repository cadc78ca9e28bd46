"""The schema over HTTP."""

from typing import Any

from fastapi import APIRouter

from analytics.plain import schema_plain
from api.permissions import Permission, needs
from api.schema.schemas import SchemaOut

__all__ = ["api"]

api = APIRouter(tags=["data"])


@api.get(
    "/schema", dependencies=[needs(Permission.VIEW)], response_model=SchemaOut, summary="What the network can hold"
)
async def schema() -> dict[str, Any]:
    """Every type of record and tie: what it means, its fields, how it joins people and carries an ask."""
    return schema_plain()
