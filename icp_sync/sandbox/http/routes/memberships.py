"""The members of a list, and the lists a record is a member of."""

from bisect import bisect_right
from typing import Any

from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.http.api_types import ApiRequest, ApiResponse, Operation
from icp_sync.sandbox.http.routes.lists import ONE, PATH, READ, WRITE
from icp_sync.sandbox.lists.lists import COMPANY, CrmList
from icp_sync.sandbox.lists.static_members import change_members, clear_members, require_static
from icp_sync.sandbox.timestamps import format_iso

MEMBERS = f"{ONE}/memberships"


def _read_page(request: ApiRequest) -> ApiResponse:
    """Ascending by record id, or descending backwards from `before` alone; the cursor is the last id shown."""
    crm_list, after, before = _requested_list(request), request.query_value("after"), request.query_value("before")
    cursor = after or before or "0"
    if not cursor.isdecimal():
        raise bad_request(f'Invalid paging cursor "{cursor}"')
    if before and not after:
        ids = sorted((member for member in crm_list.members if member < int(before)), reverse=True)
        return _page_response(request, crm_list, ids, 0, cursor="before")
    ids = sorted(crm_list.members)
    return _page_response(request, crm_list, ids, bisect_right(ids, int(cursor)))


def _read_page_by_join_time(request: ApiRequest) -> ApiResponse:
    """By time of joining, then id, or backwards from `before` alone; the cursor is the last id of the page."""
    crm_list, after, before = _requested_list(request), request.query_value("after"), request.query_value("before")
    cursor = after or before
    if cursor and not (cursor.isdecimal() and int(cursor) in crm_list.members):
        raise bad_request(f'Invalid paging cursor "{cursor}"')
    backwards = bool(before and not after)
    ids = sorted(crm_list.members, key=lambda record_id: (crm_list.members[record_id], record_id), reverse=backwards)
    return _page_response(
        request, crm_list, ids, ids.index(int(cursor)) + 1 if cursor else 0, "before" if backwards else "after"
    )


def _add(request: ApiRequest) -> ApiResponse:
    return _change_members(request, request.json(), [])


def _remove(request: ApiRequest) -> ApiResponse:
    return _change_members(request, [], request.json())


def _add_and_remove(request: ApiRequest) -> ApiResponse:
    body = request.body()
    return _change_members(request, body.get("recordIdsToAdd") or [], body.get("recordIdsToRemove") or [])


def _clear(request: ApiRequest) -> ApiResponse:
    clear_members(_requested_list(request), request.now)
    return ApiResponse(status=204)


def _lists_of_record(request: ApiRequest) -> ApiResponse:
    record_id = request.path["recordId"]
    if request.path["objectTypeId"] != COMPANY or not record_id.isdecimal():
        raise bad_request("Only companies (0-2) with numeric ids have memberships in this portal.")
    results = _memberships_of_record(request, int(record_id))
    return ApiResponse({"results": results, "total": len(results)})


def _requested_list(request: ApiRequest) -> CrmList:
    return request.portal.lists.get(request.path["listId"], request.now)


def _lists_of_records(request: ApiRequest) -> ApiResponse:
    """The lists of several records at once; a record on none has an empty list."""
    rows = request.body().get("inputs")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_request("Invalid input JSON: inputs must be a list of recordId and objectTypeId")
    results = [_record_memberships(request, row) for row in rows]
    moment = format_iso(request.now)
    return ApiResponse({"status": "COMPLETE", "results": results, "startedAt": moment, "completedAt": moment})


def _record_memberships(request: ApiRequest, row: dict[str, Any]) -> dict[str, object]:
    record_id = str(row.get("recordId"))
    if row.get("objectTypeId") != COMPANY or not record_id.isdecimal():
        raise bad_request("Only companies (0-2) with numeric ids have memberships in this portal.")
    return {
        "recordId": record_id,
        "objectTypeId": COMPANY,
        "recordListMemberships": _memberships_of_record(request, int(record_id)),
    }


def _page_response(
    request: ApiRequest, crm_list: CrmList, ids: list[int], start: int, cursor: str = "after"
) -> ApiResponse:
    limit = request.page_limit(100, 250)
    shown = ids[start : start + limit]
    results = [
        {"recordId": str(record_id), "membershipTimestamp": format_iso(crm_list.members[record_id])}
        for record_id in shown
    ]
    body: dict[str, Any] = {"results": results, "total": len(ids)}
    if start + limit < len(ids):
        after = str(shown[-1]) if shown else request.query_value(cursor) or "0"
        body["paging"] = {"next": {"after": after}}
    return ApiResponse(body)


def _change_members(request: ApiRequest, to_add: Any, to_remove: Any) -> ApiResponse:
    if not isinstance(to_add, list) or not isinstance(to_remove, list):
        raise bad_request("Invalid input JSON: a list of record ids is expected")
    crm_list = require_static(_requested_list(request))
    if not all(str(member).isdecimal() for member in [*to_add, *to_remove]):
        raise bad_request("Invalid input JSON: a record id is made of digits")
    return ApiResponse(change_members(crm_list, request.portal.records, to_add, to_remove, request.now))


def _memberships_of_record(request: ApiRequest, record_id: int) -> list[dict[str, object]]:
    lists = request.portal.lists.lists_of_record(record_id, request.now)
    return [_membership(crm_list, record_id) for crm_list in lists]


def _membership(crm_list: CrmList, record_id: int) -> dict[str, object]:
    at = crm_list.members[record_id]
    first = crm_list.first_joined.get(record_id, at)
    return {
        "listId": str(crm_list.id),
        "listVersion": crm_list.version,
        "firstAddedTimestamp": format_iso(first),
        "lastAddedTimestamp": format_iso(at),
    }


MEMBERSHIPS = (
    Operation("GET", MEMBERS, READ, _read_page),
    Operation("DELETE", MEMBERS, WRITE, _clear),
    Operation("GET", f"{MEMBERS}/join-order", READ, _read_page_by_join_time),
    Operation("PUT", f"{MEMBERS}/add", WRITE, _add),
    Operation("PUT", f"{MEMBERS}/remove", WRITE, _remove),
    Operation("PUT", f"{MEMBERS}/add-and-remove", WRITE, _add_and_remove),
    Operation("POST", f"{PATH}/records/memberships/batch/read", READ, _lists_of_records),
    Operation("GET", f"{PATH}/records/{{objectTypeId}}/{{recordId}}/memberships", READ, _lists_of_record),
)
