"""What a supervisor asks."""

from fastapi import APIRouter

from api.permissions import Permission, needs

__all__ = ["pages"]

pages = APIRouter(include_in_schema=False)


@pages.get("/livez", dependencies=[needs(Permission.NONE)])
async def livez() -> dict[str, str]:
    """Say that the server answers; it says nothing about the database."""
    return {"status": "ok"}
