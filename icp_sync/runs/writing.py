"""Writing the companies of a plan: read again, leave what drifted, write the rest, several batches in flight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.errors import PortalFault, StateUnusable, Stopped
from icp_sync.plan import change
from icp_sync.plan.change import Change
from icp_sync.plan.drift import against, locked_since, types_of
from icp_sync.plan.plan import Plan
from icp_sync.plan.report import Left
from icp_sync.portal import companies, writing
from icp_sync.portal.writing import BatchResult, Rejection
from icp_sync.profile.model import Profile
from icp_sync.runs.job import Job

BATCH: Final = 100
SYSTEMIC_BATCHES: Final = 2


@dataclass(slots=True)
class Tally:
    """What has become of the companies of a plan so far; the records of `unwritten` do not stand as planned."""

    written: int = 0
    already: int = 0
    skipped: list[Left] = field(default_factory=list)
    rejected: list[Left] = field(default_factory=list)
    unwritten: set[int] = field(default_factory=set)
    systemic: int = 0
    fault: PortalFault | StateUnusable | Stopped | None = None

    @property
    def touched(self) -> bool:
        """Whether the portal was asked to change any company."""
        return bool(self.written or self.rejected)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What became of one batch."""

    done: int
    skipped: tuple[Left, ...] = ()
    result: BatchResult | None = None
    fault: PortalFault | StateUnusable | Stopped | None = None
    standing: frozenset[int] = frozenset()


def write_companies(job: Job, plan: Plan, tally: Tally) -> None:
    """Write the plan's changes into the portal and their fate into `tally`.

    Ends early, with `tally.fault` set, on a stop, on a fault of the portal, and after the second batch that was
    refused for one and the same reason; batches in flight are always brought to their end. The first
    batch goes alone, and after a systemic refusal the next one too, so that refusals cost no more than two batches.
    """
    tally.unwritten.update(plan.changes["id"].to_list())
    batches = plan.changes.iter_slices(BATCH)
    types = types_of(job.profile)
    with ThreadPoolExecutor(job.connection.in_flight, thread_name_prefix="write") as pool:
        flying = {pool.submit(_write_batch, job, batch, types) for batch in _some(batches, 1)}
        while flying:
            landed, flying = wait(flying, return_when=FIRST_COMPLETED)
            for future in landed:
                _take(job, future, tally)
            if tally.fault is None:
                free = (1 if tally.systemic else job.connection.in_flight) - len(flying)
                flying |= {pool.submit(_write_batch, job, batch, types) for batch in _some(batches, free)}


def _some(batches: Iterator[pl.DataFrame], count: int) -> Iterator[pl.DataFrame]:
    for _, batch in zip(range(count), batches, strict=False):
        yield batch


def _take(job: Job, future: Future[_Batch], tally: Tally) -> None:
    batch = future.result()
    job.watch.advance(batch.done)
    tally.skipped.extend(batch.skipped)
    tally.unwritten -= batch.standing
    tally.already += len(batch.standing)
    tally.fault = tally.fault or batch.fault
    if batch.result is None:
        return
    tally.written += len(batch.result.written)
    tally.unwritten -= batch.result.written.keys()
    tally.rejected.extend(Left(str(one.id), _said(one)) for one in batch.result.rejected)
    tally.systemic += batch.result.systemic
    if tally.systemic >= SYSTEMIC_BATCHES and tally.fault is None:
        tally.fault = _systemic(batch.result.rejected[0])


def _said(one: Rejection) -> str:
    facts = ", ".join(fact for fact in (one.property, one.code) if fact)
    return f"{facts}: {one.message}" if facts else one.message


def _systemic(one: Rejection) -> PortalFault:
    where = f"property {one.property} ({one.code})" if one.property else f"{one.code or 'no record named'}"
    return PortalFault(
        f"HubSpot refuses whole batches for one reason: {where}: {one.message}; stopped after the second such batch. "
        "Mend the property in HubSpot or the profile's write section, then run again"
    )


def _write_batch(job: Job, batch: pl.DataFrame, types: Mapping[str, str]) -> _Batch:
    """Read the batch's companies again and write those that stand as the plan saw them."""
    changes = list(change.iterate(batch))
    written: dict[int, str | None] = {}
    try:
        live = _live(job, changes)
        skipped, to_write, standing = _sorted_out(changes, live, types, job.profile)
        if not to_write:
            return _Batch(len(changes), tuple(skipped), standing=frozenset(standing))
        result = writing.write(job.connection, to_write, on_written=written.__setitem__)
    except (PortalFault, StateUnusable, Stopped) as fault:
        # What HubSpot confirmed before the fault is written, whatever became of the rest of the batch.
        return _Batch(len(written), result=BatchResult(written, (), systemic=False), fault=fault)
    return _Batch(len(changes), tuple(skipped), result, standing=frozenset(standing))


def _live(job: Job, changes: list[Change]) -> dict[int, dict[str, str]]:
    """Id → the texts on the record now, of the properties the batch would write, and of the lock."""
    lock = {job.profile.lock.property_name} if job.profile.lock else set()
    names = sorted({name for one in changes for name in one.after} | lock)
    frame = companies.read(job.connection, [one.id for one in changes], names).fill_null("")
    return {row.pop("id"): row for row in frame.iter_rows(named=True)}


def _sorted_out(
    changes: list[Change], live: Mapping[int, Mapping[str, str]], types: Mapping[str, str], profile: Profile
) -> tuple[list[Left], list[tuple[int, Mapping[str, str]]], list[int]]:
    """Who is skipped and why, what is left to write, and who already stands as planned."""
    skipped: list[Left] = []
    to_write: list[tuple[int, Mapping[str, str]]] = []
    standing: list[int] = []
    for one in changes:
        if one.id not in live:
            skipped.append(Left(str(one.id), "no longer in the portal (archived or merged since the plan)"))
            continue
        now = against(one, live[one.id], types)
        if now.to_write and locked_since(one, live[one.id], profile):
            skipped.append(Left(str(one.id), "locked by somebody since the plan"))
        elif now.drifted:
            skipped.append(Left(str(one.id), f"changed by somebody since the plan: {', '.join(now.drifted)}"))
        elif now.to_write:
            to_write.append((one.id, now.to_write))
        else:
            standing.append(one.id)
    return skipped, to_write, standing
