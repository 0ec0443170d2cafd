"""What the ledger of a state directory tells, run by run, for tests that hold it against the portal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from icp_sync.plan.run_record import CompanyResult, ListChangeRecord, RunRecord
from icp_sync.state.ledger import schema, written_changes
from icp_sync.state.ledger.address import FILE, parse_ledger_address, sqlite_address
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.runs import RunStore
from icp_sync.state.ledger.written_changes import AnnouncedBatch

SETTLED = "settled by run "


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run: its row, and what stands beside it."""

    run: RunRecord
    batches: tuple[AnnouncedBatch, ...]
    results: tuple[CompanyResult, ...]
    lists: tuple[ListChangeRecord, ...]

    @property
    def announced(self) -> list[int]:
        """The companies of all batches, in the order in which they were announced."""
        return [change.id for batch in self.batches for change in batch.changes]

    @property
    def open_batches(self) -> list[int]:
        """The numbers of the batches nobody has answered."""
        return [batch.number for batch in self.batches if batch.answered_at is None]

    @property
    def settled(self) -> dict[int, str]:
        """Company id → what a later run found on its record."""
        pairs = ((result.id, result.reason or "") for result in self.results)
        return {company: reason.partition(": ")[2] for company, reason in pairs if reason.startswith(SETTLED)}

    def by_result(self, result: str) -> list[int]:
        """The companies that came out so."""
        return [each.id for each in self.results if each.result == result]


def recorded_runs(state: Path, url: str | None = None) -> list[RecordedRun]:
    """The runs in the ledger of a state directory, or at `url`, the oldest first; none without a ledger."""
    if url is None and not (state / FILE).exists():
        return []
    ledger = open_ledger(parse_ledger_address(url) if url else sqlite_address(state / FILE))
    with ledger.read_transaction() as connection:
        owners = connection.execute(select(schema.run.c.portal_id, schema.run.c.profile).distinct()).all()
    runs = [run for portal_id, profile in owners for run in RunStore(ledger, portal_id, profile).newest()]
    return [
        RecordedRun(
            run,
            tuple(written_changes.read_batches(ledger, run.row_id or 0)),
            written_changes.read_results(ledger, run.row_id or 0),
            written_changes.read_list_changes(ledger, run.row_id or 0),
        )
        for run in sorted(runs, key=lambda run: run.row_id or 0)
    ]
