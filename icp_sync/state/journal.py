"""Write-ahead log of all runs, `runs.jsonl`: each line is fsynced before the action it announces.

A batch has two entries: its intent (kind `sending`, with each value before and after) and its result (`batch`).
Whenever a run dies, an intent without a result marks the batches with unknown outcome; the next run reads their
companies and adds a recovery entry (`settled`). List changes have `list` and `listed` in the same way.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import IO, Any, Final, Literal

import orjson

from icp_sync.plan.changes import Change
from icp_sync.state.directory import StateDirectory, translate_os_errors

BLOCK_BYTES: Final = 64 * 1024


def reversed_lines(file: IO[bytes], block: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield the lines from the last to the first, without newlines and empty lines; `file` has to be seekable.

    `block`: bytes read at a time.
    """
    position = file.seek(0, os.SEEK_END)
    # The line that starts in an earlier block: its pieces, the last one first.
    pieces: list[bytes] = []
    while position > 0:
        length = min(block, position)
        position -= length
        file.seek(position)
        first, *others = file.read(length).split(b"\n")
        while others:
            yield from _join([*pieces[::-1]], others.pop())
            pieces = []
        pieces.append(first)
    yield from _join(pieces[::-1], b"")


def _join(rest: list[bytes], beginning: bytes) -> Iterator[bytes]:
    line = b"".join([beginning, *rest])
    if line:
        yield line


FILE: Final = "runs.jsonl"
WriteStatus = Literal["written", "already", "skipped", "rejected", "unknown"]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one company of a batch; `reason` where it was not written."""

    id: int
    result: WriteStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """Appends the entries of one run; thread-safe. Every method raises StateUnusable if its line cannot be written."""

    directory: StateDirectory
    portal_id: int
    profile: str
    run_id: str
    _lock: Lock = field(default_factory=Lock, compare=False)

    def run_started(self, command: str, at: dt.datetime) -> None:
        """Record that the run is about to write to the portal."""
        fields = {"portal_id": self.portal_id, "profile": self.profile, "command": command}
        self._append("begins", **fields, at=at.isoformat())

    def batch_intent(self, batch: int, changes: Iterable[Change]) -> None:
        """Record the changes about to be sent as batch number `batch`."""
        fields = [{"id": change.id, "before": dict(change.before), "after": dict(change.after)} for change in changes]
        self._append("sending", batch=batch, companies=fields)

    def batch_result(self, batch: int, results: Iterable[Result]) -> None:
        """Record the result of each company of batch number `batch`."""
        self._append("batch", batch=batch, results=[_as_json(result) for result in results])

    def list_intent(self, name: str, list_id: str | None, add: Sequence[int], remove: Sequence[int]) -> None:
        """Record that a list is about to be changed, or created where `list_id` is None."""
        counts = {"adding": len(add), "removing": len(remove)}
        self._append("list", list=name, list_id=list_id, **counts, add=list(add), remove=list(remove))

    def list_result(self, name: str, list_id: str | None, added: int, removed: int, failed: str | None = None) -> None:
        """Record how many ids were added and removed; `failed` is the reason if the change was not made."""
        fields = {"failed": failed} if failed else {}
        self._append("listed", list=name, list_id=list_id, added=added, removed=removed, **fields)

    def recovered(self, by: str, batches: Collection[int], outcomes: Mapping[str, Sequence[int]]) -> None:
        """Record in the name of this interrupted run what the run `by` read of its open batches: outcome → ids."""
        self._append("settled", by=by, batches=sorted(batches), **{how: list(ids) for how, ids in outcomes.items()})

    def _append(self, kind: str, **fields: Any) -> None:
        line = orjson.dumps({"kind": kind, "run_id": self.run_id, **fields}, option=orjson.OPT_APPEND_NEWLINE)
        with self._lock:
            self.directory.append(FILE, line)


def _as_json(result: Result) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": result.id, "result": result.result}
    return fields | {"reason": result.reason} if result.reason else fields


@contextmanager
def entries_newest_first(directory: StateDirectory) -> Iterator[Iterator[bytes]]:
    """Open the journal; yields its lines, the latest first, read in blocks: the file may be hundreds of megabytes.

    Without a journal there are no lines. Raises StateUnusable.
    """
    path = directory.path / FILE
    with translate_os_errors(directory.path):
        if not path.exists():
            yield iter(())
            return
        with path.open("rb") as file:
            yield reversed_lines(file)


def parse_entry(line: bytes) -> dict[str, Any]:
    """Parse a line; empty for one cut short by a crash. Lines without `kind`, from the first version, are runs."""
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return {"kind": "run", **fields} if isinstance(fields, dict) else {}
