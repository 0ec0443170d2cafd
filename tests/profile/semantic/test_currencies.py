"""The profile's currency, and what others are worth in it."""

from __future__ import annotations

import pytest

from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.property_reads import property_reads
from tests.profile.example import criterion, errors, loaded


def header(**keys: object) -> dict[str, object]:
    """The head of a profile with these keys."""
    return {"name": "x", "kind": "icp", **keys}


@pytest.mark.parametrize(("currency", "count"), [("EUR", 0), ("CHF", 0), ("EUX", 1), ("eur", 1)])
def test_the_currency_is_one_of_iso_4217(currency: str, count: int) -> None:
    assert len(errors(profile=header(currency=currency))) == count


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"currency": "EUR", "currencies": {"JPY": 0.0062, "USD": 1}}, None),
        ({"currency": "EUR", "currencies": {}}, None),
        ({"currency": "EUR", "currencies": {"UDS": 1.0}}, "no currency has the code UDS; write an ISO 4217 code"),
        ({"currency": "EUR", "currencies": {"USD": 0}}, "profile.currencies.USD: is 0; write a number more than 0"),
        ({"currency": "EUR", "currencies": {"USD": -1.5}}, "USD: is -1.5; write a number more than 0"),
        ({"currency": "EUR", "currencies": {"usd": 1}}, "write the ISO 4217 code of the currency, such as EUR"),
        ({"currency": "EUR", "currencies": {"EUR": 1}}, "EUR is the profile's own currency"),
        ({"currencies": {"USD": 1}}, "add currency, such as currency: EUR"),
    ],
)
def test_each_rate_is_of_another_currency_and_worth_something(keys: dict[str, object], sentence: str | None) -> None:
    problems = errors(profile=header(**keys))
    assert len(problems) == (sentence is not None)
    assert (sentence or "") in "".join(problems)


def test_what_converts_amounts_changes_the_digest_and_the_currency_alone_does_not() -> None:
    plain = loaded().profile
    euro, dollar = (loaded(profile=header(currency=code)).profile for code in ("EUR", "USD"))
    rates = [loaded(profile=header(currency="EUR", currencies={"USD": rate})).profile for rate in (0.9, 0.8)]
    assert scoring_digest(plain) == scoring_digest(euro) == scoring_digest(dollar)
    assert len({scoring_digest(one) for one in (plain, *rates)}) == 3


@pytest.mark.parametrize(("keys", "read"), [({"currency": "EUR"}, True), ({}, False)])
def test_the_currency_beside_an_amount_is_read_once_the_profile_has_one(keys: dict[str, str], read: bool) -> None:
    profile = loaded(profile=header(**keys), criteria=[criterion(property="annualrevenue")]).profile
    aside = [one for one in property_reads(profile) if one.is_beside]
    assert [one.alternatives for one in aside] == ([("hs_annual_revenue_currency_code",)] if read else [])
    assert all(one.optional for one in aside)


def test_a_formula_over_an_amount_reads_its_currency_too() -> None:
    sections = {"derive": {"budget": "annualrevenue * 0.1"}, "criteria": [criterion(property="budget")]}
    profile = loaded(profile=header(currency="EUR"), **sections).profile
    assert ("hs_annual_revenue_currency_code",) in [one.alternatives for one in property_reads(profile)]
