"""Many traits against chance at once: named are those that matter, and in 95 of 100 samples of noise none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binom, hypergeom

from icp_sync.evidence.comparison_sides import detectable_lift
from icp_sync.evidence.permutation_test import Flags, Strata, compare_traits, trait_score_statistics
from icp_sync.evidence.trait_matrix import Verdicts
from icp_sync.evidence.win_rates import Tally

Arrays = tuple[Verdicts, Flags, Strata]
CRITICAL = 3.3
"""What the permutations ask of some sixty correlated traits."""


def column(*answers: int) -> Verdicts:
    return np.array(answers, dtype=np.int8)[:, None]


def one_quarter(size: int) -> Strata:
    return np.zeros(size, dtype=np.int64)


def noise(companies: int, traits: int, seed: int) -> Arrays:
    """Correlated traits, a quarter of the answers unknown, outcomes that follow nothing but the quarter."""
    chance = np.random.default_rng(seed)
    common = chance.standard_normal((companies, 5))[:, np.arange(traits) % 5]
    verdicts = (common + chance.standard_normal((companies, traits)) > 0.8).astype(np.int8)
    verdicts[chance.random(verdicts.shape) < 0.25] = -1
    quarters = chance.integers(0, 12, companies)
    return verdicts, chance.random(companies) < 0.15 + quarters / 60, quarters


def planted(companies: int, seed: int) -> Arrays:
    """Three traits of 30, 25 and 20 % with odds ratios 2.5, 2.2 and 2.0 at a base rate of 25 %, and 57 decoys."""
    chance = np.random.default_rng(seed)
    verdicts, _, quarters = noise(companies, 57, seed + 1_000_000)
    traits = [chance.random(companies) < share for share in (0.30, 0.25, 0.20)]
    factor = np.prod(
        [np.where(trait, ratio, 1.0) for trait, ratio in zip(traits, (2.5, 2.2, 2.0), strict=True)], axis=0
    )
    base = _base_odds(factor)
    own = np.column_stack(traits).astype(np.int8)
    own[chance.random(own.shape) < 0.25] = -1
    return np.column_stack([own, verdicts]), chance.random(companies) < base * factor / (1 + base * factor), quarters


def _base_odds(factor: npt.NDArray[np.float64]) -> float:
    """The odds of a company without any of the traits, so that a quarter of all deals are won."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if (middle * factor / (1 + middle * factor)).mean() < 0.25 else (low, middle)
    return low


def test_the_statistic_is_that_of_drawing_winners_from_an_urn() -> None:
    verdicts = column(1, 1, 1, 1, 0, 0, 0, 0, 0, 0)
    won = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    urn = hypergeom(10, 4, 4)
    assert trait_score_statistics(verdicts, won, one_quarter(10))[0] == pytest.approx(
        (3 - urn.mean()) / urn.std(), abs=1e-6
    )


def test_the_p_of_a_single_trait_is_that_of_the_urn() -> None:
    verdicts = column(*[1] * 8, *[0] * 22)
    won = np.array([True] * 5 + [False] * 3 + [True] * 5 + [False] * 17)
    urn = hypergeom(30, 10, 8)
    distance = 5 - urn.mean()
    exact = urn.sf(4) + urn.cdf(np.floor(urn.mean() - distance))
    assert compare_traits(verdicts, won, one_quarter(30), 3, 20_000).p_adjusted[0] == pytest.approx(exact, abs=0.01)


def test_who_is_unknown_counts_for_neither_side() -> None:
    known = column(*[1, 0] * 50)
    won = np.array([True, False, True, True] * 25)
    beside = np.concatenate([known, np.full((60, 1), -1, dtype=np.int8)])
    more = np.concatenate([won, np.ones(60, dtype=bool)])
    alone = trait_score_statistics(known, won, one_quarter(100))[0]
    diluted = trait_score_statistics(beside, more, one_quarter(160))[0]
    assert alone > 3
    assert diluted > 0
    assert trait_score_statistics(np.full((100, 1), -1, dtype=np.int8), won, one_quarter(100))[0] == 0


def test_a_good_quarter_makes_no_trait() -> None:
    chance = np.random.default_rng(1)
    good = np.arange(400) % 2
    verdicts = (chance.random(400) < np.where(good, 0.8, 0.2)).astype(np.int8)[:, None]
    won = chance.random(400) < np.where(good, 0.7, 0.2)
    assert compare_traits(verdicts, won, one_quarter(400), 2, 499).p_adjusted[0] < 0.01
    assert compare_traits(verdicts, won, good.astype(np.int64), 2, 499).p_adjusted[0] > 0.05


def test_the_same_seed_says_the_same() -> None:
    arrays = noise(300, 20, 4)
    first, again = (compare_traits(*arrays, 9, 299) for _ in range(2))
    assert (first.p_adjusted == again.p_adjusted).all()
    assert first.critical == again.critical


def test_p_under_5_percent_is_what_passes_the_critical_statistic() -> None:
    verdicts, won, quarters = planted(3_000, 5)
    comparison = compare_traits(verdicts, won, quarters, 9, 499)
    assert ((comparison.p_adjusted <= 0.05) == (np.abs(comparison.statistic) > comparison.critical)).all()
    assert (comparison.p_adjusted[:3] <= 0.05).all()


@pytest.mark.parametrize("won", [0, 1])
def test_all_won_or_all_lost_tells_nothing(won: int) -> None:
    verdicts, _, quarters = noise(100, 5, 6)
    comparison = compare_traits(verdicts, np.full(100, bool(won)), quarters, 1, 99)
    assert (comparison.p_adjusted == 1).all()


def test_no_candidates_are_compared_without_a_fault() -> None:
    comparison = compare_traits(np.zeros((50, 0), dtype=np.int8), np.arange(50) % 2 == 0, one_quarter(50), 1, 99)
    assert comparison.p_adjusted.size == 0


@pytest.mark.slow
def test_noise_is_silent() -> None:
    """Of 60 samples of noise no more speak than one run in a thousand would show at 5 %."""
    repeats = 60
    spoke = sum(compare_traits(*noise(600, 60, seed), seed, 399).p_adjusted.min() <= 0.05 for seed in range(repeats))
    assert spoke <= binom(repeats, 0.05).ppf(0.999)


@pytest.mark.slow
def test_planted_traits_are_named() -> None:
    """All three in each of eight samples of 4,000: of a hundred at least 95 have to be."""
    named = [compare_traits(*planted(4_000, seed), seed, 399).p_adjusted[:3] <= 0.05 for seed in range(8)]
    assert np.all(named)


@pytest.mark.slow
def test_of_a_thousand_companies_what_could_have_been_seen_is_said_honestly() -> None:
    """A trait of a quarter with the lift that is named as detectable shows in eight of ten samples, within chance."""
    repeats, size, rate = 50, 1_000, 0.25
    seen = 0
    for seed in range(repeats):
        chance = np.random.default_rng(seed)
        verdicts, _, quarters = noise(size, 57, seed + 500)
        lift = detectable_lift(Tally(rate * size, size), CRITICAL)
        assert lift is not None
        has = chance.random(size) < 0.25
        without = rate / (0.75 + 0.25 * lift)
        won = chance.random(size) < np.where(has, lift * without, without)
        comparison = compare_traits(np.column_stack([has.astype(np.int8), verdicts]), won, quarters, seed, 399)
        assert abs(comparison.critical - CRITICAL) < 0.4
        seen += bool(comparison.p_adjusted[0] <= 0.05)
    assert binom(repeats, 0.8).ppf(0.001) <= seen <= binom(repeats, 0.8).ppf(0.999)
