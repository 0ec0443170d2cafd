"""Keys of later versions are refused by name."""

from typing import Any

import pytest

from tests.profile.example import criterion, errors

NOT_SUPPORTED = "not supported by this version of icp_sync; remove it"


def where(**keys: Any) -> dict[str, Any]:
    return {"lists": [{"name": "A", "kind": "static", "where": {"tier": ["tier_1"], **keys}}]}


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"location": {"country": ["country"]}}, "location"),
        ({"derive": {"budget": "annualrevenue * 0.1"}}, "derive"),
        ({"lock": {"property": "icp_fit_lock"}}, "lock"),
        ({"vocabulary": {"regions": {"mine": ["DE"]}}}, "vocabulary"),
        ({"tiers": [{"tier": "tier_1", "enter": 80, "leave": 75}]}, "tiers[0].leave"),
        ({"tiers": [{"tier": "tier_1", "enter": 80, "capacity": 500}]}, "tiers[0].capacity"),
        ({"write": {"tier": "icp_tier", "understood": {"country": "icp_country"}}}, "write.understood"),
        ({"write": {"tier": "icp_tier", "best_profile": "icp_best"}}, "write.best_profile"),
        (where(changed_within_days=7), "lists[0].where.changed_within_days"),
        (where(property={"industry": {"is": "x"}}), "lists[0].where.property"),
        *(
            ({"criteria": [criterion(match={"any": [{operator: 1}]})]}, f"criteria[0].match.any[0].{operator}")
            for operator in ("city", "within_km", "within_days", "older_than_days", "age_years")
        ),
    ],
)
def test_a_key_of_a_later_version_is_refused_as_such(sections: dict[str, Any], path: str) -> None:
    assert errors(**sections) == [f"{path}: {NOT_SUPPORTED}"]


def test_a_key_of_a_later_version_in_the_wrong_place_is_unknown() -> None:
    assert errors(criteria=[criterion(capacity=5)])[0].startswith("criteria[0].capacity: unknown key 'capacity'")
