"""While a run reads and writes, somebody else edits, creates, merges and archives: nothing of theirs is lost.

HubSpot has no conditional write, so between a run's last look at a company and its write nobody can keep an edit
from being overwritten; that gap is one call long. The drill's other client stays out of it (`Witness.sought`), and
every other moment is theirs: then, when a company is written, each property sent must hold what the plan saw.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.drills.population import COUNTRIES, DAY, company
from tests.drills.scene import Ended, Scene, place, scene
from tests.drills.standing import untrue
from tests.drills.witness import Landing
from tests.postgres import Server
from tests.read_ledger import recorded_runs

CHANCE: Final = 0.5
LAG: Final = 30.0
_TIERS: Final = ("tier_1", "tier_2", "tier_3", "")


@dataclass(frozen=True, slots=True)
class Meddled:
    """One seed: what the others did, companies skipped for it, and what was wrong."""

    seed: int
    done: Counter[str]
    skipped: int
    settled: int
    wrong: tuple[str, ...]


@dataclass(slots=True)
class Others:
    """Another client at work; a hook of the portal, called with the portal locked."""

    stage: Scene
    draw: random.Random
    done: Counter[str] = field(default_factory=Counter)
    made: int = 0

    def __call__(self, number: int, route: str, phase: str) -> None:  # noqa: ARG002
        if phase != "before" or self.draw.random() >= CHANCE:
            return
        act = self.draw.choice([self.edit_read, self.edit_read, self.edit_ours, self.edit_ours, self.lock] * 3
                               + [self.create, self.merge, self.archive])  # fmt: skip
        act()
        self.done[act.__name__] += 1

    def edit_read(self) -> None:
        """What the profile reads; of anybody."""
        company_id = self.draw.choice(self._ids())
        self.stage.portal.edit_company(company_id, {"country": self.draw.choice(COUNTRIES)})

    def edit_ours(self) -> None:
        """What the profile writes, where that exists yet."""
        company_id = self._free()
        name, value = self.draw.choice(
            [
                ("hs_ideal_customer_profile", self.draw.choice(_TIERS)),
                ("icp_fit_score", str(self.draw.randrange(100))),
                ("icp_fit_reasons", "because I say so"),
                ("hs_is_target_account", "true"),
            ]
        )
        if company_id is not None and name in self.stage.portal.schema.definitions:
            self.stage.portal.edit_company(company_id, {name: value})

    def lock(self) -> None:
        """Keep the tool's hands off a company's tier."""
        company_id = self._free()
        if company_id is not None and "icp_fit_lock" in self.stage.portal.schema.definitions:
            self.stage.portal.edit_company(company_id, {"icp_fit_lock": "true"})

    def create(self) -> None:
        """A company nobody knew."""
        self.made += 1
        self.stage.portal.create_company(company(self.draw, 100_000 + self.made))

    def merge(self) -> None:
        """Two companies into one, which inherits what it lacks, ours too, and gets a new id now and then."""
        survivor, other = self._free(), self.draw.choice(self._ids())
        if survivor not in (None, other):
            self.stage.portal.merge(survivor, other, new_id=self.draw.random() < 0.3)

    def archive(self) -> None:
        """A company into the recycle bin."""
        self.stage.portal.archive(self.draw.choice(self._ids()))

    def _ids(self) -> list[int]:
        return list(self.stage.portal.records.live_ids_and_rows()[0])

    def _free(self) -> int | None:
        """Somebody the run is not about to write; they may find nobody."""
        company_id = self.draw.choice(self._ids())
        return None if company_id in self.stage.witness.sought else company_id


def meddle(seed: int, companies: int, *, odd: bool = False, server: Server | None = None) -> Meddled:
    """Two disturbed nights, then two quiet ones; `odd`: with a search that lags behind and keeps no order."""
    wrong: list[str] = []
    with place(server) as (state, url), scene(companies, url=url) as stage:
        if odd:
            stage.portal.change_settings(index_lag=LAG, search_disorder=1_000)
        others = Others(stage, random.Random(seed))
        skipped = 0
        for _ in range(2):
            ended = _disturbed(stage, others, state, wrong)
            skipped += len(ended.report.applied.skipped) if ended.report else 0
            stage.portal.ahead += DAY
        settled = _quiet(stage, state, wrong)
    return Meddled(seed, others.done, skipped, settled, tuple(wrong[:5]))


def _disturbed(stage: Scene, others: Others, state: Path, wrong: list[str]) -> Ended:
    """One night with the others at work."""
    stage.witness.sought.clear()
    announced = _Announced(state, stage.url)
    stage.witness.on_landing = lambda landing: wrong.extend(announced.unseen(landing))
    end = stage.portal.add_call_hook(others)
    ended = stage.run(state)
    end()
    stage.witness.on_landing = None
    if ended.code != 0:
        wrong.append(f"the disturbed run ended in {ended.code}: {ended.printed}")
    return ended


class _Announced:
    """What the ledger says the plan saw in each company it is about to write."""

    def __init__(self, state: Path, url: str | None) -> None:
        self._state, self._url = state, url
        self._before: dict[int, dict[str, str]] = {}

    def unseen(self, landing: Landing) -> list[str]:
        """Properties that held something the plan had not seen when they were written."""
        if landing.id not in self._before:
            batches = recorded_runs(self._state, self._url)[-1].batches
            self._before = {change.id: dict(change.before) for batch in batches for change in batch.changes}
        if landing.id not in self._before:
            return [f"company {landing.id} was written and never announced"]
        return _overwritten(landing, self._before[landing.id])


def _overwritten(landing: Landing, seen: dict[str, str]) -> list[str]:
    return [
        f"company {landing.id}: {name} held {before!r}, the plan saw {seen.get(name)!r}"
        for name, before in landing.before.items()
        if before not in (seen.get(name, ""), landing.sent[name])
    ]


def _quiet(stage: Scene, state: Path, wrong: list[str]) -> int:
    """The next run settles what is left, the one after finds nothing to do, and the snapshot is the portal."""
    settling = stage.run(state)
    stage.portal.ahead += DAY
    last = stage.run(state)
    for which, ended in (("settling", settling), ("last", last)):
        wrong += [f"the {which} run ended in {ended.code}: {ended.printed}"] if ended.code else []
    if last.pending:
        wrong.append(f"the last run still had {last.changes} changes")
    wrong += [f"snapshot: {what}" for what in untrue(state, stage.portal)]
    return settling.changes
