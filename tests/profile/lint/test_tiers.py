"""Tiers hold still."""

from typing import Any

import pytest

from tests.profile.lint.example import rules


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ({"enter": 80}, {"enter": 75}, []),
        ({"enter": 80}, {"enter": 75.5}, ["close-tiers"]),
        ({"enter": 80, "leave": 55}, {"enter": 60}, ["inverted-tiers"]),
        ({"enter": 80, "leave": 55}, {"enter": 60, "leave": 50}, []),
    ],
)
def test_tiers_lie_apart_and_in_order(upper: dict[str, Any], lower: dict[str, Any], expected: list[str]) -> None:
    assert rules(tiers=[{"tier": "tier_1", **upper}, {"tier": "tier_2", **lower}]) == expected
