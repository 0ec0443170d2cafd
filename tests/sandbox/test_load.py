"""Companies from files and frames."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal, load_company_file


def test_a_csv_fills_the_properties_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text('name,numberofemployees,Size (raw),web_technologies\nAcme,800,large,jira;Abacus\nBolt,"1,2",,\n')
    portal = SandboxPortal()
    report = load_company_file(portal, path)
    assert (report.loaded, report.refused, report.created_properties) == (
        2,
        {"numberofemployees": 1},
        ["size_raw"],
    )
    assert report.created_options == {"web_technologies": 1}
    assert portal.companies_frame("name", "numberofemployees", "size_raw", "web_technologies").rows() == [
        (9_999_999_001, "Acme", "800", "large", "jira;Abacus"),
        (9_999_999_002, "Bolt", None, None, None),
    ]


def test_texts_of_a_file_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("annualrevenue,is_public\n80.0,true\n1.5E7,maybe\n")
    portal = SandboxPortal()
    assert load_company_file(portal, path).refused == {"is_public": 1}
    assert portal.companies_frame("annualrevenue", "is_public").rows() == [
        (9_999_999_001, "80.0", "true"),
        (9_999_999_002, "1.5E7", None),
    ]


def test_typed_columns_become_the_text_hubspot_shows(tmp_path: Path) -> None:
    path = tmp_path / "companies.parquet"
    frame = pl.DataFrame(
        {
            "numberofemployees": [800],
            "annualrevenue": [481_615_270.0],
            "is_public": [False],
            "closedate": [datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)],
            "web_technologies": [["jira", "slack"]],
        }
    )
    frame.write_parquet(path)
    portal = SandboxPortal()
    assert load_company_file(portal, path).refused == {}
    assert portal.companies_frame(*frame.columns).row(0)[1:] == (
        "800", "481615270", "false", "2026-09-21T14:13:20Z", "jira;slack",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("companies.xlsx", "", r"give a \.csv or \.parquet file"),
        ("companies.csv", "Name,name\na,b\n", "several columns are called name"),
    ],
)
def test_a_file_that_cannot_be_loaded_says_why(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        load_company_file(SandboxPortal(), path)


def test_a_frame_may_set_ids_and_moments() -> None:
    portal = SandboxPortal(clock=lambda: 1_790_000_000)
    portal.add_companies(
        pl.DataFrame({"id": [7], "name": ["Acme"], "createdate": ["2020-01-01"], "hs_merged_object_ids": ["5;6"]})
    )
    company = portal.company(7)
    assert (company["createdate"], company["hs_lastmodifieddate"]) == ("2020-01-01T00:00:00Z",) * 2
    assert company["hs_merged_object_ids"] == "5;6"


def test_an_id_is_given_once() -> None:
    portal = SandboxPortal()
    portal.add_companies(pl.DataFrame({"id": [7]}))
    with pytest.raises(ValueError, match="distinct, and new"):
        portal.add_companies(pl.DataFrame({"id": [7]}))


def test_what_another_user_types_is_checked_too() -> None:
    portal = SandboxPortal()
    record_id = portal.create_company({"name": "Acme"})
    with pytest.raises(ValueError, match="few was not a valid long"):
        portal.edit_company(record_id, {"numberofemployees": "few"})
    with pytest.raises(LookupError, match="no live company 5"):
        portal.edit_company(5, {"name": "x"})
