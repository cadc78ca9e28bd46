"""Records over HTTP: a list, and each to be added, read, changed and removed."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import SkipValidation
from starlette.concurrency import run_in_threadpool

from analytics.plain import node_plain
from api.changes.making import Editor, Why, change
from api.nodes.listing import listed_nodes
from api.nodes.schemas import NEW_NODE_MODELS, NodeFields, NodeOut, NodePage, NodeWritten
from api.paging import After, Limit
from api.permissions import Permission, needs
from api.services import AnswersHere, StoreHere
from api.versions import tagged
from graph_model.changes import DropNode, PutNode, new_id
from graph_model.errors import RecordError
from graph_model.records import read_node
from graph_model.schema import NODE_TYPES, NodeSpec, NodeType

__all__ = ["api"]

api = APIRouter(prefix="/nodes", tags=["records"])

_TIES: Final = 1_000
_Fields = Annotated[
    NodeFields,  # type: ignore[valid-type]  # made from the schema
    SkipValidation,
    Body(description="The fields to set, by name; null clears one."),
]
NodeId = Annotated[str, Path(alias="id", description="The id of the record.")]


@api.get("", dependencies=[needs(Permission.VIEW), tagged], response_model=NodePage, summary="List records")
async def list_nodes(
    answers: AnswersHere,
    kind: Annotated[NodeType | None, Query(alias="type", description="Only records of this type.")] = None,
    q: Annotated[
        str, Query(max_length=200, description="Only records whose name contains this, accents and case aside.")
    ] = "",
    cursor: After = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Records in order of id, a page at a time. To find one by a name that may be misspelt, use GET /search."""
    network = await answers.network()
    return await run_in_threadpool(listed_nodes, network, kind=kind, containing=q, after=cursor, limit=limit)


@api.get(
    "/{id:path}",
    name="read_node",
    dependencies=[needs(Permission.VIEW), tagged],
    response_model=NodeOut,
    summary="Read one record",
)
def read(node_id: NodeId, store: StoreHere) -> dict[str, Any]:
    """Everything that is known of one record: its fields, and its ties in words (the first thousand)."""
    node = store.node(node_id)
    ties = store.ties_of(node_id, _TIES + 1)
    return {**node_plain(node, ties[:_TIES]), "truncated": len(ties) > _TIES}


@api.patch("/{id:path}", response_model=NodeWritten, summary="Change one record")
def edit(
    node_id: NodeId,
    fields: _Fields,
    store: StoreHere,
    who: Editor,
    why: Why = "",
) -> dict[str, Any]:
    """Set some fields of a record, of whatever type it is. What is not given is left alone."""
    record = read_node(store.node(node_id).type, node_id, as_cells(fields))
    return {"id": record.id, "change": change(store, who, why, PutNode(record))}


@api.delete("/{id:path}", response_model=NodeWritten, summary="Remove one record")
def remove(node_id: NodeId, store: StoreHere, who: Editor, why: Why = "") -> dict[str, Any]:
    """Remove a record and its ties. The history keeps it: taking the change back brings all of it back."""
    store.node(node_id)
    return {"id": node_id, "change": change(store, who, why, DropNode(node_id))}


def as_cells(body: Any) -> dict[str, Any]:
    """The body of a request as fields by name. It is not checked on the way in, so that records can say what is wrong.

    Raises
    ------
    RecordError
        Where it is no JSON object.
    """
    if not isinstance(body, dict):
        raise RecordError("", "What was sent is no JSON object.", "Send the fields by name.")
    return body


def _adder(spec: NodeSpec) -> Callable[..., Any]:
    """The route that adds a record of one type."""
    model = NEW_NODE_MODELS[spec.type]

    def add(
        fields: Annotated[model, SkipValidation, Body(description="The fields, by name.")],  # type: ignore[valid-type]  # as above
        *,
        request: Request,
        response: Response,
        store: StoreHere,
        who: Editor,
        why: Why = "",
    ) -> dict[str, Any]:
        cells = as_cells(fields).copy()
        given = cells.pop("id", None)
        record = read_node(spec.type, new_id() if given is None else given, cells)
        made = change(store, who, why, PutNode(record, new=True))
        response.headers["Location"] = quote(request.app.url_path_for("read_node", id=record.id))
        return {"id": record.id, "change": made}

    return add


for _spec in NODE_TYPES.values():
    api.add_api_route(
        f"/{_spec.sheet.removesuffix('.csv')}",
        _adder(_spec),
        methods=["POST"],
        status_code=201,
        response_model=NodeWritten,
        name=f"add_{_spec.type.name.lower()}",
        summary=f"Add one of the {_spec.plural}",
        description=f"{_spec.meaning} Refused (422) where the id is taken.",
    )
