"""A plan as a table that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import polars as pl
import pytest

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_explanation import WHY, Piece, Why, why_to_row
from icp_sync.views.plan_csv import plan_csv
from tests.plan.drawings import BLANK, NO_TIER, OUTSIDE, TIER_1, TIER_2, drawn, profile_of, settled, verdict

OURS = settled(TIER_2)
DRAWING = drawn((BLANK, TIER_1), (OURS, NO_TIER), (OURS, TIER_2), (OURS, OUTSIDE), ({"tier": "tier_3"}, TIER_1))


def table(drawing: PlanPreview) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(plan_csv(drawing, "app-eu1.hubspot.com"))))


def named(**texts: str) -> PlanPreview:
    """A plan whose one company has these texts."""
    drawing = drawn((BLANK, TIER_1))
    return replace(drawing, diff=drawing.diff.with_columns(pl.lit(text).alias(name) for name, text in texts.items()))


def test_one_row_for_each_company_that_changes() -> None:
    rows = [(row["id"], row["cause"], row["tier_before"], row["tier_after"]) for row in table(DRAWING)]
    assert rows == [
        ("1", "first", "", "tier_1"),
        ("5", "first", "tier_3", "tier_3"),
        ("2", "data", "tier_2", ""),
        ("4", "left_scope", "tier_2", ""),
    ]
    assert [row["foreign"] for row in table(DRAWING)] == ["", "yes", "", ""]


def test_everything_a_reviewer_looks_for() -> None:
    (row,) = table(named(name="Alpha", domain="alpha.de", hubspot_owner_id="12"))
    assert row == {
        "id": "1",
        "name": "Alpha",
        "domain": "alpha.de",
        "link": "https://app-eu1.hubspot.com/contacts/4242/record/0-2/1",
        "industry": "",
        "country": "",
        "employees": "",
        "owner": "12",
        "cause": "first",
        "why": "",
        "tier_before": "",
        "tier_after": "tier_1",
        "score_before": "",
        "score_after": "90.0",
        "outcome_before": "",
        "outcome_after": "tiered",
        "foreign": "",
        "reasons": "fits",
        "points.fit": "100.0",
    }


def test_the_record_s_industry_country_and_size_stand_beside_it() -> None:
    read = {
        "industry": ["=CMD()"], "hs_country_code": [""], "country": ["Österreich"], "hs_employee_range": ["51-200"],
    }  # fmt: skip
    (row,) = table(drawn((BLANK, TIER_1), extra=read))
    assert (row["industry"], row["country"], row["employees"]) == ("'=CMD()", "Österreich", "51-200")


@pytest.mark.parametrize(("credit", "points"), [(1.0, "100.0"), (0.125, "12.5"), (0.0, "0.0"), (None, "")])
def test_the_parts_of_the_score_are_points_and_empty_where_unknown(credit: float | None, points: str) -> None:
    (row,) = table(drawn((BLANK, verdict(fit=credit))))
    assert row["points.fit"] == points


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0=", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("column", ["name", "domain"])
def test_text_a_spreadsheet_would_run_is_led_by_an_apostrophe(column: str, start: str) -> None:
    dangerous = f'{start}cmd|" /C calc"!A0'
    (row,) = table(named(**{column: dangerous}))
    assert row[column] == "'" + dangerous


def test_what_a_terminal_would_obey_is_left_out() -> None:
    (row,) = table(named(name="\x1b[31mAlpha\x00 \u202eeno\u2066"))
    assert row["name"] == "[31mAlpha eno"


def test_so_are_reasons_and_tiers_that_are_not_ours() -> None:
    (row,) = table(drawn(({"tier": "=1+1"}, verdict(reasons="+fits"))))
    assert (row["tier_before"], row["tier_after"], row["reasons"]) == ("'=1+1", "'=1+1", "'+fits")


@pytest.mark.parametrize("name", ["Alpha", "3M", "a=b", "A-Z, Inc.", 'the "Best"', "two\nlines", "Ünïted 株式会社", ""])
def test_harmless_text_stays_as_it_is(name: str) -> None:
    assert table(named(name=name))[0]["name"] == name


def test_a_profile_that_writes_no_tier_shows_the_one_it_found() -> None:
    (row,) = table(drawn((BLANK, TIER_1), profile=profile_of("reasons")))
    assert (row["tier_before"], row["tier_after"], row["score_after"]) == ("", "tier_1", "90.0")


def test_a_plan_of_nothing_is_a_heading() -> None:
    assert table(drawn((OURS, TIER_2))) == []


def test_a_cause_worked_out_is_a_sentence_too() -> None:
    why = Why("data", 90.0, 70.0, (Piece("data", -20.0, "fit", "industry", "=CMD()", ""),))
    drawing = drawn((settled(TIER_1), TIER_2))
    changes = drawing.plan.changes.with_columns(why=pl.Series([why_to_row(why)], dtype=WHY))
    (row,) = table(replace(drawing, plan=replace(drawing.plan, changes=changes)))
    assert row["why"] == "Tier 1 → Tier 2: industry went from =CMD() to empty (−20.0)"


def test_a_sentence_a_spreadsheet_would_run_is_led_by_an_apostrophe() -> None:
    why = Why("data", 90.0, 90.0, (Piece("data", 0.0, "fit", "=cmd", "a", "b"),))
    drawing = drawn((settled(TIER_1), verdict(reasons="new")))
    changes = drawing.plan.changes.with_columns(why=pl.Series([why_to_row(why)], dtype=WHY))
    (row,) = table(replace(drawing, plan=replace(drawing.plan, changes=changes)))
    assert row["why"] == "'=cmd went from a to b"
