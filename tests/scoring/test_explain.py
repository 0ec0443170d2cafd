"""A company explained: value as found, as understood, credit, points, and what would lift it."""

from __future__ import annotations

from icp_sync.companies.frame import company_frame
from icp_sync.scoring.explain import CriterionAnswer, DisqualifierAnswer, Explanation, Lift, explain
from tests.scoring.profiles import TODAY, profile_of

SIZE = {"id": "size", "property": "p", "weight": 30, "match": {"at_least": 500}}
COUNTRY = {"id": "country", "weight": 20, "match": {"region": "DE"}}
STACK = {"id": "stack", "property": "t", "weight": 50, "match": {"has_any": ["jira"]}}
RIVAL = {"id": "rival", "property": "t", "match": {"has_any": ["acme suite"]}}


def explained(rest: dict[str, object] | None = None, **texts: str) -> Explanation:
    columns = dict.fromkeys(["name", "domain", "p", "hs_country_code", "country", "t"]) | texts
    frame = company_frame([7], {name: [text] for name, text in columns.items()})
    profile = profile_of(SIZE, COUNTRY, STACK, disqualifiers=[RIVAL], **(rest or {}))
    return explain(frame, profile, TODAY, {7: "tier_3"})[0]


def test_each_criterion_says_what_was_found_understood_and_earned() -> None:
    criteria = explained(p="501-1,000", country="Deutschland", t="Postman;C++").criteria

    assert criteria == (
        CriterionAnswer("size", "501-1,000", "501 to 1,000", 1.0, 30, 30.0),
        CriterionAnswer("country", "Deutschland", "DE", 1.0, 20, 20.0),
        CriterionAnswer("stack", "Postman;C++", "postman; c++", 0.0, 50, 0.0),
    )


def test_what_was_found_and_not_understood_is_told_apart_from_nothing() -> None:
    size, country, _ = explained(p="#####").criteria

    assert (size.value, size.understood, size.credit) == ("#####", None, None)
    assert (country.value, country.understood, country.credit) == (None, None, None)


def test_the_company_and_its_judgement() -> None:
    company = explained(name="Acme", domain="acme.example", p="800", t="acme suite")

    assert (company.id, company.name, company.domain, company.live_tier) == (7, "Acme", "acme.example", "tier_3")
    assert (company.score, company.potential, company.coverage) == (30.0, 50.0, 0.8)
    assert (company.outcome, company.tier) == ("disqualified", None)
    assert company.disqualifiers == (DisqualifierAnswer("rival", "acme suite", "acme suite", met=True),)


def test_lifts_are_the_single_changes_that_reach_a_better_tier_or_outcome() -> None:
    assert explained(p="800", country="DE", t="x").lifts == (Lift("stack", "tiered", "tier_1"),)
    assert explained(p="5", country="US", t="x").lifts == (Lift("stack", "tiered", "tier_3"),)


def test_no_single_change_lifts_a_company_that_is_ruled_out_or_at_the_top() -> None:
    assert explained(p="800", country="DE", t="acme suite").lifts == ()
    assert explained(p="800", country="DE", t="jira").lifts == ()


def test_a_company_outside_the_scope_is_named_and_not_judged() -> None:
    company = explained({"scope": {"property": "p", "at_least": 10}}, p="5", name="Small")

    assert company == Explanation(7, "Small", None, None, None, None, None, None, "tier_3")
