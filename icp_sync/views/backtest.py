"""A backtest for the terminal: the verdict first, then what it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icp_sync.evidence.document import BacktestDocument, Leak, Strata, TierRow
from icp_sync.views.sanitise import sanitise

_LEFT_OUT: Final = {
    "not_asked_for": "not among the deals outcomes.deals.where asks for",
    "open": "still open",
    "no_close_date": "closed without a date",
    "future_close": "closed in the future",
    "closed_before_created": "closed before they were created",
    "before_since": "closed before the first day that counts",
    "no_company": "without a primary company",
    "company_not_scored": "of companies that are archived or out of scope",
    "later_deal": "not the first of their company",
}

_NEXT: Final = {
    "wins_more": "use the tiers: send sales to tier 1 first, and look again in a quarter.",
    "wins_less": "do not use the tiers yet; find what the profile gets wrong (icp-sync tune), and add a review.",
    "no_difference": "the profile does not tell who buys; change it (icp-sync tune), or hold it against something else "
    "than winning, such as amounts or churn (outcomes.kpis).",
    "too_few": "wait for more deals, and ask your people meanwhile: icp-sync sample --out sheet.csv.",
}
"""Verdict → what a person does with it."""


def backtest_view(document: BacktestDocument) -> RenderableType:
    """The verdict, what it rests on, the table by tier, and what keeps it from being more."""
    return Group(
        Text(_headline(document), style="bold"),
        *_early(document),
        *(_leak_line(leak) for leak in document.leaks),
        *_with_leaks(document),
        Text(f"What to do next: {_NEXT[document.verdict.code]}"),
        Text(),
        _tier_table(document),
        Text(),
        *_findings(document),
        *_bought_anyway(document),
        *(_strata(document.strata) if document.strata else []),
        *_left_out(document),
    )


def _headline(document: BacktestDocument) -> str:
    """The verdict; where criteria were left out it is about the rest of the profile, and says so first."""
    leaky = [leak.criterion for leak in document.leaks]
    return f"Without {' and '.join(leaky)}: {document.verdict.sentence}" if leaky else document.verdict.sentence


def _early(document: BacktestDocument) -> Iterator[Text]:
    if document.verdict.early:
        yield Text("Early: at most 100 deals were won so far, and a few more may turn this.")


def _tier_table(document: BacktestDocument) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("tier")
    for heading in ("companies", "decided", "won", "win rate", "95 %", "lift", "median amount", "days", "of revenue"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in document.tiers:
        table.add_row(*_cells(row))
    return table


def _cells(row: TierRow) -> tuple[str, ...]:
    span = "too few" if row.low is None or row.high is None else f"{100 * row.low:.0f} – {100 * row.high:.0f}"
    return (
        row.tier,
        f"{row.companies:,}",
        f"{row.decided:,}",
        f"{row.won:,}",
        _percent(row.rate),
        span if row.decided else "",
        "" if row.lift is None else f"{row.lift:.1f}×",
        "" if row.median_amount is None else f"{row.median_amount:,.0f}",
        "" if row.median_cycle_days is None else f"{row.median_cycle_days:,.0f}",
        _percent(row.revenue_share),
    )


def _findings(document: BacktestDocument) -> Iterator[Text]:
    auc, tests = document.auc, document.tests
    if auc.value is not None and auc.low is not None and auc.high is not None:
        yield Text(
            f"Fit score: of a won and a lost deal the won one scores higher in {100 * auc.value:.0f} of 100 pairs "
            f"(95 %: {100 * auc.low:.0f} to {100 * auc.high:.0f}; 50 is a coin)."
        )
    if tests.trend.p is not None:
        yield Text(f"Trend over tiers: p {_p(tests.trend.p)}; tier 1 against the rest: p {_p(tests.tier_1_vs_rest.p)}.")
    use = document.use
    if use.open_pipeline is not None:
        yield Text(f"Use: {100 * use.open_pipeline:.0f} % of the open pipeline's amount lies in tier 1 and 2.")
    if use.new_deals is not None:
        share = f"{100 * use.new_deals:.0f} % of the {use.new_deals_counted:,} deals of the last 90 days"
        yield Text(f"Use: {share} are of tier 1 and 2.")
    if document.unit == "deal" and document.design_effect > 1:
        yield Text(f"Deals of one company are alike: {document.design_effect:.1f} of them tell as much as one.")
    if document.currencies:
        named = ", ".join(document.currencies)
        yield Text(f"Amounts are left out: deals are in {named}, and the portal gives none in its own currency.")


def _leak_line(leak: Leak) -> Text:
    named = ", ".join(leak.properties)
    if leak.kind == "reads_deals":
        return sanitise(f"Left out: {leak.criterion} reads {named}, which deals write.")
    won, lost = (100 * (share or 0) for share in (leak.known_won, leak.known_lost))
    return sanitise(
        f"Left out: {leak.criterion} is known of {won:.0f} % of the won companies and {lost:.0f} % of the lost ones: "
        f"{named} is filled in by selling."
    )


def _with_leaks(document: BacktestDocument) -> Iterator[Text]:
    if document.with_leaks is not None:
        yield Text(f"With them, as the profile stands, it would say: {document.with_leaks.sentence}", style="dim")


def _bought_anyway(document: BacktestDocument) -> Iterator[Text]:
    for row in document.bought_anyway:
        yield sanitise(f"Disqualified by {row.reason}: {row.decided:,} decided deals, {row.won:,} bought anyway.")


def _strata(strata: Strata) -> Iterator[RenderableType]:
    yield Text()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(strata.by)
    for heading in ("tier 1 decided", "won", "rest decided", "won"):
        table.add_column(heading, justify="right")
    for row in strata.rows:
        counts = (row.tier_1_decided, row.tier_1_won, row.rest_decided, row.rest_won)
        table.add_row(sanitise(row.value), *(f"{count:,}" for count in counts))
    yield table
    if strata.odds_ratio is None or strata.low is None or strata.high is None:
        yield Text(f"Too few {strata.by} values have deals of both tier 1 and the rest to compare within them.")
        return
    yield Text(
        f"Within {strata.by} the odds of winning are {strata.odds_ratio:.1f} times as high in tier 1 "
        f"(95 %: {strata.low:.1f} to {strata.high:.1f}); {len(strata.rows) - strata.left_out:,} of "
        f"{len(strata.rows):,} values could be compared."
    )


def _left_out(document: BacktestDocument) -> Iterator[Text]:
    yield Text()
    decided = document.tiers[-1].decided
    yield Text(
        f"{decided:,} of {document.deals:,} deals count, closed {document.since} to {document.as_of}; "
        f"read {document.read_at:%Y-%m-%d %H:%M} UTC.",
        style="dim",
    )
    for reason, count in document.left_out.items():
        yield Text(f"  {count:,} {_LEFT_OUT[reason]}", style="dim")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _p(value: float | None) -> str:
    return "–" if value is None else "under 0.001" if value < 0.001 else f"{value:.3f}"
