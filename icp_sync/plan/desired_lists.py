"""The members each list should have, with those people put on or took off, and the change that brings them about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from icp_sync.companies.snapshot import survivors_of_merged
from icp_sync.plan.diff_columns import OURS, live
from icp_sync.plan.list_diff import ListChange, diff_active_list, diff_static_list, restrict_to_companies
from icp_sync.plan.list_pins import ListMembership, find_pin_changes, ids_matching_before_plan, with_merge_survivors
from icp_sync.plan.plan_inputs import NO_IDS, LiveList, PlanInputs
from icp_sync.plan.static_list_members import DesiredMembers, choose_list_members
from icp_sync.profile.model.lists import TargetList
from icp_sync.profile.model.profile import Profile


def desired_members(
    profile: Profile, diff: pl.DataFrame, inputs: PlanInputs, companies: pl.DataFrame
) -> dict[str, DesiredMembers]:
    """Static list name → its desired members; empty where lists are left alone. `companies`: all of the portal."""
    if inputs.lists is None:
        return {}
    static = [target for target in profile.lists if target.kind == "static"]
    diff = _with_recorded_outcome(diff, profile) if static else diff
    members_by_list: dict[str, DesiredMembers] = {}
    present, survivors = companies["id"], survivors_of_merged(companies)
    for target in static:
        live = inputs.lists[target.name]
        matching = choose_list_members(target, diff, inputs.meeting.get(target.name))
        # Without a memory the records tell whom we put there: those that met the list before this plan.
        ours = NO_IDS
        if live.last is None:
            ours = pl.concat([live.sent.alias("id"), ids_matching_before_plan(target.where, diff, present)])
        ours = with_merge_survivors(ours, survivors, live.members, live.pins)
        last = None if live.last is None else with_merge_survivors(live.last, survivors, live.members, live.pins)
        membership = ListMembership(live.members, last, present, ours, live.placed)
        pins = find_pin_changes(membership, matching.ranked, target.limit, live.pins)
        members_by_list[target.name] = matching.with_pins(pins)
    return members_by_list


def diff_lists(
    profile: Profile, members_by_list: Mapping[str, DesiredMembers], inputs: PlanInputs
) -> tuple[ListChange, ...]:
    """The change of every list; a `retry-failed` run moves only the quarantined companies and creates no list."""
    if inputs.list_changes is not None:
        return inputs.list_changes
    if inputs.lists is None:
        return ()
    every = [
        _list_change(target, profile, members_by_list.get(target.name), inputs.lists[target.name])
        for target in profile.lists
    ]
    if not inputs.quarantine.retried:
        return tuple(every)
    existing = [change for change in every if change.kind == "static" and change.id is not None]
    return tuple(restrict_to_companies(change, inputs.quarantine.refused) for change in existing)


def count_previously_written(lists: Iterable[ListChange], diff: pl.DataFrame) -> tuple[ListChange, ...]:
    """The changes with how many of the companies added we wrote before."""
    ours = diff.select("id", OURS).filter(OURS)["id"]
    return tuple(replace(change, add_ours=int(ours.is_in(list(change.add)).sum())) for change in lists)


def _with_recorded_outcome(diff: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The diff with the recorded outcome of quarantined companies, because lists follow the records."""
    if not profile.write.outcome:
        return diff
    recorded = pl.when("quarantined").then(live("outcome").replace("", None)).otherwise("outcome")
    return diff.with_columns(outcome=recorded)


def _list_change(target: TargetList, profile: Profile, wanted: DesiredMembers | None, live: LiveList) -> ListChange:
    if wanted is None:
        return diff_active_list(target, profile.write, live.id, live.filters)
    change = diff_static_list(target, wanted.ids, live.id, live.members)
    pins = wanted.pins
    return replace(change, pinned=pins.standing.inside.len(), taken_off=tuple(pins.opened.outside.to_list()))
