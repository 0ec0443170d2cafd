"""Candidate traits: what the companies at hand suggest to ask, in the profile's own language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from icp_sync.evidence.candidate_traits import CandidateTrait, candidate_traits, profile_trait_sources
from icp_sync.evidence.permutation_test import trait_score_statistics
from icp_sync.evidence.trait_matrix import min_support, trait_matrix
from icp_sync.evidence.trait_selection import select_traits
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.evaluation_context import EvaluationContext

TODAY = dt.date(2026, 11, 30)


def profile(**criteria: dict[str, Any]) -> Profile:
    return Profile.model_validate(
        {
            "schema": 1,
            "profile": {"name": "p", "kind": "icp"},
            "criteria": [{"id": name, "weight": 1, **asked} for name, asked in criteria.items()],
            "tiers": [{"tier": "tier_1", "enter": 50}],
            "write": {"score": "icp_fit_score", "tier": "icp_tier"},
        }
    )


def context(asked: Profile) -> EvaluationContext:
    return EvaluationContext.for_profile(asked, TODAY)


def frame(**texts: Sequence[str | None]) -> pl.DataFrame:
    count = len(next(iter(texts.values())))
    return pl.DataFrame(
        {"id": range(count), **{name: pl.Series(values, dtype=pl.String) for name, values in texts.items()}}
    )


def candidates(asked: Profile, companies: pl.DataFrame, support: int = 10) -> tuple[CandidateTrait, ...]:
    return candidate_traits(profile_trait_sources(asked), companies, asked, context(asked), support)


def words(traits: tuple[CandidateTrait, ...]) -> set[str]:
    return {trait.words for trait in traits}


def test_numbers_become_runs_of_bands_at_rounded_quintiles() -> None:
    asked = profile(size={"property": "numberofemployees", "match": {"at_least": 5}})
    traits = candidates(asked, frame(numberofemployees=[str(n) for n in range(1, 101)]))
    assert {"number of employees is at least 80", "number of employees is at most 20",
            "number of employees is from 21 to 59"} <= words(traits)  # fmt: skip
    assert len(traits) == 5 * 6 // 2 - 1 + 1  # every run of five bands but all of them, and whether it is known


def test_whole_numbers_of_few_values_are_bands_of_whole_numbers() -> None:
    """The quintiles of 1 to 5 are 1.8, 2.6 …, and the band from 1.8 to 1.6 made an end of all of it."""
    asked = profile(size={"property": "numberofemployees", "match": {"at_least": 5}})
    traits = candidates(asked, frame(numberofemployees=[str(n % 5 + 1) for n in range(100)]))
    assert {"number of employees is at most 1", "number of employees is from 2 to 3",
            "number of employees is at least 5"} <= words(traits)  # fmt: skip


def test_bands_of_a_text_with_ranges_take_their_middle() -> None:
    asked = profile(size={"properties": ["own", "hs_employee_range"], "match": {"at_least": 5}})
    companies = frame(own=[None] * 40 + ["5"] * 40, hs_employee_range=["51 - 200"] * 80)
    assert "own is at least 130" in words(candidates(asked, companies))


def test_industries_are_values_and_their_groups() -> None:
    asked = profile(industry={"property": "industry", "match": {"in": ["software"]}})
    companies = frame(industry=["COMPUTER_SOFTWARE"] * 20 + ["INTERNET"] * 20 + ["BANKING"] * 3)
    asks = words(candidates(asked, companies))
    assert {"industry is COMPUTER_SOFTWARE", "industry is INTERNET", "industry is technology"} <= asks
    assert "industry is BANKING" not in asks


def test_technologies_are_names_and_their_groups() -> None:
    asked = profile(tools={"property": "web_technologies", "match": {"has_any": ["docker"]}})
    companies = frame(web_technologies=["docker;jira"] * 15 + ["kubernetes"] * 15)
    asks = words(candidates(asked, companies))
    assert {"web technologies has docker", "web technologies has jira", "web technologies has containers"} <= asks


def test_places_are_countries_regions_states_and_metros() -> None:
    asked = profile(place={"match": {"region": "DE"}})
    rows: list[tuple[str, str, str]] = [("Deutschland", "Bayern", "München")] * 15 + [("Austria", "", "Wien")] * 15
    rows += [("USA", "CA", "Palo Alto")] * 15 + [("USA", "NY", "Buffalo")] * 15
    companies = frame(**{name: [row[n] for row in rows] for n, name in enumerate(("country", "state", "city"))})
    full = companies.with_columns(hs_country_code=pl.lit(None, pl.String), hs_state_code=pl.lit(None, pl.String))
    asks = words(candidates(asked, full))
    assert {"lies in Germany", "lies in DACH", "lies in California", "lies in Silicon Valley"} <= asks


def test_ages_are_bands_of_years() -> None:
    asked = profile(age={"property": "founded_year", "match": {"age_years": [3, 10]}})
    asks = words(candidates(asked, frame(founded_year=[str(2025 - n % 50) for n in range(100)])))
    assert any(ask.startswith("year founded was from") for ask in asks), asks


def test_what_deals_write_and_what_we_write_is_not_asked() -> None:
    asked = profile(
        stage={"property": "lifecyclestage", "match": {"is": "customer"}},
        money={"property": "total_revenue", "match": {"at_least": 1}},
        ours={"property": "icp_fit_score", "match": {"at_least": 1}},
        size={"property": "numberofemployees", "match": {"at_least": 1}},
    )
    assert [source.properties for source in profile_trait_sources(asked)] == [("numberofemployees",)]


def test_support_is_ten_or_two_percent() -> None:
    assert [min_support(companies) for companies in (20, 500, 501, 5_000)] == [10, 10, 11, 100]


def test_rare_and_alike_traits_are_left_out() -> None:
    asked = profile(tools={"property": "web_technologies", "match": {"has_any": ["docker"]}})
    companies = frame(web_technologies=["docker;jira"] * 30 + ["slack"] * 60 + ["sap"] * 9 + [None])
    matrix = trait_matrix(candidates(asked, companies), companies, asked, context(asked))
    asks = words(matrix.traits)
    assert sum(ask in asks for ask in ("web technologies has docker", "web technologies has jira")) == 1
    assert "web technologies has sap" not in asks
    assert set(matrix.verdicts[-1]) <= {-1, 0}


@pytest.mark.parametrize("rest_wins", [False, True])
def test_a_wider_place_stays_only_where_the_rest_of_it_wins_too(*, rest_wins: bool) -> None:
    asked = profile(place={"match": {"region": "DE"}})
    countries = ["Germany"] * 100 + ["Austria"] * 100 + ["Spain"] * 200
    absent = dict.fromkeys(("hs_country_code", "state", "hs_state_code", "city"), [None] * 400)
    companies = frame(country=countries, **absent)
    matrix = trait_matrix(candidates(asked, companies), companies, asked, context(asked))
    shares = {"Germany": 8, "Austria": 7 if rest_wins else 2, "Spain": 2}
    won = pl.Series([n % 10 < shares[country] for n, country in enumerate(countries)]).to_numpy()
    quarters = pl.Series([0] * 400).to_numpy()
    statistic = trait_score_statistics(matrix.verdicts, won, quarters)
    winning = [place for place in range(len(matrix.traits)) if statistic[place] > 0]
    kept = select_traits(matrix, statistic, winning, won, quarters)
    assert {matrix.traits[place].words for place in kept} == ({"lies in DACH"} if rest_wins else {"lies in Germany"})
