"""A host under watch: what its next run goes by, in plain Python, and what has to hold after each of its commands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import iter_changes
from tests.drills.histories.edition import FLAG, LOCK, OUTCOME, STAMP, TIER, Edition
from tests.drills.histories.inputs import Key
from tests.drills.histories.members import Members
from tests.drills.histories.records import Records, live, members
from tests.drills.histories.undone import TakenBack
from tests.drills.histories.writes import NO_CAUSE, Overwriting, shown
from tests.drills.in_memory.host import Host
from tests.drills.in_memory.inputs import Inputs
from tests.drills.in_memory.memory import Ledger
from tests.drills.in_memory.night import Drawn, Look
from tests.drills.in_memory.words import Words


@dataclass(slots=True)
class Watched:
    """`is_lost`: its disk is new since its last run, or it has not run yet. `since`: when its ledger began (ms).

    `has_rival`: another host with a ledger of its own runs on the same portal.
    """

    host: Host
    taken: TakenBack
    members: Members
    writes: Overwriting
    inputs: Inputs = field(default_factory=Inputs)
    is_lost: bool = True
    has_rival: bool = False
    since: int = 0
    words: Words = field(default_factory=Words)
    wrong: list[str] = field(default_factory=list)

    def draw(self, edition: Edition, allow: Collection[str] = ()) -> tuple[Look, Drawn, Records]:
        """Draw a plan of what is there, and hold the inputs it goes by against the second account."""
        is_new, look, before = self.host.disk is None, self.host.look(edition.loaded, allow), live(self.host.portal)
        drawn, at = self.host.draw(look), look.now.timestamp()
        holds = drawn.holding.holds.to_dicts()
        if is_new:
            self.inputs = Inputs()
        expected = self.inputs.look(before, stamped(before), at)
        if is_new:
            # What was lost before the disk was, HubSpot's history alone tells.
            self.inputs.believe(holds)
            return look, drawn, before
        states = {(row["id"], row["property"]): row["state"] for row in holds}
        if odd := sorted(states.items() ^ {key: lost.state for key, lost in expected.items()}.items()):
            self.wrong.append(f"held and ended are {states}, and not {odd[:4]}")
        self.wrong += unequal(drawn.preview)
        return look, drawn, before

    def require_rightly_held(self, blocked: Collection[str], hosts: int) -> None:
        """Only guardrails that may hold here held the plan."""
        may = {"undone"} if self.taken.in_force else set[str]()
        may |= {"other_writer"} if hosts > 1 else set()
        if unexpected := {*blocked} - may:
            self.wrong.append(f"held by {unexpected}")

    def after_run(self, edition: Edition, before: Records, left: Collection[int], allow: Collection[str]) -> None:
        """A run came to its end; `left`: companies it did not settle, or that were edited under its hands."""
        portal, after = self.host.portal, live(self.host.portal)
        opened = {key: override.value for key, override in self.host.ledger.overrides.items()}
        # What another host wrote is not known here, and a value that is what the profile wants is then not asked about.
        if self.is_lost or self.has_rival:
            self.writes.excuse(opened)
        self.wrong += self.writes.wrong(edition, portal.now() / 1000)
        for company in before.keys() & after.keys() - {*left}:
            self.wrong += self._unlike(edition, company, before, after[company], opened)
        if "undone" in allow:
            self.taken.clear()
        self.wrong += self.taken.wrong(before, after, opened)
        self.wrong += [f"{key} is open, and its company gone" for key in opened if key[0] not in after]
        if self.has_rival:
            # It knows of no override that stands in this ledger, and writes over what a merge hands on.
            self.words.inherited.clear()
        self.wrong += self.words.wrong(
            portal, edition, self.host.ledger, {one: texts for one, texts in after.items() if one not in left}
        )
        there, pins = members(portal) or frozenset[int](), self.host.ledger.pins
        if not left:
            wanted = {company for company, texts in after.items() if texts[TIER] == "tier_1"}
            self.wrong += self.members.wrong(wanted, there, after)
        self.members.settled(frozenset(pins.inside), frozenset(pins.outside))
        self.is_lost = False

    def require_nothing_left(self, edition: Edition, outages: Collection[str]) -> None:
        """A run right after one that saw these `outages` has nothing to do."""
        _, drawn, _ = self.draw(edition)
        # Companies that were written for the first time count in the share, and may end an outage.
        if {*drawn.holding.outages} != {*outages}:
            return
        plan, decisions = drawn.preview.plan, drawn.decided.decisions
        news = decisions.filter(decisions["action"].is_in(["open", "replace", "end"]))
        if plan.has_pending_writes or news.height:
            self.wrong.append(f"again: {[*iter_changes(plan.changes)][:2]} {plan.lists} {news.to_dicts()[:2]}")

    def lose_disk(self, *, with_ledger: bool) -> None:
        """The disk is gone."""
        self.host.disk, self.is_lost = None, True
        if with_ledger:
            self.host.ledger, self.words = Ledger(), Words(moved=None)
            self.members.unsure, self.since = True, self.host.portal.now()
            self.taken.clear()

    def release_lost(self, ids: Collection[int], name: str | None) -> None:
        """Somebody confirms losses; during an outage they have to name the property."""
        self.host.release_lost(ids, name)
        for key in self.inputs.waiting:
            lost = self.inputs.known[key]
            if key[0] in ids and (lost.outage_since is None if name is None else key[1] == name):
                lost.is_ended = True

    def _unlike(
        self, edition: Edition, company: int, before: Records, texts: Mapping[str, str], opened: Mapping[Key, str]
    ) -> Iterator[str]:
        """A company whose tier, flag or outcome is neither what the profile says of it nor an override."""
        was = before[company]
        if was[LOCK] == "true" or (not was[STAMP] and (was[TIER] or was[FLAG] == "true")):
            return
        inputs = self.inputs.texts(company)
        tier, outcome = edition.verdict(inputs)
        wanted = {TIER: tier, FLAG: "true" if texts[TIER] == "tier_1" else "false"}
        if texts[OUTCOME] != outcome:
            yield f"{company}: outcome {texts[OUTCOME]}, {outcome} by {inputs}"
        for name, text in wanted.items():
            if shown(name, texts[name]) != shown(name, opened.get((company, name), text)):
                yield f"{company}: {name} = {texts[name]!r}, {text!r} by {inputs}, {opened.get((company, name))} open"


def stamped(records: Records) -> set[int]:
    """The companies we wrote before."""
    return {company for company, texts in records.items() if texts[STAMP]}


def unequal(preview: PlanPreview) -> Iterator[str]:
    """Companies whose pieces are not the difference of their scores."""
    for change in iter_changes(preview.plan.changes):
        why = change.why
        if why is None or why.cause in NO_CAUSE or why.score_after is None:
            continue
        if round(why.score_after - (why.score_before or 0) - sum(piece.points for piece in why.pieces), 6):
            yield f"{change.id}: {why}"
