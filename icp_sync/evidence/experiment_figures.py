"""What came of a live A/B: companies that bought since their arm was written, by arm.

Counted by company, not by decided deal: whom sales work is what the arms differ in, so that the deals there are depend
on the arm, and only the companies were drawn by lot.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.evidence.document_types import ArmRow, ExperimentFigures
from icp_sync.evidence.rate_tests import fisher_p
from icp_sync.evidence.rates import FEWEST, Interval, Tally, enough_deals, rate_difference, wilson_interval
from icp_sync.profile.model.outputs import ARMS, ArmName, Experiment

_CONVINCING: Final = 0.05


def experiment_figures(experiment: Experiment, arms: pl.DataFrame, decided: pl.DataFrame) -> ExperimentFigures:
    """The two arms side by side.

    `arms`: `company`, `arm`, and `since` (Datetime, UTC; null = unknown) when it was written. `decided`: decided deals
    with `company`, `won` and `opened`, every deal of a company.
    """
    dated = arms.drop_nulls("since")
    deals = decided.join(dated, on="company")
    later = deals.filter(pl.col("opened") >= pl.col("since"))
    rows = [_row(arm, dated, later) for arm in ARMS]
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


def _row(arm: ArmName, dated: pl.DataFrame, later: pl.DataFrame) -> ArmRow:
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
    counts = ", ".join(f"{row.bought:,} of {row.companies:,} companies in the {row.arm}'s arm" for row in rows)
    bought = f"{counts} bought since"
    if difference is None or p is None:
        need = f"{FEWEST} companies in each arm, {FEWEST} that bought and {FEWEST} that did not"
        return "too_few", f"Experiment {experiment.name}: too early to say. {bought}; it takes at least {need}."
    if p >= _CONVINCING or difference.low <= 0 <= difference.high:
        return "no_difference", f"Experiment {experiment.name}: no difference beyond chance. {bought}."
    better = "challenger" if difference.value > 0 else "champion"
    span = sorted((100 * abs(difference.low), 100 * abs(difference.high)))
    points = f"a difference of {span[0]:.0f} to {span[1]:.0f} percentage points"
    return f"{better}_better", f"Experiment {experiment.name}: the {better} brings more customers. {bought}, {points}."
