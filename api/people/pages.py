"""Pages: find a person or anything else, the page of each, and the map of what is around it."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from analytics.maps import MapQuestion, map_html
from analytics.search import find
from analytics.words import noun
from api.maps.asking import drawn
from api.pages import render
from api.people.addresses import RECORDS, around_address
from api.people.listing import alphabetical, counts, found_rows
from api.people.onward import questions_about
from api.people.record import view_of
from api.people.wording import day_words, today
from api.permissions import Permission, needs
from api.services import AnswersHere, StoreHere
from graph_model.errors import DataError, NotFound
from graph_model.network import Network
from graph_model.schema import NodeType

__all__ = ["pages"]

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs(Permission.VIEW)])

_TIES: Final = 500
_HITS: Final = 50
_MOST_HITS: Final = 1_000
_DOTS: Final = 300
_MAP_POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)

Kind = NodeType | Literal["all"]
Hops = Annotated[int, Query(ge=1, le=2)]


@pages.get(RECORDS)
async def browse(
    request: Request, answers: AnswersHere, type: Kind = NodeType.STAKEHOLDER, page: int = 1
) -> HTMLResponse:
    """Everybody, or everything of one type, by the alphabet."""
    network = await answers.network()
    listing = await run_in_threadpool(alphabetical, network, _chosen(type), page, today())
    return _find_page(request, network, type, listing=listing)


@pages.post(RECORDS)
async def search(
    request: Request,
    answers: AnswersHere,
    q: Annotated[str, Form()] = "",
    type: Annotated[Kind, Form()] = NodeType.STAKEHOLDER,
    limit: Annotated[int, Form(ge=1, le=_MOST_HITS)] = _HITS,
) -> Response:
    """Who or what is called so, or nearly so. A name is posted, so that none stands in an address."""
    if not q.strip():
        return RedirectResponse(f"{RECORDS}?type={type}", 303)
    network = await answers.network()
    kind = _chosen(type)
    try:
        found = await run_in_threadpool(find, network, q, kinds=frozenset({kind}) if kind else None, limit=limit)
    except DataError as error:
        return _find_page(request, network, type, status=422, q=q, error=str(error))
    rows = await run_in_threadpool(found_rows, network, found, today())
    more = min(10 * limit, _MOST_HITS) if found.truncated and limit < _MOST_HITS else None
    return _find_page(request, network, type, q=q, found=found, rows=rows, more=more)


@pages.get(RECORDS + "/{record:path}")
def record(request: Request, store: StoreHere, record: str, hops: Hops = 1) -> HTMLResponse:
    """One record: what is known of it, its ties in words, and a map of what is around it.

    It is read from the store alone, so that it is there at once while the workers are busy; the map loads by itself.
    """
    try:
        node, ties = store.node(record), store.ties_of(record, _TIES + 1)
    except NotFound:
        return render(request, "people/not_found.html", status=404, id=record)
    on = today()
    view = view_of(node, ties, on, _TIES)
    return render(
        request,
        "people/record.html",
        record=view,
        questions=questions_about(view.type, view.id, eligible=view.eligible) if view.counts else (),
        on=day_words(on),
        hops=hops,
        map_address=around_address(view.id, hops),
    )


@pages.get("/around/{record:path}")
async def around(request: Request, answers: AnswersHere, record: str, hops: Hops = 1) -> HTMLResponse:
    """The map of what is within so many ties of a record: a file of its own, shown within the record's page."""
    picture = await drawn(answers, MapQuestion(today(), record, hops, _DOTS))
    nonce = request.state.nonce
    text = await run_in_threadpool(map_html, picture, nonce=nonce)
    return HTMLResponse(text, headers={"Content-Security-Policy": _MAP_POLICY.format(nonce=nonce)})


def _chosen(kind: Kind) -> NodeType | None:
    return None if kind == "all" else NodeType(kind)


def _find_page(request: Request, network: Network, kind: Kind, *, status: int = 200, **said: Any) -> HTMLResponse:
    there = counts(network)
    kinds = [{"value": "all", "text": f"Everything ({sum(there.values()):,})", "selected": kind == "all"}]
    kinds += [
        {"value": each.value, "text": f"{_plural(each)} ({there[each]:,})", "selected": kind == each}
        for each in NodeType
        if there[each] or kind == each
    ]
    shown = {"q": "", "error": "", "found": None, "rows": [], "more": None, "listing": None, **said}
    chosen = _chosen(kind)
    return render(
        request,
        "people/find.html",
        status=status,
        kinds=kinds,
        type=str(kind),
        what=noun(chosen, many=True) if chosen else "records",
        empty=not len(network.nodes),
        on=day_words(today()),
        **shown,
    )


def _plural(kind: NodeType) -> str:
    words = noun(kind, many=True)
    return words[:1].upper() + words[1:]
