"""What is answered when something goes wrong: RFC 9457 problem+json under /api, a plain page elsewhere.

Neither ever shows a trace. A failure nobody foresaw is logged with the request's id, and the answer names that id.
"""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages import render
from graph_model.errors import ChangeRefused, DataError, KithError, NotFound, RecordError, SetUpError

__all__ = ["FailureMiddleware", "Problem", "ProblemPart", "add_error_handlers", "is_api", "refuse"]

_log = logging.getLogger(__name__)

_RETRY_AFTER = "5"  # seconds: an engine that restarts is back in two

_SENTENCES = {
    400: "The request could not be understood.",
    403: "You may not do this.",
    404: "There is nothing at this address. Check it for slips, or start again from the home page.",
    405: "This address cannot be used in that way.",
    422: "Something that was given is wrong.",
    500: "Something went wrong on our side. What you did may not have been kept.",
    503: "Kith cannot answer this just now. Try again in a moment.",
}


class ProblemPart(BaseModel):
    """One thing that is wrong with what was sent."""

    detail: str = Field(description="What is wrong, and what would be right.")
    pointer: str | None = Field(None, description="The field of the body: a JSON pointer as a fragment (RFC 6901).")
    parameter: str | None = Field(None, description="The parameter of the address, where it is one.")
    record: int | None = Field(None, description="The position in the body of the record it is about, from 0.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field("about:blank", description="What kind of problem it is; about:blank says no more than status.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, in sentences for a person.")
    request_id: str | None = Field(None, description="The id under which the server's log speaks of it.")
    errors: list[ProblemPart] = Field([], description="Each thing that is wrong with what was sent.")


def is_api(request: Request) -> bool:
    """Whether a program asks, not a person."""
    return request.url.path.startswith("/api/")


def refuse(request: Request, error: HTTPException) -> Response:
    """The answer to a request that is turned away, in the form whoever asked can read.

    A person who is not signed in is led to the page that says how.
    """
    if error.status_code == HTTPStatus.NOT_MODIFIED:
        return Response(status_code=error.status_code, headers=error.headers)
    if error.status_code == HTTPStatus.UNAUTHORIZED and not is_api(request):
        return RedirectResponse("/sign-in", 303)
    title = _title(error.status_code)
    said = error.detail != HTTPStatus(error.status_code).phrase
    detail = error.detail if said else _SENTENCES.get(error.status_code, f"{title}.")
    return _answer(request, Problem(title=title, status=error.status_code, detail=detail), error.headers)


def add_error_handlers(app: FastAPI) -> None:
    """Teach an application to answer errors as this module says."""
    for kind in (HTTPException, RequestValidationError, KithError):
        app.add_exception_handler(kind, _on_error)


class FailureMiddleware:
    """Answers 500 to whatever no handler knows, and logs it with the request's id.

    Starlette would do so outside of all middleware, where an answer misses the security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer where that fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noticed(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noticed)
        except Exception:
            request = Request(scope, receive)
            _log.exception("Request %s failed: %s %s", request.state.request_id, request.method, request.url.path)
            if started:
                raise
            response = _answer(request, Problem(title=_title(500), status=500, detail=_SENTENCES[500]))
            await response(scope, receive, send)


async def _on_error(request: Request, error: Exception) -> Response:
    headers = None
    match error:
        case HTTPException():
            return refuse(request, error)
        case RequestValidationError():
            problem = _unprocessable("request", _SENTENCES[422], [_part(part) for part in error.errors()])
        case NotFound():
            problem = Problem(title=_title(404), status=404, detail=str(error))
        case RecordError():
            problem = _unprocessable("record", str(error), [_record_part(error, None)])
        case ChangeRefused():
            parts = [_record_part(reason, place) for reason, place in zip(error.reasons, error.places, strict=True)]
            problem = _unprocessable("change-refused", "Nothing was changed.", parts)
        case DataError():
            problem = _unprocessable("data", str(error), [])
        case SetUpError():
            problem = Problem(title=_title(503), status=503, detail=str(error))
            headers = {"Retry-After": _RETRY_AFTER}
        case _:
            raise error  # a fault of ours; FailureMiddleware answers and logs it
    return _answer(request, problem, headers)


def _unprocessable(kind: str, detail: str, parts: Sequence[ProblemPart]) -> Problem:
    return Problem(
        type=f"urn:kith:problem:{kind}",
        title=_title(422),
        status=422,
        detail=detail,
        errors=list(parts),
    )


def _title(status: int) -> str:
    """The status in words, as RFC 9110 has them; Python's own changed between versions."""
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


def _part(error: Any) -> ProblemPart:
    where, *path = error["loc"]
    sentence = f"{error['msg'].removeprefix('Value error, ').rstrip('.')}."
    if where != "body":
        return ProblemPart(detail=sentence, parameter=".".join(map(str, path)))
    return ProblemPart(detail=sentence, pointer="#" if error["type"] == "json_invalid" else _pointer(*path))


def _record_part(reason: RecordError, record: int | None) -> ProblemPart:
    sentence = f"{reason.problem} {reason.remedy}".strip()
    return ProblemPart(detail=sentence, pointer=_pointer(reason.column) if reason.column else "#", record=record)


def _pointer(*path: str | int) -> str:
    """The path as a JSON pointer (RFC 6901) in a fragment."""
    return "#" + "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1"), safe="~") for step in path)


def _answer(request: Request, problem: Problem, headers: Any = None) -> Response:
    problem.request_id = request.state.request_id
    if is_api(request):
        content = problem.model_dump(exclude_none=True)
        return JSONResponse(content, problem.status, headers, media_type="application/problem+json")
    return render(request, "error.html", status=problem.status, headers=headers, problem=problem)
