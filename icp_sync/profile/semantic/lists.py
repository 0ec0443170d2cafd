"""Lists: distinct names, a condition each, and for active lists only conditions HubSpot can filter by."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.lists import TargetList
from icp_sync.profile.semantic.criteria import criterion_exists
from icp_sync.profile.semantic.partial_profile import PartialProfile
from icp_sync.profile.semantic.tiers import unknown_tiers
from icp_sync.vocabulary.text_keys import text_key


def names_are_unique(draft: PartialProfile) -> Iterator[Finding]:
    """No two lists have the same text key."""
    first: dict[str, str] = {}
    for path, target in draft.lists:
        key = text_key(target.name) or target.name
        if key in first:
            yield Finding((*path, "name"), f"{target.name!r} is too like the list {first[key]!r}; choose another name")
        first.setdefault(key, target.name)


def where_is_not_empty(draft: PartialProfile) -> Iterator[Finding]:
    """Every list has a condition."""
    for path, target in draft.lists:
        where = (*path, "where")
        refused = any(refused_path[: len(where)] == where for refused_path in draft.refused)
        if not (target.where.model_fields_set or refused):
            yield Finding(where, "asks for nothing and would hold every company; add tier, outcome, hits or match")
        elif target.where.property == {}:
            yield Finding((*where, "property"), "names no property; add one or remove the key")


def tiers_exist(draft: PartialProfile) -> Iterator[Finding]:
    """A list's tiers are among the profile's."""
    for path, target in draft.lists:
        yield from unknown_tiers(draft, target.where.tier or (), (*path, "where", "tier"))


def hits_name_criteria(draft: PartialProfile) -> Iterator[Finding]:
    """A list's `hits` are ids of criteria."""
    for path, name in draft.hit_criteria:
        yield from criterion_exists(draft, name, path)


def active_lists_filter_on_outputs(draft: PartialProfile) -> Iterator[Finding]:
    """An active list filters on outputs only, since HubSpot fills it from the properties this profile writes."""
    written = draft.write.properties()
    for path, target in draft.lists:
        if target.kind != "active":
            continue
        for path_in_list, key, why in _static_only_keys(target):
            yield Finding(
                (*path, *path_in_list), f"an active list cannot use {key}{why}; make the list static or remove it"
            )
        for output in ("tier", "outcome"):
            missing = output not in written and ("write", output) not in draft.refused
            if getattr(target.where, output) and missing:
                message = f"an active list filters on what is written; add {output}: to write"
                yield Finding((*path, "where", output), message)


def changed_at_is_written(draft: PartialProfile) -> Iterator[Finding]:
    """A list by time of change needs the output `changed_at`."""
    missing = "changed_at" not in draft.write.properties() and ("write", "changed_at") not in draft.refused
    for path, target in draft.lists:
        if target.where.changed_within_days and missing:
            message = "needs the day of each change; add changed_at: icp_fit_changed_at to write"
            yield Finding((*path, "where", "changed_within_days"), message)


def experiment_is_written(draft: PartialProfile) -> Iterator[Finding]:
    """A list by arm needs the output `experiment`."""
    missing = draft.write.experiment is None and not any(path[:2] == ("write", "experiment") for path in draft.refused)
    for path, target in draft.lists:
        if target.where.experiment and missing:
            message = "asks for an arm of no experiment; add experiment: {name, against, property} to write"
            yield Finding((*path, "where", "experiment"), message)


def property_match_reads_its_property(draft: PartialProfile) -> Iterator[Finding]:
    """A match under a list's `property`, or under a deal's in `outcomes`, reads that property."""
    for leaf in draft.leaves:
        if leaf.path[0] in {"lists", "outcomes"} and leaf.inherited and leaf.match.own_properties:
            name = leaf.match.own_properties[0]
            message = f"the match of {leaf.inherited[0]} reads {name}; write {name}: {{…}} beside it instead"
            yield Finding(leaf.path, message)


def _static_only_keys(target: TargetList) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for key in ("hits", "property", "match"):
        if getattr(target.where, key):
            yield ("where", key), key, ", which HubSpot's filters cannot ask" if key == "match" else ""
    if target.order_by:
        yield ("order_by",), "order_by", ""
    if target.limit:
        yield ("limit",), "limit", ""
