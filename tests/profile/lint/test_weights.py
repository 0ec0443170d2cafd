"""Weight lies on more than money, and on all seven traits."""

import datetime as dt
from typing import Any

import pytest

from icp_sync.profile.lint import lint_on_day
from tests.profile.example import loaded
from tests.profile.lint.example import asks, rules


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        ({"property": "annualrevenue", "weight": 76}, ["mostly-revenue"]),
        ({"property": "annualrevenue", "weight": 75}, []),
        ({"property": "recent_deal_amount", "weight": 80}, ["mostly-revenue"]),
        ({"property": "anything", "trait": "finance", "weight": 80}, ["mostly-revenue"]),
        ({"property": "budget", "weight": 80}, ["mostly-revenue"]),
        ({"property": "revenues_team", "weight": 80}, []),
    ],
)
def test_value_is_not_only_revenue(money: dict[str, Any], expected: list[str]) -> None:
    rest = 100 - money["weight"]
    derive = {"budget": "annualrevenue * 0.1"} if money["property"] == "budget" else {}
    need = asks({"is": "x"}, id="need", property="pains", weight=rest)
    assert rules(criteria=[asks({"at_least": 5}, **{"id": "money", **money}), need], derive=derive) == expected


def test_the_traits_nothing_asks_about_are_named_in_a_note() -> None:
    criteria = [
        asks({"is": "x"}, id=trait, property="a", trait=trait) for trait in ("industry", "need", "finance", "size")
    ]
    flaws = [
        flaw
        for flaw in lint_on_day(loaded(criteria=criteria).profile, dt.date(2026, 1, 1))
        if flaw.rule == "untested-trait"
    ]
    assert [(flaw.severity, flaw.message.partition(";")[0]) for flaw in flaws] == [
        ("note", "nothing asks about readiness to buy, room to grow, geography")
    ]
