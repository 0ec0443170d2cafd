"""The bands of a criterion meet without gap or overlap."""

from typing import Any

import pytest

from tests.profile.lint.example import asks, rules, warnings

CORE = {"between": [500, 10_000]}


@pytest.mark.parametrize(
    ("partial", "expected"),
    [
        ({"between": [200, 499]}, []),
        ({"between": [200, 500]}, []),
        ({"between": [200, 498]}, ["band-gap"]),
        ({"at_least": 10_002}, ["band-gap"]),
        ({"at_most": 499}, []),
        ({"between": [200, 600]}, ["band-overlap"]),
        ({"between": [600, 700]}, ["band-overlap"]),
        ({"at_least": 200}, []),
        ({"property": "annualrevenue", "between": [1, 2]}, []),
    ],
)
def test_bands_meet(partial: dict[str, Any], expected: list[str]) -> None:
    assert rules(criteria=[asks(CORE, partial)]) == expected


def test_a_gap_is_named_with_both_its_sides() -> None:
    (warning,) = warnings(criteria=[asks(CORE, {"at_most": 99})])
    assert warning.message.startswith("between up to 99 and 500–10,000 nothing earns credit")
    assert warning.path == "criteria[0].match"


def test_a_band_inside_an_earlier_one_is_never_reached() -> None:
    (warning,) = warnings(criteria=[asks(CORE, {"between": [600, 700]})])
    assert warning.message.startswith("600–700 lies within 500–10,000, which is tried first, and is never reached")


def test_three_bands_are_held_against_each_other() -> None:
    third = {"between": [100, 350]}
    assert rules(criteria=[asks(CORE, {"between": [300, 499]}, third)]) == ["band-overlap"]
