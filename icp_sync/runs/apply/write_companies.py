"""Writes the companies of a plan, several batches in flight, and collects each company's result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from icp_sync.errors import PortalError, PortalUnavailable
from icp_sync.plan import change_frame as change
from icp_sync.plan.override_candidates import overridable_properties
from icp_sync.plan.plan import Plan
from icp_sync.plan.run_report import SkippedItem
from icp_sync.plan.write_precondition import property_types
from icp_sync.portal.client.routes import MAX_INPUTS_PER_BATCH
from icp_sync.portal.companies.batch_read import MOST_UNREAD
from icp_sync.portal.companies.bisection_limit import MAX_SYSTEMIC
from icp_sync.portal.companies.write_results import Rejection
from icp_sync.runs.apply.batch import Batch, BatchContext, Fault, WriteLog, rejection_text
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.journal import Journal


@dataclass(slots=True)
class AdaptiveConcurrency:
    """AIMD concurrency: `now` batches at once, halved by a batch that met a lock (423), else one more, up to `most`."""

    most: int
    now: int

    @classmethod
    def start_at_max(cls, most: int) -> AdaptiveConcurrency:
        return cls(most, most)

    def adjust(self, *, locked: bool) -> None:
        """Adjust to a finished batch."""
        # HubSpot locks records after heavy writes (423, about 2 s); fewer batches at once avoid the next lock.
        self.now = max(1, self.now // 2) if locked else min(self.most, self.now + 1)


@dataclass(slots=True)
class WriteStats:
    """The results of a plan's companies so far; `unwritten`: ids whose records do not hold the desired values.

    `writes`: texts for the snapshot of every company checked, with its `hs_lastmodifieddate`; null there means that
    others may have edited the company, so that it is read again. `rejected_alone`: rejections of single companies;
    `rejected_alike`: rejections of batches that failed as a whole for one reason. `systemic`: number of such batches.
    `unread`: number of companies skipped because HubSpot could not show them.
    """

    written: int = 0
    unchanged: int = 0
    skipped: list[SkippedItem] = field(default_factory=list)
    rejected: list[SkippedItem] = field(default_factory=list)
    rejected_alone: list[Rejection] = field(default_factory=list)
    rejected_alike: list[Rejection] = field(default_factory=list)
    unwritten: set[int] = field(default_factory=set)
    writes: WriteLog = field(default_factory=WriteLog)
    systemic: int = 0
    unread: int = 0
    fault: Fault | None = None

    @property
    def has_writes(self) -> bool:
        """Whether any company write reached the portal."""
        return bool(self.written or self.rejected)

    def add(self, batch: Batch) -> None:
        """Add the results of a finished batch; sets `fault` after the second systemic rejection."""
        self.written += len(batch.written)
        self.unchanged += len(batch.unchanged)
        self.unwritten -= batch.written | batch.unchanged
        self.writes.add(batch.writes)
        self.skipped.extend(batch.skipped.values())
        self.rejected.extend(
            SkippedItem(str(company_id.id), rejection_text(company_id)) for company_id in batch.rejected
        )
        self.systemic += batch.systemic
        (self.rejected_alike if batch.systemic else self.rejected_alone).extend(batch.rejected)
        self.unread += len(batch.unread)
        self.fault = self.fault or batch.fault or _outage(self.unread)
        if self.systemic >= MAX_SYSTEMIC and self.fault is None:
            self.fault = _build_systemic_error(batch.rejected[0])


def write_companies(
    profile_run: ProfileRun, plan: Plan, journal: Journal, modified_at_plan: Mapping[int, str], stats: WriteStats
) -> None:
    """Write the plan's changes to the portal and collect the results in `stats`. Raises no error of the portal.

    `modified_at_plan`: company id → its `hs_lastmodifieddate` at planning, where known.

    Ends early, with `stats.fault` set, on a stop, on an error of the portal or the state directory, and after the
    second batch that was rejected as a whole; batches in flight are always completed.
    """
    # The first batch goes alone, and so does the next one after a systemic rejection: a property that HubSpot rejects
    # fails every batch, and each failed batch of 100 is bisected. So it costs two batches, not one per worker.
    stats.unwritten.update(plan.changes["id"].to_list())
    batches = _batches(
        plan,
        BatchContext(
            profile_run,
            journal,
            property_types(profile_run.profile),
            frozenset(dict(overridable_properties(profile_run.profile.write)).values()),
            modified_at_plan,
            frozenset(plan.to_make.properties),
        ),
    )
    concurrency = AdaptiveConcurrency.start_at_max(profile_run.connection.in_flight)
    with ThreadPoolExecutor(concurrency.most, thread_name_prefix="write") as pool:
        in_flight = {pool.submit(_write_batch, batch) for batch in _next_batches(batches, 1)}
        while in_flight:
            done, in_flight = wait(in_flight, return_when=FIRST_COMPLETED)
            for future in done:
                _collect_batch_results(profile_run, future, concurrency, stats)
            if stats.fault is None:
                free = (1 if stats.systemic else concurrency.now) - len(in_flight)
                in_flight |= {pool.submit(_write_batch, batch) for batch in _next_batches(batches, free)}


def _batches(plan: Plan, context: BatchContext) -> Iterator[Batch]:
    # Made as they are sent: of a plan for a million companies never all changes are Python objects at once.
    for number, frame in enumerate(plan.changes.iter_slices(MAX_INPUTS_PER_BATCH), 1):
        yield Batch(context, number, {change.id: change for change in change.iter_changes(frame)})


def _next_batches(batches: Iterator[Batch], count: int) -> Iterator[Batch]:
    for _, batch in zip(range(count), batches, strict=False):
        yield batch


def _write_batch(batch: Batch) -> Batch:
    batch.write()
    return batch


def _collect_batch_results(
    profile_run: ProfileRun, future: Future[Batch], concurrency: AdaptiveConcurrency, stats: WriteStats
) -> None:
    batch = future.result()
    profile_run.session.progress.advance(batch.answered_count)
    concurrency.adjust(locked=batch.locked)
    stats.add(batch)


def _outage(unread: int) -> PortalError | None:
    if unread <= MOST_UNREAD:
        return None
    return PortalUnavailable(f"HubSpot could not show {unread:,} of the companies to write; run again later")


def _build_systemic_error(rejection: Rejection) -> PortalError:
    where = (
        f"property {rejection.property} ({rejection.code})"
        if rejection.property
        else f"{rejection.code or 'no record named'}"
    )
    return PortalError(
        f"HubSpot refuses whole batches for one reason: {where}: {rejection.message}; stopped after the second such "
        "batch. Mend the property in HubSpot or the profile's write section, then run again"
    )
