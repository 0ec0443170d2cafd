"""Lists and their folder in the portal: find, make, refilter, and change who is on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from icp_sync.errors import NotFound, Unavailable
from icp_sync.plan.forecast import MEMBERS_PER_CALL
from icp_sync.plan.list_diff import COMPANY_OBJECT, PROCESSING
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import PageIterator
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

Kind = Literal["static", "active"]
MEMBERS_A_PAGE: Final = 250
_LISTS_A_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class PortalList:
    """A list as the portal has it.

    `object_type` of companies is `0-2`; `processing_type` is MANUAL, SNAPSHOT or DYNAMIC; `created_at` is
    ISO 8601; `size` lags behind changes; `filters` is the filter branch, where it was asked for.
    """

    id: str
    name: str
    object_type: str
    processing_type: str
    created_at: str | None = None
    size: int | None = None
    filters: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """How many ids a change has put on a list and taken off it; `missing` are those of no live company."""

    added: int
    removed: int
    missing: tuple[int, ...]


def folder_ids(connection: Connection, name: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """The ids of the list folders that are in `known` or bear that name, wherever they lie: the known ones first.

    Empty also where the portal has no folders. Several folders may share a name, below different parents.
    """
    try:
        root = connection.call(FOLDERS)["folder"]
    except NotFound:
        return ()
    names = {str(folder["id"]): folder.get("name") for folder in _folders_below(root)}
    ours = [folder_id for folder_id in names if folder_id in known]
    return (*ours, *(folder_id for folder_id in names if folder_id not in known and names[folder_id] == name))


def lists_in(connection: Connection, folder_id: str) -> frozenset[str]:
    """The ids of the lists in one folder; empty where it was deleted.

    One call a folder: in the tree of folders `childLists` is empty in all child nodes, only the folder asked for
    by its id tells its lists (HubSpot's description of GET /crm/v3/lists/folders).
    """
    try:
        folder = connection.call(FOLDERS, query=[("folderId", folder_id)])["folder"]
    except NotFound:
        return frozenset()
    return frozenset(map(str, folder.get("childLists") or ()))


def create_folder(connection: Connection, name: str) -> str:
    """The id of a new folder. Raises Rejected where one of that name stands, NotFound without folders."""
    return str(connection.call(FOLDER_CREATE, body={"name": name})["folder"]["id"])


def get(connection: Connection, list_id: str, *, filters: bool = False) -> PortalList | None:
    """The list of that id, with its filter branch when asked; None when the portal has none."""
    query = [("includeFilters", "true")] if filters else []
    try:
        return _list(connection.call(LIST, query=query, listId=list_id)["list"])
    except NotFound:
        return None


def find_by_name(connection: Connection, name: str) -> tuple[PortalList, ...]:
    """The lists of that name, of any object type; in any case, for so HubSpot tells names apart."""
    wanted = name.casefold()
    return tuple(_list(told) for told in _search(connection, name) if str(told.get("name")).casefold() == wanted)


def create(
    connection: Connection,
    name: str,
    kind: Kind,
    folder_id: str | None = None,
    filters: Mapping[str, Any] | None = None,
) -> PortalList:
    """A new list of companies; an active one needs `filters`.

    Raises Rejected when the name is taken (`sub_category` ILS.DUPLICATE_LIST_NAMES), also by this very call
    when its first answer got lost.
    """
    body: dict[str, Any] = {"name": name, "objectTypeId": COMPANY_OBJECT, "processingType": PROCESSING[kind]}
    body |= {"listFolderId": int(folder_id)} if folder_id else {}  # a number here, text everywhere else
    body |= {"filterBranch": filters} if filters else {}
    return _list(connection.call(LIST_CREATE, body=body)["list"])


def count(connection: Connection, kind: Kind) -> int:
    """How many lists of that kind the portal has, of any object."""
    kinds = [name for name in ("MANUAL", "SNAPSHOT", "DYNAMIC") if (name == PROCESSING["active"]) == (kind == "active")]
    body = {"count": 1, "offset": 0, "processingTypes": kinds, "additionalProperties": []}
    return int(connection.call(LIST_SEARCH, body=body)["total"])


def update_filters(connection: Connection, list_id: str, filters: Mapping[str, Any]) -> None:
    """Give an active list another filter branch."""
    connection.call(LIST_FILTERS, body={"filterBranch": filters}, listId=list_id)


def members(connection: Connection, list_id: str, size: int | None = None) -> list[int]:
    """The ids of everybody on the list, ascending.

    An empty answer is believed at once where the list's `size` says so too, and asked for again otherwise.
    """
    query = [("limit", MEMBERS_A_PAGE)]
    if size == 0 and not connection.call(LIST_MEMBERS, query=query, listId=list_id)["results"]:
        return []
    found = {
        int(one["recordId"]) for page in PageIterator(connection, LIST_MEMBERS, query, listId=list_id) for one in page
    }
    return sorted(found)


def change_members(
    connection: Connection,
    list_id: str,
    add: Sequence[int],
    remove: Sequence[int],
    on_change: Callable[[], None] = lambda: None,
) -> Membership:
    """Put `add` on a static list and take `remove` off it, in as few calls as its size allows.

    `on_change` is told of every call that landed, for a later one may fail.

    What is counted is what holds afterwards, not what the last call changed: of a repeated call HubSpot
    reports nothing changed, though its first try may have landed.
    """
    missing: set[int] = set()
    for start in range(0, max(len(add), len(remove)), MEMBERS_PER_CALL):
        joining, leaving = add[start : start + MEMBERS_PER_CALL], remove[start : start + MEMBERS_PER_CALL]
        body = {"recordIdsToAdd": list(map(str, joining)), "recordIdsToRemove": list(map(str, leaving))}
        told = connection.call(LIST_CHANGE, body=body, listId=list_id)
        missing.update(map(int, told.get("recordIdsMissing") or ()))
        on_change()
    return Membership(len(set(add) - missing), len(set(remove) - missing), tuple(sorted(missing)))


def _search(connection: Connection, name: str) -> Iterator[Mapping[str, Any]]:
    more, offset = True, 0
    while more:
        body = {
            "query": name,
            "count": _LISTS_A_PAGE,
            "offset": offset,
            "additionalProperties": ["hs_list_size"],
        }
        told = connection.call(LIST_SEARCH, body=body)
        found, more = told["lists"], bool(told.get("hasMore"))
        if more and not found:
            raise Unavailable("HubSpot answered a search for lists with an empty page in the middle; run again later")
        yield from found
        offset += len(found)


def _folders_below(root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for child in root.get("childNodes") or ():
        yield child
        yield from _folders_below(child)


def _list(told: Mapping[str, Any]) -> PortalList:
    size = told.get("size", (told.get("additionalProperties") or {}).get("hs_list_size"))
    return PortalList(
        id=str(told["listId"]),
        name=str(told.get("name") or ""),
        object_type=str(told.get("objectTypeId") or ""),
        processing_type=str(told.get("processingType") or ""),
        created_at=told.get("createdAt"),
        size=None if size is None else int(size),
        filters=told.get("filterBranch"),
    )
