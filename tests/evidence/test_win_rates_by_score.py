"""Where no deal is of tier 1 the fit score answers, if enough deals say that it tells nothing; else too few stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from icp_sync.evidence.backtest import BacktestFigures, ScoredDeals, backtest
from icp_sync.evidence.deal_history import DECIDED, KNOWN, DealHistory, Unit
from icp_sync.evidence.score_ranking import Flags, Floats
from icp_sync.evidence.win_rates_by_score import cut_by_score

AS_OF = dt.date(2026, 11, 29)
Rate = Callable[[Floats], Floats]
"""Fit scores → the chance to win."""


def backtest_of(
    scores: Floats, won: Flags, *, tiers: tuple[float, float, float], deals_each: int = 1
) -> BacktestFigures:
    """A backtest of deals of so many a company. `tiers`: from which fit score on a company is in tier 1, 2, 3."""
    bounds = list(zip(("tier_1", "tier_2", "tier_3"), tiers, strict=True))
    tier = [next((name for name, enter in bounds if score >= enter), None) for score in scores]
    companies = np.arange(scores.size) // deals_each
    frame = pl.DataFrame(
        {
            "id": companies, "score": scores, "tier": pl.Series(tier, dtype=pl.String),
            "outcome": ["tiered" if name else "not_icp" for name in tier],
            "disqualified_by": pl.Series([None] * scores.size, dtype=pl.String),
        }
    ).unique("id")  # fmt: skip
    opened = pl.lit(dt.datetime(2026, 1, 1))  # noqa: DTZ001 (UTC, as the frame has it)
    decided = pl.DataFrame({"deal": np.arange(scores.size), "company": companies, "won": won}).select(
        "deal", "company", "won", closed=dt.date(2026, 2, 1), opened=opened, amount=100.0, cycle_days=31.0
    )
    nothing_open = pl.DataFrame(schema={"company": pl.Int64, "amount": pl.Float64})
    history = DealHistory(decided.cast(DECIDED), nothing_open, KNOWN.to_frame(), {})
    judged = ScoredDeals.from_scores(frame, history)
    unit: Unit = "deal" if deals_each > 1 else "first"
    return backtest(judged, unit, AS_OF)


def drawn(
    seed: int, rate: Rate, *, count: int = 4_000, tiers: tuple[float, float, float], best: int = 0
) -> BacktestFigures:
    """A backtest of deals drawn at random, scored 0 to 60 evenly; `best` of them score 90 instead."""
    chance = np.random.default_rng(seed)
    scores = chance.uniform(0, 60, count).round(1)
    scores[:best] = 90.0
    return backtest_of(scores, chance.random(count) < rate(scores), tiers=tiers)


def flat(scores: Floats) -> Floats:
    return np.full(scores.size, 0.3)


NO_TIER, LOWER_TIERS = (80.0, 75.0, 70.0), (80.0, 57.0, 54.0)


def test_many_deals_none_of_them_of_tier_1_and_scores_that_tell_nothing() -> None:
    verdict = drawn(2, flat, tiers=NO_TIER).verdict
    assert verdict.code == "no_difference"
    assert verdict.sentence == (
        "The fit score is no better than a coin toss in these deals, and tier 1 is untested: none of its companies "
        "has a won or lost deal. Cut in two by fit score, 30 % of the upper 2,002 deals were won, against 30 % of the "
        "lower 1,998; allowing for chance, 3 points less to 3 more."
    )
    lower = drawn(2, flat, tiers=LOWER_TIERS).verdict
    assert lower.sentence == (
        f"{verdict.sentence} Nor do tiers 2 and 3 clearly differ from companies outside the tiers (2 points less "
        "to 7 more)."
    )


UNANSWERED: dict[str, Callable[[], BacktestFigures]] = {
    "a range too wide": lambda: drawn(2, flat, tiers=NO_TIER, count=300),
    "a deal of tier 1": lambda: drawn(2, flat, tiers=NO_TIER, best=1),
    "few deals of tiers 2 and 3": lambda: drawn(2, flat, tiers=(80.0, 59.9, 59.8)),
    "a score that ranks": lambda: drawn(2, lambda scores: 0.2 + scores / 300, tiers=NO_TIER),
    "a score that ranks backwards": lambda: drawn(2, lambda scores: 0.4 - scores / 300, tiers=NO_TIER),
    "a best tenth that differs": lambda: drawn(5, lambda scores: np.where(scores > 54, 0.42, 0.3), tiers=NO_TIER),
    "lower tiers that differ": lambda: drawn(2, lambda scores: np.where(scores > 54, 0.45, 0.3), tiers=LOWER_TIERS),
}


@pytest.mark.parametrize("why", UNANSWERED)
def test_else_too_few_stays_and_names_tier_1(why: str) -> None:
    verdict = UNANSWERED[why]().verdict
    assert verdict.code == "too_few"
    assert "It takes 20 deals won or lost in tier 1, by a rule of icp_sync." in verdict.sentence


def test_the_same_score_for_everybody_tells_nothing_of_a_score() -> None:
    """Its ranking is 50 of 100 with no range at all, which is no proof."""
    scores = np.full(4_000, 30.0)
    same = backtest_of(scores, np.arange(4_000) % 3 == 0, tiers=NO_TIER)
    assert (same.auc.low, same.auc.high) == (0.5, 0.5)
    assert same.verdict.code == "too_few"
    scores[:30] = 40.0
    assert backtest_of(scores, np.arange(4_000) % 3 == 0, tiers=NO_TIER).verdict.code == "too_few"


def test_deals_of_one_company_count_for_what_they_are_worth() -> None:
    """4,000 deals of 200 companies, of which each wins all or none: 200 answers, too few to say."""
    chance = np.random.default_rng(3)
    scores = np.repeat(chance.uniform(0, 60, 200).round(1), 20)
    alike, mixed = np.repeat(chance.random(200) < 0.3, 20), chance.random(4_000) < 0.3
    assert backtest_of(scores, alike, tiers=NO_TIER, deals_each=20).verdict.code == "too_few"
    assert backtest_of(scores, mixed, tiers=NO_TIER, deals_each=20).verdict.code == "no_difference"


def test_deals_are_cut_between_two_scores_as_near_the_share_as_ties_allow() -> None:
    won = np.array([True, False, True, True, False])
    cut = cut_by_score(np.array([10.0, 20.0, 20.0, 20.0, 30.0]), won, 0.5)
    assert sorted((cut.lower.decided, cut.higher.decided)) == [1, 4]
    cut = cut_by_score(np.array([10.0, 20.01, 20.04, 30.0, 30.0]), won, 0.5)
    assert (cut.lower.won, cut.lower.decided, cut.higher.won, cut.higher.decided) == (2, 3, 1, 2)
    best = cut_by_score(np.arange(100.0), np.arange(100) >= 95, 0.1)
    assert (best.higher.won, best.higher.decided, best.lower.won) == (5, 10, 0)
    assert cut_by_score(np.array([]), np.array([], dtype=bool), 0.5).higher.decided == 0


PLANTED: dict[str, tuple[Rate, tuple[float, float, float], int]] = {
    "tier 1 is small": (lambda scores: np.where(scores > 80, 0.6, 0.3), NO_TIER, 15),
    "tiers 2 and 3 win more": (lambda scores: np.where(scores > 54, 0.45, 0.3), LOWER_TIERS, 0),
    "the score ranks": (lambda scores: 0.2 + scores / 300, NO_TIER, 0),
    "the best tenth wins more": (lambda scores: np.where(scores > 54, 0.45, 0.3), NO_TIER, 0),
}
"""What decides deals, the tiers, and how many deals are of tier 1."""


@pytest.mark.slow
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_called_none_rarely(planted: str) -> None:
    rate, tiers, best = PLANTED[planted]
    codes = Counter(drawn(seed, rate, tiers=tiers, best=best).verdict.code for seed in range(100))
    assert codes["no_difference"] <= 2


@pytest.mark.slow
def test_without_a_deal_of_tier_1_none_claims_a_difference() -> None:
    codes = Counter(drawn(seed, flat, tiers=NO_TIER).verdict.code for seed in range(200))
    assert set(codes) == {"no_difference", "too_few"}
    assert codes["no_difference"] >= 170
