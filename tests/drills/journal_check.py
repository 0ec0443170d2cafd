"""Compares what a ledger recorded with the writes the portal received."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.drills.witness import Landing
from tests.read_ledger import RecordedRun


def journal_faults(recorded_runs: Sequence[RecordedRun], landed: Sequence[Landing]) -> list[str]:
    """How the ledger differs from the companies the portal saw written; one line for each kind of fault."""
    faults_by_kind = [list(kind(recorded_runs, landed)) for kind in (_unannounced, _invented)]
    return [f"{faults[0]} ({len(faults)} such)" for faults in faults_by_kind if faults]


def settlement_faults(recorded_runs: Sequence[RecordedRun], landed: Sequence[Landing]) -> list[str]:
    """What a run found out about a dead one's last batches, where it is not so; `landed` by the dead one's end."""
    seen = {one.id for one in landed}
    wrong = []
    for recorded in recorded_runs:
        settled = recorded.settled
        after = {company for company, reason in settled.items() if "holds what was sent" in reason}
        before = {company for company, reason in settled.items() if "holds what it held before" in reason}
        wrong += [f"company {one} is settled as written and was not" for one in after - seen]
        wrong += [f"company {one} is settled as unwritten and was" for one in before & seen]
    return wrong[:3]


def _unannounced(recorded_runs: Sequence[RecordedRun], landed: Sequence[Landing]) -> Iterator[str]:
    """Everything that landed was announced before, with the values that stood there and those sent."""
    announced: dict[int, list[tuple[dict[str, str], dict[str, str]]]] = {}
    for change in (change for recorded in recorded_runs for batch in recorded.batches for change in batch.changes):
        announced.setdefault(change.id, []).append((dict(change.before), dict(change.after)))
    for written in landed:
        if (dict(written.before), dict(written.sent)) not in announced.get(written.id, ()):
            yield f"company {written.id} was written and never announced"


def _invented(recorded_runs: Sequence[RecordedRun], landed: Sequence[Landing]) -> Iterator[str]:
    """What is recorded as written was written."""
    seen = {one.id for one in landed}
    for recorded in recorded_runs:
        for company in {*recorded.by_result("written")} - recorded.settled.keys() - seen:
            yield f"company {company} is recorded as written and was not"


def list_faults(recorded_runs: Sequence[RecordedRun], members: dict[str, set[int]]) -> list[str]:
    """Lists whose members nobody announced: list name → who joined."""
    announced: dict[str, set[int]] = {}
    for change in (change for recorded in recorded_runs for change in recorded.lists):
        announced.setdefault(change.name, set()).update(change.added)
    return [name for name, joined in members.items() if joined - announced.get(name, set())]
