"""Histories at random: nights, people, workflows, imports, merges, other profiles, losses, crashes, a lost disk.

After each run the portal's own history, the ledger and the records are held against what the issue "Trust" promises.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from icp_sync.plan.changes import iter_changes
from icp_sync.plan.held_inputs import HELD
from icp_sync.sandbox.store.history_sources import SOURCES, person
from icp_sync.state.snapshot import Snapshot
from icp_sync.state.store import StateStore
from tests.drills.histories.crash import Crashed, dying_after
from tests.drills.histories.edition import COMPUTED, FLAG, INPUTS, LOCK, OUTCOME, STAMP, TIER, Edition
from tests.drills.histories.inputs import Inputs, Key
from tests.drills.histories.writes import NO_CAUSE, Overwriting, untold
from tests.drills.population import DAY
from tests.drills.scene import Ended, scene
from tests.read_ledger import recorded_runs

COMPANIES: Final = 12
WHO: Final = {"person": person(12), **{name: SOURCES[name] for name in ("workflow", "import", "integration")}}
PLACES: Final = st.integers(0, COMPANIES - 1)
WRITERS: Final = st.sampled_from(sorted(WHO))


class Histories(RuleBasedStateMachine):
    """One portal and one state directory, run after run."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.stage = self.open.enter_context(scene(0))
        self.portal = self.stage.portal
        self.state = Path(self.open.enter_context(tempfile.TemporaryDirectory())) / "state"
        self.edition, self.inputs, self.writes = Edition(), Inputs(), Overwriting(self.portal)
        self.ledger_since, self.is_lost, self.steps = 0, False, 0
        self.aka: dict[int, int] = {}

    def teardown(self) -> None:
        self.open.close()

    @initialize()
    def first_night(self) -> None:
        texts = [(*texts, "") for texts in _pairs()] * 2
        for country, employees, status in texts[:COMPANIES]:
            named = {"country": country, "numberofemployees": employees, "hs_lead_status": status}
            self.portal.create_company({name: text for name, text in named.items() if text})
        self.run()

    @invariant()
    def run_now_and_then(self) -> None:
        # Hypothesis leaves whole rules out of a history, that of running too.
        self.steps += 1
        if self.steps % 4 == 0:
            self.run()

    @rule(days=st.sampled_from([0.7, 4.3, 15.2]))
    def night(self, days: float) -> None:
        self.stage.clock.pass_by(days * DAY)
        self.run()

    @rule()
    def run(self) -> None:
        before = self.live()
        self.writes.begin(self.overrides())
        ended = self.stage.run(self.state, loaded=self.edition.loaded)
        assert ended.code == 0, ended.said
        _require_nothing(self.wrong(ended, before))
        again = self.stage.plan(self.state, self.edition.loaded)
        assert not again.pending, list(iter_changes(again.report.plan.changes)) if again.report else again
        self.is_lost = False

    @rule()
    def plan(self) -> None:
        ended = self.stage.plan(self.state, self.edition.loaded)
        assert ended.code == 0, ended.said
        _require_nothing(_unequal(ended))
        self.inputs.seen(self.live(), self.now)

    @rule(steps=st.integers(0, 60))
    def crash(self, steps: int) -> None:
        self.writes.begin(self.overrides())
        with suppress(Crashed), dying_after(steps):
            self.stage.run(self.state, loaded=self.edition.loaded)
        _require_nothing(self.writes.wrong(self.edition, self.now))
        self.inputs.perhaps_seen(self.live())

    @rule(place=PLACES, name=st.sampled_from(sorted(INPUTS)), choice=st.integers(0, 3), who=WRITERS)
    def edit_input(self, place: int, name: str, choice: int, who: str) -> None:
        self.edit(place, {name: ("", *INPUTS[name])[choice % (len(INPUTS[name]) + 1)]}, who)

    @rule(place=PLACES, name=st.sampled_from(sorted(INPUTS)))
    def lose_input(self, place: int, name: str) -> None:
        self.edit(place, {name: ""}, "import")

    @rule(place=PLACES, tier=st.sampled_from(["", "tier_1", "tier_2", "tier_3"]), who=WRITERS)
    def edit_tier(self, place: int, tier: str, who: str) -> None:
        self.edit(place, {TIER: tier}, who)

    @rule(place=PLACES, flag=st.sampled_from(["true", "false"]), who=WRITERS)
    def edit_flag(self, place: int, flag: str, who: str) -> None:
        self.edit(place, {FLAG: flag}, who)

    @rule(place=PLACES, name=st.sampled_from(sorted(COMPUTED)), who=WRITERS)
    def edit_computed(self, place: int, name: str, who: str) -> None:
        self.edit(place, {name: COMPUTED[name]}, who)

    @rule(place=PLACES, locked=st.sampled_from(["true", "false"]))
    def lock(self, place: int, locked: str) -> None:
        self.edit(place, {LOCK: locked}, "person")

    @rule(place=PLACES, other=PLACES, new_id=st.booleans())
    def merge(self, place: int, other: int, new_id: bool) -> None:
        one, another = self.id_at(place), self.id_at(other)
        if one != another:
            survivor = self.portal.merge(one, another, new_id=new_id)
            if survivor != one:
                self.aka[survivor] = one
            self.inputs.edited(self.live(), self.now)

    @rule(country=st.sampled_from(INPUTS["country"]), tier=st.sampled_from([None, "tier_2"]))
    def create(self, country: str, tier: str | None) -> None:
        self.portal.create_company({"country": country, **({TIER: tier} if tier else {})}, WHO["person"])

    @rule(weight=st.sampled_from([60, 40]), size=st.sampled_from([100, 500]), first=st.sampled_from([90, 60]),
          second=st.sampled_from([60, 40]))  # fmt: skip
    def edit_profile(self, weight: int, size: int, first: int, second: int) -> None:
        self.edition = replace(self.edition, weight=weight, size=size, first=max(first, second + 10), second=second)

    @rule(people=st.sampled_from(["keep", "keep", "put_back"]), automation=st.sampled_from(["keep", "put_back"]),
          days=st.sampled_from([None, None, 10]))  # fmt: skip
    def edit_overrides(self, people: str, automation: str, days: int | None) -> None:
        self.edition = replace(self.edition, people=people, automation=automation, expire_days=days)

    @precondition(lambda self: not self.is_lost)
    @rule()
    def lose_disk(self) -> None:
        shutil.rmtree(self.state)
        self.inputs.forgotten()
        self.is_lost, self.ledger_since = True, self.portal.now()

    @property
    def now(self) -> float:
        """The portal's time in seconds."""
        return self.portal.now() / 1000

    def edit(self, place: int, texts: dict[str, str], who: str) -> None:
        """Somebody edits one company."""
        self.portal.edit_company(self.id_at(place), texts, WHO[who])
        self.inputs.edited(self.live(), self.now)

    def id_at(self, place: int) -> int:
        """The company in a place; the places of those that went are taken by others."""
        ids: list[int] = self.portal.companies()["id"].to_list()
        return ids[place % len(ids)]

    def live(self) -> dict[int, dict[str, str]]:
        """Every live company with all texts that count here."""
        names = [
            name for name in (*INPUTS, *COMPUTED, TIER, FLAG, STAMP, LOCK) if name in self.portal.schema.definitions
        ]
        rows = self.portal.companies(*names).to_dicts()
        empty = dict.fromkeys((*INPUTS, *COMPUTED, TIER, FLAG, STAMP, LOCK), "")
        return {row.pop("id"): empty | {name: text or "" for name, text in row.items()} for row in rows}

    def store(self) -> StateStore:
        """The state as a run finds it."""
        return StateStore.open(self.state, self.portal.portal_id, "histories")

    def overrides(self) -> dict[Key, str]:
        """The open overrides."""
        return {(one.company_id, one.property): one.value for one in self.store().overrides.list_open()}

    def wrong(self, ended: Ended, before: dict[int, dict[str, str]]) -> Iterator[str]:
        """What is not as promised after a run; `before`: the companies before it."""
        opened = self.overrides()
        if self.is_lost:
            self.writes.excuse(opened)
        yield from self.writes.wrong(self.edition, self.now)
        yield from _unequal(ended)
        yield from untold(self.portal, recorded_runs(self.state), self.ledger_since, self.aka)
        self.inputs.seen(before, self.now)
        ours = {company for company, texts in before.items() if texts[STAMP]}
        held = self.inputs.held(before, ours, self.now, self.holds())
        yield from self.unlike(before, held, opened)
        self.inputs.settled(before, held)

    def holds(self) -> dict[Key, str]:
        """What the last run held, with the old texts."""
        snapshot = self.store().snapshot.load()
        assert isinstance(snapshot, Snapshot)
        rows: list[dict[str, Any]] = snapshot.differences.to_dicts()
        return {(row["id"], row["property"]): row["was"] for row in rows if row.get("state") == HELD}

    def unlike(self, before: dict[int, dict[str, str]], held: dict[Key, str], opened: dict[Key, str]) -> Iterator[str]:
        """Companies whose tier, flag or outcome is neither what the profile says of them nor an override."""
        for company, texts in self.live().items():
            was = before[company]
            if was[LOCK] == "true" or (not was[STAMP] and (was[TIER] or was[FLAG] == "true")):
                continue
            inputs = {name: held.get((company, name), was[name]) for name in INPUTS}
            tier, outcome = self.edition.verdict(inputs)
            flag = "true" if texts[TIER] == "tier_1" else "false"
            wanted = {TIER: tier, FLAG: flag}
            if texts[OUTCOME] != outcome:
                yield f"{company}: outcome {texts[OUTCOME]}, {outcome} by {inputs}"
            for name, text in wanted.items():
                stands = opened.get((company, name), text)
                if _shown(name, texts[name]) != _shown(name, stands):
                    yield f"{company}: {name} = {texts[name]!r}, {text!r} by {inputs}, overrides {opened}"


def _shown(name: str, text: str) -> str:
    """An empty flag is none."""
    return text or "false" if name == FLAG else text


def _require_nothing(wrong: Iterable[str]) -> None:
    found = list(wrong)
    assert not found, "\n".join(found)


def _unequal(ended: Ended) -> Iterator[str]:
    """Companies whose pieces are not the difference of their scores."""
    for change in iter_changes(ended.report.plan.changes) if ended.report else ():
        why = change.why
        if why is None or why.cause in NO_CAUSE or why.score_after is None:
            continue
        moved, points = why.score_after - (why.score_before or 0), sum(piece.points for piece in why.pieces)
        if round(moved - points, 6):
            yield f"{change.id}: {why}"


def _pairs() -> Iterator[tuple[str, str]]:
    """Every kind of company: of each country, and of none, with each head count, and with none."""
    return ((country, employees) for country in (*INPUTS["country"], "") for employees in ("900", "300", ""))
