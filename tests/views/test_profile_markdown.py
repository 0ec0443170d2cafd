"""A profile on one page, for people who read no YAML."""

from typing import Any

from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.views.profile_markdown import profile_markdown
from tests.profile.example import criterion, loaded
from tests.profile.example_people import personas

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
    for name in templates.template_names():
        assert (
            25
            < len(profile_markdown(parse_profile(templates.template_text(name), name).profile, None).splitlines())
            < 80
        )


def page_of(**sections: Any) -> str:
    return profile_markdown(loaded(**sections).profile, None)


def test_bought_data_is_named_in_the_order_in_which_it_is_tried() -> None:
    shown = page_of(
        enrichment=[
            {"source": "acme_data", "columns": {"Staff": "numberofemployees"}, "mode": "prefer", "max_age_days": 180},
            {"source": "other", "columns": {"Size": "numberofemployees", "Sector": "industry"}},
        ],
        write={"score": "icp_score", "enriched": {"numberofemployees": "icp_employees"}},
    )
    assert shown.partition("## Where missing values come from\n\n")[2].startswith(
        "1. **acme\\_data** tells `numberofemployees` where HubSpot says nothing that can be read, or has an older "
        "value; after 180 days a value counts no more\n"
        "2. **other** tells `numberofemployees` and `industry` where HubSpot says nothing that can be read\n"
        "- Such a value of `numberofemployees` stands on the record in `icp_employees`; HubSpot's own property is "
        "never written\n"
    )


def test_an_experiment_says_who_works_which_companies() -> None:
    experiment = {"name": "q1-2027", "against": "s0-icp", "share": "40%", "property": "icp_experiment"}
    shown = page_of(write={"tier": "icp_b_tier", "profile": "icp_b_profile", "experiment": experiment})
    assert "competes with `s0-icp` in the experiment `q1-2027`" in shown
    assert "40 % are worked by this one, the others by that one; `icp_experiment` on the record says which." in shown


def test_what_tells_whether_it_works_is_said_where_the_profile_says_it() -> None:
    kpis = [{"id": "churned", "property": "left_us", "kind": "flag", "better": "lower"}]
    deals = {"where": {"dealtype": {"in": ["newbusiness"]}}, "since": "2024-01-01"}
    shown = page_of(outcomes={"deals": deals, "kpis": kpis})
    assert shown.partition("## How we tell whether it works\n\n")[2].startswith(
        "- Won and lost deals are held against the tiers: each company's first decided deal, closed since 2024-01-01\n"
        "- Only deals where `dealtype` is newbusiness count\n"
        "- **churned** (`left_us`): the lower, the better\n"
    )
    assert "- Deals are not read\n" in page_of(outcomes={"deals": None})


def test_people_say_where_their_committee_stands() -> None:
    shown = page_of(personas=personas())
    assert "## Who decides there" in shown
    assert "The record says how far it is in `icp_committee`." in shown
    assert "The record names who is missing in `icp_committee_missing`." in shown


def test_a_profile_without_any_of_it_says_nothing_of_it() -> None:
    shown = page_of()
    for heading in ("Where missing values come from", "What we are trying", "How we tell whether it works"):
        assert heading not in shown
