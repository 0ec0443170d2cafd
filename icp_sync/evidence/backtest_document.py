"""The document of a backtest as one typed value."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from icp_sync.evidence.document_types import (
    Auc,
    BoughtAnyway,
    Count,
    DocumentPart,
    ExperimentFigures,
    GainPoint,
    KpiRow,
    Leak,
    MarketRow,
    Moment,
    PastReading,
    Strata,
    Tests,
    TierRow,
    Use,
    Verdict,
)


class BacktestDocument(DocumentPart):
    """What the deals say of a profile. `with_leaks`: the same verdict with leaky criteria left in, for comparison.

    The headline and all tables are without the criteria in `leaks`; `with_leaks` is null where there are none.
    `design_effect`: how many deals of one company tell as much as one of another (`unit: deal`). `judged`: decided
    deals and their companies by what was known `now`, when the deal `opened`, or by what we had `written` by then; the
    market, the use and open deals are always as of now. `past`: what of the past could be read; null for `now`.
    """

    format: Literal[1] = 1
    profile: str
    digest: str
    portal_id: int
    judged: Moment
    unit: Literal["first", "deal"]
    since: dt.date
    as_of: dt.date
    read_at: dt.datetime
    deals: Count
    past: PastReading | None
    left_out: dict[str, Count]
    currencies: tuple[str, ...]
    design_effect: float
    leaks: tuple[Leak, ...]
    tiers: tuple[TierRow, ...]
    tests: Tests
    auc: Auc
    gain: tuple[GainPoint, ...]
    concentrated: bool | None
    market: tuple[MarketRow, ...]
    use: Use
    bought_anyway: tuple[BoughtAnyway, ...]
    kpis: tuple[KpiRow, ...]
    strata: Strata | None
    verdict: Verdict
    with_leaks: Verdict | None
    experiment: ExperimentFigures | None = None
