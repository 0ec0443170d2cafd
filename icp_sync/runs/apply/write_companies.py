"""Writing the companies of a plan, several batches in flight, and what has become of each company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from icp_sync.errors import PortalError
from icp_sync.plan import changes as change
from icp_sync.plan.drift import property_types
from icp_sync.plan.plan import Plan
from icp_sync.plan.report import Skipped
from icp_sync.portal.client.routes import MAX_INPUTS_PER_BATCH
from icp_sync.portal.companies.bisection import MAX_SYSTEMIC
from icp_sync.portal.companies.write_results import Rejection
from icp_sync.runs.apply.batch import Batch, BatchContext, Fault, WriteLog, rejection_text
from icp_sync.runs.context import ProfileRun
from icp_sync.state.journal import Journal


@dataclass(slots=True)
class AdaptiveConcurrency:
    """`now` batches at once: halved by each that met a lock (423), one more for each that met none, `most` at most."""

    most: int
    now: int

    @classmethod
    def full(cls, most: int) -> AdaptiveConcurrency:
        return cls(most, most)

    def observe(self, *, locked: bool) -> None:
        """Take note of a batch that came back."""
        self.now = max(1, self.now // 2) if locked else min(self.most, self.now + 1)


@dataclass(slots=True)
class WriteStats:
    """What has become of the companies of a plan so far; the records of `unwritten` do not stand as planned.

    `landed`: what a snapshot is to hold of the companies we wrote, found as wanted, or came upon changed: the texts of
    the properties written, and under `hs_lastmodifieddate` the date; empty there means that somebody may have edited
    the company, so that it has to be read again. `refused`: the rejections that have to do with one company alone;
    `refused_alike`: those of batches refused for one reason.
    """

    written: int = 0
    already: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    rejected: list[Skipped] = field(default_factory=list)
    refused: list[Rejection] = field(default_factory=list)
    refused_alike: list[Rejection] = field(default_factory=list)
    unwritten: set[int] = field(default_factory=set)
    landed: WriteLog = field(default_factory=WriteLog)
    systemic: int = 0
    fault: Fault | None = None

    @property
    def touched(self) -> bool:
        """Whether the portal was asked to change any company."""
        return bool(self.written or self.rejected)

    def take(self, batch: Batch) -> None:
        """Add what became of a batch."""
        self.written += len(batch.written)
        self.already += len(batch.standing)
        self.unwritten -= batch.written | batch.standing
        self.landed.add(batch.landed)
        self.skipped.extend(Skipped(str(one), reason) for one, reason in batch.skipped.items())
        self.rejected.extend(Skipped(str(one.id), rejection_text(one)) for one in batch.rejected)
        self.systemic += batch.systemic
        (self.refused_alike if batch.systemic else self.refused).extend(batch.rejected)
        self.fault = self.fault or batch.fault
        if self.systemic >= MAX_SYSTEMIC and self.fault is None:
            self.fault = _systemic(batch.rejected[0])


def write_companies(job: ProfileRun, plan: Plan, journal: Journal, held: Mapping[int, str], tally: WriteStats) -> None:
    """Write the plan's changes into the portal and their fate into `tally`.

    `held`: company id → its `hs_lastmodifieddate` when the plan was made, as far as known.

    Ends early, with `tally.fault` set, on a stop, on a fault of the portal or the state, and after the second batch
    that was refused for one and the same reason; batches in flight are always brought to their end. The first
    batch goes alone, and after a systemic refusal the next one too; refused batches in flight are halved one after
    the other, and after the second systemic one no more, so that refusals cost no more than two batches.
    """
    tally.unwritten.update(plan.changes["id"].to_list())
    batches = _batches(
        plan, BatchContext(job, journal, property_types(job.profile), held, frozenset(plan.to_make.properties))
    )
    width = AdaptiveConcurrency.full(job.connection.in_flight)
    with ThreadPoolExecutor(width.most, thread_name_prefix="write") as pool:
        flying = {pool.submit(_written, batch) for batch in _some(batches, 1)}
        while flying:
            landed, flying = wait(flying, return_when=FIRST_COMPLETED)
            for future in landed:
                _take(job, future, width, tally)
            if tally.fault is None:
                free = (1 if tally.systemic else width.now) - len(flying)
                flying |= {pool.submit(_written, batch) for batch in _some(batches, free)}


def _batches(plan: Plan, desk: BatchContext) -> Iterator[Batch]:
    for number, frame in enumerate(plan.changes.iter_slices(MAX_INPUTS_PER_BATCH), 1):
        yield Batch(desk, number, {one.id: one for one in change.iter_changes(frame)})


def _some(batches: Iterator[Batch], count: int) -> Iterator[Batch]:
    for _, batch in zip(range(count), batches, strict=False):
        yield batch


def _written(batch: Batch) -> Batch:
    batch.write()
    return batch


def _take(job: ProfileRun, future: Future[Batch], width: AdaptiveConcurrency, tally: WriteStats) -> None:
    batch = future.result()
    job.watch.advance(batch.done)
    width.observe(locked=batch.locked)
    tally.take(batch)


def _systemic(one: Rejection) -> PortalError:
    where = f"property {one.property} ({one.code})" if one.property else f"{one.code or 'no record named'}"
    return PortalError(
        f"HubSpot refuses whole batches for one reason: {where}: {one.message}; stopped after the second such batch. "
        "Mend the property in HubSpot or the profile's write section, then run again"
    )
