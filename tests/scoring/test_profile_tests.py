"""A profile's own tests compare what they name, and nothing else."""

from __future__ import annotations

import pytest

from icp_sync.scoring.profile_tests import CaseResult, run_profile_tests
from tests.scoring.profiles import TODAY, profile_of

SIZE = {
    "id": "size",
    "property": "p",
    "match": {"at_least": 500},
    "partial": [{"match": {"at_least": 50}, "credit": 0.5}],
}


def result(company: dict[str, object], expect: dict[str, object], **rest: object) -> CaseResult:
    case = {"name": "a case", "company": company, "expect": expect}
    return run_profile_tests(profile_of(SIZE, tests=[case], **rest), TODAY)[0]


@pytest.mark.parametrize(
    ("company", "expect", "ok"),
    [
        ({"p": "800"}, {"tier": "tier_1"}, True),
        ({"p": 800}, {"tier": "tier_1", "score": 100, "outcome": "tiered"}, True),
        ({"p": "800"}, {"tier": "tier_2"}, False),
        ({"p": "800"}, {"tier": None}, False),
        ({"p": "5"}, {"tier": None}, True),
        ({"p": "5"}, {}, True),
        ({}, {"outcome": "insufficient_data", "coverage": 0, "potential": 100}, True),
        ({}, {"credits": {"size": None}}, True),
        ({}, {"credits": {"size": 0}}, False),
        ({"p": "100"}, {"credits": {"size": 0.5}, "score": 50.0}, True),
    ],
)
def test_a_case_passes_when_all_it_names_holds(company: dict[str, object], expect: dict[str, object], ok: bool) -> None:
    assert result(company, expect).ok is ok


def test_a_failed_case_lays_both_sides_next_to_each_other() -> None:
    failed = result({"p": "100"}, {"tier": "tier_1", "score": 90})

    assert failed == CaseResult("a case", False, {"score": 90, "tier": "tier_1"}, {"score": 50.0, "tier": "tier_3"})


def test_a_company_outside_the_scope_has_no_outcome() -> None:
    outside = result(
        {"p": "800", "type": "PARTNER"}, {"outcome": "tiered"}, scope={"property": "type", "not_in": ["PARTNER"]}
    )

    assert outside.got == {"outcome": None}


@pytest.mark.parametrize(("as_of", "tier"), [(None, "tier_1"), ("2026-12-30", None), ("2025-01-01", None)])
def test_a_case_may_be_judged_on_a_day_of_its_own(as_of: str | None, tier: str | None) -> None:
    fresh = {"id": "fresh", "property": "seen", "match": {"within_days": 30}}
    case = {"name": "lately", "as_of": as_of, "company": {"seen": "2026-11-20"}, "expect": {"tier": tier}}

    assert run_profile_tests(profile_of(fresh, tests=[case]), TODAY)[0].ok


def test_leave_capacity_and_lock_play_no_part_in_a_case() -> None:
    tiers = [{"tier": "tier_1", "enter": 80, "leave": 10, "capacity": 1}, {"tier": "tier_2", "enter": 60}]
    cases = [{"name": f"{n}", "company": {"p": "800", "held": "true"}, "expect": {"tier": "tier_1"}} for n in range(2)]
    half = {"name": "half", "company": {"p": "100", "held": "true"}, "expect": {"score": 50, "tier": None}}

    results = run_profile_tests(profile_of(SIZE, tiers=tiers, lock={"property": "held"}, tests=[*cases, half]), TODAY)

    assert all(one.ok for one in results)
