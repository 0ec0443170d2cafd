"""The document of a comparison as one typed value: a champion and a challenger on the same companies and deals."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from icp_sync.evidence.document_types import Auc, Count, Difference, DocumentPart, Leak, Share, Tests, TierRow, Verdict

Code = Literal[
    "challenger_better", "champion_better", "no_difference", "one_sided", "too_few", "no_deals", "same_tier_1"
]


class Cell(DocumentPart):
    """Companies by what the champion and what the challenger make of them: a tier, an outcome, or `outside`."""

    champion: str
    challenger: str
    companies: Count


class TierShare(DocumentPart):
    """Companies of a tier or outcome by each profile, and their share of those in its scope."""

    tier: str
    champion: Count
    challenger: Count
    champion_share: Share | None
    challenger_share: Share | None


class ComparedDeals(DocumentPart):
    """A profile's own backtest: all of it without the criteria in `leaks`."""

    leaks: tuple[Leak, ...]
    design_effect: float
    tiers: tuple[TierRow, ...]
    tests: Tests
    auc: Auc
    verdict: Verdict


class ComparedProfile(DocumentPart):
    """One of the two. `kept`: companies in a tier only because HubSpot has them there now. `deals`: null if unknown."""

    profile: str
    digest: str
    kept: Count
    deals: ComparedDeals | None


class PlacementRow(DocumentPart):
    """Companies that both, only the champion or only the challenger call tier 1; rates as in a backtest."""

    companies: Count
    decided: Count
    won: Count
    rate: Share | None
    low: Share | None
    high: Share | None
    too_few: bool


class Decisive(DocumentPart):
    """Deals where the two part on tier 1. `difference`: of `only_challenger` over `only_champion`; `p`: Fisher's."""

    both: PlacementRow
    only_champion: PlacementRow
    only_challenger: PlacementRow
    difference: Difference | None
    low: Difference | None
    high: Difference | None
    p: Share | None
    detectable_difference: float | None


class PairedAuc(DocumentPart):
    """How much better the challenger's fit score ranks the deals of companies that both judge.

    By paired DeLong; with `unit: deal` by drawing whole companies 2,000 times. Null where few are won or lost, and then
    under 20 companies.
    """

    deals: Count
    difference: Difference | None
    low: Difference | None
    high: Difference | None
    p: Share | None
    too_few: bool


class ExampleVerdict(DocumentPart):
    """What a profile makes of a company; all null where it is outside its scope."""

    tier: str
    score: float | None
    reasons: str | None


class Example(DocumentPart):
    """A company that only one of the two calls tier 1."""

    id: int
    name: str | None
    domain: str | None
    champion: ExampleVerdict
    challenger: ExampleVerdict


class Examples(DocumentPart):
    """At most ten companies a side, the highest fit scores first."""

    only_champion: tuple[Example, ...]
    only_challenger: tuple[Example, ...]


class ComparisonVerdict(DocumentPart):
    """Which of the two picks better, as far as deals can say; `more_deals`: lacking to see ten percentage points."""

    code: Code
    sentence: str
    more_deals: Count | None


class ComparisonDocument(DocumentPart):
    """Two profiles side by side. `companies`: in the scope of either; `moved`: in another tier or outcome.

    `matrix`, `shares` and `examples` are of the profiles as they stand, everything about deals is without criteria
    that know how deals ended. `decisive` and `ranking` are null where no deals are known.
    """

    format: Literal[1] = 1
    portal_id: int
    as_of: dt.date
    read_at: dt.datetime
    deals_read_at: dt.datetime | None
    unit: Literal["first", "deal"]
    since: dt.date | None
    champion: ComparedProfile
    challenger: ComparedProfile
    companies: Count
    moved: Count
    matrix: tuple[Cell, ...]
    shares: tuple[TierShare, ...]
    decisive: Decisive | None
    ranking: PairedAuc | None
    examples: Examples
    verdict: ComparisonVerdict
