"""Histories at random: nights, people, workflows, imports, merges, other profiles, losses, crashes, undos, two hosts.

After each run the portal's own history, the ledger and the records are held against what the issue "Trust" promises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from icp_sync.runs.release import ReleaseRequest, release_exemptions
from icp_sync.runs.undo_source import UndoRequest
from tests.drills.histories.crash import Crashed, dying_after
from tests.drills.histories.edition import INPUTS, LIST
from tests.drills.histories.edits import PLACES, Edits
from tests.drills.histories.host import unequal
from tests.drills.histories.records import live
from tests.drills.histories.world import HELD, require_nothing
from tests.drills.population import DAY

COMPANIES: Final = 24
HOSTS: Final = st.sampled_from([0, 0, 1])


class Histories(Edits):
    """The rules of icp_sync, and of whoever types its commands."""

    @initialize(hosts=st.sampled_from([1, 1, 2]), share=st.booleans())
    def first_night(self, hosts: int, *, share: bool) -> None:
        for country, employees in [*_pairs(), *_pairs(), *_pairs()][:COMPANIES]:
            named = {"country": country, "numberofemployees": employees}
            self.portal.create_company({name: text for name, text in named.items() if text})
        self.add_hosts(hosts, share=share)
        self.run()
        for host in self.hosts[1:]:
            host.lose_disk()

    @invariant()
    def run_now_and_then(self) -> None:
        # Hypothesis leaves whole rules out of a history, that of running too.
        self.steps += 1
        if self.steps % 5 == 0:
            self.run(self.steps // 5 % 2)

    @rule(days=st.sampled_from([0.7, 4.3, 15.2]), place=HOSTS)
    def night(self, days: float, place: int) -> None:
        self.stage.clock.pass_by(days * DAY)
        self.run(place)

    @rule(place=HOSTS, go_on=st.sampled_from(["wait", "allow", "apply"]), meanwhile=st.booleans(), who=PLACES)
    def run(self, place: int = 0, go_on: str = "allow", *, meanwhile: bool = False, who: int = 0) -> None:
        host = self.host(place)
        ended = self.run_on(host)
        if ended.code != HELD or ended.report is None or go_on == "wait":
            return
        blocking = {check.name for check in ended.report.plan.blocked_by}
        if meanwhile:
            self.edit_tier(who, "tier_2", "person")
        if go_on == "apply":
            self.apply_plan_of(ended, host, blocking)
        else:
            ended = self.run_on(host, blocking)
            assert meanwhile or ended.code == 0, ended.printed

    @rule(place=HOSTS)
    def plan(self, place: int) -> None:
        host = self.host(place)
        ended = self.stage.plan(host.state, self.edition.loaded, host.memory.url)
        assert ended.code in (0, HELD), ended.printed
        require_nothing(unequal(ended))
        host.inputs.seen(live(self.portal), self.now)

    @rule(place=HOSTS, steps=st.integers(0, 60))
    def crash(self, place: int, steps: int) -> None:
        host = self.host(place)
        host.begin()
        with suppress(Crashed), dying_after(steps):
            self.stage.run(host.state, loaded=self.edition.loaded, url=host.memory.url)
        host.wait_out_lease()
        require_nothing(host.writes.wrong(self.edition, self.now))
        host.inputs.perhaps_seen(live(self.portal))
        self.doubt_members()

    @rule(place=HOSTS, back=st.integers(0, 3), what=st.sampled_from(["all", "all", "company", "list"]), who=PLACES)
    def undo(self, place: int, back: int, what: str, who: int) -> None:
        host = self.host(place)
        runs = [one for one in host.runs()[::-1] if one.run.ended_at and (one.by_result("written") or one.lists)]
        if runs:
            undone = runs[back % len(runs)]
            written = sorted({*undone.by_result("written")} & live(self.portal).keys())
            ids = frozenset({written[who % len(written)]}) if what == "company" and written else None
            self.undo_on(host, undone, UndoRequest(undone.run.run_id, ids, LIST if what == "list" else None))

    @rule(place=HOSTS, who=PLACES)
    def release(self, place: int, who: int) -> None:
        host = self.host(place)
        standing = host.store().overrides.list_open()
        if standing:
            company = standing[who % len(standing)].company_id
            # Hosts that share a ledger share the release, and any of them may be the first to write.
            for sharing in (other for other in self.hosts if other.memory is host.memory):
                for override in (one for one in standing if one.company_id == company):
                    sharing.writes.release((company, override.property), round(override.since.timestamp() * 1000))
            self.touch(company)
            now = dt.datetime.fromtimestamp(self.now, dt.UTC)
            release_exemptions(host.store(), ReleaseRequest(frozenset({company}), overrides=True), now)

    @precondition(lambda self: not self.hosts[0].is_lost)
    @rule(place=HOSTS)
    def lose_disk(self, place: int) -> None:
        self.host(place).lose_disk()


def _pairs() -> Iterator[tuple[str, str]]:
    """Every kind of company: of each country, and of none, with each head count, and with none."""
    return ((country, employees) for country in (*INPUTS["country"], "") for employees in ("900", "300", ""))
