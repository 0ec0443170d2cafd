"""What each company's verdict stands on by one host's readings: a second account of lost inputs, in plain Python."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from icp_sync.plan.held_inputs import ENDED, HELD
from tests.drills.histories.edition import HOLD_DAYS, INPUTS
from tests.drills.histories.inputs import Key
from tests.drills.histories.records import Records
from tests.drills.population import DAY

OUTAGE: Final = 0.2
JUDGED_FROM: Final = 20
HOLD_S: Final = HOLD_DAYS * DAY


@dataclass(slots=True)
class Input:
    """`settled`: the text of the last verdict. While another stands: `since`, and how its hold fares, in seconds."""

    settled: str
    now: str
    since: float | None = None
    stood: float = 0.0
    outage_since: float | None = None
    is_ended: bool = False

    @property
    def is_lost(self) -> bool:
        return not self.now and bool(self.settled)

    @property
    def state(self) -> str:
        """Of one that is lost."""
        return ENDED if self.is_ended else HELD

    def look(self, text: str, at: float) -> None:
        """A reading took place."""
        self.now = text
        if text == self.settled:
            self.settle()
        elif self.since is None:
            self.since = at
        if not self.is_lost:
            self.forget()

    def pass_time(self, at: float, *, is_outage: bool) -> None:
        """The days count, but those of an outage."""
        if is_outage:
            self.outage_since = at if self.outage_since is None else self.outage_since
        elif self.outage_since is not None:
            self.stood, self.outage_since = self.stood + at - self.outage_since, None
        assert self.since is not None
        self.is_ended = self.is_ended or (not is_outage and self.since + self.stood + HOLD_S <= at)

    def settle(self) -> None:
        """Nothing but what stands counts."""
        self.settled, self.since = self.now, None
        self.forget()

    def forget(self) -> None:
        """It is lost no more."""
        self.stood, self.outage_since, self.is_ended = 0.0, None, False


@dataclass(slots=True)
class Inputs:
    """The inputs of all companies as one host has read them; `waiting`: those its last reading held."""

    known: dict[Key, Input] = field(default_factory=dict)
    waiting: frozenset[Key] = frozenset()

    def look(self, there: Records, ours: Collection[int], at: float) -> dict[Key, Input]:
        """What is held or ended by a reading."""
        present = {(company, name): texts[name] for company, texts in there.items() for name in INPUTS}
        self.known = {key: self.known.get(key) or Input(text, text) for key, text in present.items()}
        for key, text in present.items():
            self.known[key].look(text, at)
        lost = {key: one for key, one in self.known.items() if one.is_lost and key[0] in ours}
        outages = {name for name in INPUTS if self._is_outage(name, lost, ours)}
        for (_, name), entry in lost.items():
            entry.pass_time(at, is_outage=name in outages)
        for key in self.known.keys() - lost.keys():
            self.known[key].forget()
        self.waiting = frozenset(key for key, one in lost.items() if not one.is_ended)
        return lost

    def believe(self, holds: Iterable[Mapping[str, Any]]) -> None:
        """After a lost disk HubSpot's history told what was lost."""
        for row in holds:
            since = row["since"].timestamp()
            key = row["id"], row["property"]
            outage_since = row["outage_since"] and row["outage_since"].timestamp()
            self.known[key] = Input(row["was"], "", since, 0.0, outage_since, row["state"] == ENDED)
            self.waiting |= frozenset() if self.known[key].is_ended else {key}

    def settle(self, unsettled: Collection[int]) -> None:
        """A run gave the others their verdicts."""
        for key, entry in self.known.items():
            if key[0] not in unsettled and key not in self.waiting:
                entry.settle()

    def texts(self, company: int) -> dict[str, str]:
        """What a verdict on a company stands on."""
        keys = ((company, name) for name in INPUTS)
        return {key[1]: self.known[key].settled if key in self.waiting else self.known[key].now for key in keys}

    def _is_outage(self, name: str, lost: Mapping[Key, Input], ours: Collection[int]) -> bool:
        waiting = sum(key[1] == name and not one.is_ended for key, one in lost.items())
        readable = sum(key[1] == name and key[0] in ours and bool(one.now) for key, one in self.known.items())
        return waiting + readable >= JUDGED_FROM and waiting > OUTAGE * (waiting + readable)
