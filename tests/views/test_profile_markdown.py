"""A profile on one page, for people who read no YAML."""

from typing import Any

from icp_sync.profile import templates
from icp_sync.profile.load import load
from icp_sync.views.profile_markdown import profile_markdown
from tests.profile.example import criterion, loaded

PAGE = """\
# Mid-size

**Early Customer Profile** `x`

- Who answers for it: me\\_too
- To be looked at again by: no day set
- Amounts of money are in EUR
- It is about companies where `type` is PROSPECT
- `budget` is worked out as `annualrevenue * 0.1`

## Who it is for

- **Enough people** (80 % of the score): `numberofemployees` is at least 500. **Must be met.**
  - counts 50 % when `numberofemployees` is from 200 to 499
- **money** (20 % of the score): `budget` is at least 1,000 or `hq` lies in Germany.

## Who it is not for

- **Sells for us**: `type` is PARTNER.

## Tiers

- **Tier 1** from 80 points of 100, kept down to 75, at most 1,500 companies for each value of `owner`
- **Tier 2** from 50 points of 100
- No tier is given while less than 30 % of the weight is known

## Why we believe this

- **Enough people**: we asked ten of them
"""
MONEY = {"any": [{"at_least": 1000}, {"region": "DE", "property": "hq"}]}
SECTIONS: dict[str, Any] = {
    "profile": {"name": "x", "kind": "ecp", "title": "Mid-size", "owner": "me_too", "currency": "EUR"},
    "scope": {"property": "type", "is": "PROSPECT"},
    "derive": {"budget": "annualrevenue * 0.1"},
    "criteria": [
        {"id": "money", "property": "budget", "weight": 5, "match": MONEY},
        criterion(
            label="Enough people",
            evidence="we asked ten of them",
            partial=[{"match": {"between": [200, 499]}, "credit": 0.5}],
        ),
    ],
    "required": ["size"],
    "disqualifiers": [{"id": "partner", "reason": "Sells for us", "property": "type", "match": {"is": "PARTNER"}}],
    "coverage": {"minimum": 0.3},
    "tiers": [
        {"tier": "tier_1", "enter": 80, "leave": 75, "capacity": {"limit": 1500, "per": "owner"}},
        {"tier": "tier_2", "enter": 50},
    ],
}


def test_a_profile_is_one_page_of_markdown() -> None:
    assert profile_markdown(loaded(**SECTIONS).profile, None) == PAGE


def test_live_counts_are_added_where_they_are_known() -> None:
    page = profile_markdown(loaded(**SECTIONS).profile, {"tier_1": 25, "tier_2": 0, "not_icp": 1975})
    assert page.partition("## In our CRM today\n")[2] == (
        "\n| | companies | share |\n| --- | ---: | ---: |\n| Tier 1 | 25 | 1.2 % |\n| Tier 2 | 0 | 0.0 % |\n"
        "| no fit, whatever is still unknown | 1,975 | 98.8 % |\n"
    )


def test_a_profiles_words_stay_words() -> None:
    label = "*Bold* [link](x) <b>\n# head | cell"
    page = profile_markdown(
        loaded(criteria=[criterion(label=label, property="a", match={"is": "`*x*`"})]).profile, None
    )
    assert "**\\*Bold\\* \\[link\\](x) \\<b\\> \\# head \\| cell** (100 % of the score): `a` is '\\*x\\*'." in page


def test_nothing_said_is_said() -> None:
    page = profile_markdown(loaded().profile, {})
    assert "Nobody is ruled out." in page
    assert "No evidence is written down yet." in page
    assert "In our CRM" not in page


def test_every_template_fits_on_a_page() -> None:
    for name in templates.names():
        assert 25 < len(profile_markdown(load(templates.text(name), name).profile, None).splitlines()) < 80
