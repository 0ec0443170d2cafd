"""One batch of a plan: read again, skip what drifted, journal the intent, write, journal the result."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import PortalError, RunStopped, StateUnusable
from icp_sync.plan.change_frame import Change
from icp_sync.plan.run_report import SkippedItem
from icp_sync.plan.write_precondition import DriftCheck, check_drift, is_locked_since_plan
from icp_sync.portal.companies import read as companies
from icp_sync.portal.companies import write as writing
from icp_sync.portal.companies.bisection_limit import BisectionLimit
from icp_sync.portal.companies.write_results import Recheck, Rejection, WriteConfirmation
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.journal import Journal, WriteResult

# Most of a million companies share few distinct texts; categoricals store each text once.
_SCHEMA: Final = pl.Schema([("id", pl.Int64()), ("property", pl.Categorical()), ("value", pl.Categorical())])
_ROWS_PER_FRAME: Final = 50_000
Texts = Mapping[str, str | None]


class WriteLog:
    """Collects the texts written per company and property (None = empty) into one long frame."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str | None]] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, writes: Mapping[int, Texts]) -> None:
        """Append the texts of more companies."""
        self._rows += [(one, name, value) for one, texts in writes.items() for name, value in texts.items()]
        if len(self._rows) >= _ROWS_PER_FRAME:
            self._flush_to_frame()

    def frame(self) -> pl.DataFrame:
        """All texts in long form: `id` (Int64), `property`, `value` (String, null = empty)."""
        self._flush_to_frame()
        texts = pl.col("property", "value").cast(pl.String)
        return pl.concat([_SCHEMA.to_frame(), *self._frames]).with_columns(texts)

    def _flush_to_frame(self) -> None:
        self._frames.append(pl.DataFrame(self._rows, _SCHEMA, orient="row"))
        self._rows = []


