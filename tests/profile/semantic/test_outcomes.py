"""What counting deals meet, and KPIs, are checked as everything else is."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded


def outcomes_of(where: dict[str, Any] | None = None, kpis: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"deals": {"where": where or {}}, "kpis": kpis or []}


def kpi(name: str) -> dict[str, Any]:
    return {"id": name, "property": "annualrevenue", "better": "higher"}


AT = "outcomes.deals.where"
NEAR = "did you mean Northern Ireland or Nordland or New Ireland?"
BESIDE = "write hs_priority: {…} beside it instead"


@pytest.mark.parametrize(
    ("where", "error"),
    [
        (
            {"dealtype": {"any": [{"property": "hs_priority", "in": ["high"]}, {"in": ["newbusiness"]}]}},
            f"{AT}.dealtype.any[0]: the match of dealtype reads hs_priority; {BESIDE}",
        ),
        ({"dealname": {"matches": "("}}, f"{AT}.dealname.matches: no regular expression: unclosed group; correct it"),
        (
            {"deal_country": {"region": ["Nowhereland"]}},
            f"{AT}.deal_country.region[0]: no country or region is called 'Nowhereland'; {NEAR}",
        ),
    ],
)
def test_a_match_on_deals_is_refused_at_its_place(where: dict[str, Any], error: str) -> None:
    assert errors(outcomes=outcomes_of(where)) == [error]


def test_a_deal_property_may_be_called_as_an_output_or_a_derived_value_is() -> None:
    derived = {"per_head": "annualrevenue / numberofemployees"}
    loaded(derive=derived, outcomes=outcomes_of({"icp_tier": {"in": ["tier_1"]}, "per_head": {"in": ["high"]}}))


def test_two_kpis_of_one_name_are_refused() -> None:
    assert errors(outcomes=outcomes_of(kpis=[kpi("a"), kpi("b"), kpi("a")])) == [
        "outcomes.kpis[2].id: a is named twice; keep one of them"
    ]
