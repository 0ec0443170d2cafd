"""Criteria that know how deals ended are named: by what they read, and by whom they are known of."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from icp_sync.catalogue.standard_properties import WRITTEN_BY_DEALS, is_written_by_deals, standard_properties
from icp_sync.evidence.leaks import drop_leaky_criteria, leaks_by_deal_written_properties, leaks_by_fill_rate
from icp_sync.profile.model.profile import Profile


def profile(*criteria: tuple[str, str]) -> Profile:
    return Profile.model_validate(
        {
            "schema": 1,
            "profile": {"name": "p", "kind": "icp"},
            "criteria": [
                {"id": name, "property": read, "weight": 1, "match": {"known": True}} for name, read in criteria
            ],
            "required": [criteria[0][0]],
            "tiers": [{"tier": "tier_1", "enter": 50}],
            "write": {"score": "icp_fit_score"},
        }
    )


def test_what_deals_write_is_a_standard_property_and_annual_revenue_is_not_among_it() -> None:
    known = {one.name for one in standard_properties()} | {"first_deal_created_date"}
    assert known >= WRITTEN_BY_DEALS
    assert not is_written_by_deals("annualrevenue")
    assert not is_written_by_deals("industry")
    assert is_written_by_deals("our_deal_count")


@pytest.mark.parametrize("read", ["lifecyclestage", "total_revenue", "type", "hs_num_open_deals"])
def test_a_criterion_over_what_deals_write_is_a_leak(read: str) -> None:
    (leak,) = leaks_by_deal_written_properties(profile(("stage", read), ("size", "numberofemployees")))
    assert (leak.criterion, leak.kind, leak.properties) == ("stage", "reads_deals", (read,))


def _scores(known_of_won: float, known_of_lost: float, count: int = 400) -> tuple[pl.DataFrame, pl.DataFrame]:
    chance = np.random.default_rng(3)
    won = np.arange(count) < count // 3
    known = chance.random(count) < np.where(won, known_of_won, known_of_lost)
    credit = [1.0 if known_here else None for known_here in known]
    size = [1.0 if row % 2 else None for row in range(count)]
    scores = pl.DataFrame({"id": range(count), "credit.tools": credit, "credit.size": size})
    return scores, pl.DataFrame({"company": range(count), "won": won})


ASKS = profile(("tools", "web_technologies"), ("size", "numberofemployees"))


def test_a_criterion_known_of_customers_above_all_is_filled_by_selling() -> None:
    (leak,) = leaks_by_fill_rate(ASKS, *_scores(0.8, 0.2))
    assert (leak.criterion, leak.kind, leak.properties) == ("tools", "filled_by_selling", ("web_technologies",))
    assert leak.known_won is not None
    assert leak.known_lost is not None
    assert leak.known_won > 0.7
    assert leak.known_lost < 0.3


@pytest.mark.parametrize("known", [(0.5, 0.5), (0.2, 0.8), (0.54, 0.5)])
def test_as_well_known_or_better_of_others_is_no_leak(known: tuple[float, float]) -> None:
    assert leaks_by_fill_rate(ASKS, *_scores(*known)) == ()


def test_ten_deals_of_a_company_do_not_make_its_record_ten_times_as_telling() -> None:
    """Of data that follow nothing deals named a leak in 30 of 200 portals, three times as often as companies would."""
    chance, named = np.random.default_rng(5), 0
    for _ in range(100):
        known, buys = chance.random(60) < 0.5, chance.random(60)
        company = np.repeat(np.arange(60), 10)
        decided = pl.DataFrame({"company": company, "won": chance.random(600) < buys[company]})
        credit = pl.Series([1.0 if one else None for one in known], dtype=pl.Float64)
        scores = pl.DataFrame({"id": range(60), "credit.tools": credit, "credit.size": credit})
        named += bool(leaks_by_fill_rate(ASKS, scores, decided))
    assert named <= 5


def test_without_deals_nothing_leaks() -> None:
    scores, deals = _scores(0.8, 0.2)
    assert leaks_by_fill_rate(ASKS, scores, deals.clear()) == ()


def test_the_profile_without_leaks_no_longer_requires_them() -> None:
    leaks = leaks_by_deal_written_properties(profile(("stage", "lifecyclestage"), ("size", "numberofemployees")))
    fair = drop_leaky_criteria(profile(("stage", "lifecyclestage"), ("size", "numberofemployees")), leaks)
    assert fair is not None
    assert [criterion.id for criterion in fair.criteria] == ["size"]
    assert fair.required == ()
    assert drop_leaky_criteria(profile(("stage", "lifecyclestage")), leaks) is None
