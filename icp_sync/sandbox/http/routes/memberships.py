"""Who is on a list, and the lists a record is on."""

from bisect import bisect_right
from typing import Any

from icp_sync.sandbox.http.messages import Call, Operation, Reply
from icp_sync.sandbox.http.routes.lists import ONE, PATH, READ, WRITE
from icp_sync.sandbox.lists.lists import COMPANY, List, change_members, clear_members, static
from icp_sync.sandbox.refusals import invalid
from icp_sync.sandbox.timestamps import iso

MEMBERS = f"{ONE}/memberships"


def _read_page(call: Call) -> Reply:
    """Ascending by record id, or descending backwards from `before` alone; the cursor is the last id shown."""
    one, after, before = _list(call), call.asked("after"), call.asked("before")
    cursor = after or before or "0"
    if not cursor.isdecimal():
        raise invalid(f'Invalid paging cursor "{cursor}"')
    if before and not after:
        ids = sorted((member for member in one.members if member < int(before)), reverse=True)
        return _page(call, one, ids, 0, cursor="before")
    ids = sorted(one.members)
    return _page(call, one, ids, bisect_right(ids, int(cursor)))


def _page_by_joining(call: Call) -> Reply:
    """By the moment of joining, then id, or backwards from `before` alone; the cursor is again the last id shown."""
    one, after, before = _list(call), call.asked("after"), call.asked("before")
    cursor = after or before
    if cursor and not (cursor.isdecimal() and int(cursor) in one.members):
        raise invalid(f'Invalid paging cursor "{cursor}"')
    backwards = bool(before and not after)
    ids = sorted(one.members, key=lambda record_id: (one.members[record_id], record_id), reverse=backwards)
    return _page(call, one, ids, ids.index(int(cursor)) + 1 if cursor else 0, "before" if backwards else "after")


def _add(call: Call) -> Reply:
    return _changed(call, call.json(), [])


def _remove(call: Call) -> Reply:
    return _changed(call, [], call.json())


def _add_and_remove(call: Call) -> Reply:
    body = call.body()
    return _changed(call, body.get("recordIdsToAdd") or [], body.get("recordIdsToRemove") or [])


def _clear(call: Call) -> Reply:
    clear_members(_list(call))
    return Reply(status=204)


def _of_record(call: Call) -> Reply:
    record_id = call.path["recordId"]
    if call.path["objectTypeId"] != COMPANY or not record_id.isdecimal():
        raise invalid("Only companies (0-2) with numeric ids have memberships in this portal.")
    results = _memberships(call, int(record_id))
    return Reply({"results": results, "total": len(results)})


def _list(call: Call) -> List:
    return call.portal.lists.get(call.path["listId"], call.now)


def _of_records(call: Call) -> Reply:
    """The lists of several records at once; who is on none has an empty list of them."""
    rows = call.body().get("inputs")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise invalid("Invalid input JSON: inputs must be a list of recordId and objectTypeId")
    results = [_with_memberships(call, row) for row in rows]
    moment = iso(call.now)
    return Reply({"status": "COMPLETE", "results": results, "startedAt": moment, "completedAt": moment})


def _with_memberships(call: Call, row: dict[str, Any]) -> dict[str, object]:
    record_id = str(row.get("recordId"))
    if row.get("objectTypeId") != COMPANY or not record_id.isdecimal():
        raise invalid("Only companies (0-2) with numeric ids have memberships in this portal.")
    return {"recordId": record_id, "objectTypeId": COMPANY, "recordListMemberships": _memberships(call, int(record_id))}


def _page(call: Call, one: List, ids: list[int], start: int, cursor: str = "after") -> Reply:
    limit = call.limit(100, 250)
    shown = ids[start : start + limit]
    results = [{"recordId": str(one_id), "membershipTimestamp": iso(one.members[one_id])} for one_id in shown]
    body: dict[str, Any] = {"results": results, "total": len(ids)}
    if start + limit < len(ids):
        after = str(shown[-1]) if shown else call.asked(cursor) or "0"
        body["paging"] = {"next": {"after": after}}
    return Reply(body)


def _changed(call: Call, to_add: Any, to_remove: Any) -> Reply:
    if not isinstance(to_add, list) or not isinstance(to_remove, list):
        raise invalid("Invalid input JSON: a list of record ids is expected")
    one = static(_list(call))
    if not all(str(member).isdecimal() for member in [*to_add, *to_remove]):
        raise invalid("Invalid input JSON: a record id is made of digits")
    return Reply(change_members(one, call.portal.records, to_add, to_remove, call.now))


def _memberships(call: Call, record_id: int) -> list[dict[str, object]]:
    lists = call.portal.lists.of_record(record_id, call.now)
    return [_membership(one, record_id) for one in lists]


def _membership(one: List, record_id: int) -> dict[str, object]:
    at = one.members[record_id]
    first = one.first_joined.get(record_id, at)
    return {
        "listId": str(one.id),
        "listVersion": one.version,
        "firstAddedTimestamp": iso(first),
        "lastAddedTimestamp": iso(at),
    }


MEMBERSHIPS = (
    Operation("GET", MEMBERS, READ, _read_page),
    Operation("DELETE", MEMBERS, WRITE, _clear),
    Operation("GET", f"{MEMBERS}/join-order", READ, _page_by_joining),
    Operation("PUT", f"{MEMBERS}/add", WRITE, _add),
    Operation("PUT", f"{MEMBERS}/remove", WRITE, _remove),
    Operation("PUT", f"{MEMBERS}/add-and-remove", WRITE, _add_and_remove),
    Operation("POST", f"{PATH}/records/memberships/batch/read", READ, _of_records),
    Operation("GET", f"{PATH}/records/{{objectTypeId}}/{{recordId}}/memberships", READ, _of_record),
)
