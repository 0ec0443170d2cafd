"""The record of runs: one line a run, appended when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from icp_sync.state.directory import StateDirectory

FILE: Final = "runs.jsonl"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that ended. `complete`: it read the whole portal and came to its end, rejected records or not."""

    run_id: str
    portal_id: int
    profile: str
    command: str
    started_at: str
    seconds: float
    complete: bool
    read: int
    written: int
    skipped: int
    rejected: int
    allowed: tuple[str, ...]
    exit_code: int


def remember(state: StateDirectory, record: RunRecord) -> None:
    """Append `record`."""
    state.append(FILE, orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def last_read(state: StateDirectory, portal_id: int, profile: str) -> int | None:
    """Companies read by the last complete run of this profile on this portal; None without one."""
    for line in reversed((state.read(FILE) or b"").splitlines()):
        record = _record(line)
        ours = (record.get("portal_id"), record.get("profile")) == (portal_id, profile)
        read = record.get("read")
        if ours and record.get("complete") is True and isinstance(read, int):
            return read
    return None


def _record(line: bytes) -> dict[str, Any]:
    """A line's record; a line cut short by a crash tells nothing."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return record if isinstance(record, dict) else {}
