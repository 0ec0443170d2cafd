"""The shopping list in words: rates that are not known, purchases that decide nothing, hostile labels, one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from icp_sync.scoring.purchase_ranking import Purchase
from icp_sync.scoring.shopping_list import GroupValue, ShoppingList
from icp_sync.views.shopping_list import SavedTable, ShoppingBasis, shopping_view
from tests.scoring.profiles import profile_of
from tests.views.rendering import text_of

READ_AT = dt.datetime(2026, 11, 28, 2, 10, tzinfo=dt.UTC)
PROFILE = profile_of(
    {"id": "size", "property": "numberofemployees", "label": "500 \x1b[31mor more", "match": {"at_least": 500}},
    {"id": "stack", "property": "web_technologies", "match": {"has_any": ["jira"]}},
)


def value(**facts: Any) -> GroupValue:
    usual: dict[str, Any] = {
        "properties": ("numberofemployees", "hs_employee_range"), "criteria": ("size",), "missing": 1_200,
        "lifts": {"tier_1": 10, "tier_2": 990}, "settles": 7, "expected": 400.4, "unreadable": 212,
    }  # fmt: skip
    return GroupValue(**(usual | facts))


TOOLS = value(properties=("web_technologies",), criteria=("stack",), expected=None, unreadable=0)
STEPS = (Purchase(value().properties, 400.4, 800), Purchase(TOOLS.properties, 0.3, 12))


def words(groups: Sequence[GroupValue], order: Sequence[Purchase] = (), saved: SavedTable | None = None) -> str:
    reading = ShoppingBasis(5_000, READ_AT, edited=True, tiers=("tier_1", "tier_2"))
    return text_of(shopping_view(ShoppingList(1_300, tuple(groups), tuple(order)), PROFILE, reading, saved=saved))


def test_a_group_is_a_row_with_a_dash_for_a_rate_that_is_not_known() -> None:
    text = words([value(), TOOLS], STEPS)

    assert "numberofemployees +1 1,200 10 990 400 7 212" in text
    assert "web_technologies 1,200 10 990 – 7 0" in text


def test_it_says_when_it_was_read_and_that_the_profile_was_edited() -> None:
    assert words([value()]).startswith(
        "Too little is known to decide 1,300 of 5,000 companies. As read from HubSpot at 2026-11-28 02:10 UTC; "
        "the profile was edited since its last run."
    )


def test_the_order_names_all_properties_and_what_they_answer_without_control_characters() -> None:
    text = words([value(), TOOLS], STEPS)

    assert (
        "1. numberofemployees, hs_employee_range (500 [31mor more): about 400 into a tier, 800 still undecided" in text
    )
    assert "2. web_technologies (stack): about <1 into a tier, 12 still undecided" in text


def test_one_purchase_is_no_order() -> None:
    text = words([value()], STEPS[:1])

    assert "Bought: numberofemployees, hs_employee_range" in text
    assert "Buy in this order" not in text


def test_purchases_that_decide_nothing_are_said() -> None:
    text = words([value(lifts={}, settles=0, expected=0.0)])

    assert "No single purchase is expected to decide any of them." in text
    assert "Which companies" not in text


def test_where_too_few_are_known_there_is_no_order_but_still_a_list_of_companies() -> None:
    text = words([TOOLS])

    assert "There is no order to buy in: of none of these are 50 companies known." in text
    assert text.endswith("--property web_technologies --csv web_technologies.csv")


def test_what_is_free_comes_with_how_to_go_on_or_with_the_table_written() -> None:
    text = words([value()], STEPS[:1])
    assert "that is free: values that cannot be read, 212 in numberofemployees +1." in text
    assert text.endswith(
        "Which companies: icp-sync shopping-list --property numberofemployees --csv numberofemployees.csv"
    )

    assert words([value()], STEPS[:1], SavedTable("a.csv", 1, 0)).endswith("a.csv: 1 row, best potential first.")
