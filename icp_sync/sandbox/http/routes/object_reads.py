"""The calls that read records of any kind: list, search, single and batch read, with history and associations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from icp_sync.sandbox.api.record_reads import Shown
from icp_sync.sandbox.auth import AnyOf
from icp_sync.sandbox.error_responses import bad_request, batch_error_entry
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.id_property_lookup import record_id, require_record_id
from icp_sync.sandbox.search.search_request import parse_search_request
from icp_sync.sandbox.store.associations import Link
from icp_sync.sandbox.store.object_types import BY_NAME, ObjectType
from icp_sync.sandbox.timestamps import format_iso

MOST_INPUTS = 100
MOST_RECORDS, MOST_RECORDS_WITH_HISTORY = 100, 50


def read_operations(object_type: ObjectType) -> tuple[Operation, ...]:
    """The reading calls of a kind of records, for tokens with the scope to read it."""
    path, scopes = f"/crm/objects/{object_type.name}", (reading_scope(object_type),)
    name = object_type.name
    return (
        Operation("GET", path, scopes, _list_records, type_name=name),
        Operation("POST", f"{path}/search", scopes, _search, search=True, type_name=name),
        Operation("POST", f"{path}/batch/read", scopes, _read_batch, type_name=name),
        Operation("GET", f"{path}/{{{object_type.singular}Id}}", scopes, _read, type_name=name),
    )


def reading_scope(object_type: ObjectType) -> AnyOf:
    """The scope to read records of a kind."""
    return (f"crm.objects.{object_type.name}.read",)


def _list_records(request: ApiRequest) -> ApiResponse:
    names, history = request.readable_names(request.query_values("properties")), _history_properties(request)
    limit, archived = request.page_limit(10, MOST_RECORDS), request.query_flag("archived")
    _check_history_limit(history, limit)
    after = request.query_value("after")
    page = request.record_store.reading.read_page(names, after, limit, archived=archived, history=history)
    return ApiResponse({**page, "results": [_with_associations(request, record) for record in page["results"]]})


def _search(request: ApiRequest) -> ApiResponse:
    query = parse_search_request(request.body(), len(request.content.decode()))
    query = replace(query, names=request.readable_names(query.names))
    limit = request.page_size_after_fault(query.limit)
    return ApiResponse(request.record_store.searching.search_page(query, limit, request.now, request.hit))


def _read(request: ApiRequest) -> ApiResponse:
    names = request.readable_names(request.query_values("properties"))
    archived, history = request.query_flag("archived"), _history_properties(request)
    record = request.record_store.reading.read_one(_record_id(request), names, archived=archived, history=history)
    return ApiResponse(_with_associations(request, record))


def _read_batch(request: ApiRequest) -> ApiResponse:
    body = request.body()
    ids = parse_record_ids(request, body)
    names, history = (request.readable_names(body.get(key) or []) for key in ("properties", "propertiesWithHistory"))
    _check_history_limit(history, len(ids))
    results, errors = request.record_store.reading.read_batch(
        ids, names, archived=request.query_flag("archived"), history=history
    )
    return batch_response(request, results, errors)


def parse_record_ids(request: ApiRequest, body: dict[str, Any]) -> dict[int, str]:
    """The ids of a batch as numbers, each with the text it was sent as."""
    rows = parse_batch_entries(body)
    named_by = body.get("idProperty")
    sent = [(str(row.get("id", "")), row.get("idProperty") or named_by) for row in rows]
    ids = [record_id(request.record_store, text, id_property, "read/update") for text, id_property in sent]
    require_distinct_ids(ids)
    return dict(zip(ids, (text for text, _ in sent), strict=True))


def parse_batch_entries(body: dict[str, Any], most: int = MOST_INPUTS) -> list[dict[str, Any]]:
    """The entries of a batch: at least one, at most `most`, each an object of plain properties."""
    rows = body.get("inputs")
    if not isinstance(rows, list) or not rows:
        raise bad_request("Invalid input JSON: inputs must be a list with at least one entry")
    if len(rows) > most:
        raise bad_request(f"Batch size must be at most {most}, got {len(rows)}")
    if not all(isinstance(row, dict) for row in rows):
        raise bad_request("Invalid input JSON: every input is an object, its properties are plain values")
    return rows


def require_distinct_ids(ids: Sequence[int]) -> None:
    """Raise HubSpot's 400 for a batch that names a record twice."""
    if len(set(ids)) != len(ids):
        raise bad_request("Duplicate IDs linked in batch input: every record may appear once")


def batch_response(request: ApiRequest, results: list[Any], errors: list[Any], status: int = 200) -> ApiResponse:
    """The reply of a batch; with errors it is a 207."""
    moment = format_iso(request.now)
    if request.hit and request.hit.kind == "partial_batch":
        results, errors = (
            results[: len(results) // 2],
            [*errors, batch_error_entry("INTERNAL_ERROR", "internal error", {})],
        )
    body = {
        "status": "COMPLETE",
        "results": results,
        "requestedAt": moment,
        "startedAt": moment,
        "completedAt": moment,
    }
    return (
        ApiResponse({**body, "numErrors": len(errors), "errors": errors}, 207) if errors else ApiResponse(body, status)
    )


def _check_history_limit(history: Sequence[str], records: int) -> None:
    """Raise HubSpot's 400 for more than 50 records of which the history is asked for."""
    if history and records > MOST_RECORDS_WITH_HISTORY:
        most = MOST_RECORDS_WITH_HISTORY
        raise bad_request(f"You can only request at most {most} objects in one request for properties with history.")


def _with_associations(request: ApiRequest, record: Shown) -> Shown:
    """The record with the ids it is linked with; a primary company stands there twice, as HubSpot sends it."""
    types = [BY_NAME[name] for name in request.query_values("associations") if name in BY_NAME]
    own = request.record_store.type
    linked = {one.name: request.portal.associations.links(own.name, int(record["id"]), one.name) for one in types}
    shown = {
        name: {"results": [entry for link in links for entry in _inline_associations(link, own, BY_NAME[name])]}
        for name, links in linked.items()
        if links
    }
    return {**record, "associations": shown} if shown else record


def _inline_associations(link: Link, own: ObjectType, other: ObjectType) -> list[dict[str, str]]:
    record_id, primary = link
    kind = f"{own.singular}_to_{other.singular}"
    unlabeled = {"id": str(record_id), "type": f"{kind}_unlabeled"}
    return [{"id": str(record_id), "type": kind}, unlabeled] if primary else [unlabeled]


def _history_properties(request: ApiRequest) -> list[str]:
    return request.readable_names(request.query_values("propertiesWithHistory"))


def _record_id(request: ApiRequest) -> int:
    value = request.path[f"{request.record_store.type.singular}Id"]
    return require_record_id(request.record_store, value, request.query_value("idProperty"), "read/update")
