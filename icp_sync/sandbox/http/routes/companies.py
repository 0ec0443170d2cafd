"""Companies one by one: create, update, archive, merge; reading them is as of any record."""

from icp_sync.sandbox.api.record_writes import WriteInput
from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.id_property_lookup import require_record_id
from icp_sync.sandbox.http.routes.object_reads import read_operations
from icp_sync.sandbox.store.object_types import COMPANIES as COMPANY_TYPE

PATH = "/crm/objects/companies"
ONE = f"{PATH}/{{companyId}}"
WRITE = (("crm.objects.companies.write",),)


def _create(request: ApiRequest) -> ApiResponse:
    results, _ = request.portal.writing.create([WriteInput(0, _property_values(request))], request.source)
    return ApiResponse(results[0], 201, {"Location": f"{request.address}/{results[0]['id']}"})


def _update(request: ApiRequest) -> ApiResponse:
    company_id, properties = _company_id(request), _property_values(request)
    rules = request.enforces_property_rules
    return ApiResponse(request.portal.writing.update_one(company_id, properties, request.source, enforce_rules=rules))


def _archive(request: ApiRequest) -> ApiResponse:
    """Archiving what is already gone is no error."""
    if request.portal.records.row(_company_id(request)) is not None:
        request.portal.archive(_company_id(request))
    return ApiResponse(status=204)


def _merge(request: ApiRequest) -> ApiResponse:
    body = request.body()
    primary, merged = str(body.get("primaryObjectId")), str(body.get("objectIdToMerge"))
    if not (primary.isdecimal() and merged.isdecimal()) or primary == merged:
        raise bad_request("A merge needs two different record ids.")
    survivor = request.portal.merge(primary, merged, new_id=request.portal.merge_new_ids)
    return ApiResponse(request.portal.reading.read_one(survivor, (), archived=False))


def _company_id(request: ApiRequest) -> int:
    return require_record_id(
        request.record_store, request.path["companyId"], request.query_value("idProperty"), "read/update"
    )


def _property_values(request: ApiRequest) -> dict[str, str]:
    properties = request.body().get("properties")
    if not isinstance(properties, dict) or any(isinstance(value, dict | list) for value in properties.values()):
        raise bad_request("Invalid input JSON: properties must be an object of plain values")
    return properties


COMPANIES = (
    *read_operations(COMPANY_TYPE),
    Operation("POST", PATH, WRITE, _create),
    Operation("POST", f"{PATH}/merge", WRITE, _merge),
    Operation("PATCH", ONE, WRITE, _update),
    Operation("DELETE", ONE, WRITE, _archive),
)
