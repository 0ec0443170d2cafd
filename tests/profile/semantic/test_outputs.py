"""What is written harms nobody else's values."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded

TIER = {"tier": "icp_tier"}
TARGET = {"property": "hs_is_target_account", "tiers": ["tier_1"]}
EITHER = "write country, region, state, city or the id of a criterion"
ONLY = "only tier and target_account may be"
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
        (
            {**TIER, "understood": {"contry": "icp_country"}},
            "write.understood.contry: 'contry' is neither a place nor a criterion; did you mean country?",
        ),
        (
            {**TIER, "understood": {"zzz": "icp_z"}},
            f"write.understood.zzz: 'zzz' is neither a place nor a criterion; {EITHER}",
        ),
        (
            {**TIER, "understood": {"country": "icp_tier"}},
            "write.understood.country: icp_tier is already written as tier; give each output its own",
        ),
        (
            {**TIER, "understood": {"country": "country"}},
            f"write.understood.country: country is HubSpot's own; {own('icp_country')}",
        ),
        (
            {**TIER, "best_profile": "hs_best"},
            f"write.best_profile: hs_best is HubSpot's own, {ONLY}; {own('icp_fit_best_profile')}",
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


def test_what_is_understood_is_a_part_of_the_place_or_a_criterion() -> None:
    understood = {
        "country": "icp_country",
        "region": "icp_region",
        "state": "icp_state",
        "city": "icp_city",
        "size": "icp_s",
    }
    written = loaded(write={**TIER, "understood": understood}).profile.write.properties()
    assert written == {**TIER, **{f"understood.{name}": taken for name, taken in understood.items()}}


@pytest.mark.parametrize(
    ("name", "sections", "error"),
    [
        ("hs_lock", {}, f"lock.property: hs_lock is HubSpot's own; {own('icp_fit_lock')}"),
        ("domain", {}, f"lock.property: domain is HubSpot's own; {own('icp_fit_lock')}"),
        ("icp_tier", {}, f"lock.property: icp_tier is already written as tier; {own('icp_fit_lock')}"),
        (
            "held",
            {"scope": {"property": "held", "is_false": True}},
            "scope: reads held, by which people lock a company's tier; read another",
        ),
    ],
)
def test_the_lock_is_a_property_of_our_own_that_nothing_reads(name: str, sections: dict[str, Any], error: str) -> None:
    assert errors(lock={"property": name}, **sections) == [error]


def test_a_lock_is_read() -> None:
    assert loaded(lock={"property": "icp_fit_lock"}).profile.lock is not None
