"""Tests on counts: other people's packages get the same numbers, and "too few" says how many more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests

from icp_sync.evidence.win_rate_tests import deals_needed, detectable_difference, fisher_p, holm_adjust, rank_trend
from icp_sync.evidence.win_rates import Tally
from tests.evidence.judges import tallies


def test_the_trend_agrees_with_statsmodels_on_a_thousand_tables() -> None:
    four = [tallies(seed, 1_000) for seed in (1, 2, 3, 4)]
    for row in zip(*four, strict=True):
        trend = rank_trend(dict(zip((3, 2, 1, 0), row, strict=True)))
        if trend is None:  # all won or all lost
            assert not sum(tally.won for tally in row) or not sum(tally.lost for tally in row)
            continue
        table = np.array([[tally.won, tally.lost] for tally in row])
        judged = Table(table, shift_zeros=False).test_ordinal_association(
            row_scores=np.array([3, 2, 1, 0]), col_scores=np.array([1, 0])
        )
        assert trend.z == pytest.approx(judged.zscore, abs=1e-9)
        assert trend.p == pytest.approx(judged.pvalue, abs=1e-9)


def test_fisher_is_scipys_two_sided_test_on_a_thousand_tables() -> None:
    for first, second in zip(tallies(5, 1_000), tallies(6, 1_000), strict=True):
        judged = fisher_exact(np.array([[first.won, first.lost], [second.won, second.lost]]))
        assert fisher_p(first, second) == pytest.approx(judged.pvalue, abs=1e-9)
    assert fisher_p(Tally(5, 10), Tally(5, 10)) == pytest.approx(1)


@pytest.mark.parametrize(
    "ranks",
    [{3: Tally(0, 40), 0: Tally(0, 60)}, {3: Tally(40, 40)}, {3: Tally(10, 40)}, {3: Tally(1, 1)}, {}],
    ids=["all lost", "all won", "one rank", "one deal", "no deals"],
)
def test_nothing_to_compare_has_no_trend(ranks: dict[int, Tally]) -> None:
    assert rank_trend(ranks) is None


def test_the_detectable_difference_is_seen_in_eight_of_ten_samples() -> None:
    first, second = Tally(60, 200), Tally(240, 800)
    difference = detectable_difference(first, second)
    assert difference is not None
    chance, seen = np.random.default_rng(11), []
    for _ in range(2_000):
        wins = chance.binomial(200, 0.3 + 0.8 * difference), chance.binomial(800, 0.3 - 0.2 * difference)
        pooled = sum(wins) / 1_000
        error = (pooled * (1 - pooled) * (1 / 200 + 1 / 800)) ** 0.5
        seen.append(abs(wins[0] / 200 - wins[1] / 800) / error > 1.96)
    assert np.mean(seen) == pytest.approx(0.8, abs=0.04)


def test_the_deals_needed_would_show_ten_points() -> None:
    first, second = Tally(6, 20), Tally(20, 80)
    more = deals_needed(first, second)
    factor = (100 + more) / 100
    grown = [Tally(tally.won * factor, tally.decided * factor) for tally in (first, second)]
    assert detectable_difference(*grown) == pytest.approx(0.10, abs=0.0005)


@pytest.mark.parametrize(
    ("first", "second"), [(Tally(0, 0), Tally(0, 0)), (Tally(3, 3), Tally(9, 9)), (Tally(0, 0), Tally(4, 12))]
)
def test_without_a_mix_or_a_rate_halves_are_assumed(first: Tally, second: Tally) -> None:
    assert 600 < deals_needed(first, second) < 1_100


def test_where_four_deals_tell_as_much_as_one_it_takes_four_times_as_many() -> None:
    first, second = Tally(6, 20), Tally(20, 80)
    assert deals_needed(first, second, 4.0) == pytest.approx(4 * deals_needed(first, second), abs=4)


def test_enough_deals_need_no_more() -> None:
    assert deals_needed(Tally(300, 1_000), Tally(900, 4_000)) == 0


@pytest.mark.slow
def test_holm_agrees_with_statsmodels_on_a_thousand_lists() -> None:
    chance = np.random.default_rng(5)
    for number in range(1_000):
        values = chance.uniform(0, 0.3, size=1 + number % 40)
        values[:: 2 + number % 3] = (0.0, 1.0, values[0])[number % 3]  # some of them alike
        assert holm_adjust(list(values)) == pytest.approx(list(multipletests(values, method="holm")[1]), abs=1e-9)
    assert holm_adjust([]) == []
