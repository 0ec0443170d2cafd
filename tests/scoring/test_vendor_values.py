"""Vendors' values in the company frame: a company scores as if they stood in HubSpot."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.plan.vendor_attribution import append_vendors_to_reasons
from icp_sync.profile.load import parse_profile
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.vendor_values import fill_from_vendors

DAY = dt.date(2026, 9, 30)
PROFILE = """
schema: 1
profile: {name: vendors, kind: icp, owner: tests, review_by: 2027-12-31}
criteria:
  - {id: country, label: Germany, trait: geography, weight: 40, match: {region: DE}, evidence: none}
  - {id: size, property: numberofemployees, weight: 40, match: {at_least: 100}, label: large, trait: size}
  - {id: tools, property: web_technologies, weight: 20, match: {has_any: [Jira]}, label: tools, trait: need}
tiers: [{tier: tier_1, enter: 60}]
write: {tier: icp_tier, score: icp_score}
enrichment:
  - {source: first, columns: {A: numberofemployees, B: country}, max_age_days: 90}
  - {source: second, columns: {A: numberofemployees, C: web_technologies}, mode: prefer}
"""
TEXTS = {
    "numberofemployees": st.sampled_from([None, "800", "20", "about many", "51-200", "1,200"]),
    "country": st.sampled_from([None, "Germany", "Atlantis", "FR"]),
    "web_technologies": st.sampled_from([None, "Jira", "Slack"]),
}
HELD_BY = {"first": ("numberofemployees", "country"), "second": ("numberofemployees", "web_technologies")}
ROWS = 30


def program(text: str = PROFILE) -> Program:
    return compile_profile(parse_profile(text.encode(), "icp.yaml").profile, DAY)


PROGRAM = program()
READABLE = {"800", "20", "51-200", "1,200", "Germany", "FR", "Jira", "Slack"}


@st.composite
def companies_and_files(draw: st.DrawFn) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    def texts(names: tuple[str, ...]) -> dict[str, list[str | None]]:
        return {name: draw(st.lists(TEXTS[name], min_size=ROWS, max_size=ROWS)) for name in names}

    ids = list(range(ROWS))
    own = pl.DataFrame({"id": ids, **texts(tuple(TEXTS))}, schema={"id": pl.Int64, **dict.fromkeys(TEXTS, pl.String)})
    own = own.with_columns(pl.lit(None, pl.String).alias(name) for name in ("hs_country_code", "hs_state_code", "state",
                                                                          "city", "zip"))  # fmt: skip
    files = {}
    for source, names in HELD_BY.items():
        ages = draw(st.lists(st.integers(0, 180), min_size=ROWS, max_size=ROWS))
        days = [DAY - dt.timedelta(days=age) for age in ages]
        rows = pl.DataFrame({"id": ids, "as_of": days, **texts(names)})
        files[source] = rows.with_columns(pl.col(name).cast(pl.String) for name in names)
    files["second"] = files["second"].with_columns(pl.lit("20").alias("older:numberofemployees"))
    return own, files


def by_hand(own: pl.DataFrame, files: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The frame as if the values that should count stood in HubSpot, company by company."""
    rows = own.to_dicts()
    for source, names in HELD_BY.items():
        for row, given_by in zip(rows, files[source].to_dicts(), strict=True):
            if source == "first" and (DAY - given_by["as_of"]).days > 90:
                continue
            for name in names:
                preferred = source == "second" and name == "numberofemployees" and row[name] == "20"
                if given_by[name] in READABLE and (row[name] not in READABLE or preferred):
                    row[name] = given_by[name]
    return pl.DataFrame(rows, schema=own.schema)


@given(companies_and_files())
def test_a_company_scores_as_if_the_values_that_count_stood_in_hubspot(
    drawn: tuple[pl.DataFrame, dict[str, pl.DataFrame]],
) -> None:
    own, files = drawn
    filled = fill_from_vendors(own, files, PROGRAM)
    expected = by_hand(own, files)
    assert filled.companies.select(expected.columns).equals(expected)
    assert score(filled.companies, PROGRAM).frame.equals(score(expected, PROGRAM).frame)
    changed = {(row["id"], row["property"]): row["was"] for row in filled.counted.to_dicts()}
    assert all(own.filter(id=company)[name].item() == was for (company, name), was in changed.items() if was != "20")


def test_what_is_too_old_is_counted_and_unknown() -> None:
    own = by_hand(*_one_empty_company())
    old = {"first": pl.DataFrame({"id": [0], "as_of": [DAY - dt.timedelta(days=91)], "numberofemployees": ["800"]})}
    filled = fill_from_vendors(own, old, PROGRAM)
    assert filled.expired == {"first": 1}
    assert filled.counted.is_empty()
    assert score(filled.companies, PROGRAM).frame["credit.size"].to_list() == [None]
    assert fill_from_vendors(own, old, PROGRAM, DAY - dt.timedelta(days=1)).counted.height == 1


