"""A run that died: it said that it begins to write, and never that it ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from icp_sync.plan.changes import Change
from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import entries_newest_first, parse_entry

# The head of a batch's line tells whose it is; the rest of it is long and mostly not asked for.
_HEAD: Final = re.compile(rb'\{"kind":"(sending|batch)","run_id":"([^"]*)","batch":(\d+),')


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that died after `batches` batches; `open` are those whose answer it did not live to tell of, by number.

    `settled`: a later run has looked at the open ones already.
    """

    run_id: str
    batches: int
    open: Mapping[int, tuple[Change, ...]]
    settled: bool


@dataclass(slots=True)
class _Trace:
    """What the journal tells of one run, read backwards."""

    answered: set[int] = field(default_factory=set)
    open: dict[int, tuple[Change, ...]] = field(default_factory=dict)
    settled: bool = False


def find_unfinished_run(state: StateDirectory, portal_id: int, profile: str) -> UnfinishedRun | None:
    """The last run of this profile on this portal that began to write, if it did not end."""
    told: dict[str, _Trace] = {}
    with entries_newest_first(state) as lines:
        for line in lines:
            if head := _HEAD.match(line):
                _note(told.setdefault(head[2].decode(), _Trace()), head, line)
                continue
            said = parse_entry(line)
            run_id = str(said.get("run_id"))
            if said.get("kind") == "settled":
                told.setdefault(run_id, _Trace()).settled = True
            elif said.get("kind") in {"run", "begins"} and _whose(said) == (portal_id, profile):
                return None if said["kind"] == "run" else _dead(run_id, told.get(run_id, _Trace()))
    return None


def _note(told: _Trace, head: re.Match[bytes], line: bytes) -> None:
    batch = int(head[3])
    if head[1] == b"batch":
        # A line cut short by the crash itself tells of no answer.
        told.answered.update([batch] if line.endswith(b"]}") else [])
    elif batch not in told.answered and (said := parse_entry(line)):
        told.open[batch] = tuple(
            Change(one["id"], "", dict(one["before"]), dict(one["after"])) for one in said["companies"]
        )


def _whose(said: Mapping[str, Any]) -> tuple[object, object]:
    return said.get("portal_id"), said.get("profile")


def _dead(run_id: str, told: _Trace) -> UnfinishedRun:
    return UnfinishedRun(run_id, len(told.answered | told.open.keys()), told.open, told.settled)
