"""What runs remember, in memory: a ledger that hosts may share, and what a host keeps on its disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from icp_sync.plan.change_frame import Change
from icp_sync.plan.history_sources import Source
from icp_sync.plan.list_pins import ListMove, OpenPins
from icp_sync.plan.override_candidates import OVERRIDES
from icp_sync.plan.run_record import CompanyResult, RunRecord
from icp_sync.plan.undo_list_members import MemberMoves
from icp_sync.plan.undone_changes import UndoneChanges, UndoRecord, merge_undos, undo_depths
from icp_sync.profile.model.profile import Profile
from icp_sync.state.ledger.written_changes import AnnouncedBatch
from tests.drills.histories.edition import LIST
from tests.drills.histories.inputs import Key
from tests.drills.in_memory.steps import Lease
from tests.read_ledger import RecordedRun

UNDO = "undo"


@dataclass(slots=True)
class Entry:
    """A run in the ledger; `moves`: what it did to the list."""

    record: RunRecord
    batches: list[AnnouncedBatch] = field(default_factory=list)
    results: list[CompanyResult] = field(default_factory=list)
    moves: list[tuple[dt.datetime, ListMove]] = field(default_factory=list)

    def recorded(self) -> RecordedRun:
        """As the ledger of a run in a process of its own is read."""
        return RecordedRun(self.record, tuple(self.batches), tuple(self.results), ())

    def written(self) -> list[Change]:
        """The changes that were confirmed as written."""
        ids = {result.id for result in self.results if result.result == "written"}
        return [change for batch in self.batches for change in batch.changes if change.id in ids]

    def answer(self, number: int, results: Mapping[int, str]) -> None:
        """Record what came of a batch."""
        (place,) = (place for place, batch in enumerate(self.batches) if batch.number == number)
        self.batches[place] = replace(self.batches[place], answered_at=self.batches[place].sent_at)
        self.results += [
            CompanyResult(company, number, "data", result, None, None, None) for company, result in results.items()
        ]


@dataclass(frozen=True, slots=True)
class OpenOverride:
    """An open override: its value, kind, the time (epoch ms) of the entry it stands on, and the run that found it."""

    value: str
    kind: str
    since: int
    found_by: str


@dataclass(slots=True)
class Ledger:
    """Runs, overrides, pins, the sources that are ours, and the profiles by digest."""

    entries: list[Entry] = field(default_factory=list)
    overrides: dict[Key, OpenOverride] = field(default_factory=dict)
    endings: dict[Key, int] = field(default_factory=dict)
    pins: OpenPins = field(default_factory=OpenPins)
    sources: frozenset[Source] = frozenset()
    profiles: dict[str, Profile] = field(default_factory=dict)
    lease: Lease = field(default_factory=Lease)

    def last_complete(self) -> RunRecord | None:
        """The latest run that read everything and came to its end."""
        return next((entry.record for entry in self.entries[::-1] if entry.record.complete), None)

    def later(self, entry: Entry) -> list[Entry]:
        """The runs after one."""
        return self.entries[self.entries.index(entry) + 1 :]

    def override_frame(self) -> pl.DataFrame:
        """Open overrides and the last ends of others, as `OVERRIDES`."""
        rows = [(*key, one.value, one.kind, one.since, None) for key, one in self.overrides.items()]
        ends = [(*key, None, None, None, at) for key, at in self.endings.items()]
        return pl.DataFrame([*rows, *ends], schema=OVERRIDES, orient="row")

    def end(self, key: Key, at: int) -> None:
        """End an override."""
        self.overrides.pop(key, None)
        self.endings[key] = max(at, self.endings.get(key, at))

    def set_by_others(self) -> frozenset[Key]:
        """What stands as somebody else set it, but for what an undo itself set."""
        return frozenset(key for key, one in self.overrides.items() if one.kind != UNDO)

    def texts_sent(self, since: dt.datetime) -> dict[Key, str]:
        """What runs last sent since then, arrived or not."""
        return {
            (change.id, name): text
            for entry in self.entries
            for batch in entry.batches
            if batch.sent_at >= since
            for change in batch.changes
            for name, text in change.after.items()
        }

    def moves(self, since: dt.datetime | None = None) -> list[ListMove]:
        """The members that runs moved since then (None: ever)."""
        return [move for entry in self.entries for at, move in entry.moves if since is None or at >= since]

    def taken_back(self, whole: str, excused: Collection[int]) -> UndoneChanges | None:
        """What undos took back and no run was allowed to write again since; `whole`: of the profile's text."""
        last = max((place for place, entry in enumerate(self.entries) if _is_allowed(entry.record)), default=-1)
        return merge_undos(self._undos(self.entries[last + 1 :], whole), excused)

    def depths(self) -> dict[str, int]:
        """Run id → how many undos deep it is."""
        undos = ((entry.record.run_id, entry.record.undoes) for entry in self.entries if entry.record.undoes)
        return undo_depths(undos)

    def _undos(self, entries: Sequence[Entry], whole: str) -> Iterator[UndoRecord]:
        depths = self.depths()
        for entry in entries:
            lifts = (entry.record.of_some and bool(entry.written())) or depths.get(entry.record.run_id, 1) % 2 == 0
            if entry.record.undoes and (lifts or entry.record.whole == whole):
                yield UndoRecord(lifts, entry.written(), {LIST: member_moves(move for _, move in entry.moves)})


def _is_allowed(run: RunRecord) -> bool:
    return "undone" in run.allowed and run.complete


def member_moves(moves: Iterator[ListMove]) -> MemberMoves:
    """All of some moves."""
    added, removed = set[int](), set[int]()
    for move in moves:
        added |= {*move.added}
        removed |= {*move.removed}
    return MemberMoves(frozenset(added), frozenset(removed))


@dataclass(frozen=True, slots=True)
class Disk:
    """A snapshot: the last reading, what differs from the last verdicts, and who was on the list after our last change.

    `is_decided`: a run has decided whose the tiers and flags in it are.
    """

    companies: pl.DataFrame
    differences: pl.DataFrame
    members: frozenset[int] | None
    moment: dt.datetime
    is_decided: bool
