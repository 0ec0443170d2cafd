"""Companies a hundred at a time: update, create, archive."""

from typing import Any

from icp_sync.sandbox.api.record_writes import WriteInput
from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.id_property_lookup import find_by_unique_value, record_id
from icp_sync.sandbox.http.routes.companies import PATH, WRITE
from icp_sync.sandbox.http.routes.object_reads import (
    MOST_INPUTS,
    batch_response,
    parse_batch_entries,
    require_distinct_ids,
)


def _update(request: ApiRequest) -> ApiResponse:
    inputs, rules = _parse_inputs(request), request.enforces_property_rules
    results, errors = request.portal.writing.update(inputs, request.source, enforce_rules=rules)
    return batch_response(request, results, errors)


def _create(request: ApiRequest) -> ApiResponse:
    inputs = _parse_inputs(request, known=False)
    results, errors = request.portal.writing.create(inputs, request.source)
    return batch_response(request, results, errors, status=201)


def _upsert(request: ApiRequest) -> ApiResponse:
    """Update the records that a unique property identifies, create the others; `new` says which."""
    rows = request.body().get("inputs")
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_INPUTS:
        raise bad_request(f"Invalid input JSON: inputs must be a list of 1 to {MOST_INPUTS} entries")
    known = [_find_by_unique_value(request, row) for row in rows]
    updates = [_upsert_input(row, row_id) for row, row_id in zip(rows, known, strict=True) if row_id is not None]
    news = [_upsert_input(row, 0) for row, row_id in zip(rows, known, strict=True) if row_id is None]
    updated, refused = request.portal.writing.update(updates, request.source) if updates else ([], [])
    created, refused_too = request.portal.writing.create(news, request.source) if news else ([], [])
    results = [{**record, "new": False} for record in updated] + [{**record, "new": True} for record in created]
    return batch_response(request, results, [*refused, *refused_too])


def _find_by_unique_value(request: ApiRequest, row: Any) -> int | None:
    """The id of the record whose unique property has the value that stands for an id; None without one."""
    named = row if isinstance(row, dict) else {}
    return find_by_unique_value(request.record_store, named.get("id"), named.get("idProperty"), "update/upsert")


def _upsert_input(row: Any, record_id: int) -> WriteInput:
    properties = {**(row.get("properties") or {}), row["idProperty"]: str(row["id"])}
    trace = row.get("objectWriteTraceId")
    return WriteInput(record_id, properties, str(trace) if trace else None, str(row["id"]))


def _archive(request: ApiRequest) -> ApiResponse:
    for write_input in _parse_inputs(request):
        if request.portal.records.row(write_input.id) is not None:
            request.portal.archive(write_input.id)
    return ApiResponse(status=204)


def _parse_inputs(request: ApiRequest, *, known: bool = True) -> list[WriteInput]:
    """The records of a batch; `known` ones have an id, or a value of the unique property that stands for it."""
    inputs = [_parse_input(request, row, known=known) for row in parse_batch_entries(request.body())]
    if known:
        require_distinct_ids([write_input.id for write_input in inputs])
    return inputs


def _parse_input(request: ApiRequest, row: dict[str, Any], *, known: bool) -> WriteInput:
    properties = row.get("properties") or {}
    if not isinstance(properties, dict) or any(isinstance(value, dict | list) for value in properties.values()):
        raise bad_request("Invalid input JSON: every input is an object, its properties are plain values")
    sent_id, id_property = str(row.get("id", "")), row.get("idProperty")
    target_id = record_id(request.record_store, sent_id, id_property, "read/update") if known else 0
    trace = row.get("objectWriteTraceId")
    return WriteInput(target_id, properties, str(trace) if trace else None, sent_id)


BATCHES = (
    Operation("POST", f"{PATH}/batch/update", WRITE, _update),
    Operation("POST", f"{PATH}/batch/upsert", WRITE, _upsert),
    Operation("POST", f"{PATH}/batch/create", WRITE, _create),
    Operation("POST", f"{PATH}/batch/archive", WRITE, _archive),
)
