"""What deals say of tiers: counts anybody can redo, one of four verdicts, and no number where there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from icp_sync.evidence.backtest import BacktestFigures, ScoredDeals, backtest, compare_within_strata
from icp_sync.evidence.backtest_verdict import compare_tiers, verdict_without_deals
from icp_sync.evidence.deal_history import DECIDED, KNOWN, DealHistory
from icp_sync.evidence.document_types import MarketRow
from icp_sync.evidence.tier_tables import GROUP
from icp_sync.evidence.win_rates import Tally

AS_OF = dt.date(2026, 11, 29)
OPEN_DEALS = pl.Schema({"company": pl.Int64(), "amount": pl.Float64()})
Group = tuple[str, int, int]
"""A tier or outcome, the decided deals of its companies (a company a deal), and how many were won."""


def judged(groups: Sequence[Group], amount: float = 100.0, owners: Sequence[str] = ("Anna",)) -> ScoredDeals:
    """Companies with a deal each; tier 1 scores highest."""
    scores, deals = [], []
    for place, (group, decided, won) in enumerate(groups):
        for number in range(decided):
            company = 1_000 * (place + 1) + number
            tier = group if group.startswith("tier") else None
            scores.append((company, 90.0 - 10 * place, tier, "tiered" if tier else group, None))
            opened = dt.datetime(2026, 1, 1)  # noqa: DTZ001 (UTC, as the frame has it)
            row = (company, company, number < won, dt.date(2026, 2, 1), opened, amount, 31.0)
            deals.append((*row, owners[number % len(owners)]))
    columns = {
        "id": pl.Int64,
        "score": pl.Float64,
        "tier": pl.String,
        "outcome": pl.String,
        "disqualified_by": pl.String,
    }
    frame = pl.DataFrame(scores, schema=columns, orient="row")
    decided_frame = pl.DataFrame(deals, schema={**DECIDED, "owner": pl.String}, orient="row")
    all_deals = decided_frame.select("company", pl.lit(value=True).alias("closed"), "won", "opened")
    return ScoredDeals.from_scores(frame, DealHistory(decided_frame, OPEN_DEALS.to_frame(), all_deals, {}))


def backtest_of(groups: Sequence[Group]) -> BacktestFigures:
    return backtest(judged(groups), "first", AS_OF)


def test_every_tier_has_its_row_and_all_stand_last() -> None:
    rows = backtest_of([("tier_1", 100, 60), ("tier_2", 50, 20), ("not_icp", 50, 10)]).tiers
    assert [row.tier for row in rows] == [
        "tier_1", "tier_2", "tier_3", "not_icp", "insufficient_data", "disqualified", "all",
    ]  # fmt: skip
    first, whole = rows[0], rows[-1]
    assert (first.companies, first.decided, first.won, first.rate) == (100, 100, 60, 0.6)
    assert (whole.decided, whole.won, whole.rate) == (200, 90, 0.45)
    assert first.lift == pytest.approx(0.6 / 0.45)
    assert (first.median_amount, first.median_cycle_days) == (100.0, 31.0)
    assert first.revenue_share == pytest.approx(60 / 90)
    assert (rows[2].rate, rows[2].too_few) == (None, True)


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ([("tier_1", 200, 120), ("not_icp", 400, 120)], "wins_more"),
        ([("tier_1", 200, 40), ("not_icp", 400, 240)], "wins_less"),
        ([("tier_1", 200, 60), ("not_icp", 400, 120)], "no_difference"),
        ([("not_icp", 400, 120)], "too_few"),
        ([("tier_1", 400, 120)], "too_few"),
        ([("tier_1", 1, 1), ("not_icp", 400, 120)], "too_few"),
        ([("tier_1", 19, 19), ("not_icp", 400, 120)], "too_few"),
        ([("tier_1", 400, 120), ("not_icp", 19, 0)], "too_few"),
        ([("tier_1", 20, 6), ("not_icp", 400, 120)], "no_difference"),
        ([("tier_1", 30, 19), ("not_icp", 60, 0)], "too_few"),
        ([("tier_1", 30, 30), ("not_icp", 60, 60)], "too_few"),
        ([("tier_1", 1, 1)], "too_few"),
        ([], "too_few"),
    ],
    ids=[
        "more",
        "less",
        "alike",
        "no tier 1",
        "only tier 1",
        "1 in tier 1",
        "19 in tier 1",
        "19 outside tier 1",
        "20 in tier 1",
        "19 wins",
        "all won",
        "one deal",
        "no deals",
    ],
)
def test_the_verdict_is_one_of_four(groups: list[Group], code: str) -> None:
    assert backtest_of(groups).verdict.code == code


SENTENCES = {
    "Tier 1 wins more: 60 % of its 200 deals were won, against 30 % of the 400 of all others: 30 percentage points "
    "more, 22 to 38 allowing for chance.": [("tier_1", 200, 120), ("not_icp", 400, 120)],
    "Tier 1 wins less: 20 % of its 200 deals were won, against 60 % of the 400 of all others: 40 percentage points "
    "less, 32 to 47 allowing for chance.": [("tier_1", 200, 40), ("not_icp", 400, 240)],
    "Tier 1 was won about as often as the others: 30 % of its 200 deals were won, against 30 % of the 400 of all "
    "others; allowing for chance, 8 points less to 8 more.": [("tier_1", 200, 60), ("not_icp", 400, 120)],
    "It is not clear whether tier 1 wins more: 30 % of its 40 deals were won, against 30 % of the 400 of all others; "
    "allowing for chance, 13 points less to 16 more.": [("tier_1", 40, 12), ("not_icp", 400, 120)],
    "It is not clear whether tier 1 wins more: 40 % of its 40 deals were won, against 30 % of the 400 of all others; "
    "the gap may be chance (allowing for it, 4 points less to 26 more).": [("tier_1", 40, 16), ("not_icp", 400, 120)],
    "Tier 1 wins more: 51 % of its 118 deals were won, against 26 % of the 1,467 of all others: 25 percentage points "
    "more, 15 to 34": [("tier_1", 118, 60), ("not_icp", 1_467, 388)],
    "Tier 1 was won more often, but over all tiers it is not clear that higher ones win more: 45 %": [
        ("tier_1", 200, 90), ("tier_2", 400, 80), ("not_icp", 400, 140),
    ],
    "Tier 1 was won less often, but over all tiers it is not clear that higher ones win less: 20 %": [
        ("tier_1", 200, 40), ("tier_2", 400, 160), ("not_icp", 400, 110),
    ],
    "Higher tiers (1 is highest) win more, but for tier 1 alone that is not sure: 40 %": [
        ("tier_1", 40, 16), ("tier_2", 400, 160), ("not_icp", 400, 100),
    ],
    "Higher tiers (1 is highest) win less, but for tier 1 alone that is not sure: 25 %": [
        ("tier_1", 40, 10), ("tier_2", 400, 100), ("not_icp", 400, 160),
    ],
    "Too few deals to say: 15 won and 25 lost, 20 of them in tier 1. It takes 20 won deals, by a rule of "
    "icp_sync.": [("tier_1", 20, 10), ("not_icp", 20, 5)],
    "Too few deals to say: 2 won and 8 lost, 4 of them in tier 1. It takes 20 won deals, 20 lost deals, 20 deals "
    "won or lost in tier 1 and 20 deals won or lost outside tier 1, by a rule of icp_sync.": [
        ("tier_1", 4, 1), ("not_icp", 6, 1),
    ],
    "Too few deals to say: 55 won and 113 lost, 8 of them in tier 1. It takes 20 deals won or lost in tier 1, by a "
    "rule of icp_sync. Even then only a gap of about 31 points or more would show. A gap of 10 points takes about "
    "3,643 more deals in all: do not wait for them, and work your deals as before.": [
        ("tier_1", 8, 7), ("not_icp", 160, 48),
    ],
    "Too few deals to say: 120 won and 299 lost, 400 of them in tier 1. It takes 20 deals won or lost outside tier 1, "
    "by a rule of icp_sync.": [("tier_1", 400, 120), ("not_icp", 19, 0)],
    "Too few deals to say: 120 won and 280 lost, none of them in tier 1. It takes 20 deals won or lost in tier 1, by a "
    "rule of icp_sync.": [("not_icp", 400, 120)],
}  # fmt: skip


@pytest.mark.parametrize("begins", SENTENCES)
def test_each_verdict_says_what_it_means(begins: str) -> None:
    assert backtest_of(SENTENCES[begins]).verdict.sentence.startswith(begins)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_deals_could_have_shown_is_no_statement_about_them(sentence: str) -> None:
    """`A difference of 15 points would very likely have shown` is true of 8 in 10 such samples, and read as the gap."""
    assert "likely" not in backtest_of(SENTENCES[sentence]).verdict.sentence


def test_of_how_many_deals_it_takes_nothing_is_said_before_rate_and_mix_are_known() -> None:
    """785 were: for halves, which nobody had measured."""
    for groups in ([], [("not_icp", 15, 5)], [("tier_1", 30, 30), ("not_icp", 60, 60)]):
        assert "Even then" not in backtest_of(groups).verdict.sentence


def test_where_lost_deals_are_lacking_no_number_of_them_is_a_target() -> None:
    """`It takes at least 14 more lost deals` asked for deals to be closed as lost that were not."""
    sentence = backtest_of([("tier_1", 30, 30), ("not_icp", 60, 54)]).verdict.sentence
    assert sentence == (
        "Too few deals to say: 84 won and 6 lost, 30 of them in tier 1. It takes 20 lost deals, by a rule of icp_sync."
    )


def test_where_no_deal_counts_the_verdict_names_why() -> None:
    """`Too few: 785 more` was said of 90 deals without a company, where no number of more would have helped."""
    none = backtest_of([]).verdict
    verdict = verdict_without_deals(none, 9, {"open": 1, "no_company": 8})
    why = "1 is still open and 8 are without a primary company."
    assert verdict.code == "too_few"
    assert verdict.sentence == f"No deals to judge by: of the 9 that were read none can be counted; {why}"
    assert verdict_without_deals(none, 0, {}).sentence == "No deals to judge by: none was read from HubSpot."


def test_tiers_2_and_3_are_held_against_tier_1_and_against_the_rest() -> None:
    tests = backtest_of([("tier_1", 60, 36), ("tier_2", 50, 25), ("tier_3", 50, 25), ("not_icp", 400, 120)]).tests
    assert tests.tier_1_vs_lower.difference == pytest.approx(0.1)
    assert tests.lower_vs_outside.difference == pytest.approx(0.2)
    assert tests.lower_vs_outside.low is not None
    assert tests.lower_vs_outside.low > 0
    few = backtest_of([("tier_1", 60, 36), ("tier_2", 19, 9), ("not_icp", 400, 120)]).tests
    assert few.tier_1_vs_lower.difference is None


@pytest.mark.parametrize("seed", range(20))
def test_a_tier_that_holds_all_revenue_and_pipeline_holds_no_more_than_all(seed: int) -> None:
    """Added up in another order the same amounts came to 1.0000000000000002 of themselves, and no backtest came out."""
    chance = np.random.default_rng(seed)
    deals = judged([("tier_1", 300, 300), ("not_icp", 100, 0)])
    amounts = pl.Series("amount", chance.integers(1_000, 9_000_000, 400) / 100)
    unpaid = pl.when(pl.col(GROUP) == "tier_1").then("amount").alias("amount")
    decided = deals.decided.with_columns(amounts).sample(fraction=1, shuffle=True, seed=seed)
    figures = backtest(replace(deals, decided=decided, open_deals=decided.with_columns(unpaid)), "first", AS_OF)
    assert figures.tiers[0].revenue_share == pytest.approx(1)
    assert figures.use.open_pipeline == pytest.approx(1)


@pytest.mark.parametrize("effect", [1.1, 1.3, 1.7, 2.3, 2.9])
def test_all_won_against_none_won_is_a_difference_of_all(effect: float) -> None:
    tallies = {"tier_2": Tally(0, 76), "tier_3": Tally(0, 30), "not_icp": Tally(76, 76)}
    difference = compare_tiers(tallies, effect).lower_vs_outside.difference
    assert difference == pytest.approx(-1)


def test_a_difference_that_cannot_be_is_never_named() -> None:
    """142 points were, of few deals of tier 1: with as many a side as a verdict takes it stays under 50."""
    assert backtest_of([("tier_1", 1, 1), ("not_icp", 40, 20)]).tests.detectable_difference is None
    few = backtest_of([("tier_1", 20, 10), ("not_icp", 20, 10)])
    assert few.verdict.code == "no_difference"
    assert few.tests.detectable_difference is not None
    assert few.tests.detectable_difference < 0.5


def test_a_hundred_wins_are_early_and_one_more_is_not() -> None:
    assert backtest_of([("tier_1", 150, 50), ("not_icp", 150, 50)]).verdict.early
    assert not backtest_of([("tier_1", 150, 51), ("not_icp", 150, 50)]).verdict.early


def test_the_same_score_for_everyone_is_a_coin_and_one_outcome_none() -> None:
    assert backtest_of([("not_icp", 100, 50)]).auc.value == 0.5
    assert backtest_of([("not_icp", 100, 100)]).auc.too_few


def test_the_best_by_score_hold_their_wins() -> None:
    gain = {point.companies: point.wins for point in backtest_of([("tier_1", 20, 20), ("not_icp", 80, 20)]).gain}
    assert gain[0.2] == pytest.approx(0.5)
    assert gain[1.0] == pytest.approx(1.0)
    assert gain[0.1] == pytest.approx(0.25)


def test_few_companies_that_hold_most_wins_are_concentrated() -> None:
    assert backtest_of([("tier_1", 20, 20), ("not_icp", 80, 10)]).concentrated
    assert not backtest_of([("tier_1", 20, 5), ("not_icp", 80, 20)]).concentrated
    assert backtest_of([("tier_1", 20, 0)]).concentrated is None


def test_a_customer_is_one_whatever_the_backtest_counts() -> None:
    """Lost first and bought later, bought before the first day that counts: none of them is lost, or untouched."""
    scores = pl.DataFrame({"id": range(5), "score": [90.0] * 5, "tier": ["tier_1"] * 5, "outcome": ["tiered"] * 5})
    long_ago, lately = dt.datetime(2020, 1, 1), dt.datetime(2026, 11, 1)  # noqa: DTZ001 (UTC, as the frame has it)
    deals = [
        (0, True, True, long_ago), (1, True, False, long_ago), (1, True, True, lately),
        (2, False, False, lately), (2, True, False, long_ago), (3, True, False, lately),
    ]  # fmt: skip
    history = DealHistory(
        DECIDED.to_frame(), OPEN_DEALS.to_frame(), pl.DataFrame(deals, schema=KNOWN, orient="row"), {}
    )
    judged = ScoredDeals.from_scores(scores.with_columns(disqualified_by=pl.lit(None, pl.String)), history)
    figures = backtest(judged, "first", AS_OF)
    assert figures.market[0] == MarketRow(tier="tier_1", customers=2, open=1, lost=1, untouched=1)
    assert figures.use.new_deals_counted == 3


def test_five_deals_of_a_company_are_not_five_companies() -> None:
    once = judged([("tier_1", 60, 36), ("not_icp", 60, 18)])
    five_each = pl.concat([once.decided] * 5)
    fivefold = replace(once, decided=five_each)
    as_deals, as_companies = backtest(fivefold, "deal", AS_OF), backtest(once, "first", AS_OF)
    assert as_deals.design_effect == pytest.approx(5, rel=0.05)
    assert as_deals.tests.tier_1_vs_rest.low == pytest.approx(as_companies.tests.tier_1_vs_rest.low, abs=0.01)
    assert as_deals.tiers[0].decided == 300


def test_within_owners_who_wins_anyway_nothing_is_left() -> None:
    strata = compare_within_strata(
        judged([("tier_1", 80, 40), ("not_icp", 80, 40)], owners=["Anna", "Ben"]), "owner", 1.0
    )
    assert [(row.value, row.tier_1_decided, row.rest_decided) for row in strata.rows] == [
        ("Anna", 40, 40),
        ("Ben", 40, 40),
    ]
    assert strata.odds_ratio == pytest.approx(1)
    assert strata.difference is not None
    assert strata.difference.difference == pytest.approx(0)
    assert compare_within_strata(judged([("tier_1", 80, 40)]), "owner", 1.0).odds_ratio is None


def test_within_strata_deals_of_one_company_count_for_what_they_are_worth() -> None:
    deals = judged([("tier_1", 80, 56), ("not_icp", 80, 40)], owners=["Anna", "Ben"])
    once, fourfold = (compare_within_strata(deals, "owner", effect) for effect in (1.0, 4.0))
    assert fourfold.odds_ratio == pytest.approx(once.odds_ratio)
    assert once.low is not None
    assert fourfold.low is not None
    assert fourfold.low < 1 < once.low
    assert once.difference is not None
    assert fourfold.difference is not None
    assert (fourfold.difference.low or 0) < 0 < (once.difference.low or 0)


@pytest.mark.long
@pytest.mark.slow
def test_deals_that_follow_nothing_are_called_a_difference_rarely() -> None:
    chance, claimed = np.random.default_rng(8), 0
    for _ in range(400):
        groups = [("tier_1", 120), ("tier_2", 180), ("tier_3", 200), ("not_icp", 700)]
        verdict = backtest_of([(group, size, int(chance.binomial(size, 0.3))) for group, size in groups]).verdict
        claimed += verdict.code in {"wins_more", "wins_less"}
    assert claimed <= 32
