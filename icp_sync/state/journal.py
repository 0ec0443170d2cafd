"""The journal: one file a state directory that only grows, each line on disk before what it tells of goes on.

A batch is told of twice: what is about to be sent (`sending`, with each value before and after), and what came
of it (`batch`). So whatever instant a run dies at, a `sending` without its `batch` is what nobody knows the end
of, and the next run looks (`settled`). A list is told of the same way, by `list` and `listed`.
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
from icp_sync.plan.plan import PlanOrigin
from icp_sync.state.directory import StateDirectory, translate_os_errors

BLOCK: Final = 64 * 1024


def reversed_lines(file: IO[bytes], block: int = BLOCK) -> Iterator[bytes]:
    """The lines without their newlines, empty ones left out. `file` can be sought; `block` is in bytes."""
    position = file.seek(0, os.SEEK_END)
    # Of the line whose beginning has not been met yet: its pieces, the last one first.
    pieces: list[bytes] = []
    while position > 0:
        length = min(block, position)
        position -= length
        file.seek(position)
        first, *others = file.read(length).split(b"\n")
        while others:
            yield from _whole([*pieces[::-1]], others.pop())
            pieces = []
        pieces.append(first)
    yield from _whole(pieces[::-1], b"")


def _whole(rest: list[bytes], beginning: bytes) -> Iterator[bytes]:
    line = b"".join([beginning, *rest])
    if line:
        yield line


FILE: Final = "runs.jsonl"
Fate = Literal["written", "already", "skipped", "rejected", "unknown"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one company of a batch, and why where it was not written."""

    id: int
    result: Fate
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """What one run tells, from any thread. Every method raises StateUnusable when its line cannot be kept."""

    state: StateDirectory
    run_id: str
    _lock: Lock = field(default_factory=Lock, compare=False)

    def begins(self, origin: PlanOrigin, command: str, at: dt.datetime) -> None:
        """The run is about to write; `origin` says for which portal and profile."""
        told = {"portal_id": origin.portal_id, "profile": origin.profile_name, "command": command}
        self._add("begins", **told, at=at.isoformat())

    def sending(self, batch: int, companies: Iterable[Change]) -> None:
        """These companies are about to be sent."""
        told = [{"id": one.id, "before": dict(one.before), "after": dict(one.after)} for one in companies]
        self._add("sending", batch=batch, companies=told)

    def batch(self, batch: int, results: Iterable[Result]) -> None:
        """What came of a batch."""
        self._add("batch", batch=batch, results=[_shown(one) for one in results])

    def list_changes(self, name: str, list_id: str | None, add: Sequence[int], remove: Sequence[int]) -> None:
        """A list is about to be changed, or made where it has no id yet."""
        counts = {"adding": len(add), "removing": len(remove)}
        self._add("list", list=name, list_id=list_id, **counts, add=list(add), remove=list(remove))

    def list_changed(self, name: str, list_id: str | None, added: int, removed: int, failed: str | None = None) -> None:
        """What came of a list's change; `failed` is why it could not be made."""
        told = {"failed": failed} if failed else {}
        self._add("listed", list=name, list_id=list_id, added=added, removed=removed, **told)

    def settled(self, by: str, batches: Collection[int], found: Mapping[str, Sequence[int]]) -> None:
        """How the companies of this dead run's open batches were found by the run `by`."""
        self._add("settled", by=by, batches=sorted(batches), **{how: list(ids) for how, ids in found.items()})

    def _add(self, kind: str, **told: Any) -> None:
        line = orjson.dumps({"kind": kind, "run_id": self.run_id, **told}, option=orjson.OPT_APPEND_NEWLINE)
        with self._lock:
            self.state.append(FILE, line)


def _shown(one: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"id": one.id, "result": one.result}
    return told | {"reason": one.reason} if one.reason else told


@contextmanager
def entries_newest_first(state: StateDirectory) -> Iterator[Iterator[bytes]]:
    """The journal's lines, the latest first, read in blocks: the file may be hundreds of megabytes."""
    path = state.path / FILE
    with translate_os_errors(state.path):
        if not path.exists():
            yield iter(())
            return
        with path.open("rb") as file:
            yield reversed_lines(file)


def parse_entry(line: bytes) -> dict[str, Any]:
    """A line's record; a line cut short by a crash tells nothing. Lines of the first version are runs."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return {"kind": "run", **told} if isinstance(told, dict) else {}
