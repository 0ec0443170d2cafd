"""Lists: names, kinds and filters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from icp_sync.sandbox.error_responses import ApiError, bad_request, not_found
from icp_sync.sandbox.lists.active_filters import CompiledFilters, compile_filters
from icp_sync.sandbox.search.typed_columns import ROW, live_rows_frame
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import Records
from icp_sync.sandbox.timestamps import format_iso

COMPANY = "0-2"
KINDS = ("MANUAL", "SNAPSHOT", "DYNAMIC")
RESTORABLE = 90 * 86_400_000
"""Milliseconds after which a deleted list is purged."""
MOST_LISTS = 1500
"""Lists of a kind a portal may have; what HubSpot published for Professional and Enterprise."""
_OBJECT_TYPE = re.compile(r"(0-(1|2|3|5|7|8|14|27|47|48|53)|2-[0-9]+)")
"""Contacts, companies, deals and their like; `2-` begins the objects a portal made itself."""


@dataclass
class CrmList:
    """One list; `members` maps record id to the time of joining (ms), `first_joined` to the first such time.

    `filled` is the state the members of an active list belong to.
    """

    id: int
    name: str
    object_type: str
    kind: str
    created_at: int
    updated_at: int
    branch: Mapping[str, Any] | None = None
    filters: CompiledFilters | None = None
    filters_updated_at: int | None = None
    version: int = 1
    deleted_at: int | None = None
    members: dict[int, int] = field(default_factory=dict)
    first_joined: dict[int, int] = field(default_factory=dict)
    filled: tuple[int, int, int] | None = None
    pending: bool = False
    added_at: int | None = None
    removed_at: int | None = None

    def as_json(self, *, with_filters: bool = False) -> dict[str, object]:
        body: dict[str, object] = {
            "listId": str(self.id),
            "listVersion": self.version,
            "name": self.name,
            "objectTypeId": self.object_type,
            "processingType": self.kind,
            "processingStatus": "PROCESSING" if self.pending else "COMPLETE",
            "createdAt": format_iso(self.created_at),
            "updatedAt": format_iso(self.updated_at),
            "createdById": "1",
            "updatedById": "1",
            "size": len(self.members),
        }
        body |= {"filtersUpdatedAt": format_iso(self.filters_updated_at)} if self.filters_updated_at else {}
        body |= {"deletedAt": format_iso(self.deleted_at)} if self.deleted_at else {}
        return {**body, "filterBranch": with_filter_defaults(self.branch)} if with_filters and self.branch else body

    def search_result_json(self, folder: str = "") -> dict[str, object]:
        """The shape of a search result: no size, but additional properties as text, those that hold something."""
        body = self.as_json()
        size = str(body.pop("size"))
        more = {"hs_list_size": size, "hs_list_reference_count": "0"}
        more |= {"hs_folder_name": folder} if folder else {}
        more |= {"hs_last_record_added_at": str(self.added_at)} if self.added_at else {}
        more |= {"hs_last_record_removed_at": str(self.removed_at)} if self.removed_at else {}
        return {**body, "additionalProperties": more}


class CrmLists:
    """The lists of a portal; active ones are filled `delay_seconds` after what changed them."""

    def __init__(self, records: Records, schema: PropertySchema, time_zone: str) -> None:
        self.most = MOST_LISTS
        self._records = records
        self._schema = schema
        self.delay_seconds = 0.0
        self._zone = time_zone
        self._lists: dict[int, CrmList] = {}

    def create(self, body: Mapping[str, Any], now: int) -> CrmList:
        name, kind, object_type = body.get("name"), body.get("processingType"), body.get("objectTypeId")
        if not name or kind not in KINDS or not object_type:
            raise bad_request("Invalid input JSON: a list needs name, objectTypeId and a known processingType")
        if not _OBJECT_TYPE.fullmatch(str(object_type)):
            raise bad_request(f"Unable to infer object type from: {object_type}")
        self._require_free_name(str(name))
        self._require_below_limit(str(kind))
        branch = body.get("filterBranch")
        if kind == "DYNAMIC" and not branch:
            raise bad_request("A DYNAMIC list needs a filterBranch.")
        if kind == "MANUAL" and branch:
            raise bad_request("A MANUAL list cannot have a filterBranch.")
        filters = compile_filters(branch, self._schema, self._zone) if branch else None
        created = CrmList(len(self._lists) + 1, str(name), str(object_type), str(kind), now, now, branch, filters)
        created.filters_updated_at = now if branch else None
        self._lists[created.id] = created
        if kind == "SNAPSHOT" and filters:
            created.members = dict.fromkeys(self._matching_ids(filters, now), now)
        return self.refresh(created, now)

    def get(self, list_id: str, now: int) -> CrmList:
        crm_list = self._lists.get(int(list_id)) if list_id.isdecimal() else None
        if crm_list is None or crm_list.deleted_at is not None:
            raise not_found(f"List does not exist with ID {list_id}.", sub_category="ILS.LIST_NOT_FOUND")
        return self.refresh(crm_list, now)

    def get_by_name(self, name: str, object_type: str, now: int) -> CrmList:
        for crm_list in self.undeleted(now):
            if crm_list.name.lower() == name.lower() and crm_list.object_type == object_type:
                return crm_list
        raise not_found(f"List does not exist with name {name} and object type ID {object_type}.")

    def require_by_id_or_name(self, list_id_or_name: int | str, now: int) -> CrmList:
        """The list of that id or name; LookupError without one."""
        for crm_list in self.undeleted(now):
            if str(list_id_or_name) in {str(crm_list.id), crm_list.name}:
                return crm_list
        message = f"no list {list_id_or_name!r}"
        raise LookupError(message)

    def undeleted(self, now: int) -> list[CrmList]:
        return [self.refresh(crm_list, now) for crm_list in self._lists.values() if crm_list.deleted_at is None]

    def rename(self, list_id: str, name: str, now: int) -> CrmList:
        renamed = self.get(list_id, now)
        if not name:
            raise bad_request("listName must not be empty")
        if name.lower() != renamed.name.lower():
            self._require_free_name(name)
        renamed.name, renamed.updated_at, renamed.version = name, now, renamed.version + 1
        return renamed

    def replace_filter(self, list_id: str, branch: Mapping[str, Any] | None, now: int) -> CrmList:
        changed = self.get(list_id, now)
        if changed.kind != "DYNAMIC":
            raise bad_request("Filters can only be updated on DYNAMIC lists.", sub_category="ILS.INVALID_LIST_TYPE")
        changed.filters = compile_filters(branch, self._schema, self._zone)
        changed.branch, changed.filters_updated_at, changed.updated_at = branch, now, now
        changed.version += 1
        return self.refresh(changed, now)

    def delete(self, list_id: str, now: int) -> None:
        self.get(list_id, now).deleted_at = now

    def restore(self, list_id: str, now: int) -> None:
        """Bring back a list deleted less than 90 days ago; one that was not deleted is not found, as a purged one."""
        deleted = self._lists.get(int(list_id)) if list_id.isdecimal() else None
        if deleted is None or deleted.deleted_at is None or now - deleted.deleted_at > RESTORABLE:
            raise not_found(f"List does not exist with ID {list_id}.")
        self._require_free_name(deleted.name)
        deleted.deleted_at = None

    def lists_of_record(self, record_id: int, now: int) -> list[CrmList]:
        return [
            crm_list
            for crm_list in self.undeleted(now)
            if record_id in crm_list.members and crm_list.object_type == COMPANY
        ]

    def remove_from_all_lists(self, record_id: int, now: int) -> None:
        """Remove a record from every list, as archiving and merging do."""
        for crm_list in self._lists.values():
            if crm_list.members.pop(record_id, None) is not None:
                crm_list.removed_at = now

    def refresh(self, crm_list: CrmList, now: int) -> CrmList:
        """Fill an active list, once the delay after the last change has passed."""
        if crm_list.filters is None or crm_list.kind != "DYNAMIC":
            return crm_list
        state = (self._records.version, crm_list.version, now if crm_list.filters.relative else 0)
        if state != crm_list.filled:
            changed = max(self._records.changed_at, crm_list.filters_updated_at or 0)
            settled = crm_list.filled is not None and state[:2] == crm_list.filled[:2]
            crm_list.pending = not settled and now < changed + self.delay_seconds * 1000
            if not crm_list.pending:
                members = self._matching_ids(crm_list.filters, now)
                crm_list.members = {record_id: crm_list.members.get(record_id, now) for record_id in members}
                crm_list.filled = state
        return crm_list

    def _matching_ids(self, filters: CompiledFilters, now: int) -> list[int]:
        frame = live_rows_frame(self._records, self._schema, filters.names)
        return [self._records.ids[row] for row in frame.filter(filters.build(now))[ROW]]

    def _require_below_limit(self, kind: str) -> None:
        """Raise a 400 at the limit. HubSpot documents no text for it; ours is a guess."""
        undeleted = (crm_list for crm_list in self._lists.values() if crm_list.deleted_at is None)
        if sum((crm_list.kind == "DYNAMIC") == (kind == "DYNAMIC") for crm_list in undeleted) >= self.most:
            what = "active" if kind == "DYNAMIC" else "static"
            raise bad_request(f"This portal has reached its limit of {self.most} {what} lists.")

    def _require_free_name(self, name: str) -> None:
        if any(
            crm_list.name.lower() == name.lower() and crm_list.deleted_at is None for crm_list in self._lists.values()
        ):
            message = f"A list with the name '{name}' already exists in this portal."
            raise bad_request(message, sub_category="ILS.DUPLICATE_LIST_NAMES")


def with_filter_defaults(branch: Mapping[str, Any]) -> dict[str, Any]:
    """A filter branch with what a client may leave out, though the description requires it of what is answered."""
    operator = branch.get("filterBranchOperator") or branch.get("filterBranchType")
    filters = [_with_filter_defaults(branch_filter) for branch_filter in branch.get("filters") or ()]
    branches = [with_filter_defaults(child) for child in branch.get("filterBranches") or ()]
    return {**branch, "filterBranchOperator": operator, "filters": filters, "filterBranches": branches}


def _with_filter_defaults(branch_filter: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(branch_filter.get("operation"), Mapping):
        return dict(branch_filter)
    return {**branch_filter, "operation": {"includeObjectsWithNoValueSet": False, **branch_filter["operation"]}}


def no_folders_error() -> ApiError:
    """What a portal without list folders answers."""
    return not_found("Unable to find the requested resource: list folders are not available in this portal.")
