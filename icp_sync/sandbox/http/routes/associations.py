"""Which records are linked with which, a thousand at a time; v4, and its dated twins without the number."""

from typing import Any

from icp_sync.sandbox.auth import require_scopes
from icp_sync.sandbox.error_responses import bad_request, batch_error_entry
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.routes.object_reads import batch_response, parse_batch_entries, reading_scope
from icp_sync.sandbox.store.associations import PRIMARY, TYPE_IDS, UNLABELED, Link
from icp_sync.sandbox.store.object_types import BY_NAME, ObjectType

MOST_INPUTS = 1_000
PAGE = 500


def _read_batch(request: ApiRequest) -> ApiResponse:
    own, other = (_object_type(request.path[end]) for end in ("fromType", "toType"))
    require_scopes(request.portal.tokens[request.token], (reading_scope(own), reading_scope(other)))
    results, unlinked = [], []
    for row in parse_batch_entries(request.body(), MOST_INPUTS):
        text = str(row.get("id", ""))
        links = request.portal.associations.links(own.name, int(text) if text.isdecimal() else -1, other.name)
        if links:
            results.append(_links_page(text, links, str(row.get("after") or "0"), TYPE_IDS[own.name, other.name]))
        else:
            unlinked.append(text)
    return batch_response(request, results, [_no_links_error(text, own, other) for text in unlinked])


def _links_page(record_id: str, links: list[Link], after: str, type_ids: dict[str, int]) -> dict[str, Any]:
    """The links of one record from a place on, and where the rest begins."""
    start = int(after) if after.isdecimal() else 0
    shown = {"from": {"id": record_id}, "to": [_link_json(link, type_ids) for link in links[start : start + PAGE]]}
    following = start + PAGE
    return shown | ({"paging": {"next": {"after": str(following)}}} if following < len(links) else {})


def _link_json(link: Link, type_ids: dict[str, int]) -> dict[str, Any]:
    record_id, primary = link
    labels = (PRIMARY, UNLABELED) if primary else (UNLABELED,)
    kinds = [{"category": "HUBSPOT_DEFINED", "typeId": type_ids[label], **_label_json(label)} for label in labels]
    return {"toObjectId": str(record_id), "associationTypes": kinds}


def _label_json(label: str) -> dict[str, str]:
    return {"label": "Primary"} if label == PRIMARY else {}


def _no_links_error(record_id: str, own: ObjectType, other: ObjectType) -> dict[str, Any]:
    message = f"No {other.singular} is associated with {own.singular} {record_id}."
    context = {"fromObjectId": [record_id]}
    return batch_error_entry("OBJECT_NOT_FOUND", message, context)


def _object_type(name: str) -> ObjectType:
    if name not in BY_NAME:
        raise bad_request(f"Unable to infer object type from: {name}")
    return BY_NAME[name]


ASSOCIATIONS = (Operation("POST", "/crm/associations/{fromType}/{toType}/batch/read", (), _read_batch, undated="v4"),)
