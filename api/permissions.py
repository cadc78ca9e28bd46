"""What a person may do, and how a route says what it needs.

Every route declares one permission with `needs`; `undeclared` finds those that forgot, and the server does not start
with one. A route that anybody may ask, signed in or not, says ``Permission.NONE``.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from fastapi import Depends, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from api.security.cookies import signed_in
from api.security.sessions import Session

__all__ = ["NotAllowed", "NotSignedIn", "Permission", "needs", "permissions_of", "undeclared"]


class Permission(StrEnum):
    """One kind of thing a person may do."""

    NONE = "none"
    VIEW = "view"
    EDIT = "edit"
    IMPORT = "import"
    EXPORT = "export"


class NotSignedIn(HTTPException):
    """The request needs somebody who is signed in."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "Sign in first, with the link that Kith printed when it started.",
            headers={"WWW-Authenticate": 'Cookie realm="Kith"'},
        )


class NotAllowed(HTTPException):
    """Whoever is signed in may not do this."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(403, f"You are signed in, but you may not {permission} here.")


def permissions_of(session: Session) -> frozenset[Permission]:  # noqa: ARG001 - accounts will tell people apart
    """What somebody who is signed in may do: whoever was given the sign-in link may do everything."""
    return frozenset(Permission)


class _Needs:
    """The dependency behind `needs`; a class so that a walk over the routes can recognise it."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    # A coroutine, so that FastAPI does not spend a pool thread on it.
    async def __call__(self, request: Request) -> Session | None:
        session = signed_in(request)
        if self.permission is Permission.NONE:
            return session
        if session is None:
            raise NotSignedIn
        if self.permission not in permissions_of(session):
            raise NotAllowed(self.permission)
        return session


def needs(permission: Permission) -> Any:
    """Declare the permission a route needs.

    ``@router.get(..., dependencies=[needs(Permission.VIEW)])``, or, where the route wants to know who asks,
    ``session: Annotated[Session, needs(Permission.EDIT)]`` (None only with ``Permission.NONE``).

    Raises
    ------
    NotSignedIn
        When nobody is signed in: a page leads to the sign-in page, the API answers 401.
    NotAllowed
        When whoever is signed in may not: 403.
    """
    return Depends(_Needs(permission))


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def undeclared(routes: Iterable[BaseRoute]) -> list[str]:
    """The paths of all routes that do not declare exactly one permission, mounted applications among them."""
    found: list[str] = []
    for route in iter_route_contexts(list(routes)):
        dependant = getattr(route, "dependant", None)
        declared = [call for call in _calls(dependant) if isinstance(call, _Needs)] if dependant else []
        if len({need.permission for need in declared}) != 1:
            found.append(route.path or repr(route.original_route))
    return found
