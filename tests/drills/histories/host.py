"""One machine that runs icp_sync: its state, what its runs may know, and what has to be true after each of them."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, update

from icp_sync.plan.change_frame import iter_changes
from icp_sync.plan.held_inputs import HELD
from icp_sync.runs.apply.undo_override_persistence import UNDO
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.home import StateHome
from icp_sync.state.ledger import schema
from icp_sync.state.snapshot import Snapshot
from icp_sync.state.store import StateStore
from tests.drills.histories.edition import FLAG, INPUTS, LOCK, OUTCOME, STAMP, STRICT, TIER, Edition
from tests.drills.histories.inputs import Inputs, Key
from tests.drills.histories.members import Members
from tests.drills.histories.records import Records, live, members
from tests.drills.histories.undone import TakenBack
from tests.drills.histories.writes import NO_CAUSE, Overwriting, shown
from tests.drills.scene import Ended
from tests.read_ledger import RecordedRun, recorded_runs

JUDGED_FROM: Final = 20


@dataclass(slots=True)
class Memory:
    """What a ledger remembers, for hosts that share one."""

    taken: TakenBack = field(default_factory=TakenBack)
    since: int = 0
    url: str | None = None


@dataclass(slots=True)
class Host:
    """A state directory, and the models of what its next run goes by; `is_lost`: its disk is new since the last run."""

    portal: SandboxPortal
    state: Path
    memory: Memory
    inputs: Inputs
    writes: Overwriting
    members: Members
    is_lost: bool = False
    before: Records = field(default_factory=dict)
    on_list: frozenset[int] | None = None

    @property
    def home(self) -> StateHome:
        """The state as a command opens it."""
        return StateHome(self.state, url=self.memory.url)

    @property
    def now(self) -> float:
        """The portal's time in seconds."""
        return self.portal.now() / 1000

    def store(self) -> StateStore:
        """The state as a run finds it."""
        return self.home.open(self.portal.portal_id, "histories")

    def runs(self) -> list[RecordedRun]:
        """The runs its ledger tells of."""
        return recorded_runs(self.state, self.memory.url)

    def overrides(self) -> dict[Key, str]:
        """The open overrides."""
        return {(one.company_id, one.property): one.value for one in self.store().overrides.list_open()}

    def set_by_others(self) -> frozenset[Key]:
        """The open overrides, but for those of an undo."""
        overrides = self.store().overrides.list_open()
        return frozenset((one.company_id, one.property) for one in overrides if one.kind != UNDO)

    def lose_disk(self) -> None:
        """The state directory is gone, and the ledger with it unless that is elsewhere."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.inputs.forgotten()
        self.is_lost = True
        if self.memory.url is None:
            self.members.unsure = True
            self.memory.since = self.portal.now()
            self.memory.taken.clear()

    def wait_out_lease(self) -> None:
        """A run that died leaves the lease of a shared ledger, which ends two minutes later by the database's clock."""
        ledger = self.store().ledger
        if ledger.path is None:
            with ledger.write_transaction() as connection:
                connection.execute(update(schema.lease).values(expires_at=func.now() - dt.timedelta(seconds=1)))

    def begin(self) -> None:
        """A command begins."""
        self.before, self.on_list = live(self.portal), members(self.portal)
        self.writes.begin(self.overrides())

    def after_hold(self, *, looked: bool) -> Iterator[str]:
        """What a plan did though it was held; `looked`: a run drew it, which has read the portal."""
        if live(self.portal) != self.before or members(self.portal) != self.on_list:
            yield f"held, and {self.before} became {live(self.portal)}, {self.on_list} became {members(self.portal)}"
        if looked:
            self.inputs.seen(self.before, self.now)

    def after_run(self, ended: Ended, edition: Edition, *, allowed: Collection[str]) -> Iterator[str]:
        """What is not as promised after a run."""
        opened, after = self.overrides(), live(self.portal)
        if self.is_lost:
            self.writes.excuse(opened)
        yield from self.writes.wrong(edition, self.now)
        yield from unequal(ended)
        if ended.report is not None and ended.report.overrides.open != len(opened):
            yield f"{ended.report.overrides} counted, and open are {opened}"
        ours = {company for company, texts in self.before.items() if texts[STAMP]}
        self.inputs.seen(self.before, self.now)
        standing = self.inputs.texts_held(self.before, ours, self.now, self.holds())
        yield from self._unlike(edition, after, standing, opened)
        if edition.changed == STRICT and not allowed:
            spared = {company for company, _ in (*standing, *opened, *self.writes.open)}
            yield from self._beyond(set(ours) - spared, after)
        if "undone" in allowed:
            self.memory.taken.clear()
        yield from self.memory.taken.wrong(self.before, after, opened)
        yield from self._misplaced(after)
        self.inputs.settled(self.before, standing)
        self.is_lost = False

    def holds(self) -> dict[Key, str]:
        """What the last run held, with the old texts."""
        snapshot = self.store().snapshot.load()
        assert isinstance(snapshot, Snapshot)
        rows: list[dict[str, Any]] = snapshot.differences.to_dicts()
        return {(row["id"], row["property"]): row["was"] for row in rows if row.get("state") == HELD}

    def _unlike(self, edition: Edition, after: Records, lost: dict[Key, str], opened: dict[Key, str]) -> Iterator[str]:
        """Companies whose tier, flag or outcome is neither what the profile says of them nor an override."""
        for company, texts in after.items():
            was = self.before[company]
            if was[LOCK] == "true" or (not was[STAMP] and (was[TIER] or was[FLAG] == "true")):
                continue
            inputs = {name: lost.get((company, name), was[name]) for name in INPUTS}
            tier, outcome = edition.verdict(inputs)
            flag = "true" if texts[TIER] == "tier_1" else "false"
            wanted = {TIER: tier, FLAG: flag}
            if texts[OUTCOME] != outcome:
                yield f"{company}: outcome {texts[OUTCOME]}, {outcome} by {inputs}"
            for name, text in wanted.items():
                stands = opened.get((company, name), text)
                if shown(name, texts[name]) != shown(name, stands):
                    yield f"{company}: {name} = {texts[name]!r}, {text!r} by {inputs}, overrides {opened}"

    def _beyond(self, counted: Collection[int], after: Records) -> Iterator[str]:
        """More verdicts that moved than the guardrail `changed` lets move."""
        before = self.before
        moved = [one for one in counted if any(before[one][name] != after[one][name] for name in (TIER, OUTCOME))]
        if len(counted) >= JUDGED_FROM and len(moved) > len(counted) * float(STRICT.strip("%")) / 100:
            yield f"{moved} changed, and no guardrail held"

    def _misplaced(self, after: Records) -> Iterator[str]:
        """Who is wrongly on the list, or off it."""
        there = members(self.portal) or frozenset()
        wanted = {company for company, texts in after.items() if texts[TIER] == "tier_1"}
        yield from self.members.wrong(wanted, there, after)
        if not self.members.unsure:
            yield from self.members.trampled(self.on_list or (), there, after)
        pins = self.store().membership_pins.list_open()
        self.members.settled(*({pin.company_id for pin in pins if pin.side == side} for side in ("in", "out")))


def unequal(ended: Ended) -> Sequence[str]:
    """Companies whose pieces are not the difference of their scores."""
    wrong = []
    for change in iter_changes(ended.report.plan.changes) if ended.report else ():
        why = change.why
        if why is None or why.cause in NO_CAUSE or why.score_after is None:
            continue
        moved, points = why.score_after - (why.score_before or 0), sum(piece.points for piece in why.pieces)
        if round(moved - points, 6):
            wrong.append(f"{change.id}: {why}")
    return wrong
