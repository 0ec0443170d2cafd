"""What an edited profile makes of a snapshot, ready to be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from icp_sync.profile.edits.edit_types import Edits
from icp_sync.profile.findings import LocatedFinding
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.profile_tests import CaseResult
from icp_sync.scoring.threshold_curve import TierSize
from icp_sync.scoring.verdict_comparison import VerdictComparison

HOLD: Final = "hold"
"""The name of the question how many companies the highest tier should hold, in a form and in an address."""


class DealTally(Protocol):
    """Decided deals, and those of them that were won."""

    @property
    def won(self) -> float: ...
    @property
    def decided(self) -> float: ...


@dataclass(frozen=True, slots=True)
class MovedCompany:
    """What a row says of a company; `reasons`: of the edited profile, "" outside its scope."""

    name: str
    domain: str
    reasons: str


@dataclass(frozen=True, slots=True)
class SnapshotReading:
    """Where the companies come from: a reading that is true up to `read_at`, judged by the day `as_of`.

    `read_on`: the day of the reading, by the portal's clock. `live_tiers`: tier → companies that have it on their
    records, empty before the first run; None where the profile writes no tier.
    """

    portal_id: int
    ui_domain: str
    time_zone: str
    read_at: dt.datetime
    read_on: dt.date
    as_of: dt.date
    companies: int
    live_tiers: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """`loaded`: the profile as in its file; `profile`: as edited; `query`: the edits as in an address.

    `companies`: the movers by id. `tests`: of the edited profile; `failed_before`: names of those that fail in the file
    too. `findings`: of the edited profile; `known_findings`: messages of those that the file has too. `seconds`: what
    the answer took. `wins`: won and decided deals by tier or outcome; None where no deals are known. `size`: from which
    line the highest tier would hold as many as asked for, None where nobody asks; `size_query`: the address then.
    """

    snapshot: SnapshotReading
    loaded: LoadedProfile
    edits: Edits
    query: str
    profile: Profile
    comparison: VerdictComparison
    companies: Mapping[int, MovedCompany]
    tests: tuple[CaseResult, ...]
    failed_before: frozenset[str]
    findings: tuple[LocatedFinding, ...]
    known_findings: frozenset[str]
    seconds: float = 0.0
    wins: Mapping[str, DealTally] | None = None
    size: TierSize | None = None
    size_query: str = ""

    @property
    def failed_tests(self) -> tuple[CaseResult, ...]:
        """The tests that fail now."""
        return tuple(test for test in self.tests if not test.ok)
