"""What is written harms nobody else's values."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded

TIER = {"tier": "icp_tier"}
TARGET = {"property": "hs_is_target_account", "tiers": ["tier_1"]}
STAMP = "write.profile: profile is missing; add profile: icp_fit_profile, it tells our"


def own(name: str) -> str:
    return f"use a property of your own such as {name}"


@pytest.mark.parametrize(
    ("write", "error"),
    [
        ({}, "write: names no output; name at least one, such as tier: icp_fit_tier"),
        ({"tier": "a", "score": "a"}, "write.score: a is already written as tier; give each output its own"),
        ({"tier": "industry"}, f"write.tier: industry is HubSpot's own; {own('icp_fit_tier')}"),
        ({**TIER, "reasons": "description"}, f"write.reasons: description is HubSpot's own; {own('icp_fit_reasons')}"),
        (
            {**TIER, "score": "hs_score"},
            f"write.score: hs_score is HubSpot's own, only tier and target_account may be; {own('icp_fit_score')}",
        ),
        ({"tier": "hs_ideal_customer_profile"}, f"{STAMP} hs_ideal_customer_profile from others'"),
        ({"target_account": TARGET}, f"{STAMP} hs_is_target_account from others'"),
    ],
)
def test_outputs_that_would_harm_are_refused(write: dict[str, Any], error: str) -> None:
    assert errors(write=write) == [error]


def test_hubspots_own_flags_may_be_written_with_the_stamp() -> None:
    write = {"tier": "hs_ideal_customer_profile", "target_account": TARGET, "profile": "icp_fit_profile"}
    assert loaded(write=write).profile.write.properties() == {**write, "target_account": "hs_is_target_account"}


@pytest.mark.parametrize(("currency", "count"), [("EUR", 0), ("CHF", 0), ("EUX", 1), ("eur", 1)])
def test_the_currency_is_one_of_iso_4217(currency: str, count: int) -> None:
    assert len(errors(profile={"name": "x", "kind": "icp", "currency": currency})) == count
