"""Disqualified companies that were sold to: which grounds of an anti-ICP their deals bear out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from icp_sync.evidence.amount_statistics import mann_whitney
from icp_sync.evidence.deal_history import DECIDED
from icp_sync.evidence.disqualified_company_deals import tally_bought_anyway
from icp_sync.evidence.document_types import BoughtAnyway
from icp_sync.evidence.win_rate_tests import fisher_p, holm_adjust
from icp_sync.evidence.win_rates import Tally

NOBODY = pl.DataFrame(schema={"company": pl.Int64, "value": pl.Float64})
GROUNDS = ("wins_less", "pays_less", "takes_longer", "churns_more")


def deals(count: int, won: int, *, first: int, reason: str | None, amount: float, days: float) -> pl.DataFrame:
    """A deal a company; amounts and days spread a little, so that they can be ranked."""
    rows: list[tuple[Any, ...]] = [
        (
            first + number,
            first + number,
            number < won,
            dt.date(2026, 2, 1),
            None,
            amount + number % 20,
            days + number % 5,
        )
        for number in range(count)
    ]
    frame = pl.DataFrame(rows, schema=DECIDED, orient="row")
    group = "not_icp" if reason is None else "disqualified"
    return frame.with_columns(group=pl.lit(group), disqualified_by=pl.lit(reason, pl.String))


OTHERS = deals(400, 160, first=10_000, reason=None, amount=5_000, days=40)


def disqualifying(*parts: pl.DataFrame, churned: pl.DataFrame = NOBODY, effect: float = 1) -> tuple[BoughtAnyway, ...]:
    return tally_bought_anyway(pl.concat([OTHERS, *parts]), churned, effect)


def holds(row: BoughtAnyway) -> dict[str, bool | None]:
    return {ground.ground: ground.holds for ground in row.grounds}


def churn(*sides: tuple[Sequence[int], Sequence[int]]) -> pl.DataFrame:
    """Companies that left, and those that stayed."""
    left, stayed = ([company for side in sides for company in side[place]] for place in (0, 1))
    return pl.DataFrame({"company": [*left, *stayed], "value": [1.0] * len(left) + [0.0] * len(stayed)})


def test_a_rule_whose_companies_are_as_good_as_others_bears_out_no_ground() -> None:
    (row,) = disqualifying(deals(200, 80, first=1, reason="partner", amount=5_000, days=40))
    assert (row.reason, row.decided, row.won) == ("partner", 200, 80)
    assert holds(row) == {"wins_less": False, "pays_less": False, "takes_longer": False, "churns_more": None}


@pytest.mark.parametrize(
    ("ground", "won", "amount", "days"),
    [("wins_less", 20, 5_000, 40), ("pays_less", 80, 500, 40), ("takes_longer", 80, 5_000, 90)],
)
def test_each_ground_is_borne_out_by_its_own_measure(ground: str, won: int, amount: float, days: float) -> None:
    (row,) = disqualifying(deals(200, won, first=1, reason="partner", amount=amount, days=days))
    assert [name for name, borne_out in holds(row).items() if borne_out] == [ground]


def test_better_is_no_ground_however_surely() -> None:
    (row,) = disqualifying(deals(200, 180, first=1, reason="partner", amount=50_000, days=5))
    assert not any(holds(row).values())


def test_churn_counts_customers_of_whom_it_is_known() -> None:
    part = deals(200, 80, first=1, reason="small", amount=5_000, days=40)
    mine, theirs = range(1, 61), range(10_000, 10_100)
    churned = churn((mine[:40], mine[40:]), (theirs[:10], theirs[10:]), ([150], []))  # 150 never bought
    (row,) = disqualifying(part, churned=churned)
    (ground,) = (ground for ground in row.grounds if ground.ground == "churns_more")
    assert (ground.value, ground.others, ground.holds) == (40 / 60, 0.1, True)


def test_p_is_adjusted_over_all_disqualifiers_and_grounds() -> None:
    parts = [
        deals(200, 60, first=1, reason="partner", amount=4_990, days=41),
        deals(100, 30, first=1_000, reason="small", amount=4_000, days=42),
    ]
    rows = disqualifying(*parts)
    raw = []
    for part in parts:
        raw.append(fisher_p(Tally(float(part["won"].sum()), part.height), Tally(160, 400)))
        for column in ("amount", "cycle_days"):
            tested = mann_whitney(*(side.filter("won")[column].to_numpy() for side in (part, OTHERS)))
            assert tested is not None
            raw.append(tested.p)
    got = [ground.p for row in rows for ground in row.grounds if ground.p is not None]
    assert [row.reason for row in rows] == ["partner", "small"]
    assert got == pytest.approx(holm_adjust(raw), abs=1e-12)


def test_under_twenty_deals_there_is_no_number() -> None:
    (row,) = disqualifying(deals(19, 9, first=1, reason="partner", amount=10, days=500))
    assert [(ground.value, ground.p, ground.holds) for ground in row.grounds] == [(None, None, None)] * len(GROUNDS)


def test_deals_of_one_company_count_as_what_they_are_worth() -> None:
    part = deals(60, 6, first=1, reason="partner", amount=5_000, days=40)
    assert holds(disqualifying(part)[0])["wins_less"]
    assert holds(disqualifying(part, effect=4)[0])["wins_less"] is None  # 15 deals' worth
    several = part.with_columns(company=pl.lit(1, pl.Int64))
    assert holds(disqualifying(several)[0])["pays_less"] is None  # one company


def test_without_disqualified_companies_there_is_no_row() -> None:
    assert tally_bought_anyway(OTHERS, NOBODY, 1) == ()
