"""Companies one by one and page by page: list, search, read, create, update, archive, merge."""

from collections.abc import Sequence
from dataclasses import replace

from icp_sync.sandbox.api.write import Input
from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.http.messages import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.unique_ids import existing_id
from icp_sync.sandbox.search.query import parse_query

PATH = "/crm/objects/companies"
ONE = f"{PATH}/{{companyId}}"
READ = (("crm.objects.companies.read",),)
WRITE = (("crm.objects.companies.write",),)
MOST_RECORDS, MOST_RECORDS_WITH_HISTORY = 100, 50


def _list_companies(request: ApiRequest) -> ApiResponse:
    names, history = request.readable(request.query_values("properties")), _history(request)
    limit, archived = request.limit(10, MOST_RECORDS), request.flag("archived")
    refuse_history_of_many(history, limit)
    after = request.query_value("after")
    return ApiResponse(request.portal.reading.page(names, after, limit, archived=archived, history=history))


def _search(request: ApiRequest) -> ApiResponse:
    query = parse_query(request.body(), len(request.content.decode()))
    query = replace(query, names=request.readable(query.names))
    limit = request.faulty_limit(query.limit)
    return ApiResponse(request.portal.searching.answer(query, limit, request.now, request.hit))


def _read(request: ApiRequest) -> ApiResponse:
    names = request.readable(request.query_values("properties"))
    archived, history = request.flag("archived"), _history(request)
    return ApiResponse(request.portal.reading.read_one(_id(request), names, archived=archived, history=history))


def _create(request: ApiRequest) -> ApiResponse:
    results, _ = request.portal.writing.create([Input(0, _properties(request))], request.source)
    return ApiResponse(results[0], 201, {"Location": f"{request.address}/{results[0]['id']}"})


def _update(request: ApiRequest) -> ApiResponse:
    company_id, properties = _id(request), _properties(request)
    rules = request.enforces_rules
    return ApiResponse(request.portal.writing.update_one(company_id, properties, request.source, enforce_rules=rules))


def _archive(request: ApiRequest) -> ApiResponse:
    """Archiving what is already gone is no error."""
    if request.portal.records.row(_id(request)) is not None:
        request.portal.archive(_id(request))
    return ApiResponse(status=204)


def _merge(request: ApiRequest) -> ApiResponse:
    body = request.body()
    primary, merged = str(body.get("primaryObjectId")), str(body.get("objectIdToMerge"))
    if not (primary.isdecimal() and merged.isdecimal()) or primary == merged:
        raise bad_request("A merge needs two different record ids.")
    survivor = request.portal.merge(primary, merged, new_id=request.portal.merge_new_ids)
    return ApiResponse(request.portal.reading.read_one(survivor, (), archived=False))


def refuse_history_of_many(history: Sequence[str], records: int) -> None:
    """Raise HubSpot's 400 for more than 50 records of which the history is asked for."""
    if history and records > MOST_RECORDS_WITH_HISTORY:
        most = MOST_RECORDS_WITH_HISTORY
        raise bad_request(f"You can only request at most {most} objects in one request for properties with history.")


def _history(request: ApiRequest) -> list[str]:
    return request.readable(request.query_values("propertiesWithHistory"))


def _id(request: ApiRequest) -> int:
    return existing_id(request.portal, request.path["companyId"], request.query_value("idProperty"), "read/update")


def _properties(request: ApiRequest) -> dict[str, str]:
    properties = request.body().get("properties")
    if not isinstance(properties, dict) or any(isinstance(value, dict | list) for value in properties.values()):
        raise bad_request("Invalid input JSON: properties must be an object of plain values")
    return properties


COMPANIES = (
    Operation("GET", PATH, READ, _list_companies),
    Operation("POST", PATH, WRITE, _create),
    Operation("POST", f"{PATH}/search", READ, _search, search=True),
    Operation("POST", f"{PATH}/merge", WRITE, _merge),
    Operation("GET", ONE, READ, _read),
    Operation("PATCH", ONE, WRITE, _update),
    Operation("DELETE", ONE, WRITE, _archive),
)
