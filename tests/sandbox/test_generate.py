"""A generated portal: the same every time, sparse, messy, with fitting companies among many undecided."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.standard_properties import standard_definitions

CLUSTERS = (
    "MACHINERY", "INDUSTRIAL_AUTOMATION", "ELECTRICAL_ELECTRONIC_MANUFACTURING", "COMPUTER_SOFTWARE",
    "AUTOMOTIVE",
    "MECHANICAL_OR_INDUSTRIAL_ENGINEERING", "CHEMICALS", "INFORMATION_TECHNOLOGY_AND_SERVICES", "INTERNET",
)  # fmt: skip
STACK = ["jira", "confluence", "bitbucket", "postman", "prometheus", "compass"]


def generated(companies: int, seed: int = 1) -> SandboxPortal:
    portal = SandboxPortal(clock=lambda: 1_790_000_000)
    generate_companies(portal, companies, seed)
    return portal


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    portal = generated(2000)
    return portal.companies_frame(*(definition.name for definition in standard_definitions()))


def test_there_are_as_many_live_companies_as_asked_for(frame: pl.DataFrame) -> None:
    assert len(frame) == 2000
    assert [len(generated(companies).companies_frame()) for companies in (0, 1, 100)] == [0, 1, 100]


def test_the_same_seed_makes_the_same_portal(frame: pl.DataFrame) -> None:
    assert generated(2000).companies_frame(*frame.columns[1:]).equals(frame)
    assert not generated(2000, seed=2).companies_frame(*frame.columns[1:]).equals(frame)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("country", 0.8, 0.95),
        ("numberofemployees", 0.7, 0.8),
        ("annualrevenue", 0.5, 0.6),
        ("industry", 0.8, 0.9),
        ("web_technologies", 0.25, 0.4),
        ("hubspot_owner_id", 0.5, 0.7),
    ],
)
def test_a_property_is_filled_for_a_share_of_companies(frame: pl.DataFrame, name: str, low: float, high: float) -> None:
    assert low < 1 - frame[name].null_count() / len(frame) < high


def test_some_companies_fit_nearly_perfectly_and_most_do_not(frame: pl.DataFrame) -> None:
    tools = pl.col("web_technologies").str.split(";").list.set_intersection(STACK).list.len()
    fitting = frame.filter(
        pl.col("numberofemployees").cast(pl.Int64).is_between(500, 10_000),
        pl.col("annualrevenue").cast(pl.Float64).is_between(1e7, 1e8),
        pl.col("industry").is_in(CLUSTERS),
        pl.col("country").str.contains("(?i)german|deutsch|^DE$|austria|sterreich|^AT$|^CH$|swit|schw|suisse"),
        tools >= 2,
    )
    assert 20 <= len(fitting) <= 100


def test_countries_are_spelled_in_many_ways(frame: pl.DataFrame) -> None:
    assert {"Germany", "Deutschland", "DE", "GERMANY", "U.S.A.", "NA", "N/A"} <= set(frame["country"])


def test_names_hold_what_breaks_spreadsheets_and_terminals(frame: pl.DataFrame) -> None:
    names = frame["name"].drop_nulls()
    assert names.str.contains("^[=@+-]").any()
    assert names.str.contains("ü").any()
    assert frame["domain"].drop_nulls().is_duplicated().any()


def test_some_companies_were_merged_away_or_archived() -> None:
    portal = generated(2000)
    assert (len(portal.records.merged_into), len(portal.records.archived_at)) == (20, 20)
    assert portal.companies_frame("hs_merged_object_ids")["hs_merged_object_ids"].count() == 20
