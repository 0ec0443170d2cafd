"""Lists and their folder in the portal: find, create, update filters, change members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from icp_sync.errors import ObjectNotFound, PortalUnavailable
from icp_sync.plan.apply_stages import MEMBERS_PER_CALL
from icp_sync.plan.list_diff import COMPANY_OBJECT, PROCESSING
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PageIterator
from icp_sync.portal.client.response_shapes import whole_number
from icp_sync.portal.client.routes import (
    FOLDER_CREATE,
    FOLDERS,
    LIST,
    LIST_CHANGE,
    LIST_CREATE,
    LIST_FILTERS,
    LIST_MEMBERS,
    LIST_SEARCH,
)
from icp_sync.portal.client.timestamps import timestamp_text

Kind = Literal["static", "active"]
# HubSpot's maximum for either call.
MEMBERS_PER_PAGE: Final = 250
_LISTS_PER_PAGE: Final = 500
_MORE: Final = ("hs_list_size", "hs_last_record_added_at", "hs_last_record_removed_at")


@dataclass(frozen=True, slots=True)
class PortalList:
    """A list in the portal.

    `object_type` of companies is `0-2`; `processing_type` is MANUAL, SNAPSHOT or DYNAMIC; `created_at` is
    ISO 8601; `size` is updated some time after members change; `filters` is the filter branch, None if not requested.
    `added_at`, `removed_at`: when it last got and lost members, epoch ms; None = never, or not found by a search.
    """

    id: str
    name: str
    object_type: str
    processing_type: str
    created_at: str | None = None
    size: int | None = None
    filters: dict[str, Any] | None = None
    added_at: int | None = None
    removed_at: int | None = None


@dataclass(frozen=True, slots=True)
class MemberChangeResult:
    """The result of a member change: ids on the list and ids off it afterwards; `missing`: ids of no live company."""

    added: int
    removed: int
    missing: tuple[int, ...]


def find_folder_ids(connection: Connection, name: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the ids of the list folders in `known`, then of those with that name, at any depth.

    Empty also where the portal has no folders. Folders below different parents may share a name.
    """
    try:
        root = connection.call(FOLDERS)["folder"]
    except ObjectNotFound:
        return ()
    names = {str(folder["id"]): folder.get("name") for folder in _folders_below(root)}
    known_folders = [folder_id for folder_id in names if folder_id in known]
    return (*known_folders, *(folder_id for folder_id in names if folder_id not in known and names[folder_id] == name))


def lists_in_folder(connection: Connection, folder_id: str) -> frozenset[str]:
    """Return the ids of the lists in one folder; empty where it was deleted. One call."""
    # In the folder tree `childLists` is empty in all child nodes; only the folder requested by id has it
    # (HubSpot's description of GET /crm/v3/lists/folders).
    try:
        folder = connection.call(FOLDERS, query=[("folderId", folder_id)])["folder"]
    except ObjectNotFound:
        return frozenset()
    return frozenset(map(str, folder.get("childLists") or ()))


def create_folder(connection: Connection, name: str) -> str:
    """Create a folder and return its id. Raises Rejected if the name is taken, NotFound in a portal without folders."""
    return str(connection.call(FOLDER_CREATE, body={"name": name})["folder"]["id"])


def get_list(connection: Connection, list_id: str, *, filters: bool = False) -> PortalList | None:
    """Return the list of that id, with its filter branch if `filters`; None where the portal has none.

    A deleted list counts as none, though HubSpot can restore it for 90 days.
    """
    query = [("includeFilters", "true")] if filters else []
    try:
        payload = connection.call(LIST, query=query, listId=list_id)["list"]
    except ObjectNotFound:
        return None
    return None if payload.get("deletedAt") else _parse_list(payload)


def find_by_name(connection: Connection, name: str) -> tuple[PortalList, ...]:
    """Return the lists of that name, of any object type; HubSpot compares list names case-insensitively."""
    folded_name = name.casefold()
    return tuple(
        _parse_list(payload)
        for payload in _search_lists(connection, {"query": name})
        if str(payload.get("name")).casefold() == folded_name
    )


def find_by_ids(connection: Connection, ids: Collection[str]) -> dict[str, PortalList]:
    """Return list id → the list, of those in the portal, with when members came and went. No call without ids."""
    # A read of one list has its size but not when members came and went; a search tells both, of all lists at once.
    portal_lists = map(_parse_list, _search_lists(connection, {"listIds": sorted(ids)})) if ids else ()
    return {portal_list.id: portal_list for portal_list in portal_lists if portal_list.id in ids}


