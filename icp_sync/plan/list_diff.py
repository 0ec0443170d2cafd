"""The difference between a list as the profile defines it and the list in HubSpot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import polars as pl

from icp_sync.profile.model.lists import TargetList, Where
from icp_sync.profile.model.outputs import Write

COMPANY_OBJECT: Final = "0-2"
PROCESSING: Final[Mapping[str, str]] = {"static": "MANUAL", "active": "DYNAMIC"}
Filters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListChange:
    """The change of one list: `id` None = create it; `filters` None = leave its filters as they are.

    `members`: companies on the list before. `add` and `remove`: company ids, sorted. `add_ours`: how many of `add` we
    wrote before; the others are on it for the first time with their first score. `pinned`: how many of `members` stay
    because a person put them there. `taken_off`: whom people took off the list since our last change; they stay off.
    """

    name: str
    kind: Literal["static", "active"]
    id: str | None
    members: int = 0
    add: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()
    filters: Filters | None = None
    add_ours: int = 0
    pinned: int = 0
    taken_off: tuple[int, ...] = ()

    @property
    def members_of_ours(self) -> int:
        """Companies on the list before because the profile wanted them, or ours to take off."""
        return self.members - self.pinned

    @property
    def is_pending(self) -> bool:
        """Whether anything is to be done."""
        return self.id is None or bool(self.add or self.remove) or self.filters is not None


def diff_static_list(target: TargetList, wanted: pl.Series, list_id: str | None, live: pl.Series) -> ListChange:
    """The difference between the companies `wanted` on a static list and `live`, the ids on it now."""
    add = wanted.filter(~wanted.is_in(live.implode())).sort()
    remove = live.filter(~live.is_in(wanted.implode())).sort()
    return ListChange(target.name, "static", list_id, len(live), tuple(add.to_list()), tuple(remove.to_list()))


def restrict_to_companies(change: ListChange, ids: Collection[int]) -> ListChange:
    """A static list's change reduced to the companies `ids`."""
    return replace(
        change,
        add=tuple(company_id for company_id in change.add if company_id in ids),
        remove=tuple(company_id for company_id in change.remove if company_id in ids),
    )


def diff_active_list(target: TargetList, write: Write, list_id: str | None, live: Filters | None) -> ListChange:
    """The change of an active list: created once, its filters replaced when they differ. HubSpot fills it itself."""
    wanted = active_list_filters(target.where, write)
    up_to_date = list_id is not None and live is not None and is_same_filter(live, wanted)
    return ListChange(target.name, "active", list_id, filters=None if up_to_date else wanted)


def active_list_filters(where: Where, write: Write) -> Filters:
    """HubSpot's filter branch for an active list: the root is OR, its child AND, the properties inside the AND."""
    names = write.properties()
    conditions = (
        (write.tier, where.tier),
        (write.outcome, where.outcome),
        (names.get("committee"), where.committee),
        (names.get("experiment"), where.experiment),
    )
    leaves = [_any_of_filter(name, values) for name, values in conditions if name and values]
    if write.changed_at and where.changed_within_days:
        leaves.append(_last_days_filter(write.changed_at, where.changed_within_days))
    branch = {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filterBranches": [],
        "filters": leaves,
    }
    return {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [branch]}


def _any_of_filter(name: str, values: tuple[str, ...]) -> Filters:
    operation = {
        "operationType": "ENUMERATION",
        "operator": "IS_ANY_OF",
        "values": list(values),
        "includeObjectsWithNoValueSet": False,
    }
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def _last_days_filter(name: str, days: int) -> Filters:
    operation = {
        "operationType": "ROLLING_DATE_RANGE",
        "operator": "IS_LESS_THAN_X_DAYS_AGO",
        "numberOfDays": days,
        "requiresTimeZoneConversion": False,
        "includeObjectsWithNoValueSet": False,
    }
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def is_same_filter(live: Filters, wanted: Filters) -> bool:
    """Whether two filter branches ask the same, whatever HubSpot adds, reorders or leaves out when it returns one."""
    return _normalised_filters(live) == _normalised_filters(wanted)


def _normalised_filters(branch: Filters) -> object:
    """A filter branch in comparable form, without the keys HubSpot adds when it returns it."""
    leaves = [
        (leaf.get("filterType"), leaf.get("property"), *_normalised_operation(leaf.get("operation") or {}))
        for leaf in branch.get("filters") or ()
    ]
    nested = sorted(repr(_normalised_filters(part)) for part in branch.get("filterBranches") or ())
    return branch.get("filterBranchType"), tuple(sorted(map(repr, leaves))), tuple(nested)


def _whole_days(days: object) -> object:
    """A number of days in comparable form, also where HubSpot returns it as text or with a decimal point."""
    text = str(days).removesuffix(".0")
    return int(text) if text.isdecimal() else days


def _normalised_operation(operation: Filters) -> tuple[object, ...]:
    values = tuple(sorted(str(value) for value in operation.get("values") or ()))
    return (
        operation.get("operationType"),
        operation.get("operator"),
        values,
        _whole_days(operation.get("numberOfDays")),
        bool(operation.get("includeObjectsWithNoValueSet")),
    )
