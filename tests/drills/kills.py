"""Kill -9 at any call: the next run finishes the work, writes nothing twice, and the ledger told the truth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, update

from icp_sync.state.ledger.address import parse_ledger_address
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.schema import lease
from tests.drills import journal_check
from tests.drills.opening import Opening, first_night
from tests.drills.process import Finished, Nest
from tests.drills.scene import Scene, place, scene
from tests.drills.standing import differing, standing, untrue
from tests.postgres import Server
from tests.read_ledger import RecordedRun, recorded_runs

BEFORE, AFTER = "before", "after"
STATIC: Final = ("Drill tier 1", "Drill German-speaking")


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A night nobody interrupted: its calls, how the portal stood after it, and how often each company was written."""

    calls: int
    writes: int
    standing: dict[str, Any]
    counts: dict[int, int]


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill and what was wrong after the run that followed; `phase` is what the killed run had come to."""

    call: int
    when: str
    route: str
    phase: str
    rerun: int
    wrong: tuple[str, ...]


def drawn(calls: int, kills: int) -> Iterator[tuple[int, str]]:
    """So many kills spread evenly over all the calls, before a call and after one in turns."""
    for number in range(kills):
        yield 1 + number * calls // kills, (BEFORE, AFTER)[number % 2]


@dataclass(frozen=True, slots=True)
class KillDrill:
    """A night over so many companies, killed again and again."""

    nest: Nest
    companies: int
    opening: Opening = first_night
    server: Server | None = None

    def undisturbed(self) -> Undisturbed:
        """The night as it goes when nobody interrupts it."""
        with self._place() as (state, url), scene(self.companies, wall=True, url=url) as stage:
            self.opening(stage, state)
            before = stage.witness.counts()
            ended = self.nest.run(stage, state)
            wrong = [f"exit {ended.code}: {ended.printed}"] if ended.code else untrue(state, stage.portal)
            if wrong:
                raise RuntimeError(f"the undisturbed run went wrong: {wrong}")
            passed = ended.passed
            return Undisturbed(passed.calls, passed.writes, standing(stage.portal), stage.witness.counts(before))

    def kill(self, call: int, when: str, whole: Undisturbed) -> Killed:
        """Kill a night before or after a call, run again, and look."""
        with self._place() as (state, url), scene(self.companies, wall=True, url=url) as stage:
            self.opening(stage, state)
            before, members = stage.witness.counts(), _members(stage)
            first = self.nest.run(stage, state, (call, when))
            wrong = _after_the_kill(first, recorded_runs(state, url), stage, members)
            if url is not None:
                _expire_leases(url)
            landed = list(stage.witness.landed)
            again = self.nest.run(stage, state)
            wrong += _after_the_rerun(again, state, stage, whole)
            recorded = recorded_runs(state, url)
            wrong += journal_check.journal_faults(recorded, stage.witness.landed)
            wrong += journal_check.settlement_faults(recorded, landed[sum(before.values()) :])
            wrong += _written_otherwise(stage.witness.counts(before), whole)
            phase = _phase(first.passed.writes, whole.writes)
            return Killed(call, when, first.struck or "never struck", phase, again.passed.calls, tuple(wrong))

    @contextmanager
    def _place(self) -> Iterator[tuple[Path, str | None]]:
        """Where a process finds its state, and its ledger."""
        with place(self.server) as (state, url):
            if url is not None:
                (state.parent / ".env").write_text(f"ICP_SYNC_STATE_URL={url}\n", encoding="utf-8")
            yield state, url


def _expire_leases(url: str) -> None:
    """What two minutes do: a run that was killed releases nothing."""
    with open_ledger(parse_ledger_address(url)).write_transaction() as connection:
        connection.execute(update(lease).values(expires_at=func.now()))


def _phase(done: int, whole: int) -> str:
    if not done:
        return "before the first write"
    return "after the last write" if done == whole else "between"


def _after_the_kill(
    first: Finished, recorded: list[RecordedRun], stage: Scene, before: dict[str, set[int]]
) -> list[str]:
    wrong = [] if first.code == -9 else [f"the killed run ended in {first.code}: {first.printed}"]
    joined = {name: ids - before.get(name, set()) for name, ids in _members(stage).items()}
    return [
        *wrong,
        *journal_check.journal_faults(recorded, stage.witness.landed),
        *journal_check.list_faults(recorded, joined),
    ]


def _after_the_rerun(again: Finished, state: Path, stage: Scene, whole: Undisturbed) -> list[str]:
    wrong = [] if again.code == 0 else [f"the rerun ended in {again.code}: {again.printed}"]
    wrong += [f"{part} differ" for part in differing(whole.standing, standing(stage.portal))]
    return wrong + [f"snapshot: {what}" for what in untrue(state, stage.portal)]


def _written_otherwise(counts: dict[int, int], whole: Undisturbed) -> list[str]:
    """Both runs together write each company exactly as often as one undisturbed run does."""
    unlike = [one for one in {*counts, *whole.counts} if counts.get(one) != whole.counts.get(one)]
    return [f"{len(unlike)} companies were not written as often as needed"] if unlike else []


def _members(stage: Scene) -> dict[str, set[int]]:
    there = {one.name for one in stage.portal.lists.undeleted(stage.portal.now())}
    return {name: set(stage.portal.list_members(name)) for name in STATIC if name in there}
