"""Finds an interrupted run in the journal: one with a start entry and no entry of its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from icp_sync.plan.changes import Change
from icp_sync.state.journal import parse_entry

# The head of a batch's line names its run and number; the rest is long and parsed only for batches without result.
_HEAD: Final = re.compile(rb'\{"kind":"(sending|batch)","run_id":"([^"]*)","batch":(\d+),')


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run interrupted after `batches` batches; `open_batches`: number → changes of those without a result.

    `recovered`: a later run has read the companies of the open ones already.
    """

    run_id: str
    batches: int
    open_batches: Mapping[int, tuple[Change, ...]]
    recovered: bool


@dataclass(slots=True)
class _Trace:
    """The journal's entries of one run, read backwards; `with_result` are numbers of batches."""

    with_result: set[int] = field(default_factory=set)
    open_batches: dict[int, tuple[Change, ...]] = field(default_factory=dict)
    recovered: bool = False


def find_unfinished_run(lines: Iterable[bytes], portal_id: int, profile: str) -> UnfinishedRun | None:
    """Return the last run of this profile on this portal that began to write, None if it came to its end.

    `lines`: the journal, the latest line first; read no further than that run's start.
    """
    traces: dict[str, _Trace] = {}
    for line in lines:
        if head := _HEAD.match(line):
            _record_batch(traces.setdefault(head[2].decode(), _Trace()), head, line)
            continue
        entry = parse_entry(line)
        run_id = str(entry.get("run_id"))
        if entry.get("kind") == "settled":
            traces.setdefault(run_id, _Trace()).recovered = True
        elif entry.get("kind") in {"run", "begins"} and _run_key(entry) == (portal_id, profile):
            return None if entry["kind"] == "run" else _unfinished(run_id, traces.get(run_id, _Trace()))
    return None


def _record_batch(trace: _Trace, head: re.Match[bytes], line: bytes) -> None:
    batch = int(head[3])
    if head[1] == b"batch":
        # A line cut short by the crash itself is no result.
        trace.with_result.update([batch] if line.endswith(b"]}") else [])
    elif batch not in trace.with_result and (entry := parse_entry(line)):
        trace.open_batches[batch] = tuple(
            Change(change["id"], "", dict(change["before"]), dict(change["after"])) for change in entry["companies"]
        )


def _run_key(entry: Mapping[str, Any]) -> tuple[object, object]:
    return entry.get("portal_id"), entry.get("profile")


def _unfinished(run_id: str, trace: _Trace) -> UnfinishedRun:
    batches = trace.with_result | trace.open_batches.keys()
    return UnfinishedRun(run_id, len(batches), trace.open_batches, trace.recovered)