def create_list(
    connection: Connection,
    name: str,
    kind: Kind,
    folder_id: str | None = None,
    filters: Mapping[str, Any] | None = None,
) -> PortalList:
    """Create a list of companies and return it; an active one needs `filters`.

    Raises Rejected when the name is taken (`sub_category` ILS.DUPLICATE_LIST_NAMES), also by an earlier attempt of
    this call whose response was lost.
    """
    body: dict[str, Any] = {"name": name, "objectTypeId": COMPANY_OBJECT, "processingType": PROCESSING[kind]}
    body |= {"listFolderId": int(folder_id)} if folder_id else {}  # a number here, text everywhere else
    body |= {"filterBranch": filters} if filters else {}
    return _parse_list(connection.call(LIST_CREATE, body=body)["list"])


def count_lists(connection: Connection, kind: Kind) -> int:
    """Return the number of lists of that kind in the portal, of all object types."""
    kinds = [name for name in ("MANUAL", "SNAPSHOT", "DYNAMIC") if (name == PROCESSING["active"]) == (kind == "active")]
    body = {"count": 1, "offset": 0, "processingTypes": kinds, "additionalProperties": []}
    total = whole_number(connection.call(LIST_SEARCH, body=body).get("total"))
    if total is None:
        raise PortalUnavailable("HubSpot did not say how many lists there are; run again later")
    return total


def update_filters(connection: Connection, list_id: str, filters: Mapping[str, Any]) -> Any:
    """Replace the filter branch of an active list, and return it as HubSpot shows it then; None where it does not."""
    updated = connection.call(LIST_FILTERS, body={"filterBranch": filters}, listId=list_id).get("updatedList")
    return updated.get("filterBranch") if isinstance(updated, dict) else None


def read_members(connection: Connection, list_id: str, size: int | None = None) -> list[int]:
    """Return the record ids on the list, ascending.

    An empty response is accepted at once where the list's `size` is 0 too, and repeated twice otherwise.
    """
    query = [("limit", MEMBERS_PER_PAGE)]
    if size == 0 and not connection.call(LIST_MEMBERS, query=query, listId=list_id)["results"]:
        return []
    pages = PageIterator(connection, LIST_MEMBERS, query, listId=list_id)
    return sorted({int(member["recordId"]) for page in pages for member in page})


def change_members(
    connection: Connection,
    list_id: str,
    add: Sequence[int],
    remove: Sequence[int],
    on_change: Callable[[], None] = lambda: None,
) -> MemberChangeResult:
    """Add and remove members of a static list, in calls of at most `MEMBERS_PER_CALL` of each.

    `on_change` is called after every successful call, as a later one may fail. The counts are the state afterwards,
    not HubSpot's report: of a repeated call it reports no change, though the first attempt may have been carried out.
    """
    missing: set[int] = set()
    for start in range(0, max(len(add), len(remove)), MEMBERS_PER_CALL):
        to_add, to_remove = add[start : start + MEMBERS_PER_CALL], remove[start : start + MEMBERS_PER_CALL]
        body = {"recordIdsToAdd": list(map(str, to_add)), "recordIdsToRemove": list(map(str, to_remove))}
        payload = connection.call(LIST_CHANGE, body=body, listId=list_id)
        missing.update(map(int, payload.get("recordIdsMissing") or ()))
        on_change()
    return MemberChangeResult(len(set(add) - missing), len(set(remove) - missing), tuple(sorted(missing)))


def _search_lists(connection: Connection, criteria: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    more, offset = True, 0
    seen: set[str] = set()
    while more:
        body = {**criteria, "count": _LISTS_PER_PAGE, "offset": offset, "additionalProperties": list(_MORE)}
        payload = connection.call(LIST_SEARCH, body=body)
        lists, more = payload["lists"], bool(payload.get("hasMore"))
        if more and not lists:
            raise PortalUnavailable(
                "HubSpot answered a search for lists with an empty page in the middle; run again later"
            )
        # Past its last page a search need not be empty: one that stays at its limit shows the same lists for ever.
        ids = {str(entry["listId"]) for entry in lists}
        if more and ids <= seen:
            raise PortalUnavailable("HubSpot sent a search for lists round in a circle; run again later")
        seen |= ids
        yield from (payload for payload in lists if not payload.get("deletedAt"))
        offset += len(lists)


def _folders_below(root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for child in root.get("childNodes") or ():
        yield child
        yield from _folders_below(child)


def _parse_list(payload: Mapping[str, Any]) -> PortalList:
    # A read has `size`; a search has it and the dates as text, and only where they are known.
    more = payload.get("additionalProperties") or {}
    size, added_at, removed_at = (more.get(name) for name in _MORE)
    return PortalList(
        id=str(payload["listId"]),
        name=str(payload.get("name") or ""),
        object_type=str(payload.get("objectTypeId") or ""),
        processing_type=str(payload.get("processingType") or ""),
        created_at=timestamp_text(payload.get("createdAt")),
        size=whole_number(payload.get("size", size)),
        filters=payload.get("filterBranch"),
        added_at=whole_number(added_at),
        removed_at=whole_number(removed_at),
    )
