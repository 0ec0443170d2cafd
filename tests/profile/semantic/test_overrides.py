"""Overrides are about something that is written, and about values that can be told from others'."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded, refusals

WRITE = {"tier": "icp_tier", "profile": "icp_fit_profile"}
NEITHER = "overrides: keeps tiers and target flags that others set, and this profile writes neither; remove it"
STAMP = (
    "overrides: needs the output profile, which tells our values from others'; add profile: icp_fit_profile to write"
)


@pytest.mark.parametrize(
    ("write", "overrides", "expected"),
    [
        ({"score": "icp_fit_score", "profile": "icp_fit_profile"}, {"people": "keep"}, [NEITHER]),
        ({"tier": "icp_tier"}, {"people": "keep"}, [STAMP]),
        ({"tier": "icp_tier"}, {"people": "put_back"}, [STAMP]),
        ({"tier": "icp_tier"}, {"people": "put_back", "automation": "put_back"}, []),
        ({"tier": "icp_tier"}, None, []),
        (WRITE, {"people": "keep"}, []),
        (
            {"target_account": {"property": "icp_target", "tiers": ["tier_1"]}, "profile": "icp_fit_profile"},
            {"automation": "put_back", "expire_days": 30},
            [],
        ),
    ],
)
def test_overrides_need_something_to_keep_and_the_stamp(
    write: dict[str, Any], overrides: dict[str, Any] | None, expected: list[str]
) -> None:
    assert errors(write=write, **({} if overrides is None else {"overrides": overrides})) == expected


@pytest.mark.parametrize(
    ("overrides", "error"),
    [
        ({"people": "kept"}, "overrides.people: is text 'kept'; did you mean keep?"),
        ({"review_days": 0}, "overrides.review_days: is 0; write a number at least 1"),
        ({"expire_days": 3651}, "overrides.expire_days: is 3651; write a number at most 3650"),
        (
            {"expire_days": "30"},
            "overrides.expire_days: is text, a number is wanted; write expire_days: 30 without quotes",
        ),
        ({"expires": 3}, "overrides.expires: unknown key 'expires'; did you mean expire_days?"),
    ],
)
def test_a_misshapen_override_is_named_with_the_fix(overrides: dict[str, Any], error: str) -> None:
    assert errors(write=WRITE, overrides=overrides) == [error]


def test_the_line_is_that_of_the_key() -> None:
    head = "schema: 1\nprofile: {name: x, kind: icp}\ncriteria: [{id: a, weight: 1, match: {region: DE}}]"
    rest = "tiers: [{tier: tier_1, enter: 1}]\nwrite: {tier: icp_tier}\noverrides:\n  people: keep\n  review_days: 0"
    assert [refusal.partition(" ")[0] for refusal in refusals(f"{head}\n{rest}")] == ["6:", "8:"]


def test_people_and_automation_are_kept_without_an_end_unless_told() -> None:
    overrides = loaded().profile.overrides
    assert (overrides.people, overrides.automation, overrides.review_days, overrides.expire_days) == (
        "keep", "keep", 90, None
    )  # fmt: skip
