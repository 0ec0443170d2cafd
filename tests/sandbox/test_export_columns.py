"""HubSpot's own company export, in English, as the portal it came from holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.sandbox import LoadReport, SandboxPortal, load_company_file

EXPORT = Path(__file__).parent / "data" / "export.csv"
"""Twenty companies with the columns HubSpot writes by default, two of people's own, and associations."""


@pytest.fixture(scope="module")
def trial() -> tuple[SandboxPortal, LoadReport]:
    portal = SandboxPortal()
    return portal, load_company_file(portal, EXPORT)


def loaded(folder: Path, text: str, **mapped: str) -> tuple[SandboxPortal, LoadReport]:
    path = folder / "export.csv"
    path.write_bytes(text.encode())
    portal = SandboxPortal()
    return portal, load_company_file(portal, path, {header.replace("_", " "): name for header, name in mapped.items()})


def test_labels_become_the_names_and_values_of_the_api(trial: tuple[SandboxPortal, LoadReport]) -> None:
    company = trial[0].company(200000000001)
    del company["hs_object_id"], company["linkedin_company_page"], company["website"]
    assert company == {
        "name": "Müller Maschinenbau GmbH", "domain": "mueller-mb.de", "industry": "MACHINERY",
        "numberofemployees": "820", "annualrevenue": "125000000", "country": "Germany", "state": "Bayern",
        "city": "München", "zip": "80331", "hubspot_owner_id": "77000113", "lifecyclestage": "lead",
        "createdate": "2024-02-01T09:30:00Z", "hs_lastmodifieddate": "2026-05-01T10:00:00Z",
        "hs_createdate": "2024-02-01T09:30:00Z", "phone": "+49 89 1234", "web_technologies": "jira;postman;prometheus",
        "description": "Maschinenbau, mit Zeilen\numbruch", "type": "PROSPECT", "hs_lead_status": "NEW",
        "is_public": "false", "founded_year": "1987", "timezone": "Europe/Berlin", "address": "Marienplatz 1",
        "fit_notes": "sehr gut", "erp_system": "SAP S/4HANA",
    }  # fmt: skip


def test_whose_label_nobody_knows_is_named_and_kept_as_text(trial: tuple[SandboxPortal, LoadReport]) -> None:
    report = trial[1]
    assert (report.loaded, report.refused) == (20, {})
    assert report.unknown == ("Fit notes", "ERP System")
    assert report.left_out == ("Associated Contact", "Associated Contact IDs")
    assert report.created_properties == ["fit_notes", "erp_system"]
    assert report.columns["Country/Region"] == "country"


def test_owners_are_who_the_file_names(trial: tuple[SandboxPortal, LoadReport]) -> None:
    portal = trial[0]
    names = {owner.id: f"{owner.first_name} {owner.last_name}" for owner in portal.owners}
    owners = portal.companies_frame("hubspot_owner_id")["hubspot_owner_id"].unique().drop_nulls()
    assert {names[int(owner)] for owner in owners} == {"Sam Sales", "Kim Key", "Someone Else"}


@pytest.mark.parametrize(
    ("header", "text", "name", "kept"),
    [
        ("Industry", "Wine & Spirits", "industry", "WINE_AND_SPIRITS"),
        ("Industry", "COMPUTER_SOFTWARE", "industry", "COMPUTER_SOFTWARE"),
        ("Industry", "Zorg herding", "industry", "Zorg herding"),
        ("INDUSTRY", "Airlines/Aviation", "industry", "AIRLINES_AVIATION"),
        ("Lead Status", "Attempted to Contact", "hs_lead_status", "ATTEMPTED_TO_CONTACT"),
        ("Ideal Customer Profile Tier", "Tier 1", "hs_ideal_customer_profile", "tier_1"),
        ("Is Public", "Yes", "is_public", "true"),
        ("Is Public", "FALSE", "is_public", "false"),
        ("Close Date", "2026-03-01 14:05", "closedate", "2026-03-01T14:05:00Z"),
        ("Last Contacted", "2026-03-01 14:05", "notes_last_contacted", "2026-03-01 14:05"),
        ("Company owner", "77000101", "hubspot_owner_id", "77000101"),
        ("Company owner", "Anna Becker", "hubspot_owner_id", "77000101"),
        ("Company owner", "anna.becker@example.com", "hubspot_owner_id", "77000101"),
        ("Company owner", "1234", "hubspot_owner_id", "1234"),
        ("Web Technologies", "Jira; Zorgblatt ;jira", "web_technologies", "jira;Zorgblatt"),
        ("Company Keywords", "Industrial iot", "hs_keywords", "industrial_iot"),
        ("Merged record IDs", "5;6", "hs_merged_object_ids", "5;6"),
        ("numberofemployees", "12", "numberofemployees", "12"),
        ("製造", "はい", "column", "はい"),
    ],
)
def test_a_value_is_kept_as_the_api_would_give_it(tmp_path: Path, header: str, text: str, name: str, kept: str) -> None:
    portal, report = loaded(tmp_path, f"Company name,{header}\nAcme,{text}\n")
    filled = report.columns[header]
    assert filled.startswith(name)
    assert portal.companies_frame(filled)[filled].to_list() == [kept]


def test_rows_with_nothing_in_them_are_no_companies(tmp_path: Path) -> None:
    portal, report = loaded(tmp_path, "Record ID,Company name\n7,A\n\n,\n  , \n8,B\n")
    assert (report.loaded, portal.companies_frame("name")["name"].to_list()) == (2, ["A", "B"])


def test_a_column_goes_where_it_is_mapped(tmp_path: Path) -> None:
    portal, report = loaded(tmp_path, "Record ID,Our size,Notes\n7,12,x\n", Our_size="numberofemployees", Notes="")
    assert portal.company(7)["numberofemployees"] == "12"
    assert (report.unknown, report.left_out) == ((), ("Notes",))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffRecord ID,Company name\r\n7,Acme\r\n",
        "Record ID;Company name\n7;Acme\n",
        '"Record ID"\t"Company, name"\n7\tAcme\n',
    ],
)
def test_a_spreadsheet_may_have_saved_it_its_own_way(tmp_path: Path, text: str) -> None:
    portal, report = loaded(tmp_path, text)
    assert [header for header, name in report.columns.items() if name == "hs_object_id"] == ["Record ID"]
    assert len(portal.company(7)) > 2


@pytest.mark.parametrize(
    ("text", "mapped", "message"),
    [
        ("Record ID,Company name\n2.0E+11,Acme\n", {}, r"'2.0E\+11' is none; where a spreadsheet has shortened"),
        ("Record ID,Company name\n,Acme\n", {}, "whole number for every company, and 'nothing' is none"),
        ("Record ID,Company name\n7,Acme\n7,Bolt\n", {}, "distinct, and new to the portal"),
        ("Company name,name\nAcme,Bolt\n", {}, r"several columns are called name \('Company name', 'name'\)"),
        ("Company name\nAcme\n", {"Size": "numberofemployees"}, "no column is called Size; there are Company name"),
        ("", {}, "no csv file that can be read"),
        ("a,b\n1,2,3\n", {}, "no csv file that can be read"),
    ],
)
def test_what_cannot_be_loaded_is_said(tmp_path: Path, text: str, mapped: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        loaded(tmp_path, text, **mapped)


def test_a_file_of_another_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("Company name\nMüller\n".encode("latin-1"))
    with pytest.raises(ValueError, match="a CSV has to be UTF-8"):
        load_company_file(SandboxPortal(), path)
