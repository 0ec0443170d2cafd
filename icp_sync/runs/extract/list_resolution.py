"""Resolves the profile's lists to lists in the portal, and rejects every list that is not ours."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.errors import PreflightFailed
from icp_sync.plan.list_diff import COMPANY_OBJECT, PROCESSING
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.portal import lists
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.timestamps import parse_timestamp
from icp_sync.portal.lists import PortalList
from icp_sync.profile.model.lists import TargetList
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.untouched_lists import cached_members_of_unchanged_lists
from icp_sync.state.list_ids import ListRecord
from icp_sync.state.store import StateStore

FOLDER: Final = "icp_sync"
FORGET_LIST: Final = "forget-list:"
"""Prefix of the `--allow` value that removes the named list from the state directory."""
CLOCK_SKEW: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ResolvedLists:
    """The id of our list folder (None = none yet), and list name → the live list.

    `with_members`: static lists come with their member ids. `notes`: stale lists a person should look after.
    `portal_lists`: list name → the list as it was found, None = not created yet.
    """

    folder_id: str | None
    live: Mapping[str, LiveList]
    with_members: bool = True
    notes: tuple[str, ...] = ()
    portal_lists: Mapping[str, PortalList | None] = field(default_factory=dict)


def resolve_lists(
    connection: Connection,
    profile: Profile,
    known: Mapping[str, ListRecord],
    allow: Collection[str],
    cached: Mapping[str, pl.Series] | None,
    keepers: Collection[str] | None = None,
) -> ResolvedLists:
    """Find each list by its recorded id, then by folder and name; the folder by its recorded id, then by name.

    `cached`: list id → member ids in the last snapshot, used while nobody else changed the list; None reads no
    members. `keepers`: the profiles that keep lists from the same state directory; lists of any other are reported in
    the notes, None reports none of them. Raises PreflightFailed naming every list that is not ours.
    """
    # Members come 250 a page: a list of 200,000 takes 800 calls to read, so the same size and the same dates of the
    # last member that came and went are taken as the same members, unless a run of ours has changed the list since.
    if not profile.lists:
        return ResolvedLists(None, {}, notes=tuple(_abandoned_lists(connection, profile, known, (), keepers)))
    folders = lists.find_folder_ids(connection, FOLDER, known_folder_ids(known))
    by_id = _static_lists_by_id(connection, profile, known)
    candidates = {
        target.name: _candidate_lists(connection, target, known.get(target.name), by_id) for target in profile.lists
    }
    in_folder = _lists_in_folders(connection, folders, candidates, known)
    refusals = [
        why
        for target in profile.lists
        for candidate in candidates[target.name]
        if (why := _refusal_reason(candidate, target, in_folder, known.get(target.name), allow))
    ]
    if refusals:
        raise PreflightFailed("a list of the profile cannot be kept; nothing was written", details=refusals)
    kept = {candidate.id for matches in candidates.values() for candidate in matches}
    notes = tuple(_abandoned_lists(connection, profile, known, kept, keepers))
    portal_lists = {name: next(iter(matches), None) for name, matches in candidates.items()}
    untouched = None if cached is None else cached_members_of_unchanged_lists(portal_lists, known, cached)
    live = {
        target.name: _fetch_live_list(connection, target, portal_lists[target.name], known.get(target.name), untouched)
        for target in profile.lists
    }
    return ResolvedLists(next(iter(folders), None), live, cached is not None, notes, portal_lists)


def reread_lists_of_merged_members(
    connection: Connection, resolved: ResolvedLists, merged_away: pl.Series
) -> ResolvedLists:
    """The lists with the members of those read again that show a company merged away: `merged_away`, ids."""
    outdated = {
        name: replace(resolved.live[name], members=_read_members(connection, portal_list))
        for name, portal_list in resolved.portal_lists.items()
        if portal_list is not None and resolved.live[name].members.is_in(merged_away.implode()).any()
    }
    return replace(resolved, live={**resolved.live, **outdated}) if outdated else resolved


def _abandoned_lists(
    connection: Connection,
    profile: Profile,
    known: Mapping[str, ListRecord],
    kept: Collection[str],
    keepers: Collection[str] | None,
) -> Iterator[str]:
    """A sentence for each list we created that no profile keeps any longer, so that it goes stale.

    `kept`: ids of the lists the profile keeps, including one renamed in both the profile and HubSpot.
    """
    named = {target.name for target in profile.lists}
    for name, entry in sorted(known.items()):
        ours = entry.profile in (None, profile.name)
        orphaned = not ours and keepers is not None and entry.profile not in keepers
        if name in named or entry.id in kept or not (ours or orphaned):
            continue
        if entry.id is not None and lists.get_list(connection, entry.id) is not None:
            why = (
                "is no longer in the profile"
                if ours
                else f"belongs to the profile {entry.profile}, which has not run here since"
            )
            yield (
                f"list {name} (id {entry.id}) {why}, still in HubSpot, and goes stale; delete it "
                f"or rename it there, then --allow {shlex.quote(FORGET_LIST + name)}"
            )


def profiles_keeping_lists(store: StateStore, known: Mapping[str, ListRecord]) -> Collection[str]:
    """The profiles that keep the lists `known` to this store; its own alone where no other has any."""
    if all(entry.profile in (None, store.profile) for entry in known.values()):
        return {store.profile}
    return store.runs.active_profiles()


def known_folder_ids(known: Mapping[str, ListRecord]) -> frozenset[str]:
    """The ids of the folders our lists were created in; folders may have been renamed since."""
    return frozenset(entry.folder_id for entry in known.values() if entry.folder_id is not None)


def _lists_in_folders(
    connection: Connection,
    folders: Collection[str],
    candidates: Mapping[str, Collection[PortalList]],
    known: Mapping[str, ListRecord],
) -> frozenset[str]:
    """The ids of the lists in our folders; one call a folder, spent only where a list's own id is not recorded."""
    # HubSpot tells the lists of the folder asked for only; in a tree of folders `childLists` is empty.
    unknown = any(
        not _is_recorded(portal_list, known.get(name))
        for name, matches in candidates.items()
        for portal_list in matches
    )
    return (
        frozenset().union(*(lists.lists_in_folder(connection, folder) for folder in folders))
        if unknown
        else frozenset()
    )


