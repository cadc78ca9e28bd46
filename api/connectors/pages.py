"""The page of highly connected people: the question as a form, and its answer as a list."""

from collections.abc import Iterable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from analytics.words import counted, too_large
from api.choosing import Choice, chosen, options, people_on
from api.connectors.asking import ask
from api.connectors.form import SCOPES, Form, Shown, shown
from api.connectors.wording import MEASURES, TIES
from api.forms import Sent
from api.pages import render
from api.people.addresses import record_address
from api.people.wording import day_words
from api.permissions import Permission, needs
from api.worker import Answers
from graph_model.errors import DataError
from graph_model.network import Network

__all__ = ["ADDRESS", "notes_of", "pages"]

ADDRESS: Final = "/connectors"
_AMONG: Final = {
    "place": "Those in a place",
    "association": "Those in an association",
    "problem": "Those affected by a problem",
}

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[needs(Permission.VIEW)])


@pages.get(ADDRESS)
async def connectors(request: Request) -> HTMLResponse:
    """Who is highly connected: answered at once, because the question is whole as it stands."""
    answers: Answers = request.app.state.answers
    sent = Sent(request.query_params)
    form = Form.of(sent)
    network = await answers.network()
    found: Shown | None = None
    if not sent.errors and people_on(network, form.on):
        try:
            found = shown(await ask(answers, form.question), form.top)
        except DataError as error:
            sent.errors[form.among if form.scope else "measure"] = str(error)
    return render(
        request,
        "connectors/connectors.html",
        status=422 if sent.errors else 200,
        sent=sent,
        form=form,
        found=found,
        measure=MEASURES[form.measure],
        scope=_within(network, form),
        notes=notes_of(found) if found else [],
        day=day_words(form.on),
        record_address=record_address,
        **_choices(network, form),
    )


def _choices(network: Network, form: Form) -> dict[str, Any]:
    """The choices of the form."""
    return {
        "measures": [
            {
                "value": measure.value,
                "text": words.label,
                "hint": {"text": words.meaning},
                "checked": measure is form.measure,
            }
            for measure, words in MEASURES.items()
        ],
        "ties": [{"value": tie.value, "text": text, "checked": tie in form.ties} for tie, text in TIES.items()],
        "scopes": {
            name: {"text": _AMONG[name], "items": _items(name, options(network, form.on, kind), form)}
            for name, kind in SCOPES.items()
        },
    }


def _items(scope: str, choices: Iterable[Choice], form: Form) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [{"value": "", "text": f"Choose {'an' if scope[0] in 'aeiou' else 'a'} {scope}"}]
    picked = form.scope if form.among == scope else ""
    return items + [{"value": each.id, "text": each.name, "selected": each.id == picked} for each in choices]


def _within(network: Network, form: Form) -> str:
    """Among whom, as it follows on "people"."""
    if not form.scope:
        return ""
    name = chosen(network, [form.scope], form.on)[0].name
    return f" affected by {name}" if form.among == "problem" else f" in {name}"


def notes_of(found: Shown) -> list[str]:
    """What one has to know to read the list: ties at its end, what was left out, how far off an estimate may be."""
    answer, notes = found.answer, []
    if found.tied_at_cut:
        notes.append(
            f"{counted(found.tied_at_cut, 'person shares', 'people share')} the last rank of this list. They are as "
            "connected as one another, and not all of them are on it: ask for more people to see them."
        )
    notes += too_large([each.name for each in answer.left_out])
    if answer.sampled is not None:
        notes.append(
            f"With so many people the scores are estimated, from {answer.sampled.samples:,} samples: with "
            f"{answer.sampled.confidence:.0%} confidence none is more than {answer.sampled.half_width:.2g} off. People "
            "whose scores are closer than that may be in the other order."
        )
    return notes
