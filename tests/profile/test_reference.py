"""The operators stand in one table, and whatever is made from it says the same."""

from icp_sync.profile.match import OPERATORS as NAMES
from icp_sync.profile.reference import OPERATORS
from icp_sync.profile.schema import json_schema


def test_the_table_has_every_operator_once_in_the_languages_order() -> None:
    assert tuple(one.name for one in OPERATORS) == NAMES


def test_every_example_is_of_its_operator() -> None:
    assert [one.name for one in OPERATORS if not one.example.startswith(f"`{one.name}: ")] == []


def test_the_schema_says_what_the_table_says() -> None:
    keys = json_schema()["$defs"]["Match"]["properties"]
    for one in OPERATORS:
        assert keys[one.name]["description"] == f"Hit when {one.hit}. Unknown when {one.unknown}."
