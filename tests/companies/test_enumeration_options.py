"""What the names of a portal's options stand for."""

from __future__ import annotations

import pytest

from icp_sync.companies.enumeration_options import EnumerationOptions
from icp_sync.companies.property_definitions import Option, PropertyDefinition


def options_of(*options: tuple[str, str], kind: str = "enumeration") -> EnumerationOptions:
    """The options (value, label) of one property `p`."""
    listed = tuple(Option(value, label) for value, label in options)
    return EnumerationOptions.from_definitions([PropertyDefinition("p", "P", kind, "select", "g", listed)])


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("seg_1", {"seg 1", "key accounts"}),
        ("Key Accounts", {"seg 1", "key accounts"}),
        ("KEY_ACCOUNTS", {"seg 1", "key accounts"}),
        ("Others", set()),
    ],
)
def test_an_option_is_named_by_its_value_or_its_label(name: str, keys: set[str]) -> None:
    assert options_of(("seg_1", "Key accounts"), ("seg_2", "Mid-market")).option_keys("p", name) == keys


def test_a_name_that_is_a_value_here_and_a_label_there_is_the_value() -> None:
    swapped = options_of(("1", "2"), ("2", "1"))
    assert swapped.option_keys("p", "1") == {"1"}
    assert swapped.option_keys("p", "2") == {"2"}


def test_a_label_of_two_options_stands_for_both() -> None:
    assert options_of(("a", "Gold"), ("b", "Gold")).option_keys("p", "gold") == {"a", "b", "gold"}


def test_a_checkbox_says_yes_and_no_unless_the_portal_says_otherwise() -> None:
    assert options_of(kind="bool").option_keys("p", "Yes") == {"true", "yes"}
    assert options_of(("true", "true"), ("false", "false"), kind="bool").option_keys("p", "no") == {"false", "no"}
    assert options_of(("true", "Ja"), ("false", "Nein"), kind="bool").option_keys("p", "ja") == {"true", "ja"}


@pytest.mark.parametrize("kind", ["string", "number"])
def test_what_is_no_enumeration_has_no_options(kind: str) -> None:
    assert not options_of(("a", "A"), kind=kind).is_enumeration("p")


def test_an_enumeration_without_options_takes_any_text() -> None:
    assert not options_of().is_enumeration("p")