def _static_lists_by_id(
    connection: Connection, profile: Profile, known: Mapping[str, ListRecord]
) -> Mapping[str, PortalList]:
    """List id → the list, of the static lists whose id is recorded; one search for all of them."""
    records = [known.get(target.name) for target in profile.lists if target.kind == "static"]
    return lists.find_by_ids(connection, {record.id for record in records if record is not None and record.id})


def _candidate_lists(
    connection: Connection, target: TargetList, known: ListRecord | None, by_id: Mapping[str, PortalList]
) -> tuple[PortalList, ...]:
    """The list with the recorded id, whatever its name now; else every list of the target's name."""
    # Names are not unique over time and people rename lists; the id is. Searches do not show a list made just now.
    if known and known.id:
        recorded = by_id.get(known.id) or lists.get_list(connection, known.id, filters=target.kind == "active")
        if recorded is not None:
            return (recorded,)
    return lists.find_by_name(connection, target.name)


def _refusal_reason(
    portal_list: PortalList,
    target: TargetList,
    in_folder: Collection[str],
    known: ListRecord | None,
    allow: Collection[str],
) -> str | None:
    """Why `portal_list` is not ours to keep, or None when it is."""
    where = f"list {target.name} (id {portal_list.id})"
    if portal_list.object_type != COMPANY_OBJECT:
        return (
            f"{where} holds other records than companies; rename it in HubSpot or in the profile "
            f'(--allow "adopt-list:{target.name}" cannot turn one into the other)'
        )
    if portal_list.processing_type != PROCESSING[target.kind]:
        return (
            f"{where} is {portal_list.processing_type} in HubSpot, the profile says {target.kind}; rename one of the "
            f'two (--allow "adopt-list:{target.name}" cannot turn one into the other)'
        )
    ours = (
        _is_recorded(portal_list, known) or portal_list.id in in_folder or was_created_after_intent(portal_list, known)
    )
    if ours or f"adopt-list:{target.name}" in allow:
        return None
    adopting = shlex.quote(f"adopt-list:{target.name}")
    return f"{where} was made by somebody else; rename it, or take it over with --allow {adopting}"


def _is_recorded(portal_list: PortalList, known: ListRecord | None) -> bool:
    return known is not None and known.id == portal_list.id


def was_created_after_intent(portal_list: PortalList, known: ListRecord | None) -> bool:
    """Whether the list was created after we saved the intent to create it, so that only the response was lost.

    Allows for `CLOCK_SKEW` between HubSpot's clock and ours.
    """
    created_at = parse_timestamp(portal_list.created_at)
    if known is None or known.id is not None or created_at is None:
        return False
    return created_at >= known.announced_at - CLOCK_SKEW


def _fetch_live_list(
    connection: Connection,
    target: TargetList,
    portal_list: PortalList | None,
    record: ListRecord | None,
    untouched: Mapping[str, pl.Series] | None,
) -> LiveList:
    """The list with its filters or members; `untouched` None reads no members."""
    if portal_list is None:
        return LiveList()
    if untouched is None:
        return LiveList(portal_list.id)
    if target.kind == "active":
        with_filters = (
            portal_list if portal_list.filters is not None else lists.get_list(connection, portal_list.id, filters=True)
        )
        shown = with_filters.filters if with_filters else None
        return LiveList(portal_list.id, filters=record.filter_as_sent(shown) if record else shown)
    members = untouched.get(portal_list.id)
    return LiveList(portal_list.id, _read_members(connection, portal_list) if members is None else members)


def _read_members(connection: Connection, portal_list: PortalList) -> pl.Series:
    return pl.Series(lists.read_members(connection, portal_list.id, portal_list.size), dtype=pl.Int64)
