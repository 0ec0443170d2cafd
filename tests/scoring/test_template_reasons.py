"""What the shipped templates say of their own test companies, to be read aloud."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.companies.frame import company_frame, with_missing_columns
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_reads
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score

DAY = dt.date(2026, 11, 21)
SAID = [
    (
        "s0-ecp",
        "a smaller software company comes second",
        ("Tier 2 (82.5): software or IT services, Germany. Partly: 500–999 employees (ideal: 1,000–3,000 employees)."),
    ),
    (
        "s0-ecp",
        "the right size in Austria is for the ICP, later",
        ("Not ECP (70): Germany is required and missed. Fits: 1,000–3,000 employees, software or IT services."),
    ),
    (
        "s0-icp",
        "a strong company in Austria is a near miss on geography",
        (
            "Tier 1 (89): 500–10,000 employees; two or more tools we connect to; consulting or manufacturing; "
            "€10–100M revenue; Google Cloud, AWS or Azure in use. Partly: Austria or Switzerland (ideal: "
            "Germany). Missed: office in Berlin or Munich."
        ),
    ),
    (
        "s0-icp",
        "too little is known to say",
        (
            "Not decided (20): a tier takes 45 points, up to 100 are possible. Fits: Germany. Not known: "
            "500–10,000 employees (+20); two or more tools we connect to (+20); consulting or manufacturing "
            "(+15); €10–100M revenue (+10); Google Cloud, AWS or Azure in use (+10); office in Berlin or Munich "
            "(+5); together they would make it tier 1."
        ),
    ),
    (
        "s0-icp",
        "a partner is never a target",
        (
            "Ruled out: a partner, reseller or vendor, not a customer. Fits: Germany; 500–10,000 employees; "
            "consulting or manufacturing. Not known: two or more tools we connect to (+20); €10–100M revenue "
            "(+10); Google Cloud, AWS or Azure in use (+10); office in Berlin or Munich (+5)."
        ),
    ),
    (
        "s1-financial-services",
        "an insurer in Singapore",
        (
            "Tier 2 (77.5): New York, London or Singapore; at least 1,000 employees; over $1bn revenue. Partly: "
            "elsewhere in finance (ideal: banking or investment); one of these technologies (ideal: two or more "
            "of blockchain, AI, security, cloud and compliance)."
        ),
    ),
    (
        "s1-financial-services",
        "nothing but a country",
        (
            "Not decided (0): banking or investment is required and not known. Not known: New York, London or "
            "Singapore (+25); at least 1,000 employees (+20); two or more of blockchain, AI, security, cloud and "
            "compliance (+20); over $1bn revenue (+10)."
        ),
    ),
    (
        "s1-manufacturing",
        "the same in Texas is a near miss",
        (
            "Tier 2 (68): manufacturing or industrial engineering, 100–500 employees, over $50M revenue. Partly: "
            "elsewhere in the United States (ideal: Midwest location). Not known: two or more plant automation "
            "technologies, +15 would make it tier 1. Missed: near a hub of car or heavy machinery making."
        ),
    ),
    (
        "s1-manufacturing",
        "outside the market, however good the rest",
        (
            "Not ICP (60): Midwest location is required and missed. Fits: manufacturing or industrial "
            "engineering, 100–500 employees, over $50M revenue. Not known: two or more plant automation "
            "technologies (+15). Missed: near a hub of car or heavy machinery making."
        ),
    ),
    (
        "s1-tech-startup",
        "one in Austin, another hub",
        (
            "Tier 1 (96): software or IT services; 10–50 employees; two or more of cloud, DevOps, agile, SaaS and"
            " API tools; United States; $1–10M revenue; at least $100,000 a year for technology. Partly: another "
            "tech hub (ideal: Silicon Valley or San Francisco)."
        ),
    ),
    (
        "s1-tech-startup",
        "a larger one away from the hubs",
        (
            "Tier 2 (70): software or IT services; United States; $1–10M revenue; at least $100,000 a year for "
            "technology. Partly: 51–100 employees (ideal: 10–50 employees); one of these kinds of tools (ideal: "
            "two or more of cloud, DevOps, agile, SaaS and API tools). Missed: Silicon Valley or San Francisco."
        ),
    ),
    (
        "s2-saas",
        "one in New Jersey",
        (
            "Tier 2 (79.5): technology, finance or education; New Jersey or New York's Upper East Side; fewer "
            "than 100 employees. Partly: one of HubSpot, Slack and Zoho (ideal: two or more of HubSpot, Slack and"
            " Zoho); $1–10M ARR (ideal: $10M ARR); three to ten years old (ideal: five to six years old)."
        ),
    ),
    (
        "s2-saas",
        "outside the market, however good the rest",
        (
            "Not ICP (50): New Jersey or New York's Upper East Side is required and missed. Fits: technology, "
            "finance or education; fewer than 100 employees; $10M ARR. Not known: two or more of HubSpot, Slack "
            "and Zoho (+20); five to six years old (+10)."
        ),
    ),
]


@pytest.mark.parametrize(("template", "company", "sentence"), SAID)
def test_a_template_says_of_its_own_test_company(template: str, company: str, sentence: str) -> None:
    profile = parse_profile(templates.template_text(template), f"{template}.yaml").profile
    (case,) = [one for one in profile.tests if one.name == company]
    texts = {name: [text] for name, text in case.company.items()}
    read = [name for one in property_reads(profile) for name in one.alternatives]

    scored = score(with_missing_columns(company_frame([1], texts), read), compile_profile(profile, case.as_of or DAY))

    assert scored.frame["reasons"].item() == sentence
