"""Tiers stand highest first."""

import pytest

from tests.profile.example import errors, loaded


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
