"""What people said of single values besides setting them, and has to come true: releases, and merges of overrides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import RESTORE
from tests.drills.histories.edition import KEPT, LOCK, STAMP, Edition
from tests.drills.histories.inputs import Key
from tests.drills.histories.records import Records
from tests.drills.histories.writes import NOBODYS, is_ours, shown, versions
from tests.drills.in_memory.memory import UNDO, Ledger
from tests.drills.population import DAY


@dataclass(slots=True)
class Words:
    """`released`: values that were given back, with the time (epoch ms) up to which.

    `inherited`: values of survivors of a merge that an override of one merged away holds. `moved`: companies that
    people moved on the list, or that were merged or archived; None where nobody knows whom others moved.
    """

    released: dict[Key, int] = field(default_factory=dict)
    inherited: dict[Key, str] = field(default_factory=dict)
    moved: set[int] | None = field(default_factory=set)

    def release(self, ledger: Ledger, company: int) -> None:
        """Somebody gives the values of a company back."""
        self.forget(company)
        self.inherited.clear()
        self.released |= {key: one.since for key, one in ledger.overrides.items() if key[0] == company}

    def merge(self, ledger: Ledger, merged: Collection[int], survivor: int, texts: Mapping[str, str]) -> None:
        """HubSpot folded companies into one that shows these `texts` now."""
        self.forget(*merged, survivor)
        self.move(survivor)
        for name in KEPT:
            own = ledger.overrides.get((survivor, name))
            others = {one.value for key, one in ledger.overrides.items() if key[0] in merged and key[1] == name}
            if (own is None or own.value != texts[name]) and texts[name] in others:
                self.inherited[survivor, name] = texts[name]

    def move(self, company: int) -> None:
        """Somebody moved a company on the list."""
        if self.moved is not None:
            self.moved.add(company)

    def forget(self, *companies: int) -> None:
        """Somebody edited companies."""
        for key in ((company, name) for company in companies for name in KEPT):
            self.released.pop(key, None)
            self.inherited.pop(key, None)

    def wrong(self, portal: SandboxPortal, edition: Edition, ledger: Ledger, settled: Records) -> Iterator[str]:
        """What a run made of it; `settled`: the companies it wrote or left as they are to be."""
        for key, until in self.released.items():
            again = ledger.overrides.get(key)
            if again is not None and again.since <= until and key[0] in settled:
                yield f"{key} was released and stands again"
        if (edition.people, edition.automation, edition.expire_days) == ("keep", "keep", None):
            for key, value in self.inherited.items():
                if key[0] in settled and shown(key[1], settled[key[0]][key[1]]) != shown(key[1], value):
                    yield f"{key} was {value!r} by an override of one merged away, and is {settled[key[0]][key[1]]!r}"
        yield from _odd_overrides(portal, edition, ledger, settled)
        pinned = {*ledger.pins.inside, *ledger.pins.outside}
        if self.moved is not None and pinned - self.moved:
            yield f"{pinned - self.moved} are pinned, and nobody moved them"
        self.released.clear()
        self.inherited.clear()


def _odd_overrides(portal: SandboxPortal, edition: Edition, ledger: Ledger, settled: Records) -> Iterator[str]:
    """Overrides of what we wrote ourselves, that have expired, or whose value was set anew later."""
    history, now = versions(portal, KEPT), portal.now()
    for key, override in ledger.overrides.items():
        chosen = [
            version for version in history.get(key, ()) if version.source.type not in (RESTORE.type, *NOBODYS[:2])
        ]
        its_own = [version for version in chosen if version.moment == override.since]
        is_asleep = key[0] not in settled or settled[key[0]][LOCK] == "true" or not settled[key[0]][STAMP]
        if override.kind == UNDO or not its_own or is_asleep:
            continue
        if all(is_ours(portal, version) for version in its_own):
            yield f"{key}: an override of {override.value!r}, which we wrote"
        if edition.expire_days is not None and now - override.since > (edition.expire_days + 1) * DAY * 1000:
            yield f"{key}: an override since {override.since}, {edition.expire_days} days are over"
        if chosen[-1].moment > override.since and not is_ours(portal, chosen[-1]):
            yield f"{key}: an override since {override.since}, set anew at {chosen[-1].moment}"
