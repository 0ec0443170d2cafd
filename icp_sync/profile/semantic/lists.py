"""Lists: named apart, asking for something, and when active only for what HubSpot can answer."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.outputs import TargetList
from icp_sync.profile.semantic.criteria import no_criterion
from icp_sync.profile.semantic.draft import PartialProfile
from icp_sync.profile.semantic.tiers import unknown_tiers
from icp_sync.vocabulary.keys import key_of


def names_are_unique(draft: PartialProfile) -> Iterator[Finding]:
    """Lists have names that people can tell apart."""
    first: dict[str, str] = {}
    for path, one in draft.lists:
        key = key_of(one.name) or one.name
        if key in first:
            yield Finding((*path, "name"), f"{one.name!r} is too like the list {first[key]!r}; choose another name")
        first.setdefault(key, one.name)


def where_asks_something(draft: PartialProfile) -> Iterator[Finding]:
    """A list says which companies it holds."""
    for path, one in draft.lists:
        where = (*path, "where")
        refused = any(place[: len(where)] == where for place in draft.refused)
        if not (one.where.model_fields_set or refused):
            yield Finding(where, "asks for nothing and would hold every company; add tier, outcome, hits or match")
        elif one.where.property == {}:
            yield Finding((*where, "property"), "names no property; add one or remove the key")


def tiers_exist(draft: PartialProfile) -> Iterator[Finding]:
    """A list's tiers are among the profile's."""
    for path, one in draft.lists:
        yield from unknown_tiers(draft, one.where.tier or (), (*path, "where", "tier"))


def hits_name_criteria(draft: PartialProfile) -> Iterator[Finding]:
    """A list's hits are ids of criteria."""
    for path, name in draft.hits:
        yield from no_criterion(draft, name, path)


def active_lists_filter_on_what_is_written(draft: PartialProfile) -> Iterator[Finding]:
    """HubSpot fills an active list itself, from properties this profile writes."""
    written = draft.write.properties()
    for path, one in draft.lists:
        if one.kind != "active":
            continue
        for place, key, why in _only_static(one):
            yield Finding((*path, *place), f"an active list cannot use {key}{why}; make the list static or remove it")
        for output in ("tier", "outcome"):
            missing = output not in written and ("write", output) not in draft.refused
            if getattr(one.where, output) and missing:
                message = f"an active list filters on what is written; add {output}: to write"
                yield Finding((*path, "where", output), message)


def changes_are_dated(draft: PartialProfile) -> Iterator[Finding]:
    """When a company changed is known from what is written."""
    missing = "changed_at" not in draft.write.properties() and ("write", "changed_at") not in draft.refused
    for path, one in draft.lists:
        if one.where.changed_within_days and missing:
            message = "needs the day of each change; add changed_at: icp_fit_changed_at to write"
            yield Finding((*path, "where", "changed_within_days"), message)


def list_matches_read_their_property(draft: PartialProfile) -> Iterator[Finding]:
    """A list's `property` names what its match reads."""
    for leaf in draft.leaves:
        if leaf.path[0] == "lists" and leaf.inherited and leaf.match.reads:
            name = leaf.match.reads[0]
            message = f"the match of {leaf.inherited[0]} reads {name}; write {name}: {{…}} beside it instead"
            yield Finding(leaf.path, message)


def _only_static(one: TargetList) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for key in ("hits", "property", "match"):
        if getattr(one.where, key):
            yield ("where", key), key, ", which HubSpot's filters cannot ask" if key == "match" else ""
    if one.order_by:
        yield ("order_by",), "order_by", ""
    if one.limit:
        yield ("limit",), "limit", ""
