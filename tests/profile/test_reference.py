"""The operators stand in one table, and whatever is made from it says the same."""

from icp_sync.profile.describe.json_schema import json_schema
from icp_sync.profile.describe.operator_reference import OPERATORS
from icp_sync.profile.model.match import OPERATORS as NAMES


def test_the_table_has_every_operator_once_in_the_languages_order() -> None:
    assert tuple(one.name for one in OPERATORS) == NAMES


def test_every_example_is_of_its_operator() -> None:
    assert [one.name for one in OPERATORS if not one.example.startswith(f"`{one.name}: ")] == []


def test_the_schema_says_what_the_table_says() -> None:
    keys = json_schema()["$defs"]["Match"]["properties"]
    for one in OPERATORS:
        assert keys[one.name]["description"] == f"Hit when {one.hit}. Unknown when {one.unknown}."
