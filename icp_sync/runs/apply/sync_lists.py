"""Brings the lists up to date: created once after saving the intent, members by difference, filters replaced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from icp_sync.errors import ObjectNotFound, PortalError, RequestRejected
from icp_sync.plan.apply_stages import CreateFolder, ListStage, SyncList
from icp_sync.plan.list_diff import COMPANY_OBJECT, PROCESSING, ListChange, is_same_filter
from icp_sync.plan.plan import Plan
from icp_sync.plan.run_report import SkippedItem
from icp_sync.portal import lists
from icp_sync.portal.lists import PortalList
from icp_sync.portal.properties import MAX_READ_ATTEMPTS, READ_RETRY_WAIT_S
from icp_sync.runs import list_quota
from icp_sync.runs.apply.list_folder import LIST_REFUSALS, ListFolder
from icp_sync.runs.extract.list_resolution import ResolvedLists, was_created_after_intent
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.journal import Journal
from icp_sync.state.list_ids import ListRecord


@dataclass(slots=True)
class ListSync:
    """Applies the list changes of one plan: names `changed` so far, and those that `failed` with the reason.

    `members`: static list id → the ids on it now; a list changed in part, or rejected, is left out. `dirty`: a write
    was sent for a list that is not in `changed` yet.
    """

    profile_run: ProfileRun
    plan: Plan
    resolved: ResolvedLists
    journal: Journal
    changed: list[str] = field(default_factory=list)
    failed: list[SkippedItem] = field(default_factory=list)
    dirty: bool = False
    members: dict[str, pl.Series] = field(init=False)
    folder: ListFolder = field(init=False)

    def __post_init__(self) -> None:
        self.folder = ListFolder(self.profile_run.connection, self.resolved.folder_id)
        known = self.plan.lists if self.resolved.with_members else ()
        static = [self.resolved.live[change.name] for change in known if change.kind == "static"]
        self.members = {live.id: live.members for live in static if live.id is not None}

    def sync(self, stages: Sequence[ListStage], unwritten: Collection[int]) -> None:
        """Carry out the list stages; a rejected list is recorded in `failed`, any other error is raised.

        Of a list that needs no change only the ids are saved. `unwritten`: ids of companies whose change was not
        written. They are neither added nor removed, because lists follow the records.
        """
        progress = self.profile_run.session.progress
        progress.stage("lists", sum(isinstance(stage, SyncList) for stage in stages))
        for change in self.plan.lists:
            if not change.is_pending:
                self._sync_list(change, unwritten)
        for stage in stages:
            match stage:
                case CreateFolder():
                    self.folder.create()
                case SyncList(change=change):
                    self._sync_list(change, unwritten)
                    progress.advance(1)

    def _sync_list(self, change: ListChange, unwritten: Collection[int]) -> None:
        try:
            self._update_list(change, unwritten)
        except LIST_REFUSALS as refused:
            reason = self._failure_reason(change, refused)
            self.journal.answer_list(change.name, self.resolved.live[change.name].id, reason)
            self.failed.append(SkippedItem(change.name, reason))

    def _failure_reason(self, change: ListChange, refused: PortalError) -> str:
        """Why a list could not be updated, with the remedy where the portal's list quota is used up."""
        making = self.resolved.live[change.name].id is None
        used_up = making and list_quota.is_list_quota_error(refused, change.name)
        return (
            list_quota.describe_remedy(self.profile_run.connection, change.kind, refused)
            if used_up
            else refused.message
        )

    def _update_list(self, change: ListChange, unwritten: Collection[int]) -> None:
        list_id = self.resolved.live[change.name].id
        if list_id is None:
            if change.id is not None:
                raise ObjectNotFound("the list was deleted since the plan was made; make a new plan")
            list_id = self._create_list(change)
        else:
            self._record_list_ids(change, list_id)
        if change.kind == "static":
            self._move_members(change, list_id, unwritten)
        elif change.filters is not None and change.id is not None:
            self.journal.announce_list(change.name, list_id, (), ())
            shown = lists.update_filters(self.profile_run.connection, list_id, change.filters)
            self.changed.append(change.name)
            self._record_filter_form(change, list_id, shown)
            self.journal.answer_list(change.name, list_id)

    def _move_members(self, change: ListChange, list_id: str, unwritten: Collection[int]) -> None:
        add = [company_id for company_id in change.add if company_id not in unwritten]
        remove = [company_id for company_id in change.remove if company_id not in unwritten]
        if change.id is None:
            self.members[list_id] = pl.Series([], dtype=pl.Int64)
        if not (add or remove):
            return
        # Unknown until every call is answered: a list that was moved in part is read anew by the next run.
        before = self.members.pop(list_id, None)
        self._record_pending(change, list_id)
        self.journal.announce_list(change.name, list_id, add, remove)
        # HubSpot ignores ids that are members already or unknown, so a repeated call changes nothing.
        moved = lists.change_members(self.profile_run.connection, list_id, add, remove, self._mark_partial_write)
        self._record_change_end(change)
        if before is not None:
            self.members[list_id] = _members_after_moves(before, {*add}.difference(moved.missing), remove)
        if (moved.added or moved.removed) and change.id is not None:
            self.changed.append(change.name)
        self.journal.answer_list(change.name, list_id)

    def _record_pending(self, change: ListChange, list_id: str) -> None:
        """Save that this run changes the list, which invalidates the members cached in snapshots even after a crash."""
        known = self.profile_run.store.lists.get(change.name)
        known = known or ListRecord(change.name, change.kind, self.profile_run.session.now)
        run = self.profile_run
        moment = run.current_time()
        self._save_record(replace(known, id=list_id, changed_by=run.run_id, changed_from=moment, changed_until=moment))

    def _record_change_end(self, change: ListChange) -> None:
        """Save when the last call was answered: HubSpot dates the list's last change by our own calls."""
        known = self.profile_run.store.lists.get(change.name)
        if known is not None:
            self._save_record(replace(known, changed_until=self.profile_run.current_time()))

    def _mark_partial_write(self) -> None:
        """Called after each call of a long list, so that a stop between two calls counts as a partial write."""
        self.dirty = True

    def _create_list(self, change: ListChange) -> str:
        """Save the intent, then create the list: if the response is lost, the next run recognises the list as ours."""
        # A list created after its answer was lost has no id here, and its name may be anybody's: the intent, saved
        # first with its moment, is what proves that the list found later is ours.
        folder = self.folder.ensure()
        moment = self.profile_run.session.now
        self._save_record(ListRecord(change.name, change.kind, moment))
        self.journal.announce_list(change.name, None, (), ())
        try:
            created = lists.create_list(self.profile_run.connection, change.name, change.kind, folder, change.filters)
        except RequestRejected as refused:
            if list_quota.is_list_quota_error(refused, change.name):
                raise
            created = self._recover_created(change, refused)
        self.changed.append(change.name)
        self._save_record(ListRecord(change.name, change.kind, moment, created.id, folder_id=folder))
        self._record_filter_form(change, created.id, created.filters)
        self.journal.answer_list(change.name, created.id)
        return created.id

    def _record_filter_form(self, change: ListChange, list_id: str, shown: dict[str, Any] | None) -> None:
        """Save the form in which HubSpot shows the filter just sent, where it is another than ours or none at all."""
        record = self.profile_run.store.lists.get(change.name)
        if record is None or change.filters is None:
            return
        if shown is None:  # HubSpot need not show the filter in the answer to a write
            read = lists.get_list(self.profile_run.connection, list_id, filters=True)
            shown = read.filters if read else None
        same = shown is not None and is_same_filter(shown, change.filters)
        sent, shown = (None, None) if same else (dict(change.filters), shown)
        if (sent, shown) != (record.filter_sent, record.filter_shown):
            self._save_record(replace(record, filter_sent=sent, filter_shown=shown))

    def _recover_created(self, change: ListChange, refused: RequestRejected) -> PortalList:
        """The list our own lost first attempt created; raises `refused` where the name belongs to another list.

        A retried creation is rejected because the name is taken, so the list is looked up by name, kind and age.
        """
        known = self.profile_run.store.lists.get(change.name)
        for look in range(MAX_READ_ATTEMPTS):
            if look:  # another host made it a moment ago: HubSpot needs up to a second until it is shown
                self.profile_run.connection.wait(READ_RETRY_WAIT_S)
            matches = lists.find_by_name(self.profile_run.connection, change.name)
            for portal_list in matches:
                same_kind = (portal_list.object_type, portal_list.processing_type) == (
                    COMPANY_OBJECT,
                    PROCESSING[change.kind],
                )
                if same_kind and (was_created_after_intent(portal_list, known) or self.folder.contains(portal_list.id)):
                    return portal_list
            if matches:
                break
        raise refused

    def _record_list_ids(self, change: ListChange, list_id: str) -> None:
        """Save the ids of a list matched by name or adopted and of our folder, so that both survive a rename."""
        known = self.profile_run.store.lists.get(change.name)
        entry = known if known and known.id == list_id else None
        entry = entry or ListRecord(change.name, change.kind, self.profile_run.session.now, list_id)
        folder_id = self.resolved.folder_id or entry.folder_id
        entry = replace(entry, folder_id=folder_id, profile=self.profile_run.profile.name)
        if entry != known:
            self._save_record(entry)

    def _save_record(self, record: ListRecord) -> None:
        store = self.profile_run.store
        former = store.lists.get(record.name)
        if former is not None and former.id is not None and former.id != record.id:
            # Deleted in HubSpot: by that id nobody would ever find its pins there, nor end them.
            store.membership_pins.end_of_list(former.id, self.profile_run.session.now)
        store.lists.save(replace(record, profile=self.profile_run.profile.name))


def _members_after_moves(before: pl.Series, add: Collection[int], remove: Collection[int]) -> pl.Series:
    """The ids on a list after `add` joined and `remove` left, sorted."""
    return pl.Series(sorted({*before, *add}.difference(remove)), dtype=pl.Int64)
