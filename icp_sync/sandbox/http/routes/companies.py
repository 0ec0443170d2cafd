"""Companies one by one and page by page: list, search, read, create, update, archive, merge."""

from dataclasses import replace

from icp_sync.sandbox.api.write import Input
from icp_sync.sandbox.http.messages import Call, Operation, Reply
from icp_sync.sandbox.http.unique_ids import existing_id
from icp_sync.sandbox.refusals import invalid
from icp_sync.sandbox.search.query import query_of

PATH = "/crm/objects/companies"
ONE = f"{PATH}/{{companyId}}"
READ = (("crm.objects.companies.read",),)
WRITE = (("crm.objects.companies.write",),)


def _list_companies(call: Call) -> Reply:
    most = 50 if call.asked("propertiesWithHistory") else 100
    names = call.readable(call.asked_all("properties"))
    limit, archived = call.limit(10, most), call.flag("archived")
    return Reply(call.portal.reading.page(names, call.asked("after"), limit, archived=archived))


def _search(call: Call) -> Reply:
    query = query_of(call.body(), len(call.content.decode()))
    query = replace(query, names=call.readable(query.names))
    limit = call.faulty_limit(query.limit)
    return Reply(call.portal.searching.answer(query, limit, call.now, call.strike))


def _read(call: Call) -> Reply:
    names = call.readable(call.asked_all("properties"))
    return Reply(call.portal.reading.one(_id(call), names, archived=call.flag("archived")))


def _create(call: Call) -> Reply:
    results, _ = call.portal.writing.create([Input(0, _properties(call))])
    return Reply(results[0], 201, {"Location": f"{call.address}/{results[0]['id']}"})


def _update(call: Call) -> Reply:
    return Reply(call.portal.writing.update_one(_id(call), _properties(call), ruled=call.ruled))


def _archive(call: Call) -> Reply:
    """Archiving what is already gone is no error."""
    if call.portal.records.row(_id(call)) is not None:
        call.portal.archive(_id(call))
    return Reply(status=204)


def _merge(call: Call) -> Reply:
    body = call.body()
    primary, merged = str(body.get("primaryObjectId")), str(body.get("objectIdToMerge"))
    if not (primary.isdecimal() and merged.isdecimal()) or primary == merged:
        raise invalid("A merge needs two different record ids.")
    survivor = call.portal.merge(primary, merged, new_id=call.portal.merge_new_ids)
    return Reply(call.portal.reading.one(survivor, (), archived=False))


def _id(call: Call) -> int:
    return existing_id(call.portal, call.path["companyId"], call.asked("idProperty"), "read/update")


def _properties(call: Call) -> dict[str, str]:
    properties = call.body().get("properties")
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
