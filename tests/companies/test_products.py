"""An edition, a version or a bracket makes no other product; a vendor covers its products, a product no other."""

from __future__ import annotations

import pytest

from tests.scoring.profiles import credit_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Confluence Data Center", "confluence"),
        ("Confluence 8.5", "confluence"),
        ("Wiki: Confluence", "confluence"),
        ("Confluence (Atlassian)", "confluence"),
        ("GCP (Google Cloud Platform)", "google_cloud"),
        ("PostgreSQL 15", "postgresql"),
        ("Docker Enterprise Edition", "docker"),
        ("Microsoft SQL Server Express", "sql_server"),
        ("Word Press", "wordpress"),
        ("HubSpot Chat Widget", "hubspot"),
        ("Salesforce Einstein", "salesforce"),
        ("Acme Suite 2019", "acme_suite"),
        ("Acme Suite (Enterprise)", "acme_suite"),
        ("postman;Acme Suite v3.1", "acme_suite"),
    ],
)
def test_a_product_is_found_under_its_edition_version_or_bracket(text: str, name: str) -> None:
    assert credit_of({"has_any": [name]}, text) == 1.0
    assert credit_of({"has_none": [name]}, text) == 0.0


@pytest.mark.parametrize(
    ("vendor", "product"),
    [("sap", "SAP Business One"), ("salesforce", "salesforce_live_agent"), ("aws", "Amazon S3"), ("adobe", "Marketo")],
)
def test_a_vendor_covers_its_products_and_no_product_its_vendor(vendor: str, product: str) -> None:
    assert credit_of({"has_any": [vendor]}, product) == 1.0
    assert credit_of({"has_any": [product]}, vendor) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "Salesforce (former)", "Salesforce competitor", "Salesforce alternative", "Salesforce no longer",
        "Salesforce: no", "Salesforce - until 2022", "Salesforce = false", "Salesforce (ersetzt)", "Salesforce planned",
        "Salesforce (planned)", "Salesforce (nicht im Einsatz)", "Salesforce [removed 2023]",
    ],
)  # fmt: skip
def test_a_product_said_not_to_be_in_use_is_no_hit(text: str) -> None:
    assert credit_of({"has_any": ["salesforce"]}, text) == 0.0
    assert credit_of({"has_any": ["slack"]}, f"{text};Slack Enterprise") == 1.0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SAP Business One", "sap_s_4hana"),
        ("Jirafe", "jira"),
        ("Go Daddy", "go"),
        ("R Systems", "r"),
        ("React Native", "react"),
        ("Slack Alternative Tool X", "teams"),
        ("Windows Server 2019", "sql_server"),
    ],
)
def test_another_product_is_no_hit(text: str, name: str) -> None:
    assert credit_of({"has_any": [name]}, text) == 0.0
