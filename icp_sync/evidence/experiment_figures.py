"""What came of a live A/B: companies that bought since their arm was written, by arm.

Counted by company, not by decided deal: whom sales work is what the arms differ in, so that the deals there are depend
on the arm, and only the companies were drawn by lot.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.evidence.difference_words import excludes_zero, points_range
from icp_sync.evidence.document_types import ArmRow, ExperimentFigures
from icp_sync.evidence.win_rate_tests import fisher_p
from icp_sync.evidence.win_rates import FEWEST, Interval, Tally, enough_deals, rate_difference, wilson_interval
from icp_sync.profile.model.outputs import ARMS, ArmName, Experiment

_CONVINCING: Final = 0.05
_NO_END: Final = (
    "No end date is recorded: if none was agreed on before it began, set one now and decide then, since who stops when "
    "it looks good sees too much."
)


def experiment_figures(experiment: Experiment, arms: pl.DataFrame, decided: pl.DataFrame) -> ExperimentFigures:
    """The two arms side by side.

    `arms`: `company`, `arm`, and `since` (Datetime, UTC; null = unknown) when it was written. `decided`: decided deals
    with `company`, `won` and `opened`, every deal of a company.
    """
    dated = arms.drop_nulls("since")
    deals = decided.join(dated, on="company")
    later = deals.filter(pl.col("opened") >= pl.col("since"))
    rows = [_arm_row(arm, dated, later) for arm in ARMS]
    challenger, champion = (Tally(row.bought, row.companies) for row in rows)
    both = challenger + champion
    difference = rate_difference(challenger, champion) if enough_deals(challenger, champion) else None
    decisive = difference is not None and both.won >= FEWEST and both.lost >= FEWEST
    p = fisher_p(challenger, champion) if decisive else None
    code, sentence = _answer(experiment, rows, difference, p)
    return ExperimentFigures.model_validate(
        {
            "name": experiment.name,
            "against": experiment.against,
            "property": experiment.property_name,
            "arms": rows,
            "earlier": deals.height - later.height,
            "undated": arms.height - dated.height,
            "difference": difference and difference.value,
            "low": difference and difference.low,
            "high": difference and difference.high,
            "p": p,
            "code": code,
            "sentence": sentence,
        }
    )


def _arm_row(arm: ArmName, dated: pl.DataFrame, later: pl.DataFrame) -> ArmRow:
    own = later.filter(pl.col("arm") == arm)
    won = own.filter("won")
    companies, bought = dated.filter(pl.col("arm") == arm).height, won["company"].n_unique()
    interval = wilson_interval(Tally(bought, companies)) if companies >= FEWEST else None
    return ArmRow(
        arm=arm,
        companies=companies,
        decided=own.height,
        won=won.height,
        bought=bought,
        rate=interval and interval.value,
        low=interval and interval.low,
        high=interval and interval.high,
    )


def _answer(
    experiment: Experiment, rows: list[ArmRow], difference: Interval | None, p: float | None
) -> tuple[str, str]:
    """What the groups show, and what to do."""
    begin, groups, champion = (
        f"Experiment {experiment.name}:",
        _groups_sentence(rows),
        f"the champion ({experiment.against})",
    )
    if difference is None or p is None:
        return "too_few", f"{begin} too early to say. {groups}; {_shortage_phrase(rows)}. Let it run."
    result = f"{groups}: with the challenger {points_range(difference.low, difference.high)}, allowing for chance."
    if not (excludes_zero(difference.low, difference.high) and p < _CONVINCING):
        keep = f"Keep {champion}, or let it run to the day agreed on for its end. {_NO_END}"
        return "no_difference", f"{begin} no difference beyond chance. {result} {keep}"
    if difference.value < 0:
        keep = f"Keep {champion}, and take the experiment out of the challenger."
        return "champion_better", f"{begin} {champion} brings more customers. {result} {keep}"
    take = f"{_NO_END} On that day take the challenger if it is still ahead (docs/guides/try-two-profiles.md)."
    return "challenger_better", f"{begin} the challenger (the profile on trial) is ahead so far. {result} {take}"


def _groups_sentence(rows: list[ArmRow]) -> str:
    shares = (
        f"{row.bought:,} of {row.companies:,} companies"
        + (f" ({100 * row.rate:.0f} %)" if row.rate is not None else "")
        + f" in the {row.arm}'s group"
        for row in rows
    )
    return f"{' and '.join(shares)} became customers since they were put there"


def _shortage_phrase(rows: list[ArmRow]) -> str:
    """What it takes, of which there is less."""
    bought, companies = sum(row.bought for row in rows), sum(row.companies for row in rows)
    needs = (
        (min(row.companies for row in rows), "companies in each group"),
        (bought, "customers"),
        (companies - bought, "companies that did not buy"),
    )
    return " and ".join(f"it takes {FEWEST} {what}, so far {count:,}" for count, what in needs if count < FEWEST)
