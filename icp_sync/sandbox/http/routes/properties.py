"""The Properties API of the company object: definitions and groups."""

from dataclasses import replace
from typing import Any

from icp_sync.sandbox.auth import need, writing_scopes
from icp_sync.sandbox.http.messages import Call, Operation, Reply
from icp_sync.sandbox.refusals import Refusal, invalid, standard_error
from icp_sync.sandbox.store.definitions import NON_SENSITIVE
from icp_sync.sandbox.store.schema import Schema
from icp_sync.sandbox.timestamps import iso

PATH = "/crm/properties/companies"
ONE = f"{PATH}/{{propertyName}}"
GROUPS = f"{PATH}/groups"
GROUP = f"{GROUPS}/{{groupName}}"
READ = (("crm.schemas.companies.read", "crm.objects.companies.read"),)
WRITE = (("crm.schemas.companies.write",),)


def _list_properties(call: Call) -> Reply:
    sensitivity = call.asked("dataSensitivity") or NON_SENSITIVE
    definitions = _schema(call).listed(archived=call.flag("archived"), sensitivity=sensitivity)
    return Reply({"results": [definition.shown() for definition in definitions]})


def _read(call: Call) -> Reply:
    sensitivity = call.asked("dataSensitivity") or NON_SENSITIVE
    found = _schema(call).get(call.path["propertyName"], archived=call.flag("archived"), sensitivity=sensitivity)
    return Reply(found.shown())


def _create(call: Call) -> Reply:
    """A sensitive one only for a token that may write such values."""
    body = call.body()
    sensitivity = str(body.get("dataSensitivity") or NON_SENSITIVE)
    if sensitivity != NON_SENSITIVE:
        need(call.portal.tokens[call.token], (writing_scopes(sensitivity),))
    return Reply(_schema(call).create(body, call.now).shown(), 201)


def _update(call: Call) -> Reply:
    return Reply(_schema(call).update(call.path["propertyName"], call.body(), call.now).shown())


def _archive(call: Call) -> Reply:
    _schema(call).archive(call.path["propertyName"], call.now)
    return Reply(status=204)


def _batch_read(call: Call) -> Reply:
    body = call.body()
    names = [str(one.get("name")) for one in _inputs(body)]
    definitions = _schema(call).archived if body.get("archived") else _schema(call).definitions
    wanted = body.get("dataSensitivity") or NON_SENSITIVE
    there = [name for name in names if name in definitions and definitions[name].sensitivity == wanted]
    found = [definitions[name].shown() for name in there]
    absent = [name for name in names if name not in there]
    message = "Some properties do not exist."
    errors = [standard_error("OBJECT_NOT_FOUND", message, {"name": absent})] if absent else []
    return _batch(call, found, errors, 200)


def _batch_create(call: Call) -> Reply:
    schema, made, errors = _schema(call), [], []
    for one in _inputs(call.body()):
        try:
            made.append(schema.create(one, call.now).shown())
        except Refusal as refusal:
            category, message = str(refusal.body["category"]), str(refusal)
            errors.append(standard_error(category, message, {"name": [str(one.get("name"))]}))
    return _batch(call, made, errors, 201)


def _batch_archive(call: Call) -> Reply:
    """Whatever state each is in: a name nobody has, or one archived already, is no error."""
    schema = _schema(call)
    for name in [str(one.get("name")) for one in _inputs(call.body())]:
        if name in schema.definitions:
            schema.archive(name, call.now)
    return Reply(status=204)


def _list_groups(call: Call) -> Reply:
    return Reply({"results": [group.shown() for group in _schema(call).groups.values()]})


def _read_group(call: Call) -> Reply:
    return Reply(_schema(call).group(call.path["groupName"]).shown())


def _create_group(call: Call) -> Reply:
    return Reply(_schema(call).create_group(call.body()).shown(), 201)


def _update_group(call: Call) -> Reply:
    body, group = call.body(), _schema(call).group(call.path["groupName"])
    order = body.get("displayOrder")
    order = group.display_order if order is None else int(order)
    changed = replace(group, label=str(body.get("label") or group.label), display_order=order)
    return Reply(_schema(call).put_group(changed).shown())


def _archive_group(call: Call) -> Reply:
    _schema(call).archive_group(call.path["groupName"])
    return Reply(status=204)


def _schema(call: Call) -> Schema:
    return call.portal.schema


def _inputs(body: dict[str, Any]) -> list[dict[str, Any]]:
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise invalid("Invalid input JSON: inputs must be a list of objects")
    return inputs


def _batch(call: Call, results: list[Any], errors: list[Any], status: int) -> Reply:
    moment = iso(call.now)
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": moment, "completedAt": moment}
    body |= {"numErrors": len(errors), "errors": errors} if errors else {}
    if call.ruled:  # since 2026-09 a batch of properties has one status, whatever became of it
        return Reply(body, 200)
    return Reply(body, 207 if errors else status)


PROPERTIES = (
    Operation("GET", PATH, READ, _list_properties),
    Operation("POST", PATH, WRITE, _create),
    Operation("POST", f"{PATH}/batch/read", READ, _batch_read),
    Operation("POST", f"{PATH}/batch/create", WRITE, _batch_create),
    Operation("POST", f"{PATH}/batch/archive", WRITE, _batch_archive),
    Operation("GET", GROUPS, READ, _list_groups),
    Operation("POST", GROUPS, WRITE, _create_group),
    Operation("GET", GROUP, READ, _read_group),
    Operation("PATCH", GROUP, WRITE, _update_group),
    Operation("DELETE", GROUP, WRITE, _archive_group),
    Operation("GET", ONE, READ, _read),
    Operation("PATCH", ONE, WRITE, _update),
    Operation("DELETE", ONE, WRITE, _archive),
)
