"""The parts that the documents of evidence are made of, each a typed value."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Difference = Annotated[float, Field(ge=-1, le=1)]
Count = Annotated[int, Field(ge=0)]
Moment = Literal["now", "opened", "written"]
Ground = Literal["wins_less", "pays_less", "takes_longer", "churns_more"]
Code = Literal["wins_more", "wins_less", "no_difference", "too_few"]

TIERS: Final = ("tier_1", "tier_2", "tier_3")
GROUPS: Final = (*TIERS, "not_icp", "insufficient_data", "disqualified")
ALL: Final = "all"
EMPTY: Final = "(empty)"
"""The stratum of deals that have no value of the property."""
FEWEST_DEALS: Final = 20
"""Under it a rate says more about chance than about companies: counts only."""


class DocumentPart(BaseModel):
    """A part of the document. Where there is no number it is null, never NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TierRow(DocumentPart):
    """A tier or outcome: its companies, and what came of their deals.

    `rate` between `low` and `high` (95 %) is null under 20 deals, as `too_few` says. `lift`: the rate over that of all.
    `revenue_share`: of the won amounts; `open_pipeline`: the sum of open deals' amounts; both null without amounts.
    """

    tier: str
    companies: Count
    decided: Count
    won: Count
    rate: Share | None
    low: Share | None
    high: Share | None
    lift: float | None
    median_amount: float | None
    median_cycle_days: float | None
    revenue_share: Share | None
    open_pipeline: float | None
    too_few: bool


class RestComparison(DocumentPart):
    """Tier 1 against all other decided deals: the difference of win rates, its bounds, and Fisher's p."""

    difference: Difference | None
    low: Difference | None
    high: Difference | None
    p: Share | None


class BoundedDifference(DocumentPart):
    """A difference of win rates and its bounds; null under 20 deals a side."""

    difference: Difference | None
    low: Difference | None
    high: Difference | None


class TrendFigures(DocumentPart):
    """Whether higher tiers win more: `z` over 0 where they do."""

    z: float | None
    p: Share | None


class Tests(DocumentPart):
    """What the counts show. `detectable_difference`: that 8 of 10 such samples would show; null under 20 a side.

    `lower`: tiers 2 and 3, against tier 1 and against companies outside the tiers.
    """

    tier_1_vs_rest: RestComparison
    tier_1_vs_lower: BoundedDifference
    lower_vs_outside: BoundedDifference
    trend: TrendFigures
    detectable_difference: float | None


class Auc(DocumentPart):
    """How well the fit score ranks won before lost deals: 0.5 is a coin toss."""

    value: Share | None
    low: Share | None
    high: Share | None
    too_few: bool


class GainPoint(DocumentPart):
    """The best `companies` (a share) by fit score hold these shares of the wins, and of the won amounts."""

    companies: Share
    wins: Share
    revenue: Share | None


class Leak(DocumentPart):
    """A criterion that knows the outcome. `kind`: `reads_deals`, or `filled_by_selling` with what was known of whom."""

    criterion: str
    kind: Literal["reads_deals", "filled_by_selling"]
    properties: tuple[str, ...]
    known_won: Share | None = None
    known_lost: Share | None = None


class MarketRow(DocumentPart):
    """Companies of a tier by where they stand: `customers` won, `open`, `lost`, `untouched`: no deal at all."""

    tier: str
    customers: Count
    open: Count
    lost: Count
    untouched: Count


class Use(DocumentPart):
    """Whether the tiers are used: shares of tier 1 and 2 in open deals' amounts, and in deals of the last 90 days."""

    open_pipeline: Share | None
    new_deals: Share | None
    new_deals_counted: Count


class Stratum(DocumentPart):
    """One value of what `--by` names: deals of tier 1 and of the rest, and how many were won."""

    value: str
    tier_1_decided: Count
    tier_1_won: Count
    rest_decided: Count
    rest_won: Count


class Strata(DocumentPart):
    """Tier 1 against the rest within strata; null where fewer than two strata compare.

    `odds_ratio` between `low` and `high`: the common one. `difference`: the common difference of win rates.
    """

    by: str
    rows: tuple[Stratum, ...]
    odds_ratio: float | None
    low: float | None
    high: float | None
    left_out: Count
    difference: BoundedDifference | None = None


class KpiRow(DocumentPart):
    """A KPI of a tier: the median, or the share of yes for a flag, of `known` companies; null under ten."""

    kpi: str
    tier: str
    known: Count
    value: float | None


class Verdict(DocumentPart):
    """One of four answers; `more_deals`: lacking to see ten percentage points. `early`: at most 100 wins."""

    code: Code
    sentence: str
    more_deals: Count
    early: bool


class AntiIcpGround(DocumentPart):
    """One ground of an anti-ICP: a measure of a disqualifier's companies beside `others`, all not disqualified.

    Win rate; median amount; median cycle in days; share that left. `p`: by Fisher or Mann-Whitney, adjusted by Holm
    over the table. `holds`: worse, and not by chance. All null where there are too few to tell.
    """

    ground: Ground
    value: float | None
    others: float | None
    p: Share | None
    holds: bool | None


class BoughtAnyway(DocumentPart):
    """Disqualified companies with decided deals, by reason, and which grounds of an anti-ICP they bear out."""

    reason: str
    decided: Count
    won: Count
    grounds: tuple[AntiIcpGround, ...]


class PastReading(DocumentPart):
    """What HubSpot's history told of the companies of decided deals; `calls`: what it took.

    `values`: one a deal and property that has any history. `not_that_far_back`: those of them without a version as old
    as the deal, which count as unknown.
    """

    companies: Count
    calls: Count
    values: Count
    not_that_far_back: Count


class ArmRow(DocumentPart):
    """An arm of an experiment: its companies, their deals since the arm was written, and how many bought (`rate`)."""

    arm: Literal["challenger", "champion"]
    companies: Count
    decided: Count
    won: Count
    bought: Count
    rate: Share | None
    low: Share | None
    high: Share | None


class ExperimentFigures(DocumentPart):
    """What came of an experiment: deals created since each company's arm was written, by arm.

    `earlier`: decided deals created before; `undated`: companies with an arm of which this state does not know when it
    was written; both are left out. `difference`: of the shares of companies that bought, challenger minus champion.
    """

    name: str
    against: str
    property: str
    arms: tuple[ArmRow, ...]
    earlier: Count
    undated: Count
    difference: Difference | None
    low: Difference | None
    high: Difference | None
    p: Share | None
    code: Literal["challenger_better", "champion_better", "no_difference", "too_few"]
    sentence: str
