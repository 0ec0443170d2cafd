"""Ten thousand companies lose values and get them back, night after night: who is held, and by what each is scored.

A second account of the table of states, in plain Python, walks beside `hold_lost_inputs` and must agree each night.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.plan.held_inputs import attach_holds, release_holds
from tests.marks import with_slow
from tests.plan.nights import Nights, Text, profile_of

NIGHTS: Final = 14
HOLD, OUTAGE = 14, 0.2
READABLE: Final = {
    "industry": ("MACHINERY", "BANKING"),
    "employees": ("80", "10"),
    "type": ("PROSPECT", "PARTNER"),
}
UNREADABLE: Final = "a few"
Key = tuple[int, str]


@dataclass
class Input:
    """`settled`: the text of the last verdict. While another stands: `since`, and how its hold fares, in days."""

    settled: Text
    now: Text
    since: float | None = None
    stood: float = 0.0
    outage_since: float | None = None
    is_ended: bool = False

    @property
    def is_lost(self) -> bool:
        return not is_readable(self.now) and is_readable(self.settled)

    def look(self, day: float) -> None:
        """A reading took place."""
        if self.now == self.settled:
            self.forget()
        self.since = (day if self.since is None else self.since) if self.now != self.settled else None
        if not self.is_lost:
            self.stood, self.outage_since, self.is_ended = 0.0, None, False

    def pass_time(self, day: float, *, is_outage: bool) -> None:
        """The days count, but those of an outage."""
        if is_outage:
            self.outage_since = day if self.outage_since is None else self.outage_since
        elif self.outage_since is not None:
            self.stood, self.outage_since = self.stood + day - self.outage_since, None
        assert self.since is not None
        self.is_ended = self.is_ended or (not is_outage and self.since + self.stood + HOLD <= day)

    def forget(self) -> None:
        """Nothing but what stands counts."""
        self.settled, self.since = self.now, None
        self.stood, self.outage_since, self.is_ended = 0.0, None, False


@dataclass
class Portal:
    """All inputs, as people edit them and as `Nights` reads them."""

    draw: random.Random
    companies: range
    inputs: dict[Key, Input] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for company in self.companies:
            for name, texts in READABLE.items():
                text = self.draw.choices((*texts, None), (6, 2, 1))[0]
                self.inputs[company, name] = Input(text, text)

    def frame(self) -> pl.DataFrame:
        columns: dict[str, list[Text]] = {
            name: [self.inputs[company, name].now for company in self.companies] for name in READABLE
        }
        rest: dict[str, list[Text]] = {
            "icp_tier": [None] * len(self.companies),
            "icp_fit_profile": ["test@1"] * len(self.companies),
        }
        return company_frame(self.companies, columns | rest)

    def edit(self) -> None:
        """A night's edits: losses, returns, new texts, values nobody can read; now and then a whole property goes."""
        for (_, name), known in self.inputs.items():
            chance = self.draw.random()
            if chance < 0.01:
                known.now = None
            elif chance < 0.012 and name == "employees":
                known.now = UNREADABLE
            elif chance < 0.02:
                known.now = self.draw.choice(READABLE[name])
            elif chance < 0.1 and known.is_lost:
                known.now = known.settled

    def blank(self, name: str, share: float) -> None:
        """An integration empties a property of so many."""
        for key, known in self.inputs.items():
            if key[1] == name and self.draw.random() < share:
                known.now = None

    def restore(self, name: str) -> None:
        """And puts it back."""
        for key, known in self.inputs.items():
            if key[1] == name and known.is_lost and not known.is_ended:
                known.now = known.settled

    def look(self, day: float) -> dict[Key, Input]:
        """What is lost by a reading, and how it fares."""
        for known in self.inputs.values():
            known.look(day)
        lost = {key: one for key, one in self.inputs.items() if one.is_lost}
        outages = {name for name in READABLE if self._is_outage(name, lost)}
        for (_, name), known in lost.items():
            known.pass_time(day, is_outage=name in outages)
        return lost

    def _is_outage(self, name: str, lost: dict[Key, Input]) -> bool:
        count_held = sum(key[1] == name and not one.is_ended for key, one in lost.items())
        readable = sum(key[1] == name and is_readable(one.now) for key, one in self.inputs.items())
        return count_held > OUTAGE * (count_held + readable)

    def tiers(self) -> Iterator[str | None]:
        """The tier of each company, held inputs by their old texts."""
        for company in self.companies:
            effective = {}
            for name in READABLE:
                known = self.inputs[company, name]
                effective[name] = known.settled if known.is_lost and not known.is_ended else known.now
            score = 60 * (effective["industry"] == "MACHINERY") + 40 * (effective["employees"] == "80")
            reached = "tier_1" if score >= 80 else "tier_2" if score >= 60 else "tier_3" if score >= 40 else None
            yield None if effective["type"] == "PARTNER" else reached


def is_readable(text: Text) -> bool:
    return text is not None and text != UNREADABLE


@pytest.mark.long
@pytest.mark.parametrize("companies", with_slow([1_000], [10_000]))
def test_no_tier_changes_by_a_value_that_vanished_before_its_hold_ends(companies: int) -> None:
    draw = random.Random(5)
    portal = Portal(draw, range(1, companies + 1))
    nights = Nights(profile_of(), portal.frame())
    day, seen, outages = 0.0, {"held": 0, "ended": 0}, 0
    for night in range(NIGHTS):
        day += draw.choice([0.6, 1, 2.5, 4, 7])
        portal.edit()
        if night in (3, 9):
            portal.blank("industry", 0.5)
        if night in (6, 10):
            portal.restore("industry")
        holding, lost = nights.read(day, portal.frame()), portal.look(day)
        expected = {key: "ended" if one.is_ended else "held" for key, one in lost.items()}
        assert nights.states() == expected
        assert [row["tier"] for row in nights.scored().frame.sort("id").to_dicts()] == list(portal.tiers())
        outages += len(holding.outages)
        for state in seen:
            seen[state] += [*expected.values()].count(state)
        if draw.random() < 0.3:
            _release(draw, nights, lost)
        if draw.random() < 0.7:
            _settle(draw, nights, portal)
    assert outages >= 3, "both outages, for a night or more"
    assert min(seen.values()) > 100, "many were held, and many holds ended"


def _release(draw: random.Random, nights: Nights, lost: dict[Key, Input]) -> None:
    """Somebody confirms that some values are gone; an outage goes on."""
    ids = {company for company, _ in draw.sample(sorted(lost), len(lost) // 20)}
    nights.differences = attach_holds(nights.differences, release_holds(nights.holding.holds, ids))
    for (company, _), known in lost.items():
        if company in ids and known.outage_since is None:
            known.is_ended = True


def _settle(draw: random.Random, nights: Nights, portal: Portal) -> None:
    """A run gave all but a few their verdicts."""
    left = set(draw.sample(portal.companies, len(portal.companies) // 20))
    count_held = {(row["id"], row["property"]) for row in nights.holding.open_holds.to_dicts()}
    nights.settle(sorted(left))
    for key, known in portal.inputs.items():
        if key[0] not in left and key not in count_held:
            known.forget()
