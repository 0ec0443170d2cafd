"""Criteria that know how the deal ended: a table with them would only show that customers are customers."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.catalogue.standard_properties import is_written_by_deals
from icp_sync.companies.frame import ID
from icp_sync.evidence.design_effect import cautious_design_effect
from icp_sync.evidence.document_types import Leak
from icp_sync.evidence.win_rate_tests import fisher_p, holm_adjust
from icp_sync.evidence.win_rates import Interval, Tally, rate_difference
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.outcome import credit_column
from icp_sync.scoring.predicates import question_matches

_WORTH_NAMING: Final = 0.10
_CONVINCING: Final = 0.05


def find_leaks(profile: Profile, scores: pl.DataFrame, decided: pl.DataFrame, key: str = "company") -> tuple[Leak, ...]:
    """Criteria that know how deals ended: by what they read, then by `leaks_by_fill_rate`."""
    return (*leaks_by_deal_written_properties(profile), *leaks_by_fill_rate(profile, scores, decided, key))


def leaks_by_deal_written_properties(profile: Profile) -> tuple[Leak, ...]:
    """Criteria over properties that deals write: every one of those they may read is named."""
    leaks = ((criterion, _deal_written_properties(criterion, profile)) for criterion in profile.criteria)
    return tuple(
        Leak(criterion=criterion.id, kind="reads_deals", properties=written) for criterion, written in leaks if written
    )


def leaks_by_fill_rate(
    profile: Profile, scores: pl.DataFrame, decided: pl.DataFrame, key: str = "company"
) -> tuple[Leak, ...]:
    """Criteria known of won companies at least ten percentage points more often than of lost ones, and not by chance.

    `scores`: id and `credit.*` (null = unknown); `decided`: company, won and `key`, which is what the scores have as
    id. Chance is told by Newcombe's interval, and by Fisher's p after Holm over all criteria, of as many deals as their
    companies are worth. Who sells fills in what the profile asks, so that a full record means a deal rather than a fit.
    """
    effect = cautious_design_effect(decided["won"].to_numpy(), decided["company"].to_numpy())
    judged = decided.select(key, "won").join(scores, left_on=key, right_on=ID)
    shares = [(criterion, *_known_tallies(judged, criterion, effect)) for criterion in profile.criteria]
    adjusted = holm_adjust([_fisher_p_or_1(won, lost) for _, won, lost in shares])
    return tuple(
        Leak(
            criterion=criterion.id,
            kind="filled_by_selling",
            properties=_criterion_properties(criterion, profile),
            known_won=won.rate,
            known_lost=lost.rate,
        )
        for (criterion, won, lost), p in zip(shares, adjusted, strict=True)
        if p < _CONVINCING and _is_worth_naming(rate_difference(won, lost))
    )


def drop_leaky_criteria(profile: Profile, leaks: tuple[Leak, ...]) -> Profile | None:
    """The profile without the leaky criteria; None where nothing would be left to ask."""
    leaky = {leak.criterion for leak in leaks}
    criteria = tuple(criterion for criterion in profile.criteria if criterion.id not in leaky)
    required = tuple(name for name in profile.required if name not in leaky)
    return profile.model_copy(update={"criteria": criteria, "required": required}) if criteria else None


def _deal_written_properties(criterion: Criterion, profile: Profile) -> tuple[str, ...]:
    return tuple(name for name in _criterion_properties(criterion, profile) if is_written_by_deals(name))


def _criterion_properties(criterion: Criterion, profile: Profile) -> tuple[str, ...]:
    """The properties that can answer a criterion."""
    questions = [(criterion, match) for match in question_matches(criterion)]
    return tuple(sorted(Requirements.for_questions(questions, profile).answering_properties(profile)))


def _known_tallies(judged: pl.DataFrame, criterion: Criterion, design_effect: float) -> tuple[Tally, Tally]:
    """Of the companies won and of those lost: how many there are, and of how many the criterion is known."""
    column = pl.col(credit_column(criterion.id)).is_not_null().sum()
    counts = {won: (known, total) for won, known, total in judged.group_by("won").agg(column, pl.len()).iter_rows()}
    won, lost = (Tally(*counts.get(side, (0, 0))).divide_by_design_effect(design_effect) for side in (True, False))
    return won, lost


def _fisher_p_or_1(won: Tally, lost: Tally) -> float:
    return fisher_p(won, lost) if won.decided and lost.decided else 1.0


def _is_worth_naming(difference: Interval | None) -> bool:
    return difference is not None and difference.value >= _WORTH_NAMING and difference.low > 0
