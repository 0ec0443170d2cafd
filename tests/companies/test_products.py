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
    "text",
    [
        "Salesforce migration 2025", "Salesforce migration in progress", "Salesforce evaluation in progress",
        "Salesforce test phase", "Salesforce planning", "Migration to Salesforce", "Test – Salesforce",
    ],
)  # fmt: skip
def test_a_product_that_is_perhaps_only_tried_is_unknown(text: str) -> None:
    assert credit_of({"has_any": ["salesforce"]}, text) is None
    assert credit_of({"has_none": ["salesforce"]}, text) is None


NOT_YET = [
    "planned: Jira", "Planned: Slack, Jira", "Jira (in Planung)", "Jira (geplant ab Q3)", "Jira (coming soon)",
    "bald Jira", "Jira (ohne Vertrag)", "Jira (arrêté)", "Jira (résilié)", "Jira (supprimé)", "Jira (bientôt)",
    "sans Jira", "Jira (eliminado)", "sin Jira", "Jira (próximamente)", "Jira (dismesso)", "senza Jira",
    "Jira (opgezegd)", "Jira (niet in gebruik)", "Jira (gepland)", "Jira (decommissioned)", "Slack/Jira (former)",
    "Jira (planning)", "Planning: Slack, Jira", "Jira – planning", "ex-Jira", "Jira (ex)", "Slack vs Jira",
]  # fmt: skip
PERHAPS = [
    "Jira test", "Jira: test", "Jira migration", "Jira (migration)", "test: Jira",
    "JIRA?", "Jira ?", "?Jira", "Jira (?)", "Jira (trial)", "Jira trial", "Trial: Slack, Jira", "Jira - evaluating",
    "Jira (maybe)", "Jira (tbc)", "Jira (unconfirmed)", "Jira (PoC)", "Jira (proof of concept)", "Jira (demo)",
    "interested in Jira", "Jira (wish list)", "Slack/Jira (trial)", "Jira & Slack?", '["Jira (trial)", "Slack"]',
    "Jira (Testversion)", "Jira (test)", "Jira - im Test", "Jira Testphase", "Jira (evtl.)", "vielleicht Jira",
    "Jira (vermutlich)", "Jira (in Prüfung)", "Jira in Evaluierung", "Jira (Pilot)", "Jira (unbestätigt)",
    "Jira (essai)", "Jira (peut-être)", "Jira (à confirmer)", "Jira (à l'étude)", "Jira (en cours d'évaluation)",
    "Jira (prueba)", "Jira (quizás)", "Jira (tal vez)", "Jira (en evaluación)", "Jira (por confirmar)",
    "Jira (forse)", "Jira (in prova)", "Jira (in valutazione)", "Jira (misschien)", "Jira (proefversie)",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Oracle Hyperion Planning", "oracle"),
        ("Oracle Planning and Budgeting Cloud", "oracle"),
        ("IBM Planning Analytics", "ibm"),
        ("SAP Integrated Business Planning", "sap"),
        ("AWS Migration Hub", "aws"),
        ("VS Code 1.80", "vs code"),
        ("Ex Libris 8", "ex libris"),
    ],
)
def test_a_word_that_is_part_of_a_product_s_name_says_nothing_of_its_use(text: str, name: str) -> None:
    assert credit_of({"has_any": [name]}, text) == 1.0
    assert credit_of({"has_none": [name]}, text) == 0.0


@pytest.mark.parametrize("text", NOT_YET)
def test_a_product_not_yet_or_no_longer_in_use_is_a_miss(text: str) -> None:
    assert credit_of({"has_any": ["jira"]}, text) == 0.0
    assert credit_of({"has_none": ["jira"]}, text) == 1.0


@pytest.mark.parametrize("text", PERHAPS)
def test_a_product_perhaps_in_use_is_unknown_and_keeps_nothing_else_from_an_answer(text: str) -> None:
    assert credit_of({"has_any": ["jira"]}, text) is None
    assert credit_of({"has_none": ["jira"]}, text) is None
    assert credit_of({"has_any": ["jira", "zoom"]}, f"{text};Zoom") == 1.0
    assert credit_of({"has_any": ["zoom"]}, text) == 0.0


@pytest.mark.parametrize(
    ("match", "text", "credit"),
    [
        ({"has_any": ["jira", "slack"], "at_least": 2}, "Jira;Slack?", None),
        ({"has_any": ["jira", "slack"], "at_least": 2}, "Jira?;Zoom", 0.0),
        ({"has_all": ["jira", "slack"]}, "Jira;Slack (trial)", None),
        ({"has_all": ["jira", "zoom"]}, "Jira?;Slack", 0.0),
        ({"has_any": ["jira"]}, "Jira;Jira (trial)", 1.0),
        ({"has_any": ["atlassian"]}, "Jira?", None),
        ({"has_any": ["acme_suite"]}, "Acme Suite (trial)", None),
        ({"has_any": ["testing"]}, "Testing", 1.0),
        ({"has_any": ["jira"]}, "Jira, Slack (trial)", 1.0),
    ],
)
def test_what_is_perhaps_in_use_decides_nothing(match: dict[str, object], text: str, credit: float | None) -> None:
    assert credit_of(match, text) == credit


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
