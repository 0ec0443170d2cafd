"""Companies a hundred at a time: read, update, create, archive."""

from typing import Any

from icp_sync.sandbox.api.write import MOST_INPUTS, Input
from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.http.messages import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.routes.companies import PATH, READ, WRITE, refuse_history_of_many
from icp_sync.sandbox.http.unique_ids import find_unique, record_id
from icp_sync.sandbox.timestamps import iso


def _read(request: ApiRequest) -> ApiResponse:
    body = request.body()
    inputs = _inputs(request, id_property=body.get("idProperty"))
    ids = {write_input.id: write_input.sent_id for write_input in inputs}
    names, history = (request.readable(body.get(key) or []) for key in ("properties", "propertiesWithHistory"))
    refuse_history_of_many(history, len(ids))
    results, errors = request.portal.reading.batch(ids, names, archived=request.flag("archived"), history=history)
    return _reply(request, results, errors)


def _update(request: ApiRequest) -> ApiResponse:
    inputs, rules = _inputs(request), request.enforces_rules
    results, errors = request.portal.writing.update(inputs, request.source, enforce_rules=rules)
    return _reply(request, results, errors)


def _create(request: ApiRequest) -> ApiResponse:
    inputs = _inputs(request, known=False)
    results, errors = request.portal.writing.create(inputs, request.source)
    return _reply(request, results, errors, status=201)


def _upsert(request: ApiRequest) -> ApiResponse:
    """Update the records that a unique property identifies, create the others; `new` says which."""
    rows = request.body().get("inputs")
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_INPUTS:
        raise bad_request(f"Invalid input JSON: inputs must be a list of 1 to {MOST_INPUTS} entries")
    known = [_find(request, row) for row in rows]
    updates = [_upsert_input(row, row_id) for row, row_id in zip(rows, known, strict=True) if row_id is not None]
    news = [_upsert_input(row, 0) for row, row_id in zip(rows, known, strict=True) if row_id is None]
    updated, refused = request.portal.writing.update(updates, request.source) if updates else ([], [])
    created, refused_too = request.portal.writing.create(news, request.source) if news else ([], [])
    results = [{**record, "new": False} for record in updated] + [{**record, "new": True} for record in created]
    return _reply(request, results, [*refused, *refused_too])


def _find(request: ApiRequest, row: Any) -> int | None:
    """The id of the record whose unique property has the value that stands for an id; None without one."""
    named = row if isinstance(row, dict) else {}
    return find_unique(request.portal, named.get("id"), named.get("idProperty"), "update/upsert")


def _upsert_input(row: Any, record_id: int) -> Input:
    properties = {**(row.get("properties") or {}), row["idProperty"]: str(row["id"])}
    trace = row.get("objectWriteTraceId")
    return Input(record_id, properties, str(trace) if trace else None, str(row["id"]))


def _archive(request: ApiRequest) -> ApiResponse:
    for write_input in _inputs(request):
        if request.portal.records.row(write_input.id) is not None:
            request.portal.archive(write_input.id)
    return ApiResponse(status=204)


def _inputs(request: ApiRequest, *, known: bool = True, id_property: str | None = None) -> list[Input]:
    """The records of a batch; `known` ones have an id, or a value of the unique property that stands for it."""
    rows = request.body().get("inputs")
    if not isinstance(rows, list) or not rows:
        raise bad_request("Invalid input JSON: inputs must be a list with at least one entry")
    if len(rows) > MOST_INPUTS:
        raise bad_request(f"Batch size must be at most {MOST_INPUTS}, got {len(rows)}")
    inputs = [_input(request, row, known=known, id_property=id_property) for row in rows]
    ids = [write_input.id for write_input in inputs]
    if known and len(set(ids)) != len(ids):
        raise bad_request("Duplicate IDs found in batch input: every record may appear once")
    return inputs


def _input(request: ApiRequest, row: Any, *, known: bool, id_property: str | None) -> Input:
    properties = row.get("properties") or {} if isinstance(row, dict) else None
    if not isinstance(properties, dict) or any(isinstance(value, dict | list) for value in properties.values()):
        raise bad_request("Invalid input JSON: every input is an object, its properties are plain values")
    sent_id, named_by = str(row.get("id", "")), row.get("idProperty") or id_property
    target_id = record_id(request.portal, sent_id, named_by, "read/update") if known else 0
    trace = row.get("objectWriteTraceId")
    return Input(target_id, properties, str(trace) if trace else None, sent_id)


def _reply(request: ApiRequest, results: list[Any], errors: list[Any], status: int = 200) -> ApiResponse:
    moment = iso(request.now)
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


BATCHES = (
    Operation("POST", f"{PATH}/batch/read", READ, _read),
    Operation("POST", f"{PATH}/batch/update", WRITE, _update),
    Operation("POST", f"{PATH}/batch/upsert", WRITE, _upsert),
    Operation("POST", f"{PATH}/batch/create", WRITE, _create),
    Operation("POST", f"{PATH}/batch/archive", WRITE, _archive),
)
