"""How much each of the found traits counts, and how well all of them rank companies that the model has not seen."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from icp_sync.evidence.permutation_test import Flags, Floats, Strata, trait_score_statistics
from icp_sync.evidence.score_ranking import difference_error
from icp_sync.evidence.trait_matrix import TraitMatrix, Verdicts
from icp_sync.evidence.trait_selection import select_traits
from icp_sync.evidence.win_rates import Interval, normal_quantile

Places = npt.NDArray[np.int64]

FOLDS: Final = 5
_PENALTIES: Final = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Inverse strengths of the L1 penalty tried; the smaller, the fewer traits stay."""


@dataclass(frozen=True, slots=True)
class TraitModel:
    """`coefficients`: by place in the matrix, log odds; 0 where the penalty took a trait out.

    `auc`, `profile_auc`: of the model and of the profile, the means over folds neither was fitted on. `gain`: how much
    better the model ranks, between its bounds.
    """

    coefficients: dict[int, float]
    auc: float
    profile_auc: float
    gain: Interval


@dataclass(frozen=True, slots=True)
class TrainingOutcomes:
    """Of each company whether it was won, its closing quarter, and the profile's fit score."""

    won: Flags
    strata: Strata
    scores: Floats

    def select_rows(self, rows: Places) -> TrainingOutcomes:
        """Of these companies alone."""
        return TrainingOutcomes(self.won[rows], self.strata[rows], self.scores[rows])


def fit_traits(
    matrix: TraitMatrix, places: Sequence[int], outcomes: TrainingOutcomes, critical: float, seed: int
) -> TraitModel:
    """Fit the traits at these places by logistic regression with an L1 penalty; what is unknown counts as no.

    Each outer fold chooses its traits and its penalty anew on the other four, so the AUC is that of finding traits,
    not of having found them. `critical`: what a statistic must pass, of `compare_traits`.
    """
    aucs, profile_aucs, errors = [], [], []
    for training, test in _folds(outcomes.won, seed):
        known = outcomes.select_rows(training)
        part = TraitMatrix(matrix.traits, matrix.verdicts[training])
        predict = _fit_selected_traits(part, known, critical, seed)
        won, values, scores = outcomes.won[test], predict(matrix.verdicts[test]), outcomes.scores[test]
        aucs.append(rank_auc(won, values))
        profile_aucs.append(rank_auc(won, scores))
        errors.append(difference_error(scores, rankdata(values), won))
    fitted = _fit_best_penalty(_design_matrix(matrix.verdicts[:, list(places)]), outcomes.won, seed)
    coefficients = dict(zip(places, (float(value) for value in fitted.coef_[0]), strict=True))
    auc, profile_auc = float(np.mean(aucs)), float(np.mean(profile_aucs))
    return TraitModel(coefficients, auc, profile_auc, _auc_gain_interval(auc - profile_auc, errors))


def _auc_gain_interval(value: float, errors: Sequence[float]) -> Interval:
    """A mean of differences between its bounds, of the standard error in each fold; folds share no tested company.

    It holds for the traits found in these folds; that other companies might have shown other traits is not in it.
    """
    half = normal_quantile() * sqrt(sum(error * error for error in errors)) / len(errors)
    return Interval(value, max(-1.0, value - half), min(1.0, value + half))


def _fit_selected_traits(
    matrix: TraitMatrix, outcomes: TrainingOutcomes, critical: float, seed: int
) -> Callable[[Verdicts], Floats]:
    """A model of the traits that these companies alone would have shown; without any, all companies are alike."""
    statistic = trait_score_statistics(matrix.verdicts, outcomes.won, outcomes.strata)
    passed = [int(place) for place in np.flatnonzero(np.abs(statistic) >= critical)]
    places = select_traits(matrix, statistic, passed, outcomes.won, outcomes.strata)
    if not places:
        return lambda verdicts: np.zeros(verdicts.shape[0])
    fitted = _fit_best_penalty(_design_matrix(matrix.verdicts[:, places]), outcomes.won, seed)
    return lambda verdicts: np.asarray(_design_matrix(verdicts[:, places]) @ fitted.coef_[0])


def _fit_best_penalty(design: Floats, won: Flags, seed: int) -> LogisticRegression:
    """The regression at the penalty that ranks best within inner folds; of equals the one with the fewest traits."""
    if design.shape[1] == 1:  # however little one trait counts, it ranks the same
        return _fit_regression(_PENALTIES[-1], seed, design, won)
    areas = {penalty: np.mean(list(_inner_fold_aucs(design, won, penalty, seed))) for penalty in _PENALTIES}
    best = max(_PENALTIES, key=lambda penalty: (round(float(areas[penalty]), 4), -penalty))
    return _fit_regression(best, seed, design, won)


def _inner_fold_aucs(design: Floats, won: Flags, penalty: float, seed: int) -> Iterator[float]:
    for training, test in _folds(won, seed + 1):
        fitted = _fit_regression(penalty, seed, design[training], won[training])
        yield rank_auc(won[test], design[test] @ fitted.coef_[0])


def _fit_regression(penalty: float, seed: int, design: Floats, won: Flags) -> LogisticRegression:
    regression = LogisticRegression(
        C=penalty, l1_ratio=1.0, solver="liblinear", intercept_scaling=10, random_state=seed, max_iter=300
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # coefficients are rounded to fives afterwards
        return regression.fit(design, won)


def rank_auc(won: Flags, values: Floats) -> float:
    """The AUC: of all pairs of a won and a lost company the share in which the won one has the higher value."""
    wins, losses = int(won.sum()), int((~won).sum())
    return float((rankdata(values)[won].sum() - wins * (wins + 1) / 2) / (wins * losses))


def _folds(won: Flags, seed: int) -> Iterator[tuple[Places, Places]]:
    """Training and test places of each fold; every fold has its share of the won."""
    chance = np.random.default_rng(seed)
    fold = np.empty(won.size, dtype=np.int64)
    for side in (won, ~won):
        fold[side] = chance.permutation(np.arange(int(side.sum())) % FOLDS)
    for number in range(FOLDS):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)


def _design_matrix(verdicts: Verdicts) -> Floats:
    design: Floats = (verdicts == 1).astype(np.float64)
    return design
