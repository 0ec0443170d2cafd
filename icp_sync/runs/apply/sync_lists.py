"""Keeping the lists: made once and announced first, members by difference, an active list's filter mended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import polars as pl

from icp_sync.errors import NotFound, PortalError, Rejected, ScopeMissing
from icp_sync.plan.list_diff import COMPANY_OBJECT, PROCESSING, ListChange
from icp_sync.plan.plan import Plan
from icp_sync.plan.report import Skipped
from icp_sync.portal import lists
from icp_sync.portal.lists import PortalList
from icp_sync.portal.properties import MAX_READ_ATTEMPTS, READ_RETRY_WAIT_S
from icp_sync.runs import list_quota
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.lists import FOLDER, ResolvedLists, matches_intent
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import Journal
from icp_sync.state.lists import ListRecord, known_lists, remember_list


@dataclass(slots=True)
class ListSync:
    """The lists of one apply: those written so far, and those that could not be kept with the reason.

    `members`: static list id → who is on it now; a list that was changed in part, or refused, is not among them.
    """

    job: ProfileRun
    plan: Plan
    found: ResolvedLists
    state: StateDirectory
    journal: Journal
    kept: list[str] = field(default_factory=list)
    failed: list[Skipped] = field(default_factory=list)
    touched: bool = False
    members: dict[str, pl.Series] = field(init=False)
    _folder_id: str | None = None

    def __post_init__(self) -> None:
        known = self.plan.lists if self.found.with_members else ()
        static = [self.found.live[one.name] for one in known if one.kind == "static"]
        self.members = {live.id: live.members for live in static if live.id is not None}

    def keep(self, unwritten: Collection[int]) -> None:
        """Bring every list of the plan into order; a refused list fails alone, anything else is raised.

        Lists follow the records: a company whose change was not written is neither added nor removed.
        """
        pending = [one for one in self.plan.lists if one.pending]
        self.job.watch.stage("lists", len(pending))
        for one in self.plan.lists:
            try:
                self._keep(one, unwritten)
            except (Rejected, NotFound, ScopeMissing) as refused:
                reason = self._reason(one, refused)
                self.journal.list_result(one.name, self.found.live[one.name].id, 0, 0, reason)
                self.failed.append(Skipped(one.name, reason))
            self.job.watch.advance(one.pending)

    def _reason(self, change: ListChange, refused: PortalError) -> str:
        """Why a list could not be kept; with the way out where the portal has as many as it may have."""
        making = self.found.live[change.name].id is None
        used_up = making and list_quota.is_used_up(refused, change.name)
        return list_quota.way_out(self.job.connection, change.kind, refused) if used_up else refused.message

    def _keep(self, change: ListChange, unwritten: Collection[int]) -> None:
        list_id = self.found.live[change.name].id
        if list_id is None:
            if change.id is not None:
                raise NotFound("the list was deleted since the plan was made; make a new plan")
            list_id = self._create(change)
        else:
            self._remember(change, list_id)
        if change.kind == "static":
            self._move_members(change, list_id, unwritten)
        elif change.filters is not None and change.id is not None:
            self.journal.list_intent(change.name, list_id, (), ())
            lists.update_filters(self.job.connection, list_id, change.filters)
            self.kept.append(change.name)
            self.journal.list_result(change.name, list_id, 0, 0)

    def _move_members(self, change: ListChange, list_id: str, unwritten: Collection[int]) -> None:
        add = [one for one in change.add if one not in unwritten]
        remove = [one for one in change.remove if one not in unwritten]
        if change.id is None:
            self.members[list_id] = pl.Series([], dtype=pl.Int64)
        if not (add or remove):
            return
        before = self.members.pop(list_id, None)
        self._note_change(change, list_id)
        self.journal.list_intent(change.name, list_id, add, remove)
        changed = lists.change_members(self.job.connection, list_id, add, remove, self._touch)
        if before is not None:
            self.members[list_id] = _changed(before, {*add}.difference(changed.missing), remove)
        if (changed.added or changed.removed) and change.id is not None:
            self.kept.append(change.name)
        self.journal.list_result(change.name, list_id, changed.added, changed.removed)

    def _note_change(self, change: ListChange, list_id: str) -> None:
        """From here on no snapshot from before is to be believed about who is on the list, even should we die."""
        known = known_lists(self.state, self.plan.origin.portal_id).get(change.name)
        known = known or ListRecord(change.name, change.kind, self.job.now.isoformat())
        self._note(replace(known, id=list_id, changed_by=self.job.run_id))

    def _touch(self) -> None:
        """A long list takes several calls: a stop between two of them comes after the first write."""
        self.touched = True

    def _create(self, change: ListChange) -> str:
        """Say in the state that we are about to, then do it: should the answer get lost, the list is still ours."""
        folder = self._folder()
        moment = self.job.now.isoformat()
        self._note(ListRecord(change.name, change.kind, moment))
        self.journal.list_intent(change.name, None, (), ())
        try:
            made = lists.create(self.job.connection, change.name, change.kind, folder, change.filters)
        except Rejected as refused:
            if list_quota.is_used_up(refused, change.name):
                raise
            made = self._made_by_us(change, refused)
        self.kept.append(change.name)
        self._note(ListRecord(change.name, change.kind, moment, made.id, folder_id=folder))
        self.journal.list_result(change.name, made.id, 0, 0)
        return made.id

    def _made_by_us(self, change: ListChange, refused: Rejected) -> PortalList:
        """A repeated creation answers that the name is taken: by our own first try, if of our kind and as young."""
        known = known_lists(self.state, self.plan.origin.portal_id).get(change.name)
        for look in range(MAX_READ_ATTEMPTS):
            if look:  # another host made it a moment ago: HubSpot needs up to a second until it is shown
                self.job.connection.pause(READ_RETRY_WAIT_S)
            named = lists.find_by_name(self.job.connection, change.name)
            for one in named:
                ours = one.object_type == COMPANY_OBJECT and one.processing_type == PROCESSING[change.kind]
                if ours and (matches_intent(one, known) or self._lies_in_our_folder(one)):
                    return one
            if named:
                break
        raise refused

    def _lies_in_our_folder(self, one: PortalList) -> bool:
        """Another host of ours, with a state of its own, made it: lists in our folder are ours."""
        return self._folder_id is not None and one.id in lists.lists_in(self.job.connection, self._folder_id)

    def _folder(self) -> str | None:
        """Our list folder, made on first use; None where the portal has no folders."""
        self._folder_id = self._folder_id or self.found.folder_id
        if self._folder_id is None:
            try:
                self._folder_id = lists.create_folder(self.job.connection, FOLDER)
            except NotFound:
                return None
            except Rejected:
                self._folder_id = self._made_meanwhile()
        return self._folder_id

    def _made_meanwhile(self) -> str:
        """Another profile of this run, or a first try whose answer got lost, made the folder before us."""
        folders = lists.folder_ids(self.job.connection, FOLDER)
        if not folders:
            raise NotFound(f"HubSpot neither makes nor shows the list folder {FOLDER}; make it by hand")
        return folders[0]

    def _remember(self, change: ListChange, list_id: str) -> None:
        """A list found by name, or taken over, is known by its id from now on, and our folder by its own."""
        known = known_lists(self.state, self.plan.origin.portal_id).get(change.name)
        entry = known if known and known.id == list_id else None
        entry = entry or ListRecord(change.name, change.kind, self.job.now.isoformat(), list_id)
        folder_id = self.found.folder_id or entry.folder_id
        entry = replace(entry, folder_id=folder_id, profile=self.job.profile.name)
        if entry != known:
            self._note(entry)

    def _note(self, known: ListRecord) -> None:
        remember_list(self.state, self.plan.origin.portal_id, replace(known, profile=self.job.profile.name))


def _changed(before: pl.Series, add: Collection[int], remove: Collection[int]) -> pl.Series:
    """Who is on a list after `add` joined and `remove` left."""
    return pl.Series(sorted({*before, *add}.difference(remove)), dtype=pl.Int64)
