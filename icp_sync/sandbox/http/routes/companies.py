"""Companies one by one and page by page: list, search, read, create, update, archive, merge."""

from dataclasses import replace

from icp_sync.sandbox.api.write import Input
from icp_sync.sandbox.http.messages import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.unique_ids import existing_id
from icp_sync.sandbox.refusals import invalid
from icp_sync.sandbox.search.query import query_of

PATH = "/crm/objects/companies"
ONE = f"{PATH}/{{companyId}}"
READ = (("crm.objects.companies.read",),)
WRITE = (("crm.objects.companies.write",),)


def _list_companies(request: ApiRequest) -> ApiResponse:
    most = 50 if request.query_value("propertiesWithHistory") else 100
    names = request.readable(request.query_values("properties"))
    limit, archived = request.limit(10, most), request.flag("archived")
    return ApiResponse(request.portal.reading.page(names, request.query_value("after"), limit, archived=archived))


def _search(request: ApiRequest) -> ApiResponse:
    query = query_of(request.body(), len(request.content.decode()))
    query = replace(query, names=request.readable(query.names))
    limit = request.faulty_limit(query.limit)
    return ApiResponse(request.portal.searching.answer(query, limit, request.now, request.hit))


def _read(request: ApiRequest) -> ApiResponse:
    names = request.readable(request.query_values("properties"))
    return ApiResponse(request.portal.reading.read_one(_id(request), names, archived=request.flag("archived")))


def _create(request: ApiRequest) -> ApiResponse:
    results, _ = request.portal.writing.create([Input(0, _properties(request))])
    return ApiResponse(results[0], 201, {"Location": f"{request.address}/{results[0]['id']}"})


def _update(request: ApiRequest) -> ApiResponse:
    return ApiResponse(
        request.portal.writing.update_one(_id(request), _properties(request), enforce_rules=request.enforces_rules)
    )


def _archive(request: ApiRequest) -> ApiResponse:
    """Archiving what is already gone is no error."""
    if request.portal.records.row(_id(request)) is not None:
        request.portal.archive(_id(request))
    return ApiResponse(status=204)


def _merge(request: ApiRequest) -> ApiResponse:
    body = request.body()
    primary, merged = str(body.get("primaryObjectId")), str(body.get("objectIdToMerge"))
    if not (primary.isdecimal() and merged.isdecimal()) or primary == merged:
        raise invalid("A merge needs two different record ids.")
    survivor = request.portal.merge(primary, merged, new_id=request.portal.merge_new_ids)
    return ApiResponse(request.portal.reading.read_one(survivor, (), archived=False))


def _id(request: ApiRequest) -> int:
    return existing_id(request.portal, request.path["companyId"], request.query_value("idProperty"), "read/update")


def _properties(request: ApiRequest) -> dict[str, str]:
    properties = request.body().get("properties")
    if not isinstance(properties, dict) or any(isinstance(value, dict | list) for value in properties.values()):
        raise invalid("Invalid input JSON: properties must be an object of plain values")
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
