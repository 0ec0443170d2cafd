"""The members of a static list: added, removed, or cleared at once."""

from collections.abc import Iterable

from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.lists.lists import COMPANY, CrmList
from icp_sync.sandbox.store.records import Records

MOST_CLEARED = 100_000


def require_static(crm_list: CrmList) -> CrmList:
    """The list, if its members may be written; 400 for an active one."""
    if crm_list.kind == "DYNAMIC":
        message = f"List {crm_list.id} is DYNAMIC: its members are set by its filters."
        raise bad_request(message, sub_category="ILS.INVALID_LIST_TYPE")
    return crm_list


def clear_members(crm_list: CrmList, now: int) -> None:
    """Remove all members of a static list of fewer than 100,000."""
    if len(require_static(crm_list).members) >= MOST_CLEARED:
        raise bad_request(f"Only lists of fewer than {MOST_CLEARED} members can be cleared at once.")
    if crm_list.members:
        crm_list.members.clear()
        crm_list.removed_at = now


def change_members(
    crm_list: CrmList, records: Records, add: Iterable[str], remove: Iterable[str], now: int
) -> dict[str, list[str]]:
    """Add and remove members; ids of no live company are reported missing. The odd key is HubSpot's own."""
    added, removed, absent = [], [], []
    for text in dict.fromkeys(str(record_id) for record_id in add):
        if crm_list.object_type != COMPANY or not text.isdecimal() or records.row(int(text)) is None:
            absent.append(text)
        elif int(text) not in crm_list.members:
            crm_list.members[int(text)] = now
            crm_list.first_joined.setdefault(int(text), now)
            added.append(text)
    for text in dict.fromkeys(str(record_id) for record_id in remove):
        if text.isdecimal() and crm_list.members.pop(int(text), None) is not None:
            removed.append(text)
        elif not text.isdecimal() or records.row(int(text)) is None:
            absent.append(text)
    crm_list.updated_at = now
    crm_list.added_at, crm_list.removed_at = (
        now if added else crm_list.added_at,
        now if removed else crm_list.removed_at,
    )
    return {"recordsIdsAdded": added, "recordIdsRemoved": removed, "recordIdsMissing": absent}