def _one_empty_company() -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    places = ("hs_country_code", "hs_state_code", "state", "city", "zip")
    empty = pl.DataFrame({"id": [0]}).with_columns(pl.lit(None, pl.String).alias(name) for name in (*TEXTS, *places))
    no_rows = pl.DataFrame(schema={"id": pl.Int64, "as_of": pl.Date, **dict.fromkeys(TEXTS, pl.String)})
    return empty, {source: no_rows.clear(1).with_columns(as_of=pl.lit(DAY)) for source in HELD_BY}


def test_what_a_vendors_value_is_written_as() -> None:
    written = program(PROFILE.replace("score: icp_score", "score: icp_score, enriched: {numberofemployees: icp_size}"))
    own, _ = _one_empty_company()
    rows = {"first": pl.DataFrame({"id": [0], "as_of": [DAY], "numberofemployees": ["800"]})}
    filled = fill_from_vendors(own, rows, written)
    assert score(filled.companies, written).understood.row(0) == (0, "800")
    assert score(own, written).understood.row(0) == (0, None), "a profile's own tests have no vendor"


ALTERNATIVES = PROFILE.replace("property: numberofemployees", "properties: [staff, numberofemployees]")


def reasons_end(profile: str, own: pl.DataFrame, files: dict[str, pl.DataFrame]) -> list[str | None]:
    """What in brackets the reasons of each company end with."""
    asked = program(profile)
    filled = fill_from_vendors(own, files, asked)
    frame = append_vendors_to_reasons(score(filled.companies, asked).frame, filled.consulted)
    return frame["reasons"].str.extract(r"\((first, .*)\)$").to_list()


def own_texts(**texts: list[str | None]) -> pl.DataFrame:
    """Two companies with these texts, and nothing else."""
    names = ("staff", *TEXTS, "hs_country_code", "hs_state_code", "state", "city", "zip")
    empty: dict[str, list[str | None]] = {name: [None, None] for name in names}
    return pl.DataFrame({"id": [0, 1], **(empty | texts)}, {"id": pl.Int64, **dict.fromkeys(names, pl.String)})


def first(**texts: list[str | None]) -> dict[str, pl.DataFrame]:
    rows = {"id": [0, 1], "as_of": [DAY, DAY], "numberofemployees": [None, None], "country": [None, None], **texts}
    frame = pl.DataFrame(rows)
    return {"first": frame.with_columns(pl.col("numberofemployees", "country").cast(pl.String))}


def test_a_vendor_is_named_only_where_no_alternative_before_its_value_answered() -> None:
    own, files = own_texts(staff=["500", None]), first(numberofemployees=["800", "800"])
    assert reasons_end(ALTERNATIVES, own, files) == [None, "first, Sep 2026"]


def test_an_alternative_nobody_can_read_has_not_answered() -> None:
    own, files = own_texts(staff=["about many", None]), first(numberofemployees=["800", "800"])
    assert reasons_end(ALTERNATIVES, own, files) == ["first, Sep 2026"] * 2


def test_another_question_that_reads_the_value_by_itself_names_its_vendor() -> None:
    more = "  - {id: many, property: numberofemployees, weight: 1, match: {at_least: 10}, trait: size}\n"
    asked = ALTERNATIVES.replace("tiers:", f"{more}tiers:")
    own, files = own_texts(staff=["500", None]), first(numberofemployees=["800", "800"])
    assert reasons_end(asked, own, files) == ["first, Sep 2026"] * 2


def test_of_a_place_too_the_first_that_can_be_read_answers() -> None:
    own, files = own_texts(hs_country_code=["DE", None]), first(country=["Germany", "Germany"])
    assert reasons_end(PROFILE, own, files) == [None, "first, Sep 2026"]


@pytest.mark.parametrize("empty", [None, "N/A", "unknown", "-"])
@pytest.mark.parametrize("match", ["property: city, match: {known: true}", "match: {city: Berlin}"])
def test_an_empty_word_is_filled_and_fills_nothing_also_where_no_value_is_read(match: str, empty: str | None) -> None:
    asked = PROFILE.replace("match: {region: DE}", match).replace("B: country", "B: city")
    own, files = own_texts(city=[empty, "Bonn"]), first(city=["Berlin", "N/A"])
    assert fill_from_vendors(own, files, program(asked)).companies["city"].to_list() == ["Berlin", "Bonn"]
    nothing = fill_from_vendors(own, first(city=["N/A", "-"]), program(asked))
    assert nothing.companies["city"].to_list() == [empty, "Bonn"]
