"""The Properties API: definitions and groups, to be changed for companies and read for every kind of records."""

from dataclasses import replace
from typing import Any

from icp_sync.sandbox.auth import require_scopes, writing_scopes
from icp_sync.sandbox.error_responses import ApiError, bad_request, batch_error_entry
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.store.object_types import OBJECT_TYPES, ObjectType
from icp_sync.sandbox.store.property_definition import NON_SENSITIVE
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.timestamps import format_iso

PATH = "/crm/properties/companies"
ONE = f"{PATH}/{{propertyName}}"
GROUPS = f"{PATH}/groups"
GROUP = f"{GROUPS}/{{groupName}}"
WRITE = (("crm.schemas.companies.write",),)


def _list_properties(request: ApiRequest) -> ApiResponse:
    sensitivity = request.query_value("dataSensitivity") or NON_SENSITIVE
    definitions = _schema(request).list_definitions(archived=request.query_flag("archived"), sensitivity=sensitivity)
    return ApiResponse({"results": [definition.as_json() for definition in definitions]})


def _read(request: ApiRequest) -> ApiResponse:
    sensitivity = request.query_value("dataSensitivity") or NON_SENSITIVE
    definition = _schema(request).get(
        request.path["propertyName"], archived=request.query_flag("archived"), sensitivity=sensitivity
    )
    return ApiResponse(definition.as_json())


def _create(request: ApiRequest) -> ApiResponse:
    """A sensitive one only for a token that may write such values."""
    body = request.body()
    sensitivity = str(body.get("dataSensitivity") or NON_SENSITIVE)
    if sensitivity != NON_SENSITIVE:
        require_scopes(request.portal.tokens[request.token], (writing_scopes(sensitivity),))
    return ApiResponse(_schema(request).create(body, request.now).as_json(), 201)


def _update(request: ApiRequest) -> ApiResponse:
    return ApiResponse(_schema(request).update(request.path["propertyName"], request.body(), request.now).as_json())


def _archive(request: ApiRequest) -> ApiResponse:
    _schema(request).archive(request.path["propertyName"], request.now)
    return ApiResponse(status=204)


def _batch_read(request: ApiRequest) -> ApiResponse:
    body = request.body()
    names = [str(one.get("name")) for one in _parse_inputs(body)]
    definitions = _schema(request).archived if body.get("archived") else _schema(request).definitions
    wanted = body.get("dataSensitivity") or NON_SENSITIVE
    known_names = [name for name in names if name in definitions and definitions[name].sensitivity == wanted]
    results = [definitions[name].as_json() for name in known_names]
    unknown_names = [name for name in names if name not in known_names]
    message = "Some properties do not exist."
    errors = [batch_error_entry("OBJECT_NOT_FOUND", message, {"name": unknown_names})] if unknown_names else []
    return _batch_response(request, results, errors, 200)


def _batch_create(request: ApiRequest) -> ApiResponse:
    schema, made, errors = _schema(request), [], []
    for definition in _parse_inputs(request.body()):
        try:
            made.append(schema.create(definition, request.now).as_json())
        except ApiError as refusal:
            category, message = str(refusal.body["category"]), str(refusal)
            errors.append(batch_error_entry(category, message, {"name": [str(definition.get("name"))]}))
    return _batch_response(request, made, errors, 201)


def _batch_archive(request: ApiRequest) -> ApiResponse:
    """Archive the named properties; unknown or archived ones are no error."""
    schema = _schema(request)
    for name in [str(definition.get("name")) for definition in _parse_inputs(request.body())]:
        if name in schema.definitions:
            schema.archive(name, request.now)
    return ApiResponse(status=204)


def _list_groups(request: ApiRequest) -> ApiResponse:
    return ApiResponse({"results": [group.as_json() for group in _schema(request).groups.values()]})


def _read_group(request: ApiRequest) -> ApiResponse:
    return ApiResponse(_schema(request).get_group(request.path["groupName"]).as_json())


def _create_group(request: ApiRequest) -> ApiResponse:
    return ApiResponse(_schema(request).create_group(request.body()).as_json(), 201)


def _update_group(request: ApiRequest) -> ApiResponse:
    body, group = request.body(), _schema(request).get_group(request.path["groupName"])
    order = body.get("displayOrder")
    order = group.display_order if order is None else int(order)
    changed = replace(group, label=str(body.get("label") or group.label), display_order=order)
    return ApiResponse(_schema(request).add_group(changed).as_json())


def _archive_group(request: ApiRequest) -> ApiResponse:
    _schema(request).archive_group(request.path["groupName"])
    return ApiResponse(status=204)


def _schema(request: ApiRequest) -> PropertySchema:
    return request.record_store.schema


def _parse_inputs(body: dict[str, Any]) -> list[dict[str, Any]]:
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise bad_request("Invalid input JSON: inputs must be a list of objects")
    return inputs


def _batch_response(request: ApiRequest, results: list[Any], errors: list[Any], status: int) -> ApiResponse:
    moment = format_iso(request.now)
    body: dict[str, Any] = {"status": "COMPLETE", "results": results, "startedAt": moment, "completedAt": moment}
    body |= {"numErrors": len(errors), "errors": errors} if errors else {}
    if request.enforces_property_rules:  # since 2026-09 a batch of properties has one status, whatever became of it
        return ApiResponse(body, 200)
    return ApiResponse(body, 207 if errors else status)


def _read_operations(object_type: ObjectType) -> tuple[Operation, ...]:
    """The calls that read definitions and groups of a kind of records; the schema's scope or the records' will do."""
    name = object_type.name
    path, scopes = f"/crm/properties/{name}", ((f"crm.schemas.{name}.read", f"crm.objects.{name}.read"),)
    return (
        Operation("GET", path, scopes, _list_properties, type_name=name),
        Operation("POST", f"{path}/batch/read", scopes, _batch_read, type_name=name),
        Operation("GET", f"{path}/groups", scopes, _list_groups, type_name=name),
        Operation("GET", f"{path}/groups/{{groupName}}", scopes, _read_group, type_name=name),
        Operation("GET", f"{path}/{{propertyName}}", scopes, _read, type_name=name),
    )


PROPERTIES = (
    *(operation for object_type in OBJECT_TYPES for operation in _read_operations(object_type)),
    Operation("POST", PATH, WRITE, _create),
    Operation("POST", f"{PATH}/batch/create", WRITE, _batch_create),
    Operation("POST", f"{PATH}/batch/archive", WRITE, _batch_archive),
    Operation("POST", GROUPS, WRITE, _create_group),
    Operation("PATCH", GROUP, WRITE, _update_group),
    Operation("DELETE", GROUP, WRITE, _archive_group),
    Operation("PATCH", ONE, WRITE, _update),
    Operation("DELETE", ONE, WRITE, _archive),
)
