"""A company explained: value as found, as understood, credit, points, and what would lift it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.scoring.explain import CriterionAnswer, CriterionLift, DisqualifierAnswer, Explanation, explain
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.scoring.profiles import TODAY, profile_of

SIZE = {"id": "size", "property": "p", "weight": 30, "match": {"at_least": 500}}
COUNTRY = {"id": "country", "weight": 20, "match": {"region": "DE"}}
STACK = {"id": "stack", "property": "t", "weight": 50, "match": {"has_any": ["jira"]}}
RIVAL = {"id": "rival", "property": "t", "match": {"has_any": ["acme suite"]}}


def explained(
    rest: Mapping[str, object] | None = None, live: Mapping[str, Sequence[str | None]] | None = None, **texts: str
) -> Explanation:
    columns = dict.fromkeys(["name", "domain", "p", "hs_country_code", "country", "t"]) | texts
    frame = company_frame([7], {name: [text] for name, text in columns.items()})
    frame = frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in (live or {}).items())
    profile = profile_of(SIZE, COUNTRY, STACK, disqualifiers=[RIVAL], **(rest or {}))
    return explain(frame, compile_profile(profile, TODAY), {7: "tier_3"})[0]


def test_each_criterion_says_what_was_found_understood_and_earned() -> None:
    criteria = explained(p="501-1,000", country="Deutschland", t="Postman;C++").criteria

    assert criteria == (
        CriterionAnswer("size", "501-1,000", "501 to 1,000", 1.0, 30, 30.0),
        CriterionAnswer("country", "Deutschland", "DE", 1.0, 20, 20.0),
        CriterionAnswer("stack", "Postman;C++", "postman; c++", 0.0, 50, 0.0),
    )


def test_what_is_perhaps_in_use_is_shown_so() -> None:
    *_, stack = explained(t="Jira?;C++").criteria
    assert stack == CriterionAnswer("stack", "Jira?;C++", "jira?; c++", None, 50, 0.0)


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
    assert explained(p="800", country="DE", t="x").lifts == (CriterionLift("stack", "tiered", "tier_1"),)
    assert explained(p="5", country="US", t="x").lifts == (CriterionLift("stack", "tiered", "tier_3"),)


def test_no_single_change_lifts_a_company_that_is_ruled_out_or_at_the_top() -> None:
    assert explained(p="800", country="DE", t="acme suite").lifts == ()
    assert explained(p="800", country="DE", t="jira").lifts == ()


def test_a_company_outside_the_scope_is_named_and_not_judged() -> None:
    company = explained({"scope": {"property": "p", "at_least": 10}}, p="5", name="Small")

    assert company == Explanation(7, "Small", None, None, None, None, None, None, "tier_3")


STICKY = {"tiers": [{"tier": "tier_1", "enter": 80, "leave": 45}, {"tier": "tier_2", "enter": 40, "leave": 25}]}


@pytest.mark.parametrize(
    ("live", "texts", "outcome", "tier", "lifts"),
    [
        # 50 of 100: tier_2 from 40; a holder of tier_1 keeps it down to 45
        (None, {"p": "800", "country": "DE", "t": "x"}, "tiered", "tier_2", ("stack",)),
        ("tier_1", {"p": "800", "country": "DE", "t": "x"}, "tiered", "tier_1", ()),
        # 30 of 100: nothing for a newcomer, tier_2 for its holder, tier_2 for a former tier_1 that 20 more bring back
        (None, {"p": "800", "country": "US", "t": "x"}, "not_icp", None, ("country", "stack")),
        ("tier_2", {"p": "800", "country": "US", "t": "x"}, "tiered", "tier_2", ("stack",)),
        ("tier_1", {"p": "800", "country": "US", "t": "x"}, "tiered", "tier_2", ("country", "stack")),
    ],
)
def test_lifts_go_by_the_thresholds_that_apply_to_this_company(
    live: str | None, texts: dict[str, str], outcome: str, tier: str | None, lifts: tuple[str, ...]
) -> None:
    company = explained(STICKY, {"live:tier": [live]}, **texts)

    assert (company.outcome, company.tier) == (outcome, tier)
    assert tuple(lift.id for lift in company.lifts) == lifts


def test_capacity_is_left_out() -> None:
    full = [{"tier": "tier_1", "enter": 80, "capacity": 1}, {"tier": "tier_2", "enter": 40}]
    texts = {"p": "800", "hs_country_code": "DE", "country": "DE", "t": "jira"}
    columns = {name: [text, text] for name, text in texts.items()}
    profile = profile_of(SIZE, COUNTRY, STACK, tiers=full)

    both = explain(company_frame([1, 2], columns), compile_profile(profile, TODAY), {})

    assert [company.tier for company in both] == ["tier_1", "tier_1"]


def test_companies_that_share_a_domain_are_all_explained() -> None:
    columns = {"domain": ["acme.example"] * 2, "p": ["800", "5"]}

    both = explain(company_frame([7, 3], columns), compile_profile(profile_of(SIZE), TODAY), {7: "tier_2"})

    assert [(one.id, one.domain, one.tier, one.live_tier) for one in both] == [
        (7, "acme.example", "tier_1", "tier_2"),
        (3, "acme.example", None, None),
    ]


@pytest.mark.parametrize(
    ("match", "texts", "value", "understood"),
    [
        ({"region": "DACH"}, {"country": "Deutschland", "state": "Bayern"}, "Deutschland", "DE"),
        ({"region": "US-CA"}, {"country": "USA", "state": "Calif."}, "country: USA; state: Calif.", "US-CA"),
        ({"region": "US-CA"}, {"country": "USA"}, "USA", "US"),
        ({"city": "Munich"}, {"city": "München", "country": "DE"}, "country: DE; city: München", "Munich, DE"),
        ({"within_km": {"of": "Munich", "km": 9}}, {"city": "xyzzy"}, "xyzzy", None),
    ],
)
def test_a_place_is_shown_as_far_as_it_was_asked_for(
    match: dict[str, object], texts: dict[str, str], value: str, understood: str | None
) -> None:
    columns = dict.fromkeys(["hs_country_code", "country", "hs_state_code", "state", "city", "zip"]) | texts
    frame = company_frame([1], {name: [text] for name, text in columns.items()})

    answer = explain(frame, compile_profile(profile_of({"id": "c", "match": match}), TODAY), {})[0].criteria[0]

    assert (answer.value, answer.understood) == (value, understood)


def test_a_prefix_is_compared_with_the_folded_text_that_is_shown() -> None:
    profile = profile_of({"id": "c", "property": "p", "label": "public", "match": {"starts_with": ["universitat"]}})
    frame = company_frame([1, 2], {"p": ["UNIVERSITÄT Bonn", "N/A"]})

    answers = [each.criteria[0] for each in explain(frame, compile_profile(profile, TODAY), {})]

    assert [(answer.value, answer.understood, answer.credit) for answer in answers] == [
        ("UNIVERSITÄT Bonn", "universitat bonn", 1.0),
        ("N/A", None, None),
    ]


def test_an_age_shows_the_day_or_the_year_it_was_counted_from() -> None:
    profile = profile_of({"id": "c", "property": "p", "match": {"age_years": [1, 9]}})

    outcomes = [
        explain(company_frame([1], {"p": [text]}), compile_profile(profile, TODAY), {})[0].criteria[0].understood
        for text in AGES
    ]

    assert outcomes == list(AGES.values())


AGES = {"2020-03-01T00:00:00Z": "2020-03-01", "2013 (1888)": "2013", "soon": None}


@pytest.mark.slow
@pytest.mark.parametrize("p", ["800", "5", None])
@pytest.mark.parametrize("country", ["DE", "US", None])
@pytest.mark.parametrize("minimum", [0.0, 0.6, 0.9])
@pytest.mark.parametrize("required", [[], ["country"]])
def test_the_reasons_promise_of_one_unknown_what_the_lifts_say(
    p: str | None, country: str | None, minimum: float, required: list[str]
) -> None:
    """Both ask what full credit for one criterion would bring, and neither may promise what the other does not."""
    columns = dict.fromkeys(["p", "hs_country_code", "country", "t"]) | {"p": p, "country": country}
    frame = company_frame([7], {name: [text] for name, text in columns.items()})
    profile = profile_of(SIZE, COUNTRY, STACK, coverage={"minimum": minimum}, required=required)
    company = explain(frame, compile_profile(profile, TODAY), {})[0]
    unknown = [one for one in sorted(company.criteria, key=lambda one: -one.weight) if one.credit is None]
    waiting = [one for one in unknown if one.id in required]
    first = (waiting if company.outcome == "insufficient_data" and waiting else unknown)[0]
    lifted = {lift.id: lift.tier for lift in company.lifts if lift.outcome == "tiered"}
    sentence = score(frame, compile_profile(profile, TODAY)).frame["reasons"].item()
    alone = first.id in lifted and (
        f"+{first.weight:g} would make it " in sentence or "the first alone would " in sentence
    )
    assert alone == (first.id in lifted)
    assert not alone or f"would make it {str(lifted[first.id]).replace('_', ' ')}" in sentence


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Tokyo"])
@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "0000-01-01", "9999-12-31T23:59:59-05:00", "9999-12-31"],
)
def test_an_empty_date_of_a_database_is_a_day_of_no_zone(zone: str, text: str) -> None:
    profile = profile_of({"id": "seen", "property": "p", "match": {"age_years": [100, None]}})
    program = compile_profile(profile, TODAY, Conventions(zone=zone))

    (answer,) = explain(company_frame([7], {"p": [text]}), program, {})[0].criteria

    assert answer.credit in ({0.0, None} if text.startswith("9") else {None})
