"""What was understood is written as canonical values, for lists and reports in HubSpot."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from icp_sync.plan.builder import build_plan
from icp_sync.plan.outputs import type_by_output
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import PlanInputs
from tests.plan.drawings import PROPERTY, TIER_1, frame_of, origin_of, profile_of, scored_of

SIZE = {"id": "employees", "weight": 1, "property": "numberofemployees", "match": {"at_least": 10}}
FIT = {"id": "fit", "weight": 1, "property": "industry", "match": {"known": True}}
READING = profile_of(
    criteria=[FIT, SIZE],
    write={"score": PROPERTY["score"], "understood": {"country": "icp_country", "employees": "icp_employees"}},
)


def after(country: str | None, employees: str | None, **live: str) -> dict[str, str]:
    """What is written to a company understood so, on whose record `live` stands by property."""
    understood = {"id": [1], "understood.country": [country], "understood.employees": [employees]}
    schema = {"id": pl.Int64, "understood.country": pl.String, "understood.employees": pl.String}
    scored = replace(scored_of(({}, TIER_1)), understood=pl.DataFrame(understood, schema=schema))
    companies = frame_of(READING, ({"score": "90"}, TIER_1)).with_columns(
        **{name: pl.lit(text) for name, text in live.items()}
    )
    given = PlanInputs(origin_of(READING), MissingObjects(), None, None)
    plan = build_plan(with_ownership(companies, READING, adopt=False), scored, READING, given).plan
    return {name: text for one in plan.iter_changes() for name, text in one.after.items()}


def test_a_value_is_written_once_understood() -> None:
    assert after("DE", "800") == {"icp_country": "DE", "icp_employees": "800"}


def test_what_stands_already_is_not_written_again() -> None:
    assert after("DE", "800", icp_country="DE", icp_employees="800.0") == {}


def test_what_is_no_longer_understood_is_cleared() -> None:
    assert after(None, None, icp_country="DE", icp_employees="") == {"icp_country": ""}


def test_a_number_is_kept_as_a_number_and_a_country_as_text() -> None:
    kinds = type_by_output(READING)
    assert (kinds["understood.employees"], kinds["understood.country"]) == ("number", "string")
