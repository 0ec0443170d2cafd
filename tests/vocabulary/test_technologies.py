"""Technologies: one canonical key for every spelling, and groups."""

from __future__ import annotations

import pytest

from icp_sync.catalogue.standard_properties import standard_properties
from icp_sync.vocabulary.aliases_and_groups import read_shipped_csv, split_members
from icp_sync.vocabulary.text_keys import text_key
from icp_sync.vocabulary.vocabulary import SHIPPED

SPELLINGS = {
    "node.js": "nodejs|Node.js|node_js|NODE JS|node",
    "jira": "Jira|JIRA|Gira|jira_software|Atlassian Jira",
    "aws": "aws|amazon_web_services|Amazon Web Services|Amazon AWS",
    "google cloud": "google_cloud|GCP|gcp|google_cloud_platform|Google Cloud",
    "azure": "azure|Microsoft Azure|ms_azure",
    "bitbucket pipelines": "Pipelines|Bitbucket Pipelines|bitbucket_pipelines",
    "postgresql": "postgres|PostgreSQL|psql",
    "sql server": "MSSQL|MS SQL|microsoft_sql_server",
    "salesforce": "salesforce|salesforce.com|SFDC",
    "stripe": "stripe|stripe.com",
    "adobe analytics": "omniture__adobe_analytics_|Adobe Analytics",
    "argo cd": "argo_cd|Argo CD|argocd",
    "ci cd": "CI/CD|cicd|continuous integration",
    "ai": "AI|ml|machine learning|Artificial Intelligence",
    "c": "C",
    "c++": "C++|cpp",
    "c#": "C#|csharp",
    ".net": ".NET|dotnet",
}
GROUPS = {
    "hyperscaler": "aws|gcp|azure",
    "Hyerscalers": "aws",
    "cloud computing": "aws|digitalocean|cloud",
    "devops tools": "jenkins|kubernetes|terraform|prometheus|devops",
    "crm": "hubspot|salesforce|pipedrive",
    "marketing automation": "marketo|pardot|hubspot",
    "saas solutions": "slack|salesforce|saas",
    "api integrations": "postman|api",
    "agile methodologies": "agile|scrum",
    "IoT sensors": "iot|siemens_mindsphere",
    "predictive maintenance software": "predictive maintenance|maximo",
    "industrial automation": "industrial automation|plc",
    "cnc machinery": "cnc|sinumerik",
    "blockchain": "hyperledger|blockchain",
    "AI-powered analytics": "ai powered analytics|datarobot",
    "cybersecurity": "crowdstrike|cyber security",
    "regulatory compliance software": "regtech|nice actimize",
    "observability": "grafana|datadog",
}


@pytest.mark.parametrize(
    ("spelling", "canonical"), [(one, key) for key, texts in SPELLINGS.items() for one in texts.split("|")]
)
def test_every_spelling_is_one_technology(spelling: str, canonical: str) -> None:
    assert SHIPPED.canonical_technology(text_key(spelling)) == canonical
    assert canonical in SHIPPED.covered_technology_keys(spelling)


@pytest.mark.parametrize(
    ("group", "member"), [(group, one) for group, texts in GROUPS.items() for one in texts.split("|")]
)
def test_a_group_holds_its_members_and_its_own_name(group: str, member: str) -> None:
    assert SHIPPED.canonical_technology(text_key(member)) in SHIPPED.covered_technology_keys(group)


def test_an_unknown_name_is_taken_literally() -> None:
    assert SHIPPED.covered_technology_keys("Acme_Suite") == {"acme suite"}


def test_every_canonical_name_is_its_own_spelling() -> None:
    aliases = SHIPPED.technologies.aliases

    assert {aliases[canonical] for canonical in set(aliases.values())} == set(aliases.values())


def test_no_spelling_in_the_tables_is_given_to_two_names() -> None:
    given: dict[str, set[str]] = {}
    for row in (*read_shipped_csv("technologies.csv"), *read_shipped_csv("technology_groups.csv")):
        for spelling in (row["name"], *split_members(row["aliases"])):
            given.setdefault(text_key(spelling), set()).add(text_key(row["name"]))

    assert {spelling: names for spelling, names in given.items() if len(names) > 1} == {}


def test_every_technology_the_sandbox_invents_is_known() -> None:
    values = next(list(known.options) for known in standard_properties() if known.name == "web_technologies")

    assert len(values) > 100
    assert [value for value in values if not SHIPPED.knows_technology(value)] == []
