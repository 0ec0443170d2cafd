"""Which deals count: decided ones of companies we score, each company's first unless told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.evidence.deal_history import QUARTER, DealHistory, backtest_deal_properties, deal_history
from icp_sync.profile.model.deals_and_kpis import DealOutcomes
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.program import compile_profile

AS_OF = dt.date(2026, 11, 29)
PROFILE = Profile.model_validate(
    {
        "schema": 1,
        "profile": {"name": "p", "kind": "icp"},
        "criteria": [{"id": "size", "property": "numberofemployees", "weight": 1, "match": {"at_least": 50}}],
        "tiers": [{"tier": "tier_1", "enter": 50}],
        "write": {"score": "icp_fit_score"},
    }
)
PROGRAM = compile_profile(PROFILE, AS_OF)
COMPANIES = pl.DataFrame({"id": [1, 2, 3], "hs_merged_object_ids": ["7;8", None, ""]})
WON = {
    "hs_is_closed": "true",
    "hs_is_closed_won": "true",
    "createdate": "2026-01-01T00:00:00Z",
    "closedate": "2026-01-31T12:00:00.000Z",
    "amount": "100",
    "amount_in_home_currency": "90",
    "deal_currency_code": "EUR",
    "deal:company": "1",
}


def frame(*deals: dict[str, Any]) -> pl.DataFrame:
    rows = [{"id": number, **WON, **deal} for number, deal in enumerate(deals, 100)]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    return pl.DataFrame(columns, schema={name: pl.Int64 if name == "id" else pl.String for name in names})


def history(*deals: dict[str, Any], **outcomes: Any) -> DealHistory:
    return deal_history(frame(*deals), COMPANIES, DealOutcomes.model_validate(outcomes), PROGRAM)


def test_a_won_deal_counts_with_its_amount_and_its_cycle() -> None:
    (row,) = history({}).decided.to_dicts()
    assert (row["company"], row["won"], row["amount"], row["cycle_days"]) == (1, True, 90.0, 30.5)
    assert row["closed"] == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("deal", "reason"),
    [
        ({"hs_is_closed": "false"}, "open"),
        ({"hs_is_closed": None}, "open"),
        ({"closedate": None}, "no_close_date"),
        ({"closedate": "soon"}, "no_close_date"),
        ({"closedate": "2026-11-30T00:00:00Z"}, "future_close"),
        ({"createdate": "2026-02-01T00:00:00Z"}, "closed_before_created"),
        ({"createdate": "1969-01-01T00:00:00Z", "closedate": "1970-01-01T00:00:00Z"}, "before_since"),
        ({"deal:company": None}, "no_company"),
        ({"deal:company": "99"}, "company_not_scored"),
    ],
)
def test_what_does_not_count_is_counted_by_its_reason(deal: dict[str, Any], reason: str) -> None:
    result = history(deal)
    assert result.left_out == {reason: 1}
    assert result.decided.is_empty()


def test_a_deal_closed_today_counts() -> None:
    assert history({"closedate": "2026-11-29T23:59:59Z"}).decided.height == 1


def test_lost_deals_are_decided_too_and_a_missing_flag_is_lost() -> None:
    decided = history({"hs_is_closed_won": "false"}, {"hs_is_closed_won": None, "deal:company": "2"}).decided
    assert decided["won"].to_list() == [False, False]


def test_a_company_decides_once_and_its_first_deal_by_closing_counts() -> None:
    later = {"closedate": "2026-05-01T00:00:00Z", "hs_is_closed_won": "false"}
    result = history(later, {}, {"deal:company": "2"})
    assert result.decided.sort("company")["deal"].to_list() == [101, 102]
    assert result.left_out == {"later_deal": 1}


def test_a_first_deal_that_does_not_count_is_not_the_first() -> None:
    result = history({"dealtype": "existingbusiness"}, {"dealtype": "newbusiness", "closedate": "2026-06-01"},
                     where={"dealtype": {"in": ["newbusiness"]}})  # fmt: skip
    assert result.decided["deal"].to_list() == [101]
    assert result.left_out == {"not_asked_for": 1}


def test_what_follows_a_deal_before_the_first_day_is_no_first_deal() -> None:
    """A customer since 2020 decided with a renewal of 2026, as if it had first met us then."""
    first = {"createdate": "2020-01-01T00:00:00Z", "closedate": "2020-02-01T00:00:00Z"}
    assert history({}, first).left_out == {"before_since": 1, "later_deal": 1}
    renewed = history({"dealtype": "renewal"}, {**first, "dealtype": "new"}, where={"dealtype": {"in": ["renewal"]}})
    assert renewed.decided["deal"].to_list() == [100], "the first of those asked for"


def test_every_deal_is_known_whether_it_counts_or_not() -> None:
    before = {"createdate": "2020-01-01T00:00:00Z", "closedate": "2020-02-01T00:00:00Z"}
    lost = {"deal:company": "8", "hs_is_closed_won": "false"}
    still_open = {"deal:company": "2", "hs_is_closed": "false", "hs_is_closed_won": None}
    others = ({"deal:company": None}, {"deal:company": "99"})
    known = history(
        {"dealtype": "old"}, before, lost, still_open, *others, where={"dealtype": {"in": ["new"]}}
    ).all_deals
    assert known.select("company", "closed", "won").rows() == [
        (1, True, True), (1, True, True), (1, True, False), (2, False, False),
    ]  # fmt: skip


def test_a_deal_closed_with_the_day_alone_may_have_begun_that_day() -> None:
    same = history({"createdate": "2026-01-31T09:00:00Z", "closedate": "2026-01-31T00:00:00Z"})
    assert same.decided["cycle_days"].to_list() == [0.0]
    earlier = history({"createdate": "2026-01-31T09:00:00Z", "closedate": "2026-01-30T00:00:00Z"})
    assert earlier.left_out == {"closed_before_created": 1}


def test_what_is_asked_of_deals_is_not_read_by_the_options_of_companies() -> None:
    """A company property of the same name may have options of its own, and hold numbers."""
    labels = PropertyDefinition("dealtype", "", "enumeration", "select", "", (Option("a", "newbusiness"),))
    program = compile_profile(PROFILE, AS_OF, Conventions.from_definitions([labels], "UTC"))
    where = DealOutcomes.model_validate({"where": {"dealtype": {"in": ["newbusiness"]}}})
    assert deal_history(frame({"dealtype": "newbusiness"}), COMPANIES, where, program).decided.height == 1
    assert deal_history(frame({"dealtype": "a"}), COMPANIES, where, program).decided.is_empty()


def test_the_quarter_in_which_a_deal_closed_is_a_stratum() -> None:
    deals = frame({}, {"deal:company": "2", "closedate": "2026-11-01T00:00:00Z"})
    strata = deal_history(deals, COMPANIES, DealOutcomes(), PROGRAM, QUARTER).decided[QUARTER]
    assert strata.to_list() == ["2026 Q1", "2026 Q4"]
    assert QUARTER not in backtest_deal_properties(PROFILE, None, QUARTER)


def test_every_deal_counts_by_deal() -> None:
    assert history({}, {"closedate": "2026-05-01T00:00:00Z"}, unit="deal").decided.height == 2


def test_a_deal_of_a_company_merged_away_counts_for_the_survivor() -> None:
    assert history({"deal:company": "8"}).decided["company"].to_list() == [1]


def test_open_deals_are_kept_apart_for_the_pipeline() -> None:
    still_open = history({"hs_is_closed": "false"}, {"hs_is_closed": "false", "deal:company": "99"}).open_deals
    assert still_open.select("company", "amount").rows() == [(1, 90.0)]


@pytest.mark.parametrize("amount", ["0", "-5", "1e400", "many", "", None])
def test_an_amount_that_is_none_is_unknown(amount: str | None) -> None:
    assert history({"amount_in_home_currency": amount, "amount": amount}).decided["amount"].to_list() == [None]


def test_without_home_amounts_two_currencies_are_not_added_up() -> None:
    none = {"amount_in_home_currency": None}
    result = history(none, {**none, "deal_currency_code": "USD", "deal:company": "2"})
    assert result.currencies == ("EUR", "USD")
    assert result.decided["amount"].to_list() == [None, None]
    assert history(none).decided["amount"].to_list() == [100.0]


def test_a_currency_of_deals_not_asked_for_leaves_the_others_their_amounts() -> None:
    none = {"amount_in_home_currency": None}
    deals = (none, {**none, "deal_currency_code": "USD", "deal:company": "2"})
    result = history(*deals, where={"deal_currency_code": {"in": ["EUR"]}})
    assert (result.currencies, result.decided["amount"].to_list()) == ((), [100.0])


def test_no_deals_are_no_error() -> None:
    result = deal_history(frame({}).clear(), COMPANIES, DealOutcomes(), PROGRAM)
    assert result.decided.is_empty()
    assert result.left_out == {}
