"""Companies a hundred at a time: read, update, create, archive."""

from typing import Any

from icp_sync.sandbox.api.write import MOST_INPUTS, Input
from icp_sync.sandbox.http.messages import Call, Operation, Reply
from icp_sync.sandbox.http.routes.companies import PATH, READ, WRITE
from icp_sync.sandbox.http.unique_ids import found, record_id
from icp_sync.sandbox.refusals import invalid
from icp_sync.sandbox.timestamps import iso


def _read(call: Call) -> Reply:
    body = call.body()
    most = 50 if body.get("propertiesWithHistory") else MOST_INPUTS
    ids = {one.id: one.asked for one in _inputs(call, most, id_property=body.get("idProperty"))}
    names = call.readable(body.get("properties") or [])
    results, errors = call.portal.reading.batch(ids, names, archived=call.flag("archived"))
    return _reply(call, results, errors)


def _update(call: Call) -> Reply:
    results, errors = call.portal.writing.update(_inputs(call), ruled=call.ruled)
    return _reply(call, results, errors)


def _create(call: Call) -> Reply:
    inputs = _inputs(call, known=False)
    results, errors = call.portal.writing.create(inputs)
    return _reply(call, results, errors, status=201)


def _upsert(call: Call) -> Reply:
    """Update the records a unique property names, make those nobody has: `new` tells which."""
    rows = call.body().get("inputs")
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_INPUTS:
        raise invalid(f"Invalid input JSON: inputs must be a list of 1 to {MOST_INPUTS} entries")
    known = [_found(call, row) for row in rows]
    updates = [_upserted(row, row_id) for row, row_id in zip(rows, known, strict=True) if row_id is not None]
    news = [_upserted(row, 0) for row, row_id in zip(rows, known, strict=True) if row_id is None]
    updated, refused = call.portal.writing.update(updates) if updates else ([], [])
    created, refused_too = call.portal.writing.create(news) if news else ([], [])
    results = [{**record, "new": False} for record in updated] + [{**record, "new": True} for record in created]
    return _reply(call, results, [*refused, *refused_too])


def _found(call: Call, row: Any) -> int | None:
    """The id of the record whose unique property has the value that stands for an id; None without one."""
    named = row if isinstance(row, dict) else {}
    return found(call.portal, named.get("id"), named.get("idProperty"), "update/upsert")


def _upserted(row: Any, record_id: int) -> Input:
    properties = {**(row.get("properties") or {}), row["idProperty"]: str(row["id"])}
    trace = row.get("objectWriteTraceId")
    return Input(record_id, properties, str(trace) if trace else None, str(row["id"]))


def _archive(call: Call) -> Reply:
    for one in _inputs(call):
        if call.portal.records.row(one.id) is not None:
            call.portal.archive(one.id)
    return Reply(status=204)


def _inputs(call: Call, most: int = MOST_INPUTS, *, known: bool = True, id_property: str | None = None) -> list[Input]:
    """The records of a batch; `known` ones have an id, or a value of the unique property that stands for it."""
    rows = call.body().get("inputs")
    if not isinstance(rows, list) or not rows:
        raise invalid("Invalid input JSON: inputs must be a list with at least one entry")
    if len(rows) > most:
        raise invalid(f"Batch size must be at most {most}, got {len(rows)}")
    inputs = [_input(call, row, known=known, id_property=id_property) for row in rows]
    ids = [one.id for one in inputs]
    if known and len(set(ids)) != len(ids):
        raise invalid("Duplicate IDs found in batch input: every record may appear once")
    return inputs


def _input(call: Call, row: Any, *, known: bool, id_property: str | None) -> Input:
    properties = row.get("properties") or {} if isinstance(row, dict) else None
    if not isinstance(properties, dict) or any(isinstance(value, dict | list) for value in properties.values()):
        raise invalid("Invalid input JSON: every input is an object, its properties are plain values")
    asked, named_by = str(row.get("id", "")), row.get("idProperty") or id_property
    meant = record_id(call.portal, asked, named_by, "read/update") if known else 0
    trace = row.get("objectWriteTraceId")
    return Input(meant, properties, str(trace) if trace else None, asked)


def _reply(call: Call, results: list[Any], errors: list[Any], status: int = 200) -> Reply:
    moment = iso(call.now)
    body = {
        "status": "COMPLETE",
        "results": results,
        "requestedAt": moment,
        "startedAt": moment,
        "completedAt": moment,
    }
    return Reply({**body, "numErrors": len(errors), "errors": errors}, 207) if errors else Reply(body, status)


BATCHES = (
    Operation("POST", f"{PATH}/batch/read", READ, _read),
    Operation("POST", f"{PATH}/batch/update", WRITE, _update),
    Operation("POST", f"{PATH}/batch/upsert", WRITE, _upsert),
    Operation("POST", f"{PATH}/batch/create", WRITE, _create),
    Operation("POST", f"{PATH}/batch/archive", WRITE, _archive),
)
