"""Odds over strata, the design effect, amounts: judged by statsmodels and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu
from statsmodels.stats.contingency_tables import StratifiedTable

from icp_sync.evidence.amount_statistics import mann_whitney, quartiles
from icp_sync.evidence.design_effect import design_effect
from icp_sync.evidence.stratified_comparison import common_difference, common_odds_ratio
from icp_sync.evidence.win_rates import Tally, wilson_interval
from tests.evidence.judges import tallies


def _mixed(seed: int, count: int) -> list[tuple[Tally, Tally]]:
    pairs = zip(tallies(seed, count * 3), tallies(seed + 1, count * 3), strict=True)
    return [pair for pair in pairs if (pair[0] + pair[1]).won and (pair[0] + pair[1]).lost][:count]


def test_the_odds_ratio_agrees_with_statsmodels_on_a_thousand_sets_of_strata() -> None:
    mixed = _mixed(1, 9_000)
    for number in range(1_000):
        strata = mixed[8 * number : 8 * number + 2 + number % 7]
        odds = common_odds_ratio(strata)
        tables = [np.array([[a.won, a.lost], [b.won, b.lost]]) for a, b in strata]
        judged = StratifiedTable(tables)
        if odds is None:
            assert not 0 < judged.oddsratio_pooled < np.inf
            continue
        assert odds.odds.value == pytest.approx(judged.oddsratio_pooled, rel=1e-9)
        assert (odds.odds.low, odds.odds.high) == pytest.approx(judged.oddsratio_pooled_confint(), rel=1e-9)


def test_a_stratum_that_compares_nothing_is_counted_and_left_out() -> None:
    strata = [
        (Tally(10, 30), Tally(5, 40)),
        (Tally(8, 20), Tally(9, 50)),
        (Tally(0, 0), Tally(4, 9)),
        (Tally(3, 3), Tally(2, 2)),
    ]
    odds = common_odds_ratio(strata)
    assert odds is not None
    assert (odds.used, odds.left_out) == (2, 2)
    assert common_odds_ratio(strata[1:]) is None


def test_the_common_difference_of_one_rate_in_all_strata_is_that_difference() -> None:
    strata = [(Tally(30, 60), Tally(30, 100)), (Tally(12, 20), Tally(80, 200))]
    gap = common_difference(strata)
    assert gap is not None
    assert gap.value == pytest.approx(0.2)
    assert common_difference(strata[:1]) is None


@pytest.mark.parametrize("deals", [1, 9])
def test_a_few_deals_all_won_against_a_few_all_lost_are_no_clear_difference(deals: int) -> None:
    assert common_difference([(Tally(deals, deals), Tally(0, 400))] * 2) is None
    assert common_difference([(Tally(4, 200), Tally(0, deals))] * 2) is None


@pytest.mark.parametrize(("strata", "first", "rest"), [(6, 10, 400), (40, 2, 6), (3, 100, 300)])
def test_the_bounds_of_a_common_difference_hold_the_true_one_in_95_of_100_samples(
    strata: int, first: int, rest: int
) -> None:
    chance, inside, true = np.random.default_rng(3), 0, 0.15
    for _ in range(1_000):
        base = chance.uniform(0.1, 0.6, strata)
        won = zip(chance.binomial(first, base + true), chance.binomial(rest, base), strict=True)
        gap = common_difference([(Tally(a, first), Tally(b, rest)) for a, b in won])
        assert gap is not None
        inside += gap.low <= true <= gap.high
    assert 925 <= inside <= 970


def test_confounding_by_owner_goes_away_within_strata() -> None:
    anna = (Tally(80, 100), Tally(16, 20))  # she wins 80 % of everything, and gets tier 1
    ben = (Tally(4, 20), Tally(20, 100))  # he wins 20 % of everything
    odds = common_odds_ratio([anna, ben])
    assert odds is not None
    assert odds.odds.low < 1 < odds.odds.high
    gap = common_difference([anna, ben])
    assert gap is not None
    assert gap.low < 0 < gap.high


def test_independent_deals_have_no_design_effect() -> None:
    won = np.random.default_rng(1).random(4_000) < 0.3
    effect = design_effect(won, np.arange(4_000))
    assert effect is not None
    assert effect == pytest.approx(1, abs=0.001)


def test_every_deal_ten_times_over_is_worth_a_tenth() -> None:
    won = np.random.default_rng(2).random(300) < 0.4
    effect = design_effect(np.repeat(won, 10), np.repeat(np.arange(300), 10))
    assert effect == pytest.approx(10, rel=0.01)


def test_few_companies_have_no_known_design_effect_and_one_outcome_has_none() -> None:
    assert design_effect(np.array([True, False] * 19), np.repeat(np.arange(19), 2)) is None
    assert design_effect(np.ones(40, dtype=bool), np.arange(40)) == 1.0


@pytest.mark.slow
def test_wilson_over_divided_deals_holds_with_intra_company_correlation() -> None:
    chance, holds = np.random.default_rng(3), []
    a, b = 0.3 * 4, 0.7 * 4  # beta with mean 0.3 and intra-class correlation 1 / (a + b + 1) = 0.2
    for _ in range(4_000):
        rates = np.repeat(chance.beta(a, b, size=80), 6)
        won = chance.random(rates.size) < rates
        effect = design_effect(won, np.repeat(np.arange(80), 6))
        assert effect is not None
        interval = wilson_interval(Tally(float(won.sum()), float(won.size)).divide_by_design_effect(effect))
        assert interval is not None
        holds.append(interval.low <= 0.3 <= interval.high)
    assert np.mean(holds) >= 0.93


def test_quartiles_and_dominance_need_ten_values() -> None:
    ten = np.arange(10.0)
    middle = quartiles(ten)
    assert middle is not None
    assert (middle.low, middle.median, middle.high, middle.count) == (2.25, 4.5, 6.75, 10)
    assert quartiles(ten[:9]) is None
    assert mann_whitney(ten, ten[:9]) is None
    assert mann_whitney(np.ones(20), np.ones(30)) is None


def test_dominance_is_scipys_test_and_the_share_of_pairs_won_with_ties_half() -> None:
    chance = np.random.default_rng(4)
    for number in range(1_000):
        first, second = (
            chance.integers(0, 2 + (number + side) % 9, size=10 + number % (30 + side)).astype(float) for side in (0, 1)
        )
        group = mann_whitney(first, second)
        if group is None:
            assert np.unique([*first, *second]).size == 1
            continue
        pairs = (first[:, None] > second) + 0.5 * (first[:, None] == second)
        assert group.share == pytest.approx(pairs.mean(), abs=1e-9)
        assert group.p == pytest.approx(mannwhitneyu(first, second, method="asymptotic").pvalue, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("odds", "sizes"),
    [(1.0, ((60, 200), (40, 160), (30, 240))), (2.5, ((60, 200), (40, 160), (30, 240))), (2.0, ((25, 60),) * 8)],
    ids=["no difference", "three owners", "eight small owners"],
)
def test_the_bounds_of_the_odds_ratio_hold_in_95_of_100(odds: float, sizes: tuple[tuple[int, int], ...]) -> None:
    chance, repeats = np.random.default_rng(9), 10_000
    base = np.linspace(0.2, 0.4, len(sizes))
    better = odds * base / (1 - base + odds * base)
    draws = [
        (chance.binomial(first, high, repeats), chance.binomial(rest, low, repeats))
        for (first, rest), high, low in zip(sizes, better, base, strict=True)
    ]
    holds = []
    for repeat in range(repeats):
        strata = [
            (Tally(int(won[repeat]), first), Tally(int(others[repeat]), rest))
            for (first, rest), (won, others) in zip(sizes, draws, strict=True)
        ]
        estimate = common_odds_ratio(strata)
        holds.append(estimate is not None and estimate.odds.low <= odds <= estimate.odds.high)
    assert np.mean(holds) == pytest.approx(0.95, abs=0.01)
