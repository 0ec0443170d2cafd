"""Amounts in other currencies than the profile's, in scores and as counted."""

from __future__ import annotations

import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.foreign_currencies import count_other_currencies, describe_foreign_currencies
from tests.scoring.profiles import profile_of, scored

CODE = "hs_annual_revenue_currency_code"


def profile(currencies: dict[str, float] | None, **rest: object) -> Profile:
    """A profile in euros that asks for a million of them a year."""
    header = {"name": "test", "kind": "icp", "currency": "EUR", "currencies": currencies}
    asked = {"id": "c", "property": "annualrevenue", "match": {"at_least": 1_000_000}}
    return profile_of(asked, profile=header, **rest)


def credits_of(profile: Profile) -> list[float | None]:
    """Of a million in euros, dollars, yen (told beside) and pounds."""
    texts = ["1000000", "$1,000,000", "1000000", "£1m"]
    frame = scored(profile, annualrevenue=texts, **{CODE: [None, "USD", "JPY", None]}).frame
    given: list[float | None] = frame["credit.c"].to_list()
    return given


def test_without_rates_amounts_are_compared_as_they_stand() -> None:
    assert credits_of(profile(None)) == [1.0, 1.0, 1.0, 1.0]


def test_with_rates_they_are_converted_and_others_are_unknown() -> None:
    assert credits_of(profile({"USD": 1.08, "JPY": 0.0062})) == [1.0, 1.0, 0.0, None]
    assert credits_of(profile({"USD": 0.9})) == [1.0, 0.0, None, None]


def test_formulas_take_amounts_as_converted() -> None:
    asked = {"id": "c", "property": "tenth", "match": {"at_least": 90_000}}
    header = {"name": "test", "kind": "icp", "currency": "EUR", "currencies": {"USD": 0.9}}
    whole = profile_of(asked, profile=header, derive={"tenth": "annualrevenue * 0.1"})
    frame = scored(whole, annualrevenue=["999999", "1000000"], **{CODE: ["USD", "USD"]}).frame
    assert frame["credit.c"].to_list() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("rates", "counts", "sentence"),
    [
        (
            None,
            {"USD": 2, "JPY": 1},
            "3 companies name another currency than the profile's EUR (USD 2, JPY 1)",
        ),
        (
            {"USD": 0.9},
            {"JPY": 1},
            "1 company names a currency that profile.currencies does not tell the worth of (JPY 1)",
        ),
    ],
)
def test_companies_in_other_currencies_are_counted(
    rates: dict[str, float] | None, counts: dict[str, int], sentence: str
) -> None:
    texts = {"annualrevenue": ["$5M", "5", "€5", "7", None], CODE: [None, "USD", "USD", "JPY", "JPY"]}
    others = count_other_currencies(company_frame(range(5), texts), profile(rates))
    assert others == {"annualrevenue": counts}
    assert describe_foreign_currencies("annualrevenue", counts, profile(rates)).startswith(
        f"for annualrevenue, {sentence}, and the amounts "
    )


def test_a_profile_without_a_currency_has_no_others() -> None:
    asked = profile_of({"id": "c", "property": "annualrevenue", "match": {"at_least": 1}})
    assert count_other_currencies(company_frame([1], {"annualrevenue": ["$5"]}), asked) == {}
