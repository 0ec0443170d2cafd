"""The area under the curve: scikit-learn gets the same value, bootstraps the same bounds, and they hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, norm
from sklearn.metrics import roc_auc_score

from icp_sync.evidence.score_ranking import (
    Flags,
    Floats,
    PairedRanking,
    auc,
    clustered_auc,
    compare_aucs,
    compare_clustered_aucs,
)


def _deals(seed: int, count: int, effect: float = 8.0) -> tuple[Floats, Flags]:
    chance = np.random.default_rng(seed)
    won = chance.random(count) < 0.3
    return np.clip(chance.normal(50 + effect * won, 18), 0, 100).round(1), won


def test_the_value_is_scikit_learns() -> None:
    for seed in range(200):
        scores, won = _deals(seed, count=40 + seed)
        area_found = auc(scores, won)
        assert area_found is not None
        assert area_found.value == pytest.approx(roc_auc_score(won, scores), abs=1e-9)


def test_the_variance_is_that_of_every_pair_compared() -> None:
    scores, won = _deals(3, count=300)
    wins, losses = scores[won][:, None], scores[~won][None, :]
    pairs = (wins > losses) + 0.5 * (wins == losses)
    error = (pairs.mean(axis=1).var(ddof=1) / wins.size + pairs.mean(axis=0).var(ddof=1) / losses.size) ** 0.5
    interval = auc(scores, won)
    assert interval is not None
    logits = [np.log(bound / (1 - bound)) for bound in (interval.low, interval.high)]
    expected = 2 * 1.959963985 * error / (interval.value * (1 - interval.value))
    assert logits[1] - logits[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("won", [[True, True, True], [False, False, False]])
def test_one_outcome_ranks_nothing(won: list[bool]) -> None:
    assert auc(np.array([10.0, 20.0, 30.0]), np.array(won)) is None


def test_the_same_score_for_everyone_is_a_coin() -> None:
    interval = auc(np.full(60, 40.0), np.arange(60) < 25)
    assert interval is not None
    assert interval.value == 0.5


def test_a_perfect_order_has_no_bounds_to_boast_of() -> None:
    interval = auc(np.array([90.0, 80.0, 10.0]), np.array([True, True, False]))
    assert interval is not None
    assert (interval.value, interval.low, interval.high) == (1.0, 0.0, 1.0)


def test_scores_that_print_alike_tie() -> None:
    interval = auc(np.array([50.04, 50.01]), np.array([True, False]))
    assert interval is not None
    assert interval.value == 0.5


def test_a_better_score_beats_a_worse_on_the_same_deals() -> None:
    scores, won = _deals(5, count=800, effect=12)
    worse = scores + np.random.default_rng(6).normal(0, 30, size=scores.size)
    paired = compare_aucs(worse, scores, won)
    assert paired is not None
    assert paired.difference.low > 0
    assert paired.p < 0.01
    same = compare_aucs(scores, scores, won)
    assert same is not None
    assert (same.difference.value, same.p) == (0.0, 1.0)


def test_the_paired_difference_has_less_error_than_two_areas_apart() -> None:
    scores, won = _deals(9, count=400)
    other = scores + np.random.default_rng(2).normal(0, 4, size=scores.size)
    paired, first = compare_aucs(scores, other, won), auc(scores, won)
    assert paired is not None
    assert first is not None
    assert paired.difference.high - paired.difference.low < (first.high - first.low) / 2


def test_deals_of_one_company_widen_the_bounds() -> None:
    scores, won = _deals(4, count=60)
    alone = auc(scores, won)
    fivefold = clustered_auc(np.repeat(scores, 5), np.repeat(won, 5), np.repeat(np.arange(60), 5), seed=1)
    naive = auc(np.repeat(scores, 5), np.repeat(won, 5))
    assert alone is not None
    assert fivefold is not None
    assert naive is not None
    assert fivefold.high - fivefold.low == pytest.approx(alone.high - alone.low, rel=0.15)
    assert naive.high - naive.low < 0.6 * (fivefold.high - fivefold.low)


def test_two_scores_of_the_same_companies_are_compared_by_drawing_companies() -> None:
    scores, won = _deals(4, count=60)
    other = scores + np.random.default_rng(2).normal(0, 12, size=scores.size)
    alone = compare_aucs(scores, other, won)
    five, five_others, five_won = np.repeat(scores, 5), np.repeat(other, 5), np.repeat(won, 5)
    clustered = compare_clustered_aucs(five, five_others, five_won, np.repeat(np.arange(60), 5), seed=1)
    naive = compare_aucs(five, five_others, five_won)
    assert alone is not None
    assert clustered is not None
    assert naive is not None
    assert clustered.difference.value == pytest.approx(alone.difference.value)
    assert _width(clustered) == pytest.approx(_width(alone), rel=0.15)
    assert clustered.p == pytest.approx(alone.p, abs=0.05)
    assert _width(naive) < 0.6 * _width(clustered)
    same = compare_clustered_aucs(scores, scores, won, np.arange(60), seed=1)
    assert same is not None
    assert (same.difference.value, same.difference.low, same.difference.high, same.p) == (0, 0, 0, 1)


def test_under_twenty_companies_no_deals_are_enough() -> None:
    scores, won = _deals(4, count=400)
    companies = np.arange(400) % 19
    assert clustered_auc(scores, won, companies, seed=1) is None
    assert compare_clustered_aucs(scores, -scores, won, companies, seed=1) is None
    assert clustered_auc(scores, won, np.arange(400) % 20, seed=1) is not None


@pytest.mark.slow
def test_of_companies_with_many_deals_no_more_than_one_in_twenty_differences_is_chance() -> None:
    """Two scores that tell nothing, outcomes alike within a company: counting deals finds a difference in many more."""
    repeats, companies = 30, np.repeat(np.arange(60), 6)
    clustered, naive = 0, 0
    for seed in range(repeats):
        chance = np.random.default_rng(seed)
        first, second = (np.repeat(chance.random(60) * 100, 6) for _ in range(2))
        won = chance.random(360) < np.repeat(chance.beta(1, 1.5, 60), 6)
        paired, counted = (
            compare_clustered_aucs(first, second, won, companies, seed),
            compare_aucs(first, second, won),
        )
        clustered += paired is not None and paired.p < 0.05
        naive += counted is not None and counted.p < 0.05
    assert clustered <= binom(repeats, 0.06).ppf(0.999)
    assert naive > 2 * clustered


def _width(paired: PairedRanking) -> float:
    return paired.difference.high - paired.difference.low


@pytest.mark.slow
def test_delong_holds_in_95_of_100() -> None:
    true, holds = 0.6232, []  # P(N(8, 18) > N(0, 18)) before clipping
    for seed in range(10_000):
        scores, won = _deals(seed, count=200)
        interval = auc(scores, won)
        holds.append(interval is not None and interval.low <= true <= interval.high)
    assert np.mean(holds) == pytest.approx(0.95, abs=0.01)


def _delong(first: Floats, second: Floats, won: Flags) -> tuple[float, float]:
    """Difference of the areas and its standard error by the paper: every won deal against every lost one."""
    kernels = []
    for scores in (first, second):
        tenths = np.rint(scores * 10)
        wins, losses = tenths[won][:, None], tenths[~won][None, :]
        kernels.append((wins > losses) + 0.5 * (wins == losses))
    by_win = np.cov([kernel.mean(axis=1) for kernel in kernels])
    by_loss = np.cov([kernel.mean(axis=0) for kernel in kernels])
    contrast = np.array([-1.0, 1.0])
    variance = contrast @ (by_win / won.sum() + by_loss / (~won).sum()) @ contrast
    return float(kernels[1].mean() - kernels[0].mean()), float(np.sqrt(variance))


def test_the_paired_comparison_is_delongs_with_every_pair_compared() -> None:
    for seed in range(40):
        scores, won = _deals(seed, count=60 + 5 * seed)
        if won.sum() < 2:
            continue
        other = np.clip(scores + np.random.default_rng(seed).normal(0, 15, size=scores.size), 0, 100).round(seed % 2)
        difference, error = _delong(scores, other, won)
        paired = compare_aucs(scores, other, won)
        assert paired is not None
        assert paired.difference.value == pytest.approx(difference, abs=1e-9)
        assert paired.difference.high - paired.difference.low == pytest.approx(2 * 1.959963984540054 * error, abs=1e-9)
        assert paired.p == pytest.approx(2 * norm.sf(abs(difference) / error), abs=1e-9)
