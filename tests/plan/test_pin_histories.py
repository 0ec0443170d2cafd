"""Ten thousand histories of one company each on a static list, run after run: whom people moved stays so."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import polars as pl
import pytest

from icp_sync.plan.list_pins import (
    ListMembership,
    ListMove,
    OpenPins,
    apply_pins,
    find_pin_changes,
    members_after_last_change,
    members_possibly_added_by_runs,
    members_surely_added_by_runs,
)
from tests.marks import with_slow

COMPANIES: Final = range(1, 2_501)
NIGHTS: Final = 14


@dataclass
class Memory:
    """What runs remember: the members after the last of them (None once the disk is lost), their moves, open pins."""

    members: frozenset[int] | None = frozenset()
    since: list[ListMove] = field(default_factory=list)
    ever: list[ListMove] = field(default_factory=list)
    pins: OpenPins = field(default_factory=OpenPins)

    def look(self, live: Collection[int]) -> ListMembership:
        """The list beside what is remembered of it."""
        last = None if self.members is None else members_after_last_change(ids(self.members), ids(live), self.since)
        return ListMembership(
            ids(live),
            last,
            ids(COMPANIES),
            members_possibly_added_by_runs(self.ever),
            members_surely_added_by_runs(self.ever),
        )

    def note(self, move: ListMove) -> None:
        self.since.append(move)
        self.ever.append(move)

    def settle(self, live: Collection[int], pins: OpenPins) -> None:
        """A run came to its end."""
        self.members, self.since, self.pins = frozenset(live), [], pins


@dataclass
class History:
    """The list in HubSpot and what is promised about it.

    `kept`: whom people put where the profile would not have them, so that they stay there. `moved`: whom people moved
    since the last run that ended, and not back again. `doubtful`: whom a run that died was moving. `unrecorded`: whom
    such a run moved, or people as the profile would, so that neither an answer nor a pin tells of it.
    """

    draw: random.Random
    live: set[int] = field(default_factory=set)
    wanted: set[int] = field(default_factory=set)
    memory: Memory = field(default_factory=Memory)
    kept: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    unrecorded: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)

    def live_a_day(self) -> None:
        """The profile wants others than yesterday; people move members, some of them back again."""
        for company in COMPANIES:
            if self.draw.random() < 0.2:
                self.wanted ^= {company}
            while self.draw.random() < 0.15:
                self.live ^= {company}
                self.moved ^= {company}

    def release(self) -> None:
        """`icp-sync release --pins`, of some of them."""
        chosen = {company for company in COMPANIES if self.draw.random() < 0.1} - self.moved
        pins = self.memory.pins
        self.memory.pins = OpenPins(ids({*pins.inside} - chosen), ids({*pins.outside} - chosen))
        self.kept -= chosen
        self.unrecorded |= chosen

    def run(self) -> list[str]:
        """A run; returns what it did against a promise."""
        pins = find_pin_changes(self.memory.look(self.live), ids(self.wanted), None, self.memory.pins).standing
        target = {*apply_pins(ids(self.wanted), None, pins)}
        add, remove = target - self.live, self.live - target
        wrong = [f"{one} was moved by people and moved back" for one in (add | remove) & self._standing()]
        dies = self.draw.random() < 0.25
        landed = {one for one in add | remove if not dies or self.draw.random() < 0.5}
        self.memory.note(ListMove((*sorted(add),), (*sorted(remove),), arrived=not dies))
        self.live ^= landed
        self.unrecorded -= landed
        if dies:
            self.doubtful |= add | remove
            return wrong
        wrong += [f"{one} is misplaced" for one in (self.live ^ self.wanted) - self._excused() - self._standing()]
        self._settle(pins)
        return [*wrong, *self._left()]

    def _standing(self) -> set[int]:
        """Who stays where people put them: against the profile, or on either side since the last run."""
        against = self.moved & (self.live ^ self.wanted)
        return ((self.kept - self.moved) | against) - self._excused()

    def _excused(self) -> set[int]:
        """Of whom nothing tells who moved them."""
        return self.doubtful | (self.unrecorded if self.memory.members is None else set())

    def _settle(self, pins: OpenPins) -> None:
        self.memory.settle(self.live, pins)
        self.kept = {*pins.inside, *pins.outside}
        self.unrecorded = (self.unrecorded | self.moved | self.doubtful) - self.kept
        self.moved.clear()
        self.doubtful.clear()

    def _left(self) -> list[str]:
        """What the next run would still do."""
        again = find_pin_changes(self.memory.look(self.live), ids(self.wanted), None, self.memory.pins)
        left = self.live ^ {*apply_pins(ids(self.wanted), None, again.standing)}
        opened = {*again.opened.inside, *again.opened.outside, *again.ended.inside, *again.ended.outside}
        return [f"again: {one}" for one in left | opened]


def ids(companies: Collection[int]) -> pl.Series:
    return pl.Series("id", sorted(companies), dtype=pl.Int64)


@pytest.mark.parametrize("seed", with_slow([1], [2, 3, 4]))
def test_whom_people_put_on_a_list_or_took_off_stays_so(seed: int) -> None:
    history, wrong = History(random.Random(seed)), list[str]()
    lost = released = pinned = 0
    for _ in range(NIGHTS):
        history.live_a_day()
        if history.draw.random() < 0.2:
            history.memory.members, lost = None, lost + 1
        if history.draw.random() < 0.3:
            history.release()
            released += 1
        wrong += history.run()
        pinned = max(pinned, len(history.kept))
    assert wrong == []
    assert (lost > 0, released > 0, pinned > 100) == (True, True, True)
