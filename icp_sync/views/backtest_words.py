"""What a backtest says, in sentences and cells; the terminal and the page show the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import (
    EMPTY,
    AntiIcpGround,
    BoughtAnyway,
    Leak,
    PastReading,
    Strata,
    TierRow,
)

COLUMNS: Final = ("companies", "decided", "won", "win rate", "95 %", "lift", "median amount", "days", "of revenue")
"""Of the table by tier, behind the tier; see `cells`."""
EARLY: Final = "Early: at most 100 deals were won so far, and a few more may turn this."
LEFT_OUT: Final = {
    "not_asked_for": "not among the deals outcomes.deals.where asks for",
    "open": "still open",
    "no_close_date": "closed without a date",
    "future_close": "closed in the future",
    "closed_before_created": "closed before they were created",
    "before_since": "closed before the first day that counts",
    "no_company": "without a primary company",
    "company_not_scored": "of companies that are archived or out of scope",
    "later_deal": "not the first of their company",
    "no_create_date": "without the date they were created",
    "out_of_scope_then": "of companies that were out of scope when the deal opened",
    "nothing_written_then": "opened before icp_sync had written a tier or score",
}


def headline(document: BacktestDocument) -> str:
    """The verdict; where criteria were left out it is about the rest of the profile, and says so first."""
    return without_leaks(document.leaks, document.verdict.sentence)


def without_leaks(leaks: Iterable[Leak], sentence: str) -> str:
    """The sentence, behind the criteria it is without and why; as it is where there are none."""
    leaky = [*dict.fromkeys(leak.criterion for leak in leaks)]
    knows = "knows" if len(leaky) == 1 else "know"
    return f"Without {' and '.join(leaky)}, which {knows} how deals ended: {sentence}" if leaky else sentence


def caveats(document: BacktestDocument) -> Iterator[str]:
    """What to know of the verdict before the table: whether it is early, and as of when companies were judged."""
    if document.verdict.early and document.verdict.code != "too_few":
        yield EARLY
    if document.judged == "written":
        yield "Judged by the tier and score that icp_sync had written by the time each deal opened."
    elif document.past is not None:
        yield f"Judged as companies were when their deals opened; {not_there_yet(document.past)}"


def not_there_yet(past: PastReading) -> str:
    """How much of what is on record of companies is younger than their deals."""
    share = past.not_that_far_back / past.values if past.values else 0
    return (
        f"{100 * share:.0f} % of what is on record of them was not there yet, as far as HubSpot's history goes back, "
        "and counts as unknown."
    )


def leak_sentences(document: BacktestDocument) -> Iterator[str]:
    """The criteria that were left out, and why."""
    for leak in document.leaks:
        yield _leak(leak)


def with_leaks(document: BacktestDocument) -> str | None:
    """What the verdict would be with them; None where there are none."""
    if document.with_leaks is None:
        return None
    return f"With them, as the profile stands, it would say: {document.with_leaks.sentence}"


def cells(row: TierRow) -> tuple[str, ...]:
    """A row of the table by tier, as `COLUMNS` names it."""
    span = "too few" if row.low is None or row.high is None else f"{100 * row.low:.0f} – {100 * row.high:.0f}"
    return (
        f"{row.companies:,}",
        f"{row.decided:,}",
        f"{row.won:,}",
        percent(row.rate),
        span if row.decided else "",
        "" if row.lift is None else f"{row.lift:.1f}×",
        "" if row.median_amount is None else f"{row.median_amount:,.0f}",
        "" if row.median_cycle_days is None else f"{row.median_cycle_days:,.0f}",
        percent(row.revenue_share),
    )


def findings(document: BacktestDocument) -> Iterator[str]:
    """What else the deals show: ranking, trend, use, and what limits it."""
    auc, tests, use = document.auc, document.tests, document.use
    if auc.value is not None and auc.low is not None and auc.high is not None:
        yield (
            f"Fit score: of a won and a lost deal the won one scores higher in {100 * auc.value:.0f} of 100 pairs "
            f"(95 %: {100 * auc.low:.0f} to {100 * auc.high:.0f}; 50 is a coin toss)."
        )
    if tests.trend.p is not None:
        yield (
            f"Trend over tiers: p {_p(tests.trend.p)}; tier 1 against the rest: p {_p(tests.tier_1_vs_rest.p)} "
            "(p: how often chance alone would look so; under 0.05 counts)."
        )
    if use.open_pipeline is not None:
        yield f"Use: {100 * use.open_pipeline:.0f} % of the open pipeline's amount lies in tier 1 and 2."
    if use.new_deals is not None:
        deals = "the one deal" if use.new_deals_counted == 1 else f"the {use.new_deals_counted:,} deals"
        yield f"Use: of {deals} of the last 90 days {100 * use.new_deals:.0f} % are of tier 1 and 2."
    if document.unit == "deal" and document.design_effect > 1:
        yield f"Deals of one company are alike: {document.design_effect:.1f} of them tell as much as one."
    if document.currencies:
        named = ", ".join(document.currencies)
        yield f"Amounts are left out: deals are in {named}, and the portal gives none in its own currency."


def bought_anyway(document: BacktestDocument) -> Iterator[str]:
    """Who was disqualified and has decided deals, by reason, and whether they are worth less than others."""
    for row in document.bought_anyway:
        yield f"Disqualified by {row.reason}: {row.decided:,} decided deals, {row.won:,} bought anyway. {_grounds(row)}"


def _grounds(row: BoughtAnyway) -> str:
    """Which grounds of an anti-ICP hold, in words, and what to do about the rule."""
    shown = [_ground(ground) for ground in row.grounds if ground.holds]
    if shown:
        return f"They {' and '.join(shown)} than companies that are not ruled out: keep the rule."
    tried = [_TRIED[ground.ground] for ground in row.grounds if ground.holds is not None]
    if not tried:
        return "Too few to say whether they are worth less."
    named = " and ".join([*([", ".join(tried[:-1])] if tried[1:] else []), tried[-1]])
    return (
        f"By {named} they are not clearly worse than companies that are not ruled out: ask sales what the rule is for."
    )


def _ground(ground: AntiIcpGround) -> str:
    value, others = ground.value or 0.0, ground.others or 0.0
    words = {
        "wins_less": f"buy less often ({percent(value)} against {percent(others)})",
        "pays_less": f"pay less ({value:,.0f} against {others:,.0f})",
        "takes_longer": f"take longer ({value:,.0f} days against {others:,.0f})",
        "churns_more": f"leave more often ({percent(value)} against {percent(others)})",
    }
    return words[ground.ground]


def strata_sentence(strata: Strata) -> str:
    """Whether tier 1 wins more within the values of a property."""
    if [row.value for row in strata.rows] == [EMPTY]:
        return (
            f"None of these deals has a value of {strata.by}: this portal has no such deal property, or nobody fills "
            "it in; its name stands in HubSpot under Settings > Properties > Deal properties."
        )
    if strata.odds_ratio is None or strata.low is None or strata.high is None:
        return f"Too few {strata.by} values have deals of both tier 1 and the rest to compare within them."
    within = f"No clear difference within {strata.by}:" if strata.low <= 1 <= strata.high else f"Within {strata.by}"
    return (
        f"{within} the odds of winning are {strata.odds_ratio:.1f} times as high in tier 1 "
        f"(95 %: {strata.low:.1f} to {strata.high:.1f}); {len(strata.rows) - strata.left_out:,} of "
        f"{len(strata.rows):,} values could be compared. Odds are won against lost deals, 1 is no difference."
    )


def counted(document: BacktestDocument) -> str:
    """How many deals count, of which days, read when."""
    return (
        f"{document.tiers[-1].decided:,} of {document.deals:,} deals count, closed {document.since} to "
        f"{document.as_of}; read {document.read_at:%Y-%m-%d %H:%M} UTC."
    )


def left_out(document: BacktestDocument) -> Iterator[tuple[int, str]]:
    """Deals that do not count, by reason."""
    for reason, count in document.left_out.items():
        yield count, LEFT_OUT[reason]


def percent(share: float | None) -> str:
    """`58 %`, "" for none."""
    return "" if share is None else f"{100 * share:.0f} %"


def _leak(leak: Leak) -> str:
    named = ", ".join(leak.properties)
    if leak.kind == "reads_deals":
        return f"Left out: {leak.criterion} reads {named}, which deals write."
    won, lost = (100 * (share or 0) for share in (leak.known_won, leak.known_lost))
    return (
        f"Left out: {leak.criterion} is known of {won:.0f} % of the won companies and {lost:.0f} % of the lost ones: "
        f"{named} is filled in by selling."
    )


def _p(value: float | None) -> str:
    return "–" if value is None else "under 0.001" if value < 0.001 else f"{value:.3f}"


_TRIED: Final = {
    "wins_less": "win rate",
    "pays_less": "amount",
    "takes_longer": "length of the sale",
    "churns_more": "churn",
}
