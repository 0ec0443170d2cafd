"""A checked search request: filters, sort, page, and HubSpot's limits on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from icp_sync.sandbox.error_responses import bad_request
from icp_sync.sandbox.timestamps import parse_milliseconds

CEILING = 10_000
LONGEST_BODY = 3000
MOST_GROUPS, MOST_FILTERS_A_GROUP, MOST_FILTERS = 5, 6, 18
MODIFIED = "hs_lastmodifieddate"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One search, already checked for shape."""

    groups: list[list[Mapping[str, Any]]]
    text: str
    sort: str
    descending: bool
    names: list[str]
    limit: int
    after: int


def parse_search_request(body: Mapping[str, Any], length: int) -> SearchQuery:
    """The query in a request body of `length` characters."""
    if length > LONGEST_BODY:
        raise bad_request(f"The request body must not exceed {LONGEST_BODY} characters, got {length}.")
    groups = [list(group.get("filters") or []) for group in body.get("filterGroups") or []]
    if body.get("filters"):
        groups.append(list(body["filters"]))
    _check_limits(groups)
    sorts = list(body.get("sorts") or [])
    if len(sorts) > 1:
        raise bad_request("A maximum of 1 sort is allowed.")
    sort, descending = _parse_sort(sorts[0]) if sorts else ("createdate", False)
    limit, after = int(body.get("limit") or 10), _parse_offset(body.get("after"))
    if not 0 < limit <= 200:
        raise bad_request(f"Page size limit must be between 1 and 200, got {limit}.")
    if after + limit > CEILING:
        raise bad_request(f"Paging beyond {CEILING} results is not supported; narrow the filters.")
    names = list(body.get("properties") or [])
    return SearchQuery(groups, str(body.get("query") or ""), sort, descending, names, limit, after)


def _check_limits(groups: Sequence[Sequence[object]]) -> None:
    counts = [len(group) for group in groups]
    if len(groups) > MOST_GROUPS or max(counts, default=0) > MOST_FILTERS_A_GROUP or sum(counts) > MOST_FILTERS:
        raise bad_request(
            f"At most {MOST_GROUPS} filter groups of {MOST_FILTERS_A_GROUP} filters, {MOST_FILTERS} in all."
        )


def _parse_sort(rule: Any) -> tuple[str, bool]:
    if isinstance(rule, str):
        return rule.removeprefix("-"), rule.startswith("-")
    return str(rule.get("propertyName")), rule.get("direction") == "DESCENDING"


def _parse_offset(after: object) -> int:
    text = str(after or "0")
    if not text.isdecimal():
        raise bad_request(f'The value of "after" must be an integer offset, got {text}.')
    return int(text)


def property_bounds(query: SearchQuery, name: str) -> tuple[int | None, int | None]:
    """Inclusive bounds of property `name` (integer or epoch ms) that every hit satisfies; None is unbounded.

    Looks at the conditions of a single group; a wider span than needed is harmless, a narrower one is not.
    """
    low: int | None = None
    high: int | None = None
    for condition in query.groups[0] if len(query.groups) == 1 else ():
        if condition.get("propertyName") != name:
            continue
        operator, value = condition.get("operator"), parse_milliseconds(str(condition.get("value")))
        if value is not None and operator in ("GT", "GTE", "EQ", "BETWEEN"):
            low = value if low is None else max(low, value)
        top = parse_milliseconds(str(condition.get("highValue"))) if operator == "BETWEEN" else value
        if top is not None and operator in ("LT", "LTE", "EQ", "BETWEEN"):
            high = top if high is None else min(high, top)
    return low, high


def widen_window(query: SearchQuery, milliseconds: int) -> SearchQuery:
    """The query with its windows of last modification wider on both sides."""
    groups = [[_widen_modified_condition(condition, milliseconds) for condition in group] for group in query.groups]
    return replace(query, groups=groups)


def _widen_modified_condition(condition: Mapping[str, Any], milliseconds: int) -> Mapping[str, Any]:
    if condition.get("propertyName") != MODIFIED:
        return condition
    operator, changed = condition.get("operator"), dict(condition)
    for key, operators, step in (
        ("value", ("GT", "GTE", "BETWEEN"), -milliseconds),
        ("value", ("LT", "LTE"), milliseconds),
        ("highValue", ("BETWEEN",), milliseconds),
    ):
        moment = parse_milliseconds(str(condition.get(key)))
        if operator in operators and moment is not None:
            changed[key] = str(max(1, moment + step))
    return changed
