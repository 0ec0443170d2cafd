"""What people say of a sample: agreement anybody can count, kappa by another's package, unsure kept apart."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from icp_sync.evidence.disagreements_with_profile import disagreements
from icp_sync.evidence.reviewer_agreement import (
    OPINIONS,
    agreement_design_effect,
    cohen_kappa,
    department_agreements,
    join_profile_verdicts,
    majority_auc,
    reviewer_pairs,
    tier_agreements,
)
from icp_sync.evidence.win_rates import Tally, wilson_interval

Given = tuple[int, str, str, str]
"""A company, who judged it, of which department, and what they said."""


def opinions(given: Sequence[Given]) -> pl.DataFrame:
    return pl.DataFrame([(*row, "since") for row in given], schema=OPINIONS, orient="row")


def scores(groups: Sequence[tuple[str, float]]) -> pl.DataFrame:
    """Companies from 1 on, each with its tier or outcome, and its fit score."""
    rows = [
        (
            number,
            score,
            group if group.startswith("tier") else None,
            "tiered" if group.startswith("tier") else group,
            "R",
        )
        for number, (group, score) in enumerate(groups, start=1)
    ]
    names = ["id", "score", "tier", "outcome", "reasons"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def test_a_tier_agrees_with_fit_and_not_icp_with_no_fit() -> None:
    given = [(1, "Anna", "", "fit"), (1, "Ben", "", "no_fit"), (2, "Anna", "", "no_fit"), (2, "Ben", "", "unsure")]
    judged = join_profile_verdicts(opinions(given), scores([("tier_1", 90), ("not_icp", 10)]))
    rows = {row.tier: row for row in tier_agreements(judged, 1.0)}
    first, none, whole = rows["tier_1"], rows["not_icp"], rows["all"]
    assert (first.fit, first.no_fit, first.unsure, first.agreed) == (1, 1, 0, 1)
    assert (none.fit, none.no_fit, none.unsure, none.agreed) == (0, 1, 1, 1)
    assert (whole.companies, whole.agreed, whole.rate, whole.too_few) == (2, 2, None, True)


def test_where_the_profile_does_not_say_nobody_can_agree() -> None:
    judged = join_profile_verdicts(opinions([(1, "Anna", "", "fit")]), scores([("insufficient_data", 40)]))
    undecided, whole = tier_agreements(judged, 1.0)
    assert (undecided.fit, undecided.agreed, undecided.rate) == (1, None, None)
    assert whole.agreed == 0
    assert disagreements(judged, {}) == ()


def test_twenty_opinions_have_a_rate_with_wilsons_interval() -> None:
    given = [(n, "Anna", "Sales", "fit" if n <= 15 else "no_fit") for n in range(1, 21)]
    judged = join_profile_verdicts(opinions(given), scores([("tier_1", 90)] * 20))
    row = tier_agreements(judged, agreement_design_effect(judged))[0]
    interval = wilson_interval(Tally(15, 20))
    assert interval is not None
    assert (row.rate, row.low, row.high) == (0.75, interval.low, interval.high)


def test_three_opinions_on_a_company_are_not_three_companies() -> None:
    once = [(n, "Anna", "", "fit" if n <= 30 else "no_fit") for n in range(1, 61)]
    threefold = [(n, who, "", word) for n, _, _, word in once for who in ("Anna", "Ben", "Cy")]
    judged = join_profile_verdicts(opinions(threefold), scores([("tier_1", 90)] * 60))
    assert agreement_design_effect(judged) == pytest.approx(3, rel=0.05)


def test_departments_are_compared_by_their_opinions() -> None:
    given = [(1, "Anna", "Sales", "fit"), (1, "Ben", "Sales", "fit"), (1, "Cy", "Finance", "no_fit")]
    judged = join_profile_verdicts(opinions(given), scores([("tier_2", 70)]))
    rows = [(row.department, row.reviewers, row.agreed) for row in department_agreements(judged, 1.0)]
    assert rows == [("Sales", 2, 2), ("Finance", 1, 0)]


@pytest.mark.parametrize("count", [50, pytest.param(1_000, marks=pytest.mark.slow)])
def test_kappa_is_scikit_learns_on_random_tables(count: int) -> None:
    chance = np.random.default_rng(12)
    for _ in range(count):
        first, second = chance.random((2, chance.integers(1, 60))) < chance.random((2, 1))
        table = [int(cell.sum()) for cell in (first & second, first & ~second, ~first & second, ~first & ~second)]
        with warnings.catch_warnings(action="ignore"):
            judge = cohen_kappa_score(first, second, labels=[False, True])
        ours = cohen_kappa(table)
        assert math.isnan(judge) if ours is None else ours == pytest.approx(judge, abs=1e-9)
    assert cohen_kappa([0, 0, 0, 0]) is None


@pytest.mark.parametrize(("common", "has_kappa"), [(20, True), (19, False)])
def test_two_people_are_compared_from_twenty_companies_on_without_the_unsure(common: int, has_kappa: bool) -> None:
    words = ["fit", "no_fit"]
    given = [(n, who, "", words[n % 2]) for n in range(common) for who in ("Anna", "Ben")]
    given += [(n, who, "", "unsure" if who == "Ben" else "fit") for n in range(30, 60) for who in ("Anna", "Ben")]
    (pair,) = reviewer_pairs(opinions(given))
    assert (pair.first, pair.second, pair.in_common, pair.agreed) == ("Anna", "Ben", common, common)
    assert pair.kappa == (1.0 if has_kappa else None)


def test_the_score_is_held_against_the_majority_and_ties_are_left_out() -> None:
    chance = np.random.default_rng(3)
    points = [float(score) for score in chance.integers(0, 1_000, 80) / 10]
    fits = [score + chance.normal(0, 40) > 50 for score in points]
    given = [(n, "Anna", "", "fit" if fit else "no_fit") for n, fit in enumerate(fits, start=1)]
    given += [(81, "Anna", "", "fit"), (81, "Ben", "", "no_fit"), (82, "Anna", "", "unsure")]
    judged = join_profile_verdicts(opinions(given), scores([("tier_1", score) for score in [*points, 0.0, 0.0]]))
    auc = majority_auc(judged)
    assert auc.value == pytest.approx(roc_auc_score(fits, points), abs=1e-9)
    assert majority_auc(judged.head(30)).too_few


def test_a_disagreement_has_both_sides_and_the_most_contested_stand_first() -> None:
    given = [
        (1, "Anna", "Sales", "no_fit"), (1, "Ben", "", "fit"), (2, "Anna", "Sales", "fit"), (2, "Ben", "", "fit"),
        (3, "Anna", "Sales", "fit"), (3, "Ben", "", "unsure"),
    ]  # fmt: skip
    judged = join_profile_verdicts(opinions(given), scores([("tier_1", 90), ("not_icp", 10), ("tier_2", 70)]))
    second, first = disagreements(judged, {1: "Alpha", 2: "Beta"})
    assert (second.id, second.name, second.tier, second.against, second.with_profile) == ("2", "Beta", "not_icp", 2, 0)
    assert (first.id, first.against, first.with_profile, first.reasons) == ("1", 1, 1, "R")
    assert [(opinion.reviewer, opinion.opinion, opinion.why) for opinion in first.opinions] == [
        ("Anna", "no_fit", "since"),
        ("Ben", "fit", "since"),
    ]


def test_no_opinion_is_an_answer() -> None:
    judged = join_profile_verdicts(opinions([]), scores([("tier_1", 90)]))
    assert [row.tier for row in tier_agreements(judged, agreement_design_effect(judged))] == ["all"]
    assert (department_agreements(judged, 1.0), reviewer_pairs(judged), majority_auc(judged).too_few) == (
        (),
        (),
        True,
    )
