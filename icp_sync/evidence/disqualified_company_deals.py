"""Whether disqualified companies that were sold to are what an anti-ICP is: worth less, by what their deals show.

The guides' six grounds are four measures here. No pain, no value in the product and a segment that a strong competitor
holds: they win less. Low contract values: they pay less. High cost of acquisition: their deals take longer. High churn:
more of them leave, by the profile's first KPI of kind flag that is better lower.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from icp_sync.evidence.amount_statistics import mann_whitney
from icp_sync.evidence.document_types import AntiIcpGround, BoughtAnyway, Ground
from icp_sync.evidence.tier_tables import GROUP
from icp_sync.evidence.win_rate_tests import fisher_p, holm_adjust
from icp_sync.evidence.win_rates import Tally, enough_deals

_CONVINCING: Final = 0.05
_REASON: Final = "disqualified_by"
_MEDIANS: Final[tuple[tuple[Ground, str, bool], ...]] = (
    ("pays_less", "amount", False),
    ("takes_longer", "cycle_days", True),
)
"""Ground, the column of won deals whose median it compares, and whether more is worse."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One measure of one reason's companies beside that of all that are not disqualified; `p` None: too few."""

    ground: Ground
    value: float | None
    others: float | None
    is_worse: bool
    p: float | None


def tally_bought_anyway(decided: pl.DataFrame, churned: pl.DataFrame, design_effect: float) -> tuple[BoughtAnyway, ...]:
    """Decided deals of disqualified companies by disqualifier, the most decided first, and which grounds hold.

    `decided`: `DECIDED` with `group` and `disqualified_by`; `churned`: `company` and `value` (1 left, 0 stayed). Of a
    company with several deals its median counts. p is adjusted by Holm over all disqualifiers and grounds.
    """
    ruled_out = decided.filter(pl.col(GROUP) == "disqualified").drop_nulls(_REASON)
    others = _with_churn(decided.filter(pl.col(GROUP) != "disqualified"), churned)
    parts = {reason: part for (reason,), part in ruled_out.group_by(_REASON)}
    ordered = sorted(parts, key=lambda reason: (-parts[reason].height, str(reason)))
    compared = {
        reason: [*_compare_measures(_with_churn(parts[reason], churned), others, design_effect)] for reason in ordered
    }
    tested = [(reason, one.ground, one.p) for reason, rows in compared.items() for one in rows if one.p is not None]
    adjusted = holm_adjust([p for _, _, p in tested])
    p_of = {(reason, ground): p for (reason, ground, _), p in zip(tested, adjusted, strict=True)}
    return tuple(
        BoughtAnyway(
            reason=str(reason),
            decided=parts[reason].height,
            won=int(parts[reason]["won"].sum()),
            grounds=tuple(_build_ground(one, p_of.get((reason, one.ground))) for one in compared[reason]),
        )
        for reason in ordered
    )


def _build_ground(compared: _Comparison, p: float | None) -> AntiIcpGround:
    return AntiIcpGround(
        ground=compared.ground,
        value=None if p is None else compared.value,
        others=None if p is None else compared.others,
        p=p,
        holds=None if p is None else compared.is_worse and p < _CONVINCING,
    )


def _with_churn(decided: pl.DataFrame, churned: pl.DataFrame) -> pl.DataFrame:
    return decided.join(churned.rename({"value": "churned"}), on="company", how="left", maintain_order="left")


def _compare_measures(part: pl.DataFrame, others: pl.DataFrame, design_effect: float) -> Iterator[_Comparison]:
    tallies = (
        _tally(part).divide_by_design_effect(design_effect),
        _tally(others).divide_by_design_effect(design_effect),
    )
    yield _compare_rates("wins_less", *tallies, more_is_worse=False)
    for ground, column, more_is_worse in _MEDIANS:
        mine, theirs = (_company_values(side, column) for side in (part, others))
        tested = mann_whitney(mine.to_numpy(), theirs.to_numpy())
        is_worse = tested is not None and (tested.share > 1 / 2) == more_is_worse
        yield _Comparison(ground, _median(mine), _median(theirs), is_worse, None if tested is None else tested.p)
    left = (_company_values(side, "churned") for side in (part, others))
    yield _compare_rates(
        "churns_more", *(Tally(float(values.sum()), float(values.len())) for values in left), more_is_worse=True
    )


def _compare_rates(ground: Ground, mine: Tally, theirs: Tally, *, more_is_worse: bool) -> _Comparison:
    value, others = mine.rate, theirs.rate
    if value is None or others is None or not enough_deals(mine, theirs):
        return _Comparison(ground, value, others, is_worse=False, p=None)
    return _Comparison(ground, value, others, (value > others) == more_is_worse, fisher_p(mine, theirs))


def _tally(decided: pl.DataFrame) -> Tally:
    return Tally(float(decided["won"].sum()), float(decided.height))


def _company_values(decided: pl.DataFrame, column: str) -> pl.Series:
    """One value a company that bought."""
    known = decided.filter("won").drop_nulls(column)
    return known.group_by("company", maintain_order=True).agg(pl.col(column).cast(pl.Float64).median())[column]


def _median(values: pl.Series) -> float | None:
    return float(np.median(values.to_numpy())) if values.len() else None
