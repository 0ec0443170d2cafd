"""A host in memory: it draws plans, applies them batch by batch until it may die, and remembers what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.input_differences import DIFFERENCES, KEY, carry_over_differences, with_unknown_texts
from icp_sync.companies.snapshot import apply_writes
from icp_sync.plan.builder import PlanPreview, plan_from_diff
from icp_sync.plan.change_frame import Change, frame_from_changes, iter_changes
from icp_sync.plan.diff import diff, live_frame
from icp_sync.plan.held_inputs import attach_holds, attached_holds, release_holds
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.list_pins import ListMove
from icp_sync.plan.overrides import keys_to_remember
from icp_sync.plan.ownership import has_unseen_of_ours
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.plan.run_record import RunRecord
from icp_sync.plan.undo import CAUSE, plan_restoration
from icp_sync.plan.undo_conflicts import NO_WRITES, writes_frame
from icp_sync.plan.undo_list_members import CurrentMembers, MemberMoves, restore_members
from icp_sync.plan.write_precondition import check_drift, is_locked_since_plan, property_types
from icp_sync.profile.load import LoadedProfile
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import app_source
from icp_sync.state.ledger.written_changes import AnnouncedBatch
from tests.drills.histories.edition import KEPT, LIST, TIER
from tests.drills.histories.records import NAMES
from tests.drills.in_memory.memory import UNDO, Disk, Entry, Ledger, OpenOverride, member_moves
from tests.drills.in_memory.night import Drawn, Look, snapshot_of
from tests.drills.in_memory.steps import Holding, Steps

BATCH: Final = 7


@dataclass(slots=True)
class Host:
    """A machine that runs icp_sync on a portal, with a ledger that it may share with others."""

    portal: SandboxPortal
    ledger: Ledger
    disk: Disk | None = None

    def take_lease(self) -> Holding | None:
        """Take the lease of the ledger; None while another run has it."""
        clock, lease = self.portal.clock, self.ledger.lease
        epoch = lease.take(clock())
        return None if epoch is None else Holding(lease, epoch, clock, lease.expires_at)

    def look(self, loaded: LoadedProfile, allow: Collection[str] = ()) -> Look:
        """A run begins: it settles what a dead one left open."""
        self._settle_open_batches(loaded)
        return Look(self.portal, self.ledger, self.disk, loaded, f"run-{self.portal.now()}", self._now(), allow)

    def draw(self, look: Look) -> Drawn:
        """Draw the plan and save what was read."""
        drawn = look.draw()
        listed = look.listed().last
        members = None if listed is None else frozenset(listed)
        last, companies = self.disk, drawn.preview.companies
        is_decided = last is not None and last.is_decided and not has_unseen_of_ours(companies, last.companies)
        if last is not None:
            drawn = replace(drawn, differences=self._with_changes_since_sent(drawn, last.moment))
        self.disk = snapshot_of(drawn, members, is_decided=is_decided)
        return drawn

    def _with_changes_since_sent(self, drawn: Drawn, since: dt.datetime) -> pl.DataFrame:
        """The differences with tiers and flags that are not what runs have last sent since then."""
        rows = drawn.preview.companies.select("id", *KEPT).iter_rows(named=True)
        texts = {(row["id"], name): row[name] or "" for row in rows for name in KEPT}
        seen = set(drawn.differences.select(KEY).rows())
        changed = [
            (*key, text or None, drawn.now)
            for key, text in self.ledger.texts_sent(since).items()
            if key[1] in KEPT and key not in seen and texts.get(key, text) != text
        ]
        return pl.concat([drawn.differences, pl.DataFrame(changed, schema=DIFFERENCES, orient="row")]).sort(KEY)

    def apply(self, look: Look, drawn: Drawn, steps: Steps) -> frozenset[int]:
        """Apply the plan and remember it; the ids of companies that were left out. Raises Crashed."""
        steps.take()
        entry = self._begin(look, drawn.preview)
        written, unwritten = self._write(entry, look, drawn.preview, steps)
        self._move(entry, drawn.preview, unwritten, steps)
        steps.decide()
        self.ledger.profiles[look.loaded.digest] = look.loaded.profile
        self._remember(entry, drawn)
        unsettled = {*drawn.preview.left_out, *unwritten, *drawn.decided.standing.alone}
        undecided = drawn.decided.undecided
        kept = pl.concat([drawn.holding.open_holds.select(KEY), keys_to_remember(drawn.decided.decisions), undecided])
        differences = attach_holds(drawn.differences, drawn.holding.holds)
        differences = with_unknown_texts(differences, undecided, drawn.now)
        differences = carry_over_differences(differences, pl.Series("id", sorted(unsettled), dtype=pl.Int64), kept)
        members = frozenset(self.portal.list_members(LIST))
        self.disk = Disk(apply_writes(drawn.extract, written), differences, members, self._now(), is_decided=True)
        entry.record = replace(entry.record, ended_at=self._now(), complete=True)
        return frozenset(unsettled)

    def draw_undo(self, look: Look, entry: Entry, ids: Collection[int] | None, *, of_list: bool) -> PlanPreview | None:
        """The plan that takes a run back, of some companies or the list alone; None where it wrote none of them."""
        changes, moves = entry.written(), member_moves(move for _, move in entry.moves)
        changes = [] if of_list else [change for change in changes if ids is None or change.id in ids]
        moves = moves.limit_to_companies(ids)
        if not changes and not moves.ids:
            return None
        profile, companies = look.loaded.profile, look.read()
        later = pl.concat([NO_WRITES, *(writes_frame("", run.written()) for run in self.ledger.later(entry))])
        restoration = plan_restoration(
            frame_from_changes(changes), live_frame(companies, profile), profile, later, self.ledger.set_by_others()
        )
        rows = diff(None, live_frame(companies, profile), restoration.desired, profile, adopt=False)
        origin = replace(look.origin(), undoes=entry.record.run_id, opens_overrides=ids is not None)
        lists = (self._restored_list(look, moves),) if moves.ids else ()
        inputs = PlanInputs(origin, MissingObjects(), None, None, look.allow, cause=CAUSE, list_changes=lists)
        return plan_from_diff(rows, companies, profile, inputs)

    def apply_undo(self, look: Look, preview: PlanPreview) -> None:
        """Apply the plan of an undo, and remember what it fixed."""
        entry, origin = self._begin(look, preview), preview.plan.origin
        written, unwritten = self._write(entry, look, preview, Steps())
        lifting, known = (origin.undoes, UNDO), self.ledger.overrides
        lifted = {key: one for key, one in known.items() if (one.found_by, one.kind) == lifting}
        changes = [change for change in iter_changes(preview.plan.changes) if change.id not in unwritten]
        for key, override in lifted.items():
            if key[0] in {change.id for change in changes}:
                self.ledger.end(key, override.since)
        if origin.opens_overrides and self.ledger.depths().get(origin.undoes or "", 0) % 2 == 0:
            for change in changes:
                for name in (name for name in KEPT if name in change.after):
                    opened = OpenOverride(change.after[name], UNDO, self.portal.now(), origin.run_id)
                    self.ledger.overrides[change.id, name] = opened
        self._move(entry, preview, unwritten, Steps())
        if self.disk is not None:
            differences = self.disk.differences.join(written, on=KEY, how="anti", maintain_order="left")
            self.disk = replace(
                self.disk, companies=apply_writes(self.disk.companies, written), differences=differences
            )
        entry.record = replace(entry.record, ended_at=self._now())

    def release(self, company: int) -> None:
        """`icp-sync release --company ID`."""
        for key, override in list(self.ledger.overrides.items()):
            if key[0] == company:
                self.ledger.end(key, override.since)

    def release_lost(self, ids: Collection[int], name: str | None) -> None:
        """`icp-sync release --lost`, of some companies or of a property."""
        if self.disk is not None:
            holds = release_holds(attached_holds(self.disk.differences), ids, name)
            self.disk = replace(self.disk, differences=attach_holds(self.disk.differences, holds))

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.portal.now() / 1000, dt.UTC)

    def _begin(self, look: Look, preview: PlanPreview) -> Entry:
        loaded, plan = look.loaded, preview.plan
        record = RunRecord(
            run_id=look.run_id, portal_id=self.portal.portal_id, profile=loaded.profile.name, command="run",
            started_at=look.now, host="", os_user="", version="", digest=loaded.digest, whole=loaded.file_digest,
            as_of=look.now.date(), undoes=plan.origin.undoes, of_some=plan.origin.opens_overrides,
            allowed=tuple(look.allow), read=plan.population.read,
        )  # fmt: skip
        entry = Entry(record)
        self.ledger.entries.append(entry)
        self.ledger.profiles[loaded.digest] = loaded.profile
        return entry

    def _write(self, entry: Entry, look: Look, preview: PlanPreview, steps: Steps) -> tuple[pl.DataFrame, set[int]]:
        """What was written, as the snapshot takes it, and who was not."""
        written, unwritten = list[tuple[int, str, str | None]](), set[int]()
        changes, names = (
            list(iter_changes(preview.plan.changes)),
            sorted(look.loaded.profile.write.properties().values()),
        )
        for number, batch in enumerate(changes[at : at + BATCH] for at in range(0, len(changes), BATCH)):
            there = self._texts()
            pending = [change for change in batch if self._is_pending(change, there, look)]
            unwritten |= {change.id for change in batch} - {change.id for change in pending}
            if not pending:
                continue
            steps.announce()
            entry.batches.append(AnnouncedBatch(number, self._now(), None, tuple(pending), {}))
            steps.call()
            source = app_source(self.portal.app_id(self.portal.token))
            self.portal.edit_companies({change.id: change.after for change in pending}, source)
            steps.take()
            entry.answer(number, {change.id: "written" for change in pending})
            shown = self.portal.filled_values(names, [change.id for change in pending])
            written += [(one.id, name, shown[str(one.id)].get(name)) for one in pending for name in one.after]
        schema = {"id": pl.Int64, "property": pl.String, "value": pl.String}
        return pl.DataFrame(written, schema=schema, orient="row"), unwritten

    def _texts(self) -> Mapping[int, Mapping[str, str]]:
        names = sorted({*NAMES, "icp_fit_potential", "icp_fit_coverage", "icp_fit_changed_at"})
        rows = self.portal.companies_frame(*names).fill_null("").to_dicts()
        return {row["id"]: row for row in rows}

    def _is_pending(self, change: Change, there: Mapping[int, Mapping[str, str]], look: Look) -> bool:
        """Whether the company is as the plan saw it, and not as it is to be."""
        profile, texts = look.loaded.profile, there.get(change.id)
        if texts is None:
            return False
        drift = check_drift(change, texts, property_types(profile), KEPT)
        return bool(drift.to_write) and not drift.drifted and not is_locked_since_plan(change, texts, profile)

    def _move(self, entry: Entry, preview: PlanPreview, unwritten: Collection[int], steps: Steps) -> None:
        for change in (change for change in preview.plan.lists if change.add or change.remove):
            added = tuple(one for one in change.add if one not in unwritten)
            removed = tuple(one for one in change.remove if one not in unwritten)
            steps.announce()
            at = self._now()
            entry.moves.append((at, ListMove(added, removed, arrived=False)))
            steps.call()
            self.portal.change_list_members(LIST, added, removed)
            steps.take()
            entry.moves[-1] = (at, ListMove(added, removed, arrived=True))

    def _remember(self, entry: Entry, drawn: Drawn) -> None:
        """Open and end overrides and pins as decided."""
        ledger, decided = self.ledger, drawn.decided
        ledger.sources = frozenset(decided.rules.ours)
        for row in decided.merged.iter_rows(named=True):
            ledger.end((row["id"], row["property"]), row["since"])
        for key in decided.gone.select("id", "property").iter_rows():
            # It answers nothing: where the company is restored, what somebody set still stands.
            ledger.overrides.pop(key, None)
        for row in decided.inherited.iter_rows(named=True):
            opened = OpenOverride(row["value"], row["kind"], row["since"], entry.record.run_id)
            ledger.overrides[row["id"], row["property"]] = opened
        for row in decided.decisions.iter_rows(named=True):
            key = row["id"], row["property"]
            if row["action"] in ("end", "replace") and row["ended_at"] is not None:
                ledger.end(key, row["ended_at"])
            if row["action"] in ("open", "replace"):
                ledger.overrides[key] = OpenOverride(row["value"], row["kind"], row["since"], entry.record.run_id)
        for members in drawn.preview.members.values():
            ledger.pins = members.pins.standing

    def _restored_list(self, look: Look, moves: MemberMoves) -> ListChange:
        listed = look.listed()
        pins = {*listed.pins.inside, *listed.pins.outside}
        overridden = {company for company, name in self.ledger.set_by_others() if name == TIER}
        last = None if listed.last is None else frozenset(listed.last)
        return restore_members(
            LIST, moves, CurrentMembers(listed.id or "", frozenset(listed.members), last), pins, overridden
        )[0]

    def _settle_open_batches(self, loaded: LoadedProfile) -> None:
        there, types = self._texts(), property_types(loaded.profile)
        for entry in self.ledger.entries:
            for batch in [batch for batch in entry.batches if batch.answered_at is None]:
                arrived = {
                    c.id: c.id in there and not check_drift(c, there[c.id], types).to_write for c in batch.changes
                }
                entry.answer(batch.number, {one: "written" if landed else "unknown" for one, landed in arrived.items()})
            if entry.record.ended_at is None:
                entry.record = replace(entry.record, ended_at=self._now())
