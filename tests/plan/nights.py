"""Readings of a small portal, night after night, for the tests of holds: what changed, what is held, who is settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.companies.frame import company_frame
from icp_sync.companies.input_differences import NO_DIFFERENCES, carry_over_differences, update_differences
from icp_sync.plan.held_inputs import NO_HOLDS, HoldResult, attach_holds, attached_holds, hold_lost_inputs
from icp_sync.plan.ownership import with_ownership
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import ScoreResult, score

FIRST: Final = dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC)
STAMP: Final = "icp_fit_profile"
Text = str | None
TIERS: Final = [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 60}, {"tier": "tier_3", "enter": 40}]
INDUSTRY: Final = {"id": "trade", "property": "industry", "weight": 60, "match": {"is": "MACHINERY"}}
SIZE: Final = {"id": "size", "property": "employees", "weight": 40, "match": {"at_least": 50}}
PARTNER: Final = {"id": "partner", "property": "type", "match": {"is": "PARTNER"}}


def profile_of(**rest: object) -> Profile:
    """A profile that asks for the industry and the size, and keeps partners out."""
    whole: dict[str, object] = {
        "schema": 1,
        "profile": {"name": "test", "kind": "icp"},
        "criteria": [INDUSTRY, SIZE],
        "disqualifiers": [PARTNER],
        "tiers": TIERS,
        "write": {"tier": "icp_tier", "profile": STAMP},
    }
    return Profile.model_validate(whole | rest)


def companies(
    industry: Sequence[Text], employees: Text = "80", kind: Sequence[Text] = (), stamp: Text = "test@1"
) -> pl.DataFrame:
    """Companies 1, 2, … of these industries, all of that size."""
    height = len(industry)
    columns = {"industry": industry, "employees": [employees] * height, "type": kind or [None] * height}
    return company_frame(range(1, height + 1), columns | {"icp_tier": [None] * height, STAMP: [stamp] * height})


@dataclass
class Nights:
    """A portal as each reading finds it; `read` takes the day, counted from the first reading."""

    profile: Profile
    snapshot: pl.DataFrame
    differences: pl.DataFrame = field(default_factory=lambda: NO_DIFFERENCES)
    holding: HoldResult = field(default_factory=lambda: HoldResult(NO_HOLDS, NO_HOLDS))

    def read(self, day: float, extract: pl.DataFrame) -> HoldResult:
        """The holds of a reading on a day."""
        now = FIRST + dt.timedelta(days=day)
        program = compile_profile(self.profile, now.date())
        holds = attached_holds(self.differences)
        self.differences = update_differences(self.differences, self.snapshot, extract, now)
        owned = with_ownership(extract, self.profile, adopt=False)
        self.holding = hold_lost_inputs(owned, self.differences, holds, program, now)
        self.differences = attach_holds(self.differences, self.holding.holds)
        self.snapshot = extract
        return self.holding

    def settle(self, unsettled: Sequence[int] = ()) -> None:
        """The run wrote, or found unchanged, every company but these."""
        ids = pl.Series(list(unsettled), dtype=pl.Int64)
        self.differences = carry_over_differences(self.differences, ids, self.holding.open_holds)

    def states(self) -> Mapping[tuple[int, str], str]:
        """Company and property → the state of the hold."""
        return {(row["id"], row["property"]): row["state"] for row in self.holding.holds.to_dicts()}

    def scored(self) -> ScoreResult:
        """The scores of the last reading."""
        return score(self.holding.companies, compile_profile(self.profile, FIRST.date()))

    def verdicts(self) -> Mapping[int, tuple[str, Text]]:
        """Company → its outcome and tier, by the last reading; companies outside the scope are left out."""
        return {row["id"]: (row["outcome"], row["tier"]) for row in self.scored().frame.to_dicts()}
