"""Pages from Jinja templates, in the layout they all share.

Templates are found in ``api/templates`` by their name, in a subject's own folder as ``subject/name.html``
(``api/people/templates/person.html`` is ``people/person.html``), and govuk-frontend's under ``govuk_frontend_jinja/``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.security.cookies import signed_in

__all__ = ["NavigationLink", "render"]

_HERE = Path(__file__).resolve().parent
_LIBRARY = "govuk_frontend_jinja"


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """An entry of the main navigation; ``sentence`` says on the home page what one finds there."""

    text: str
    href: str
    sentence: str = ""


class _Environment(Environment):
    """Strict with our templates: a name that is not there is an error, never an empty place on a page.

    The library's macros count on missing parameters being empty, so they are loaded by an environment that lets them.
    """

    def __init__(self) -> None:
        super().__init__(
            loader=ChoiceLoader([FileSystemLoader(_HERE / "templates"), PrefixLoader(_subjects())]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # Not auto_reload: a page must not change between two requests of one server.
        self.auto_reload = False
        self._library = Environment(
            loader=PrefixLoader({_LIBRARY: PackageLoader(_LIBRARY)}), autoescape=True, auto_reload=False
        )

    def get_template(
        self,
        name: "str | Template",
        parent: str | None = None,
        globals: Any = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Load a template, the library's by its own environment."""
        if isinstance(name, str) and name.startswith(f"{_LIBRARY}/"):
            return self._library.get_template(name, None, globals)
        return super().get_template(name, parent, globals)


def _subjects() -> dict[str, FileSystemLoader]:
    return {folder.parent.name: FileSystemLoader(folder) for folder in sorted(_HERE.glob("*/templates"))}


@cache
def _environment() -> _Environment:
    return _Environment()


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page.

    Parameters
    ----------
    template
        Its name, such as ``people/person.html``; it extends ``layout.html``.
    status, headers
        Of the answer.
    context
        What the template speaks of. ``asset(name)``, ``navigation`` (the subjects' links), ``session`` and ``cspNonce``
        (for an inline script) are always there.
    """
    state = request.app.state
    session = signed_in(request)
    asset: Callable[[str], str] = state.browser_files.address
    text = (
        _environment()
        .get_template(template)
        .render(
            asset=asset,
            navigation=state.navigation,
            main_navigation=_main_navigation(state.navigation, request.url.path) if session is not None else [],
            session=session,
            cspNonce=request.state.nonce,
            **context,
        )
    )
    return HTMLResponse(text, status, headers)


def _main_navigation(links: Iterable[NavigationLink], path: str) -> list[dict[str, object]]:
    """The links as the navigation's macro wants them: marked where the page is one of theirs."""
    return [
        {
            "text": link.text,
            "href": link.href,
            "current": path == link.href,
            "active": path.startswith(link.href.rstrip("/") + "/") and link.href != "/",
        }
        for link in links
    ]