GONE: Final = "no longer in the portal (merged or archived since the plan)"
UNREAD: Final = "left as it is, since HubSpot could not show it"
Fault = PortalError | StateUnusable | RunStopped


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What all batches of one apply share.

    `types`: property → type, for comparing. `overridable`: the properties people may set (tier, target flag).
    `modified_at_plan`: company id → its `hs_lastmodifieddate` at planning.
    `recreated`: properties this apply created. `bisection_limit`: limits concurrent bisection of rejected batches.
    """

    profile_run: ProfileRun
    journal: Journal
    types: Mapping[str, str]
    overridable: frozenset[str]
    modified_at_plan: Mapping[int, str]
    recreated: frozenset[str] = frozenset()
    bisection_limit: BisectionLimit = field(default_factory=BisectionLimit)


@dataclass(slots=True)
class Batch:
    """A batch of changes and its results so far.

    `writes`: id → the record's texts for the snapshot, with its `hs_lastmodifieddate`; the date is None where others
    may have edited the record since the plan, so that the next run reads it again. `unread`: ids that HubSpot could not
    show, each with its reason.
    """

    context: BatchContext
    number: int
    changes: dict[int, Change]
    written: set[int] = field(default_factory=set)
    unchanged: set[int] = field(default_factory=set)
    skipped: dict[int, SkippedItem] = field(default_factory=dict)
    rejected: tuple[Rejection, ...] = ()
    writes: dict[int, Texts] = field(default_factory=dict)
    edited_by_others: set[int] = field(default_factory=set)
    unread: dict[int, str] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    systemic: bool = False
    locked: bool = False
    fault: Fault | None = None

    def write(self) -> None:
        """Write the batch. Raises nothing: an error is stored in `fault`, writes confirmed before it in `written`."""
        try:
            self._send_pending_changes()
        except (PortalError, StateUnusable, RunStopped) as fault:
            self.fault = fault
        known = self.skipped.keys() - self.unread.keys()
        unknown = self.sent.difference(self.written, known, (rejection.id for rejection in self.rejected))
        self.writes.update({company_id: {MODIFIED: None} for company_id in {*self.skipped, *unknown}})
        self._journal_results(unknown)

    @property
    def answered_count(self) -> int:
        """Number of companies whose result is known."""
        return len(self.written) + len(self.unchanged) + len(self.skipped) + len(self.rejected)

    def _send_pending_changes(self) -> None:
        recheck = self._recheck(self.changes)
        for company_id, texts in recheck.unchanged.items():
            modified = self._modified_date_if_unchanged(company_id, texts.get(MODIFIED))
            self.unchanged.add(company_id)
            # Who set a tier or flag since the plan the next run asks, so the snapshot keeps what stood there before.
            unknown = self.context.overridable if modified is None else ()
            live = {name: texts.get(name) or None for name in self.changes[company_id].after if name not in unknown}
            self.writes[company_id] = live | {MODIFIED: modified}
        if not recheck.pending:
            return
        # Write-ahead: the intent is on disk before the call, so that the next run knows which companies to check.
        self.context.journal.announce_batch(
            self.number, [self.changes[company_id] for company_id in sorted(recheck.pending)]
        )
        self.sent.update(recheck.pending)
        result = writing.write_companies(
            self.context.profile_run.connection,
            [(company_id, self.changes[company_id].after) for company_id in sorted(recheck.pending)],
            recheck=self._recheck,
            on_written=self._add_confirmed_write,
            bisection_limit=self.context.bisection_limit,
        )
        self.rejected, self.systemic, self.locked = result.rejected, result.systemic, result.locked

    def _recheck(self, ids: Collection[int]) -> Recheck:
        """Read the companies again and sort them: already as desired, still to write, or skipped (in `skipped`)."""
        live = self._fetch_live(ids)
        unchanged: dict[int, Mapping[str, str]] = {}
        pending = []
        for company_id in ids:
            drift = self._check_drift(company_id, live[company_id]) if company_id in live else None
            reason = self._skip_reason(company_id, live, drift)
            if reason is not None:
                self.skipped[company_id] = SkippedItem(str(company_id), reason, self._tier_now(company_id, live))
            elif drift and drift.to_write:
                pending.append(company_id)
                if self._modified_date_if_unchanged(company_id, live[company_id].get(MODIFIED)) is None:
                    self.edited_by_others.add(company_id)
            else:
                unchanged[company_id] = live[company_id]
        return Recheck(unchanged, pending)

    def _fetch_live(self, ids: Collection[int]) -> dict[int, dict[str, str]]:
        """Id → the texts on the record now: of the properties the batch writes, of the lock, and its date."""
        profile = self.context.profile_run.profile
        lock = {profile.lock.property_name} if profile.lock else set()
        names = sorted({name for company_id in ids for name in self.changes[company_id].after} | lock)
        # HubSpot has no conditional write, so drift is checked by a read just before it; the gap is one call.
        connection = self.context.profile_run.connection
        frame = companies.read_by_ids(connection, ids, [*names, MODIFIED], on_unread=self.unread.update).fill_null("")
        live = {row.pop("id"): row for row in frame.iter_rows(named=True)}
        self._rebase_recreated(live)
        return live

    def _rebase_recreated(self, live: Mapping[int, Mapping[str, str]]) -> None:
        """Take live values of recreated properties as the change's `before`: they are no drift.

        HubSpot gives a property that was deleted and created anew its old values back.
        """
        for company_id in live.keys() & self.changes.keys() if self.context.recreated else ():
            change = self.changes[company_id]
            restored = {name: live[company_id][name] for name in change.before.keys() & self.context.recreated}
            self.changes[company_id] = replace(change, before={**change.before, **restored})

    def _skip_reason(
        self, company_id: int, live: Mapping[int, Mapping[str, str]], drift: DriftCheck | None
    ) -> str | None:
        if drift is None:
            return f"{UNREAD} ({self.unread[company_id]})" if company_id in self.unread else GONE
        change, profile = self.changes[company_id], self.context.profile_run.profile
        if drift.to_write and is_locked_since_plan(change, live[company_id], profile):
            return "locked by somebody since the plan"
        return f"changed by somebody since the plan: {', '.join(drift.drifted)}" if drift.drifted else None

    def _tier_now(self, company_id: int, live: Mapping[int, Mapping[str, str]]) -> str | None:
        """The tier on a record, "" for none and of one that is gone; None where it could not be read."""
        if company_id not in live and company_id in self.unread:
            return None
        return live.get(company_id, {}).get(self.context.profile_run.profile.write.tier or "", "")

    def _check_drift(self, company_id: int, live: Mapping[str, str]) -> DriftCheck:
        return check_drift(self.changes[company_id], live, self.context.types, self.context.overridable)

    def _add_confirmed_write(self, company_id: int, confirmation: WriteConfirmation) -> None:
        self.written.add(company_id)
        self.writes[company_id] = {
            **confirmation.texts,
            MODIFIED: None if company_id in self.edited_by_others else confirmation.modified,
        }

    # Every write bumps hs_lastmodifieddate, ours too. A company unedited since planning keeps the date of our own write
    # in the snapshot, so that the next delta does not read it again for nothing.
    def _modified_date_if_unchanged(self, company_id: int, modified: str | None) -> str | None:
        """The company's `hs_lastmodifieddate` where it still equals that at planning, else None."""
        return modified if modified and modified == self.context.modified_at_plan.get(company_id) else None

    def _journal_results(self, unknown: Collection[int]) -> None:
        results = list(self._results(unknown))
        if not results or isinstance(self.fault, StateUnusable):
            return
        try:
            self.context.journal.answer_batch(self.number, results, self.changes)
        except StateUnusable as full:
            self.fault = self.fault or full

    def _results(self, unknown: Collection[int]) -> Iterator[WriteResult]:
        rejected = {rejection.id: rejection_text(rejection) for rejection in self.rejected}
        for company_id in self.changes:
            if company_id in self.written:
                yield WriteResult(company_id, "written")
            elif company_id in self.unchanged:
                yield WriteResult(company_id, "already")
            elif company_id in unknown:
                yield WriteResult(company_id, "unknown")
            elif company_id in self.skipped:
                yield WriteResult(company_id, "skipped", self.skipped[company_id].reason)
            elif company_id in rejected:
                yield WriteResult(company_id, "rejected", rejected[company_id])


def rejection_text(rejection: Rejection) -> str:
    """A rejection in one line: property and HubSpot's error code where known, then its message."""
    facts = ", ".join(fact for fact in (rejection.property, rejection.code) if fact)
    return f"{facts}: {rejection.message}" if facts else rejection.message
