"""Who is on a list, and the lists a record is on."""

from bisect import bisect_right
from typing import Any

from icp_sync.sandbox.exchange import Call, Operation, Reply
from icp_sync.sandbox.lists import COMPANY, List, change_members, static
from icp_sync.sandbox.refusals import invalid
from icp_sync.sandbox.timestamps import iso

from .lists import ONE, PATH, READ, WRITE

MEMBERS = f"{ONE}/memberships"


def _read_page(call: Call) -> Reply:
    """Ascending by record id; the cursor is the last id shown."""
    one, after = _list(call), call.asked("after") or "0"
    if not after.isdecimal():
        raise invalid(f'Invalid paging cursor "{after}"')
    ids = sorted(one.members)
    return _page(call, one, ids, bisect_right(ids, int(after)))


def _page_by_joining(call: Call) -> Reply:
    """By the moment of joining, then id; the cursor is again the last id shown."""
    one, after = _list(call), call.asked("after")
    ids = sorted(one.members, key=lambda record_id: (one.members[record_id], record_id))
    if after and not (after.isdecimal() and int(after) in one.members):
        raise invalid(f'Invalid paging cursor "{after}"')
    return _page(call, one, ids, ids.index(int(after)) + 1 if after else 0)


def _add(call: Call) -> Reply:
    return _changed(call, call.json(), [])


def _remove(call: Call) -> Reply:
    return _changed(call, [], call.json())


def _add_and_remove(call: Call) -> Reply:
    body = call.body()
    return _changed(call, body.get("recordIdsToAdd") or [], body.get("recordIdsToRemove") or [])


def _clear(call: Call) -> Reply:
    static(_list(call)).members.clear()
    return Reply(status=204)


def _of_record(call: Call) -> Reply:
    record_id = call.path["recordId"]
    if call.path["objectTypeId"] != COMPANY or not record_id.isdecimal():
        raise invalid("Only companies (0-2) with numeric ids have memberships in this portal.")
    lists = call.portal.lists.of_record(int(record_id), call.now)
    results = [_membership(one, one.members[int(record_id)]) for one in lists]
    return Reply({"results": results, "total": len(results)})


def _list(call: Call) -> List:
    return call.portal.lists.get(call.path["listId"], call.now)


def _page(call: Call, one: List, ids: list[int], start: int) -> Reply:
    limit = call.limit(100, 250)
    shown = ids[start : start + limit]
    results = [{"recordId": str(one_id), "membershipTimestamp": iso(one.members[one_id])} for one_id in shown]
    body: dict[str, Any] = {"results": results, "total": len(ids)}
    if start + limit < len(ids):
        after = str(shown[-1]) if shown else call.asked("after") or "0"
        body["paging"] = {"next": {"after": after, "link": f"?after={after}"}}
    return Reply(body)


def _changed(call: Call, to_add: Any, to_remove: Any) -> Reply:
    if not isinstance(to_add, list) or not isinstance(to_remove, list):
        raise invalid("Invalid input JSON: a list of record ids is expected")
    one = static(_list(call))
    return Reply(change_members(one, call.portal.records, to_add, to_remove, call.now))


def _membership(one: List, at: int) -> dict[str, object]:
    return {
        "listId": str(one.id),
        "listVersion": one.version,
        "firstAddedTimestamp": iso(at),
        "lastAddedTimestamp": iso(at),
    }


MEMBERSHIPS = (
    Operation("GET", MEMBERS, READ, _read_page),
    Operation("DELETE", MEMBERS, WRITE, _clear),
    Operation("GET", f"{MEMBERS}/join-order", READ, _page_by_joining),
    Operation("PUT", f"{MEMBERS}/add", WRITE, _add),
    Operation("PUT", f"{MEMBERS}/remove", WRITE, _remove),
    Operation("PUT", f"{MEMBERS}/add-and-remove", WRITE, _add_and_remove),
    Operation("GET", f"{PATH}/records/{{objectTypeId}}/{{recordId}}/memberships", READ, _of_record),
)
