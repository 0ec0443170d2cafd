"""Histories of some companies at once, in memory: what everybody does from night to night."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from icp_sync.plan.outputs import type_by_output
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.ledger.lease import SECONDS
from tests.drills.histories.crash import Crashed
from tests.drills.histories.edition import COMPUTED, FLAG, INPUTS, KEPT, LIST, LOCK, TIER, Edition
from tests.drills.histories.edits import WHO
from tests.drills.histories.members import Members
from tests.drills.histories.records import live, members
from tests.drills.histories.undone import TakenBack, unrestored
from tests.drills.histories.writes import Overwriting, untold
from tests.drills.in_memory.host import Host
from tests.drills.in_memory.memory import Entry, Ledger
from tests.drills.in_memory.steps import Steps
from tests.drills.in_memory.watched import Watched
from tests.drills.population import DAY

WRITERS: Final = sorted(WHO)
CHOICES: Final = {
    TIER: ("", "tier_1", "tier_2", "tier_3"),
    FLAG: ("true", "false"),
    LOCK: ("true", "false"),
    **{name: (text,) for name, text in COMPUTED.items()},
    # Half of all edits of an input empty it.
    **{name: (*texts, *[""] * len(texts)) for name, texts in INPUTS.items()},
}
EDITED: Final = (*[*INPUTS] * 3, *[TIER] * 4, FLAG, FLAG, *[LOCK] * 3, *COMPUTED)


@dataclass(slots=True)
class Clock:
    """A clock on which nothing takes no time at all."""

    at: float = 1_795_000_000.0
    looks: int = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.at + self.looks / 1000


@dataclass
class World:
    """One portal, and one or two hosts that run on it; every second pair shares a ledger.

    `aka`: the id of a company → its earlier one. `meddled`: companies edited under the hands of a run. `seen`: how
    often what happened. `archived`: companies in the recycle bin.
    """

    seed: int
    companies: int
    clock: Clock = field(default_factory=Clock)
    edition: Edition = field(default_factory=Edition)
    aka: dict[int, int] = field(default_factory=dict)
    meddled: set[int] = field(default_factory=set)
    archived: list[int] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        if self.seed % 6 == 2:
            self.edition = replace(self.edition, expire_days=10)
        self.portal = SandboxPortal(clock=self.clock)
        make_properties(self.portal, self.edition)
        self.portal.lists.create({"name": LIST, "objectTypeId": "0-2", "processingType": "MANUAL"}, self.portal.now())
        self.portal.create_companies([self.inputs() for _ in range(self.companies)])
        shared = (Ledger(), TakenBack(), Members()) if self.is_shared else None
        self.hosts: list[Watched] = []
        self.last: Watched | None = None
        for _ in range(2 if self.seed % 2 else 1):
            ledger, taken, on_list = shared or (Ledger(), TakenBack(), Members())
            watched = Watched(Host(self.portal, ledger), taken, on_list, Overwriting(self.portal))
            watched.has_rival = self.seed % 4 == 3
            if watched.has_rival:
                watched.words.moved = None
            self.hosts.append(watched)

    @property
    def is_shared(self) -> bool:
        """Whether two hosts share a ledger, and so its lease."""
        return self.seed % 4 == 1

    def live_through(self, nights: int) -> list[str]:
        """What is wrong by the end of so many nights, or of the first on which anything is."""
        rare = [self.edit_profile, self.edit_overrides, self.lose_disk, *[self.undo] * 4, *[self.release] * 2]
        for night in range(nights):
            self.clock.at += self.draw.choice([0.31, 1.07, 2.53, 6.11, 15.2]) * DAY
            self.happen(self.live_a_day)
            self.use_recycle_bin()
            if night and self.draw.random() < 0.35:
                self.happen(self.draw.choice(rare))
            if night and self.draw.random() < 0.15:
                self.happen(self.crash)
            if self.draw.random() < 0.2:
                self.happen(self.plan)
            if self.is_shared and self.draw.random() < 0.4:
                self.happen(self.sleep)
            self.happen(self.run)
            if wrong := self.wrong():
                return [f"world {self.seed}, night {night}: {text}" for text in wrong]
        return [f"world {self.seed}, in the end: {text}" for text in self.untold()]

    def happen(self, event: Callable[[], None]) -> None:
        """Something happens."""
        self.seen[event.__name__] += 1
        event()

    def wrong(self) -> list[str]:
        """What any host did that it may not do."""
        trespasses = [epoch for watched in self.hosts for epoch in watched.host.ledger.lease.trespasses]
        wrong = [f"a run announced or wrote in epoch {epoch}, which it had no more" for epoch in trespasses]
        return [*wrong, *(text for watched in self.hosts for text in watched.wrong)]

    def host(self) -> Watched:
        """Whoever runs next."""
        return self.draw.choice(self.hosts)

    # What people, programs and HubSpot do.

    def inputs(self) -> dict[str, str]:
        """The inputs of a new company."""
        return {name: self.draw.choice(texts) for name, texts in INPUTS.items() if self.draw.random() < 0.85}

    def live_a_day(self) -> None:
        """Some companies are edited, merged, made, or moved on the list; now and then a property is emptied."""
        for company in live(self.portal):
            # A few are edited day by day, so that what is done to one meets what was done to it before.
            while self.draw.random() < (0.5 if company % 5 == 0 else 0.08):
                self.edit(company)
        if self.draw.random() < 0.1:
            self.blank(self.draw.choice(sorted(INPUTS)))
        for _ in range(self.draw.randrange(3)):
            self.merge()
        for _ in range(self.draw.randrange(3)):
            tier = {TIER: "tier_2"} if self.draw.random() < 0.5 else {}
            self.portal.create_company({**self.inputs(), **tier}, WHO["person"])
        for company in self.draw.sample(sorted(live(self.portal)), self.draw.randrange(8)):
            self.move_member(company)

    def edit(self, company: int) -> None:
        """Somebody edits one property of a company."""
        # Some are locked and unlocked again and again, and get a tier meanwhile.
        name = self.draw.choice((LOCK, TIER) if company % 10 == 5 else EDITED)
        who = WHO[self.draw.choice(WRITERS)]
        self.portal.edit_company(company, {name: self.draw.choice(CHOICES[name])}, who)
        self.forget(company)

    def blank(self, name: str) -> None:
        """An integration empties a property of every third company."""
        for company in live(self.portal):
            if self.draw.random() < 0.33:
                self.portal.edit_company(company, {name: ""}, WHO["integration"])
                self.forget(company)

    def merge(self) -> None:
        """HubSpot folds one company into another."""
        company, other = self.draw.sample(sorted(live(self.portal)), 2)
        survivor = self.portal.merge(company, other, new_id=self.draw.random() < 0.3)
        for watched in self.hosts:
            watched.words.merge(watched.host.ledger, (company, other), survivor, live(self.portal)[survivor])
        if survivor != company:
            self.aka[survivor] = company
        self.forget(company, other)
        self.doubt_members()

    def use_recycle_bin(self) -> None:
        """Now and then companies go into the recycle bin, and come back."""
        if self.draw.random() < 0.3:
            self.happen(self.archive)
        if self.archived and self.draw.random() < 0.4:
            self.happen(self.restore)

    def archive(self) -> None:
        """Somebody puts some companies into the recycle bin, among them such as have an override."""
        there = live(self.portal).keys()
        overridden = {key[0] for watched in self.hosts for key in watched.host.ledger.overrides} & there
        gone = {*self.draw.sample(sorted(there), 2), *self.draw.sample(sorted(overridden), min(2, len(overridden)))}
        self.portal.archive(*gone)
        self.archived += sorted(gone)
        self.forget(*gone)
        # HubSpot takes them off the list, and who is restored before a run looks was taken off as if by hand.
        for company, watched in product(gone, self.hosts):
            watched.words.move(company)
        self.doubt_members()

    def restore(self) -> None:
        """Somebody takes a company out of it."""
        company = self.archived.pop(self.draw.randrange(len(self.archived)))
        self.portal.restore(company)
        self.forget(company)
        self.doubt_members()

    def move_member(self, company: int) -> None:
        """Somebody puts a company on the list, or takes it off."""
        is_on = company in (members(self.portal) or ())
        self.portal.change_list_members(LIST, *(((), (company,)) if is_on else ((company,), ())))
        for on_list in {id(watched.members): watched.members for watched in self.hosts}.values():
            (on_list.take_off if is_on else on_list.put_on)(company)
        for watched in self.hosts:
            watched.words.move(company)
        self.forget(company)

    def edit_profile(self) -> None:
        """Weights, sizes and thresholds become others."""
        weight, size, second = (self.draw.choice(pair) for pair in ((60, 40), (100, 500), (60, 40)))
        first = max(self.draw.choice([90, 60]), second + 10)
        self.edition = replace(self.edition, weight=weight, size=size, first=first, second=second)
        self.permit_all()

    def edit_overrides(self) -> None:
        """Whose values are kept, and for how long."""
        people, automation = self.draw.choice(["keep", "keep", "put_back"]), self.draw.choice(["keep", "put_back"])
        days = self.draw.choice([None, None, 10])
        self.edition = replace(self.edition, people=people, automation=automation, expire_days=days)
        self.permit_all()

    def permit_all(self) -> None:
        """Under another profile a run may write again what an undo took back."""
        for watched in self.hosts:
            watched.taken.texts.clear()

    def forget(self, *companies: int) -> None:
        """Somebody edited companies: what an undo took back of them may be written again."""
        for watched in self.hosts:
            for company in companies:
                watched.taken.forget(company)
                watched.words.forget(company)

    def doubt_members(self, but: Members | None = None) -> None:
        """Who is on the list is known no more as the runs of others know it."""
        for watched in self.hosts:
            watched.members.unsure |= watched.members is not but

    # What icp_sync does.

    def plan(self) -> None:
        """A plan, which writes nothing."""
        self.host().draw(self.edition)

    def crash(self) -> None:
        """A run that dies at any step, if it has as many."""
        self.run_of(self.host(), Steps(self.draw.randrange(14)))
        # By the next run the lease of one that died is over.
        self.clock.at += 2 * SECONDS

    def sleep(self) -> None:
        """A run whose machine sleeps at any step, longer than its lease or not; another host wants to run meanwhile."""
        sleeper, other = self.draw.sample(self.hosts, 2)

        def meanwhile() -> None:
            sleeper.wrong += sleeper.writes.wrong(self.edition, self.portal.now() / 1000)
            self.clock.at += self.draw.choice([0.5, 2]) * SECONDS
            self.seen["overtaken" if self.run_of(other, Steps()) else "refused"] += 1
            sleeper.writes.begin(sleeper.host.ledger.overrides)

        self.run_of(sleeper, Steps(awake=self.draw.randrange(14), meanwhile=meanwhile))

    def run(self) -> None:
        """A run of whichever host."""
        self.run_of(self.host(), Steps())

    def run_of(self, watched: Watched, steps: Steps) -> bool:
        """A run under the lease of its ledger; whether it got that."""
        if self.is_shared:
            steps.holding = watched.host.take_lease()
            if steps.holding is None:
                return False
        self.run_alone(watched, steps)
        if steps.holding is not None and steps.left is None:
            # Who died releases nothing.
            steps.holding.release()
        return True

    def run_alone(self, watched: Watched, steps: Steps) -> None:
        """A run; one that is held is allowed, or waits. People may edit under its hands."""
        # A disk of its own knows who was on the list when its own host ran, whatever others have seen since.
        watched.members.unsure |= watched is not self.last
        self.last = watched
        watched.writes.begin(watched.host.ledger.overrides)
        look, drawn, before = watched.draw(self.edition)
        blocked = frozenset(check.name for check in drawn.preview.plan.blocked_by)
        if blocked:
            watched.require_rightly_held(blocked, len(self.hosts))
            if self.draw.random() < 0.3:
                return
            look, drawn, before = watched.draw(self.edition, blocked)
        meanwhile = self.meddle(before)
        there = live(self.portal)
        locked = {one: [there[one][name] for name in KEPT] for one in meanwhile if there[one][LOCK] == "true"}
        try:
            left = watched.host.apply(look, drawn, steps)
        except Crashed:
            self.seen["died"] += 1
            watched.wrong += watched.writes.wrong(self.edition, self.portal.now() / 1000)
            self.doubt_members()
            return
        watched.after_run(self.edition, before, {*left, *meanwhile}, blocked)
        watched.inputs.settle(left)
        after = live(self.portal)
        changed = [one for one, texts in locked.items() if [after[one][name] for name in KEPT] != texts]
        watched.wrong += [f"{one} was locked since the plan, and written" for one in changed]
        self.doubt_members(watched.members)
        if not meanwhile:
            watched.require_nothing_left(self.edition, drawn.holding.outages)

    def meddle(self, companies: Collection[int]) -> frozenset[int]:
        """Now and then some are edited under the hands of a run."""
        some = frozenset(self.draw.sample(sorted(companies), 10) if self.draw.random() < 0.3 else ())
        self.meddled |= some
        for company in sorted(some):
            self.edit(company)
        return some

    def undo(self) -> None:
        """One of the last runs is taken back: whole, of some companies, or on the list alone; and tried once more."""
        watched = self.host()
        host, runs = watched.host, [entry for entry in watched.host.ledger.entries if entry.written()]
        if not runs:
            return
        entry, what = self.draw.choice(runs[-3:]), self.draw.choice(["all", "all", "companies", "list"])
        ids = self.some_of(entry) if what == "companies" else None
        if self.draw.random() < 0.5:
            self.set_tier_of_one(entry)
        look, of_list = host.look(self.edition.loaded), what == "list"
        preview = host.draw_undo(look, entry, ids, of_list=of_list)
        if preview is None:
            return
        before, on_list = live(self.portal), members(self.portal) or frozenset[int]()
        overridden = host.ledger.set_by_others()
        later = [run.recorded() for run in host.ledger.later(entry)]
        watched.writes.begin(host.ledger.overrides)
        host.apply_undo(look, preview)
        after = live(self.portal)
        watched.wrong += unrestored(entry.recorded(), frozenset() if of_list else ids, before, after, later, overridden)
        watched.wrong += watched.writes.wrong(self.edition, self.portal.now() / 1000)
        if not watched.members.unsure:
            watched.wrong += watched.members.trampled(on_list, members(self.portal) or (), after)
        # Their inputs may change without an edit, once a hold ends.
        spared = {company for company, texts in after.items() if not all(texts[name] for name in INPUTS)}
        watched.taken.undo(look.run_id, entry.record.run_id, before, after, spared=spared, named=ids)
        self.doubt_members(watched.members)
        again = host.draw_undo(host.look(self.edition.loaded), entry, ids, of_list=of_list)
        watched.wrong += [f"undone twice: {again.plan}"] if again is not None and again.plan.has_pending_writes else []

    def set_tier_of_one(self, entry: Entry) -> None:
        """A person edits the tier of a company that a run wrote, if one is left."""
        for company in sorted({change.id for change in entry.written()} & live(self.portal).keys())[:1]:
            self.portal.edit_company(company, {TIER: self.draw.choice(CHOICES[TIER])}, WHO["person"])
            self.forget(company)

    def some_of(self, entry: Entry) -> frozenset[int] | None:
        """Some companies that a run wrote; None where all of them are gone."""
        written = sorted({change.id for change in entry.written()} & live(self.portal).keys())
        return frozenset(self.draw.sample(written, min(3, len(written)))) or None

    def release(self) -> None:
        """Somebody gives values back, and confirms losses."""
        watched = self.host()
        ledger = watched.host.ledger
        for company in sorted({key[0] for key in ledger.overrides}):
            if self.draw.random() < 0.3:
                self.forget(company)
                # Hosts that share a ledger share the release, and any of them may be the first to write.
                for sharing in (other for other in self.hosts if other.host.ledger is ledger):
                    for key, override in ledger.overrides.items():
                        if key[0] == company:
                            sharing.writes.release(key, override.since)
                    sharing.words.release(ledger, company)
                watched.host.release(company)
        ids = {key[0] for key in sorted(watched.inputs.waiting) if self.draw.random() < 0.3}
        watched.release_lost(ids, self.draw.choice([None, *INPUTS]))
        self.forget(*ids)

    def lose_disk(self) -> None:
        """The disk of a host is gone, and its ledger with it where it shares none."""
        watched = self.host()
        is_shared = any(other.host.ledger is watched.host.ledger for other in self.hosts if other is not watched)
        watched.lose_disk(with_ledger=not is_shared)

    def untold(self) -> list[str]:
        """Where the ledgers and the portal's history differ."""
        for watched in self.hosts:
            watched.host.look(self.edition.loaded)
        ledgers = {id(watched.host.ledger): watched.host.ledger for watched in self.hosts}
        runs = [entry.recorded() for ledger in ledgers.values() for entry in ledger.entries]
        since = max(watched.since for watched in self.hosts)
        return [*untold(self.portal, runs, since, self.aka, self.meddled)]


def make_properties(portal: SandboxPortal, edition: Edition) -> None:
    """Make the properties a profile writes."""
    profile = edition.loaded.profile
    kinds = type_by_output(profile)
    for output, name in profile.write.properties().items():
        if name not in portal.schema.definitions:
            portal.add_property(name, kinds[output] if kinds[output] in ("number", "datetime") else "string")
    portal.add_property(LOCK, "bool")
