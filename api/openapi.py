"""The description of the API, at /api/v1/openapi.json."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse

from api.errors import Problem
from api.permissions import Permission, needs

__all__ = ["describe", "router"]

router = APIRouter(include_in_schema=False)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application, which says of every operation that it may answer with a problem.

    FastAPI would describe its own form of validation errors, which `api.errors` replaces.
    """
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}), Problem=problem)
    reference = {"$ref": "#/components/schemas/Problem"}
    answer = {"description": "What went wrong.", "content": {"application/problem+json": {"schema": reference}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = answer
    return document


@router.get("/openapi.json", dependencies=[needs(Permission.VIEW)])
def openapi(request: Request) -> JSONResponse:
    """Describe the API."""
    app: FastAPI = request.app
    return JSONResponse(app.openapi())
