"""The built styles and scripts of ``explorer/``, served under /static.

Their addresses carry a hash of what is in them, so a browser may keep them for ever and still sees a new build at once.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.permissions import Permission, needs
from graph_model.errors import SetUpError

__all__ = ["BrowserFiles", "router"]

_FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


class BrowserFiles:
    """The folder of built files.

    Raises
    ------
    SetUpError
        When nothing has been built there.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "kith.css").is_file():
            raise SetUpError(f"The pages' styles and scripts are not in {folder}. Run `make setup`, which builds them.")
        self._folder = folder
        self._files = StaticFiles(directory=folder)

    def address(self, name: str) -> str:
        """Where a page finds a file, with the hash of what it holds now."""
        file = self._folder / name
        status = file.stat()
        return f"/static/{name}?v={_hash(file, status.st_mtime_ns, status.st_size)}"

    async def answer(self, path: str, request: Request) -> Response:
        """The file itself; kept for ever where it was asked for by its hash, else asked about each time."""
        response = await self._files.get_response(path, request.scope)
        by_hash = request.query_params.get("v") is not None
        response.headers["Cache-Control"] = _FOR_EVER if by_hash else "no-cache"
        return response


@lru_cache(maxsize=64)
def _hash(file: Path, modified: int, size: int) -> str:  # noqa: ARG001 - they say when to hash again
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@router.get("/static/{path:path}", dependencies=[needs(Permission.NONE)])
async def file(path: str, request: Request) -> Response:
    """One built file."""
    files: BrowserFiles = request.app.state.browser_files
    return await files.answer(path, request)
