"""The page of ways up: what must be decided and where the ask starts, and the ways there are."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from analytics.escalation import Ways
from api.choosing import Choice, Finding, chosen, finding, options
from api.escalation.asking import ask
from api.escalation.form import Form
from api.escalation.wording import chance_words, per_cent
from api.forms import Sent, address
from api.pages import render
from api.people.addresses import record_address
from api.people.wording import day_words
from api.permissions import Permission, needs
from api.worker import Answers
from graph_model.errors import DataError
from graph_model.network import Network
from graph_model.schema import NodeType

__all__ = ["ADDRESS", "pages"]

ADDRESS: Final = "/ways"
_PEOPLE: Final = frozenset({NodeType.STAKEHOLDER})
_PASSED: Final = frozenset({NodeType.STAKEHOLDER, NodeType.ASSOCIATION})
_FINDERS: Final = {"from": _PASSED, "to": _PEOPLE, "avoid": _PASSED}
_DECIDED: Final = (
    ("Barriers that still stand", NodeType.BARRIER, "lifted"),
    ("Problems", NodeType.PROBLEM, ""),
    ("Solutions", NodeType.SOLUTION, "dropped"),
    ("Assets", NodeType.ASSET, ""),
)

Lists = list[tuple[str, list[Choice]]]

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs(Permission.VIEW)])


@pages.get(ADDRESS)
async def ways(request: Request) -> HTMLResponse:
    """By what way an ask reaches somebody who can decide; without a question, what can be asked."""
    answers: Answers = request.app.state.answers
    sent = Sent(request.query_params)
    form = Form.of(sent)
    answer: Ways | None = None
    if form.whole and not sent.errors:
        try:
            answer = await ask(answers, form.question)
        except DataError as error:
            sent.errors["about" if form.about else "to"] = str(error)
    return _page(request, await answers.network(), form, answer, {})


@pages.post(ADDRESS)
async def find(request: Request) -> Response:
    """Find whoever was named in the form; where nobody was, lead to the address of the question."""
    answers: Answers = request.app.state.answers
    sent = Sent(await request.form())
    form = Form.of(sent)
    network = await answers.network()
    found = {}
    for name, kinds in _FINDERS.items():
        if text := sent.text(f"find_{name}"):
            found[name] = await run_in_threadpool(finding, network, text, kinds, form.on)
            if found[name].error:
                sent.errors[f"find_{name}"] = found[name].error
    if not found and not form.whole:
        sent.errors["about"] = "Choose what must be decided, or name whom to reach further down."
    if found or sent.errors:
        return _page(request, network, form, None, found)
    return RedirectResponse(address(ADDRESS, form.fields(), "answer"), 303)


def _page(
    request: Request, network: Network, form: Form, answer: Ways | None, found: dict[str, Finding]
) -> HTMLResponse:
    sent, on = form.sent, form.on
    ticked = {
        "from": (found["from"].likely if "from" in found else "") or form.start,
        "to": (found["to"].likely if "to" in found else "") or form.end,
        "avoid": (*form.avoid, found["avoid"].likely) if "avoid" in found else form.avoid,
    }
    earlier = {"from": [form.start], "to": [form.end], "avoid": form.avoid}
    choices = {
        name: chosen(
            network,
            dict.fromkeys(
                [*filter(None, earlier[name]), *(each.id for each in (found[name].choices if name in found else ()))]
            ),
            on,
        )
        for name in _FINDERS
    }
    decided = [(label, options(network, on, kind, without=done)) for label, kind, done in _DECIDED]
    return render(
        request,
        "escalation/ways.html",
        status=422 if sent.errors else 200,
        sent=sent,
        form=form,
        answer=answer,
        decided=_with_chosen(network, form, decided),
        about=chosen(network, [form.about], on)[0].name if form.about else "",
        choices=choices,
        ticked=ticked,
        found=found,
        finding=bool(found),
        empty=not len(network.nodes),
        avoided=chosen(network, form.avoid, on),
        go_round=lambda node_id: address(ADDRESS, form.fields(avoid=(*form.avoid, node_id)), "answer"),
        allow=lambda node_id: address(
            ADDRESS, form.fields(avoid=tuple(each for each in form.avoid if each != node_id)), "answer"
        ),
        may_avoid=lambda node_id: node_id not in (form.start, form.end),
        record_address=record_address,
        chance_words=chance_words,
        per_cent=per_cent,
        day=day_words(on),
    )


def _with_chosen(network: Network, form: Form, decided: Lists) -> Lists:
    """The lists to choose from; what a link names is among them, also when it is done with."""
    if form.about and not any(form.about == each.id for _, group in decided for each in group):
        decided.append(("Chosen", chosen(network, [form.about], form.on)))
    return [(label, group) for label, group in decided if group]
