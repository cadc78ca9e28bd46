"""The page of working groups: what is wanted of one, and the group that reaches the most."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from analytics.groups import LARGEST_GROUP, Member, WorkingGroup
from analytics.words import counted, listed, too_large
from api.choosing import Finding, chosen, finding, options, people_on
from api.forms import Sent, address
from api.groups.asking import ask
from api.groups.form import COUNTING, Form
from api.pages import render
from api.people.addresses import record_address
from api.people.wording import day_words
from api.permissions import Permission, needs
from api.worker import Answers
from graph_model.errors import DataError
from graph_model.network import Network
from graph_model.schema import NodeType

__all__ = ["ADDRESS", "pages"]

ADDRESS: Final = "/group"
_PEOPLE: Final = frozenset({NodeType.STAKEHOLDER})
_FINDERS: Final = ("include", "exclude")
_HOPS: Final = {
    1: "One tie: whom they know or work with",
    2: "Two ties: and those beyond them",
    3: "Three ties",
    4: "Four ties",
}

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs(Permission.VIEW)])


@dataclass(frozen=True, slots=True)
class _Shown:
    """One member as the page shows them, with the addresses of the same question without them, or surely with them."""

    member: Member
    share: float
    must: bool
    without: str
    keep: str


@pages.get(ADDRESS)
async def group(request: Request) -> HTMLResponse:
    """The group that reaches the most: answered at once, because the question is whole as it stands."""
    answers: Answers = request.app.state.answers
    sent = Sent(request.query_params)
    form = Form.of(sent)
    network = await answers.network()
    _check(network, form)
    answer: WorkingGroup | None = None
    if not sent.errors and people_on(network, form.on):
        try:
            answer = await ask(answers, form.question)
        except DataError as error:
            sent.errors["problem" if form.problem else "size"] = str(error)
    return _page(request, network, form, answer, {})


@pages.post(ADDRESS)
async def find(request: Request) -> Response:
    """Find whoever was named in the form; where nobody was, lead to the address of the question."""
    answers: Answers = request.app.state.answers
    sent = Sent(await request.form())
    form = Form.of(sent)
    network = await answers.network()
    found = {}
    for name in _FINDERS:
        if text := sent.text(f"find_{name}"):
            found[name] = await run_in_threadpool(finding, network, text, _PEOPLE, form.on)
            if found[name].error:
                sent.errors[f"find_{name}"] = found[name].error
    if found or sent.errors:
        return _page(request, network, form, None, found)
    return RedirectResponse(address(ADDRESS, form.fields(), "answer"), 303)


def _check(network: Network, form: Form) -> None:
    """Say beside the field what cannot be: which people, by name, and why."""

    def names(ids: list[str]) -> str:
        return listed([each.name for each in chosen(network, ids, form.on)])

    errors, people = form.sent.errors, network.row_of
    if both := [each for each in form.include if each in form.exclude]:
        errors["exclude"] = f"{names(both)} cannot both have to be in it and be kept out. Untick one of the two."
    if len(form.include) > form.size:
        errors["size"] = (
            f"{counted(len(form.include), 'person has', 'people have')} to be in it, so a group of {form.size} is too "
            "small. Ask for a larger one, or untick somebody who must be in it."
        )
    if barred := [each for each in form.include if each in people and network.nodes.excluded[people[each]] == 1]:
        errors["include"] = (
            f"{names(barred)} {'is' if len(barred) == 1 else 'are'} marked as not to be put into working groups. "
            "Untick them, or take the mark away first."
        )
    for name, ids in (("include", form.include), ("exclude", form.exclude)):
        if unknown := [each for each in ids if each not in people]:
            errors[name] = f"Nothing in the network has the id {listed(unknown)}. Untick it, and find them by name."


def _page(
    request: Request, network: Network, form: Form, answer: WorkingGroup | None, found: dict[str, Finding]
) -> HTMLResponse:
    sent, on = form.sent, form.on
    earlier = {"include": form.include, "exclude": form.exclude}
    return render(
        request,
        "groups/group.html",
        status=422 if sent.errors else 200,
        sent=sent,
        form=form,
        answer=answer,
        members=_members(form, answer) if answer else [],
        notes=too_large([each.name for each in answer.left_out]) if answer else [],
        found=found,
        ticked={name: (*ids, found[name].likely) if name in found else ids for name, ids in earlier.items()},
        choices={
            name: chosen(
                network,
                dict.fromkeys([*ids, *(each.id for each in (found[name].choices if name in found else ()))]),
                on,
            )
            for name, ids in earlier.items()
        },
        problems=_problems(network, form),
        problem=chosen(network, [form.problem], on)[0].name if form.problem else "",
        hops=[{"value": str(hops), "text": text, "checked": hops == form.hops} for hops, text in _HOPS.items()],
        counting=[
            {"value": value, "text": text, "hint": {"text": hint}, "checked": value == form.count}
            for value, (text, hint) in COUNTING.items()
        ],
        again=_again(form) if answer else [],
        empty=not people_on(network, on),
        record_address=record_address,
        day=day_words(on),
    )


def _members(form: Form, answer: WorkingGroup) -> list[_Shown]:
    most = max((member.alone for member in answer.members), default=0.0) or 1.0
    return [
        _Shown(
            member,
            member.alone / most,
            member.id in form.include,
            _address(
                form,
                include=tuple(each for each in form.include if each != member.id),
                exclude=(*form.exclude, member.id),
            ),
            _address(form, include=(*form.include, member.id)),
        )
        for member in answer.members
    ]


def _again(form: Form) -> list[dict[str, str]]:
    """Ways to ask again a little differently."""
    ways = []
    if form.size < LARGEST_GROUP:
        ways.append({"text": "One person more", "href": _address(form, size=form.size + 1)})
    if form.size > max(1, len(form.include)):
        ways.append({"text": "One person fewer", "href": _address(form, size=form.size - 1)})
    if form.exclude:
        ways.append({"text": "Let those kept out in again", "href": _address(form, exclude=())})
    if form.include:
        ways.append({"text": "Nobody has to be in it", "href": _address(form, include=())})
    if form.problem:
        ways.append({"text": "Reach everybody, not only those affected", "href": _address(form, problem="")})
    return ways


def _address(form: Form, **other: int | str | tuple[str, ...]) -> str:
    return address(ADDRESS, form.fields(**other), "answer")


def _problems(network: Network, form: Form) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [{"value": "", "text": "Everybody"}]
    return items + [
        {"value": each.id, "text": each.name, "selected": each.id == form.problem}
        for each in options(network, form.on, NodeType.PROBLEM)
    ]
