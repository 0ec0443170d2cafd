"""Tiers stand highest first."""

import pytest

from tests.profile.example import errors, loaded

CAPACITY = "is no capacity; write a whole number such as 500, or {limit: 50, per: hubspot_owner_id}"


def tiers(*rows: tuple[str, float]) -> list[dict[str, object]]:
    return [{"tier": name, "enter": enter} for name, enter in rows]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ((("tier_1", 80), ("tier_1", 60)), "tiers[1].tier: tier_1 is there twice; keep one of them"),
        (
            (("tier_2", 60), ("tier_1", 80)),
            "tiers[1].tier: tier_1 stands below tier_2; write the highest tier, tier_1, first",
        ),
        ((("tier_1", 80), ("tier_2", 80)), "tiers[1].enter: 80 is not below the 80 of tier_1; lower it"),
        ((("tier_1", 101),), "tiers[0].enter: is 101; write a number at most 100"),
    ],
)
def test_tiers_fall(rows: tuple[tuple[str, float], ...], error: str) -> None:
    assert errors(tiers=tiers(*rows)) == [error]


@pytest.mark.parametrize("rows", [(("tier_1", 80),), (("tier_1", 90.5), ("tier_2", 90), ("tier_3", 0))])
def test_one_to_three_tiers_are_fine(rows: tuple[tuple[str, float], ...]) -> None:
    assert len(loaded(tiers=tiers(*rows)).profile.tiers) == len(rows)


def test_a_target_account_has_a_tier_of_the_profile() -> None:
    target = {"property": "icp_target", "tiers": ["tier_1", "tier_3"]}
    expected = ["write.target_account.tiers[1]: tier_3 is not among tiers; add it there or remove it here"]
    assert errors(write={"target_account": target}) == expected


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"leave": 85}, "tiers[0].leave: 85 is above the 80 that enters tier_1; lower it or remove it"),
        ({"leave": -1}, "tiers[0].leave: is -1; write a number at least 0"),
        ({"capacity": 0}, "tiers[0].capacity.limit: is 0; write a number at least 1"),
        ({"capacity": "many"}, f"tiers[0].capacity: {CAPACITY}"),
        ({"capacity": True}, f"tiers[0].capacity: {CAPACITY}"),
        ({"capacity": {"per": "owner"}}, "tiers[0].capacity.limit: limit is missing; add limit:"),
        (
            {"capacity": {"limit": 5, "per": "icp_tier"}},
            "tiers[0].capacity.per: reads icp_tier, which this profile writes as tier; read another",
        ),
    ],
)
def test_a_tier_holds_still_within_reason(keys: dict[str, object], error: str) -> None:
    upper, lower = tiers(("tier_1", 80), ("tier_2", 50))
    assert errors(tiers=[upper | keys, lower]) == [error]


def test_the_lowest_tier_has_room_for_everybody() -> None:
    upper, lower = tiers(("tier_1", 80), ("tier_2", 50))
    message = "tier_2 is the lowest tier and who does not fit has nowhere to go; remove the capacity"
    assert errors(tiers=[upper, lower | {"capacity": 5}]) == [f"tiers[1].capacity: {message}"]
    assert errors(tiers=[upper | {"leave": 40, "capacity": 5}, lower]) == []


@pytest.mark.parametrize(
    ("upper", "error"),
    [
        ({"tier": "tier_1", "enter": 101}, "tiers[0].enter: is 101; write a number at most 100"),
        ({"tier": "tier1", "enter": 80}, "tiers[0].tier: is text 'tier1'; did you mean tier_1?"),
    ],
)
def test_a_tier_with_an_error_is_no_error_of_what_names_it(upper: dict[str, object], error: str) -> None:
    names = {
        "write": {"target_account": {"property": "icp_target", "tiers": ["tier_1"]}},
        "lists": [{"name": "A", "kind": "static", "where": {"tier": ["tier_1"]}}],
        "tests": [{"name": "one", "company": {"numberofemployees": "800"}, "expect": {"tier": "tier_1"}}],
    }
    assert errors(tiers=[upper, {"tier": "tier_2", "enter": 50}], **names) == [error]
