"""What a backtest says, in sentences and cells; the terminal and the page show the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import Auc, Leak, PastReading, TierRow
from icp_sync.evidence.uncounted_deals import LEFT_OUT
from icp_sync.views.glosses import gloss_line
from icp_sync.views.strata_words import verdict_within_strata

COLUMNS: Final = (
    "companies",
    "decided",
    "won",
    "win rate",
    "likely range",
    "times average",
    "median amount",
    "days to close",
    "of revenue",
)
"""Of the table by tier, behind the tier; see `cells`."""
LEGEND: Final = gloss_line(("decided", "likely range", "times average"))
TIERS_MEANT: Final = "Companies count under the tier the profile gives them, whatever tier people set or locked."
_CONCENTRATED: Final = {
    True: "Tiers 1 and 2 are few and hold most wins: 15 to 35 % of the companies, at least 60 % of the wins.",
    False: "Some ask that tiers 1 and 2 hold 15 to 35 % of the companies and at least 60 % of the wins. These do not, "
    "which alone is no reason to change the profile.",
}


def backtest_headline(document: BacktestDocument) -> str:
    """The verdict; where criteria were left out it is about the rest of the profile, and says so first.

    Where deals of one owner, say, are compared too and tell otherwise, it says so as well.
    """
    return sentence_without_leaks(document.leaks, verdict_within_strata(document))


def sentence_without_leaks(leaks: Iterable[Leak], sentence: str) -> str:
    """The sentence, behind the criteria it is without and why; as it is where there are none."""
    leaky = [*dict.fromkeys(leak.criterion for leak in leaks)]
    if not leaky:
        return sentence
    return f"Not counted: {join_with_and(leaky)}, whose data most likely comes from the sale. {sentence}"


def verdict_caveats(document: BacktestDocument) -> Iterator[str]:
    """What to know of the verdict before the table: whether it is early, and as of when companies were judged."""
    if document.verdict.early and document.verdict.code != "too_few":
        change = (
            "this may change, either way"
            if document.verdict.code == "no_difference"
            else "the size of the gap may still change"
        )
        yield f"Early: only {document.tiers[-1].won:,} deals were won so far, so {change}."
    if document.judged == "written":
        yield "Judged by the tier and score that icp_sync had written by the time each deal opened."
    elif document.past is not None and document.past.values:
        yield f"Judged as companies were when their deals opened; {young_history_sentence(document.past)}"


def young_history_sentence(past: PastReading) -> str:
    """How much of what is on record of companies is younger than their deals."""
    share = past.not_that_far_back / max(1, past.values)
    return (
        f"{100 * share:.0f} % of what is on record of them was not there yet, as far as HubSpot's history goes back, "
        "and counts as unknown."
    )


def leak_sentences(document: BacktestDocument) -> Iterator[str]:
    """The criteria that were left out, and why; those of one field together."""
    alike: dict[Leak, list[str]] = {}
    for leak in document.leaks:
        alike.setdefault(leak.model_copy(update={"criterion": ""}), []).append(leak.criterion)
    for leak, criteria in alike.items():
        yield _leak(leak, criteria)


def tier_row_cells(row: TierRow) -> tuple[str, ...]:
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


def finding_sentences(document: BacktestDocument) -> Iterator[str]:
    """What else the deals show: ranking, use, and what limits it."""
    yield from _ranking(document.auc)
    yield from _top_tiers_share_sentences(document)
    if document.unit == "deal" and document.design_effect > 1:
        yield f"Deals of one company are alike: {document.design_effect:.1f} of them tell as much as one."
    if document.currencies:
        yield amounts_left_out_sentence(document.currencies)
    if document.concentrated is not None:
        yield _CONCENTRATED[document.concentrated]


def amounts_left_out_sentence(currencies: Iterable[str]) -> str:
    """That amounts do not count, and what makes them."""
    return (
        f"Amounts are left out: deals are in {', '.join(currencies)}, and HubSpot gives none in your account's own "
        "currency. Add exchange rates there, or name another property (outcomes.deals.amount)."
    )


def _top_tiers_share_sentences(document: BacktestDocument) -> Iterator[str]:
    """Whether anybody works tiers 1 and 2 more than their share of the companies asks for."""
    use = document.use
    sizes = {row.tier: row.customers + row.open + row.lost + row.untouched for row in document.market}
    share = (sizes["tier_1"] + sizes["tier_2"]) / max(1, sum(sizes.values()))
    best = f"in tiers 1 and 2, which hold {percent(share)} of the companies"
    if use.open_pipeline is not None:
        yield f"Of the open pipeline's amount {percent(use.open_pipeline)} lies {best}."
    if use.new_deals is not None:
        deals = "the one deal" if use.new_deals_counted == 1 else f"the {use.new_deals_counted:,} deals"
        yield f"Of {deals} created in the last 90 days {percent(use.new_deals)} are {best}."


def _ranking(auc: Auc) -> Iterator[str]:
    """How the fit score ranks won and lost deals, on a scale that is explained; pairs that tie count half."""
    if auc.value is None or auc.low is None or auc.high is None:
        return
    unclear = "" if auc.low > 0.5 else "not clearly better than a coin toss. It "
    warning = "points the wrong way. It " if auc.high < 0.5 else unclear
    yield (
        f"Fit score: {warning}ranks won deals above lost ones {100 * auc.value:.0f} of 100 times, equal scores counted "
        f"half (likely range {100 * auc.low:.0f} to {100 * auc.high:.0f}; 50 is a coin toss, 100 perfect)."
    )


def counted_deals_sentence(document: BacktestDocument) -> str:
    """How many deals count, of which days, read when."""
    return (
        f"{document.tiers[-1].decided:,} of {document.deals:,} deals count, closed {document.since} to "
        f"{document.as_of}; read {document.read_at:%Y-%m-%d %H:%M} UTC."
    )


def left_out_reasons(document: BacktestDocument) -> Iterator[tuple[int, str]]:
    """Deals that do not count, by reason."""
    for reason, count in document.left_out.items():
        yield count, LEFT_OUT[reason]


def percent(share: float | None) -> str:
    """`58 %`, "" for none."""
    return "" if share is None else f"{100 * share:.0f} %"


def join_with_and(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _leak(leak: Leak, criteria: list[str]) -> str:
    alone = len(criteria) == 1
    named, left_out = ", ".join(leak.properties), f"Left out: {join_with_and(criteria)}"
    if leak.kind == "reads_deals":
        fields = "field" if len(leak.properties) == 1 else "fields"
        return f"{left_out}, since deals fill in the {fields} {'it reads' if alone else 'they read'} ({named})."
    won, lost = (100 * (share or 0) for share in (leak.known_won, leak.known_lost))
    return (
        f"{left_out} {'is' if alone else 'are'} known of {won:.0f} % of the won companies and {lost:.0f} % of the lost "
        f"ones: most likely the sale fills in {named}, which {'it reads' if alone else 'they read'}."
    )
