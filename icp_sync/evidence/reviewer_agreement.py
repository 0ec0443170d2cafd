"""Opinions of people held against the profile's verdicts: where both agree, where people agree with each other.

An opinion frame has a row an opinion: `company` (Int64), `reviewer`, `department`, `opinion` ("fit", "no_fit",
"unsure") and `why`. Joined with scores it also has `group`, `score`, and `agreed`: whether the opinion is the
profile's; null where either is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.design_effect import cautious_design_effect
from icp_sync.evidence.document_types import ALL, GROUPS, TIERS, Auc
from icp_sync.evidence.reviewed_sample_document import DepartmentAgreement, Pair, TierAgreement
from icp_sync.evidence.score_ranking import auc
from icp_sync.evidence.tier_tables import GROUP, add_tier_group
from icp_sync.evidence.win_rates import FEWEST, Tally, enough_deals, wilson_interval

OPINIONS: Final = {
    "company": pl.Int64(),
    "reviewer": pl.String(),
    "department": pl.String(),
    "opinion": pl.String(),
    "why": pl.String(),
}
_FIT: Final = pl.col("opinion") == "fit"
_DECIDED: Final = pl.col("opinion") != "unsure"


def join_profile_verdicts(opinions: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """The opinions on companies that are scored, with what the profile says of those."""
    verdicts = add_tier_group(scores).select(company=ID, group=GROUP, score="score", reasons="reasons")
    judged = opinions.join(verdicts, on="company", maintain_order="left")
    says_fit = pl.when(pl.col(GROUP) != "insufficient_data").then(pl.col(GROUP).is_in(TIERS))
    return judged.with_columns(agreed=pl.when(_DECIDED).then(says_fit == _FIT))


def agreement_design_effect(judged: pl.DataFrame) -> float:
    """How many opinions on one company are worth one on another; 1 without any."""
    decided = judged.filter(pl.col("agreed").is_not_null())
    if decided["company"].is_unique().all():
        return 1.0
    return cautious_design_effect(decided["agreed"].to_numpy(), decided["company"].to_numpy())


def tier_agreements(judged: pl.DataFrame, effect: float) -> tuple[TierAgreement, ...]:
    """A row for each tier and outcome that was asked about, and one over all."""
    groups = {group: judged.filter(pl.col(GROUP) == group) for group in GROUPS}
    rows = {group: frame for group, frame in groups.items() if not frame.is_empty()} | {ALL: judged}
    return tuple(
        TierAgreement(tier=group, **_agreement_fields(frame, effect, says_nothing=group == "insufficient_data"))
        for group, frame in rows.items()
    )


def department_agreements(judged: pl.DataFrame, effect: float) -> tuple[DepartmentAgreement, ...]:
    """A row for each department, that with the most opinions first."""
    parts = judged.partition_by("department", as_dict=True, maintain_order=True)
    ordered = sorted(parts.items(), key=lambda part: (-part[1].height, str(part[0][0])))
    return tuple(
        DepartmentAgreement(
            department=str(name), reviewers=frame["reviewer"].n_unique(), **_agreement_fields(frame, effect)
        )
        for (name,), frame in ordered
    )


def reviewer_pairs(opinions: pl.DataFrame) -> tuple[Pair, ...]:
    """Every two reviewers that judged a company in common; those with the most first."""
    decided = opinions.filter(_DECIDED)
    by_reviewer = {
        str(name): frame.select("company", fit=_FIT)
        for (name,), frame in decided.partition_by("reviewer", as_dict=True).items()
    }
    pairs = (
        _reviewer_pair(first, second, by_reviewer[first].join(by_reviewer[second], on="company"))
        for first, second in combinations(sorted(by_reviewer), 2)
    )
    return tuple(sorted((pair for pair in pairs if pair.in_common), key=lambda pair: -pair.in_common))


def majority_auc(judged: pl.DataFrame) -> Auc:
    """How well the fit score ranks companies that most call fit before those that most call no fit; ties are left out.

    A company without a score counts as 0.
    """
    balance = pl.when("fit").then(1).otherwise(-1).sum()
    votes = judged.filter(_DECIDED).with_columns(fit=_FIT).group_by("company", "score").agg(balance=balance)
    clear = votes.filter(pl.col("balance") != 0)
    fits = int((clear["balance"] > 0).sum())
    if min(fits, clear.height - fits) < FEWEST:
        return Auc(value=None, low=None, high=None, too_few=True)
    interval = auc(clear["score"].fill_null(0).to_numpy(), (clear["balance"] > 0).to_numpy())
    return Auc(
        value=interval and interval.value, low=interval and interval.low, high=interval and interval.high, too_few=False
    )


def cohen_kappa(table: Sequence[int]) -> float | None:
    """Cohen's kappa of two raters: both yes, only the first, only the second, both no.

    1 where they always agree, 0 where no more than by chance; None where chance alone would always agree.
    """
    both, first, second, neither = table
    total = sum(table)
    by_chance = ((both + first) * (both + second) + (neither + first) * (neither + second)) / total**2 if total else 1
    return None if by_chance == 1 else ((both + neither) / total - by_chance) / (1 - by_chance)


def _reviewer_pair(first: str, second: str, common: pl.DataFrame) -> Pair:
    yes, other = common["fit"], common["fit_right"]
    table = tuple(int(cell.sum()) for cell in (yes & other, yes & ~other, ~yes & other, ~yes & ~other))
    both, _, _, neither = table
    value = cohen_kappa(table) if common.height >= FEWEST else None
    return Pair(first=first, second=second, in_common=common.height, agreed=both + neither, kappa=value)


def _agreement_fields(frame: pl.DataFrame, effect: float, *, says_nothing: bool = False) -> dict[str, Any]:
    agreed = frame["agreed"].drop_nulls()
    tally = Tally(float(agreed.sum()), float(agreed.len()))
    shown = tally.divide_by_design_effect(effect)
    interval = wilson_interval(shown) if enough_deals(shown) else None
    return {
        "companies": frame["company"].n_unique(),
        **dict(_opinion_counts(frame)),
        "counted": agreed.len(),
        "agreed": None if says_nothing else int(tally.won),
        "rate": interval and interval.value,
        "low": interval and interval.low,
        "high": interval and interval.high,
        "too_few": interval is None,
    }


def _opinion_counts(frame: pl.DataFrame) -> Iterator[tuple[str, int]]:
    for opinion in ("fit", "no_fit", "unsure"):
        yield opinion, int((frame["opinion"] == opinion).sum())
