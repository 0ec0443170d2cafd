"""The ledger of 100,000 changes: each batch of 100 announced and answered, as a run does; CPU and bytes on disk."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from icp_sync.plan.change_frame import Change
from icp_sync.plan.run_record import RunRecord
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.journal import Journal, WriteResult
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.runs import RunStore
from tests.benchmarks.bars import Figure, Line

CHANGES: Final = 100_000
_BATCH: Final = 100
_NIGHT: Final = dt.datetime(2026, 11, 3, 2, 0, tzinfo=dt.UTC)
_REASONS: Final = (
    "Industry is Computer Software (+20); 240 employees, wanted 50 to 500 (+15); uses Kubernetes (+10)",
    "Country is Germany (+10); revenue unknown; 4 job ads for DevOps in 30 days (+12.5)",
    "Held back by: no sign of a cloud provider; industry is Machinery, wanted Software (0 of 20)",
)


def measure() -> Iterator[Line]:
    """A first night of 100,000 companies, with every output written."""
    batches = [_changes(first) for first in range(1, CHANGES, _BATCH)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        started, began = time.process_time(), time.monotonic()
        _record(path, batches)
        cpu, seconds = time.process_time() - started, time.monotonic() - began
        size = path.stat().st_size
    yield Figure("100,000 changes into the ledger, CPU", cpu, 3, "s")
    yield Figure("100,000 changes into the ledger, size", size / 1e6, 30, "MB")
    yield Figure("100,000 changes into the ledger, by the clock", seconds, None, "s")


def _record(path: Path, batches: list[dict[int, Change]]) -> None:
    ledger = open_ledger(sqlite_address(path))
    run = RunStore(ledger, 1, "bench").save(
        RunRecord(
            run_id="bench", portal_id=1, profile="bench", command="run", started_at=_NIGHT, host="h", os_user="u",
            version="0", digest="d", whole="w", as_of=_NIGHT.date(),
        )
    )  # fmt: skip
    journal = Journal(ledger, run, "icp_tier", lambda: _NIGHT)
    for number, changes in enumerate(batches, 1):
        journal.announce_batch(number, changes.values())
        journal.answer_batch(number, [WriteResult(company_id, "written") for company_id in changes], changes)


def _changes(first: int) -> dict[int, Change]:
    """One batch, by company id."""
    return {number * 7_919: _change(number) for number in range(first, first + _BATCH)}


def _change(number: int) -> Change:
    after = {
        "icp_score": f"{number * 37 % 1000 / 10}",
        "icp_potential": f"{number * 53 % 1000 / 10}",
        "icp_coverage": f"{number * 11 % 100}",
        "icp_outcome": ("target", "not_a_target", "disqualified")[number % 3],
        "icp_tier": f"tier_{number % 4}",
        "icp_target_account": "true" if number % 4 == 1 else "false",
        "icp_reasons": f"{_REASONS[number % 3]}; {_REASONS[number % 2]}",
        "icp_profile": "devops-dach@1f2e3d4c5b6a7988",
        "icp_changed_at": "1793671200000",
    }
    return Change(number * 7_919, "first score", dict.fromkeys(after, ""), after)
