"""Shipped profiles work as they are."""

import datetime as dt

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_reads
from icp_sync.sandbox.data.generate_companies import generate_companies
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score

DAY = dt.date(2026, 11, 21)
LEFT_OPEN = {"s1-financial-services": {"placeholder"}}
"""Where the guide leaves a value open, it is marked and `--strict` refuses it until it is decided."""
WORKED: dict[str, dict[str, object]] = {
    "s0-ecp": {"employees": (1000, 3000), "industry": ("software", "it services"), "country": ("DE",)},
    "s0-icp": {
        "employees": (500, 10_000),
        "revenue": (10_000_000, 100_000_000),
        "industry": ("consulting", "it services", "manufacturing"),
        "city": ("Berlin", "Munich"),
        "country": ("DE",),
        "hyperscaler": ("hyperscaler",),
    },
    "s1-tech-startup": {
        "industry": ("software", "it services"),
        "country": ("US",),
        "hub": ("Silicon Valley", "San Francisco Bay Area"),
        "employees": (10, 50),
        "revenue": (1_000_000, 10_000_000),
        "stack": ("cloud", "devops", "agile", "saas", "api"),
    },
    "s1-manufacturing": {
        "industry": ("manufacturing",),
        "midwest": ("US Midwest",),
        "employees": (100, 500),
        "revenue": 50_000_000,
        "technology": ("industrial automation", "iot", "predictive maintenance", "cnc machinery"),
    },
    "s1-financial-services": {
        "centre": ("New York", "London", "Singapore"),
        "technology": ("blockchain", "ai", "cybersecurity", "cloud", "regulatory compliance"),
    },
    "s2-saas": {
        "industry": ("technology", "financial services", "education"),
        "age": (5, 6),
        "employees": 99,
        "stack": ("hubspot", "slack", "zoho"),
        "revenue": 10_000_000,
    },
}
"""What the guides' worked profiles say, criterion by criterion."""


@pytest.mark.parametrize("name", templates.template_names())
def test_a_template_loads_without_advice_and_passes_its_own_tests(name: str) -> None:
    loaded = parse_profile(templates.template_text(name), f"{name}.yaml")
    assert {warning.rule for warning in loaded.warnings} == LEFT_OPEN.get(name, set())
    assert loaded.profile.disqualifiers
    assert all(criterion.evidence and "laceholder" in criterion.evidence for criterion in loaded.profile.criteria)
    assert [case for case in run_profile_tests(loaded.profile, DAY) if not case.ok] == []
    assert len(loaded.profile.tests) >= 4


def test_the_guides_six_profiles_are_shipped() -> None:
    assert set(templates.template_names()) == set(WORKED)


@pytest.mark.parametrize("name", WORKED)
def test_a_template_asks_what_its_guide_says(name: str) -> None:
    profile = parse_profile(templates.template_text(name), f"{name}.yaml").profile
    arguments = {
        criterion.id: criterion.match.argument for criterion in profile.criteria if not criterion.match.operands
    }
    assert {key: arguments[key] for key in WORKED[name]} == WORKED[name]


def test_the_upper_east_side_is_its_zip_codes() -> None:
    profile = parse_profile(templates.template_text("s2-saas"), "s2-saas.yaml").profile
    (place,) = [criterion for criterion in profile.criteria if criterion.id == "place"]
    asked = [leaf.argument for leaf in place.match.leaves()]
    assert asked == [("US-NJ",), ("US-NY",), ("10021", "10028", "10065", "10075", "10128")]


def test_a_technology_budget_is_derived_from_the_revenue() -> None:
    profile = parse_profile(templates.template_text("s1-tech-startup"), "s1-tech-startup.yaml").profile
    assert profile.derive == {"tech_budget": "annualrevenue * 0.10"}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("s0-icp", {"stage", "departments", "working_environment", "language", "trends", "competitor"}),
        ("s1-tech-startup", {"pains", "goals", "buying", "competitor"}),
        ("s1-manufacturing", {"pains", "buying", "equipment", "competitor"}),
        ("s1-financial-services", {"pains", "buying", "technology_budget", "competitor"}),
        ("s2-saas", {"model", "funding", "budget", "investment", "workflow", "competitor"}),
    ],
)
def test_what_is_commented_out_loads_once_the_comment_is_taken_away(name: str, ids: set[str]) -> None:
    text = templates.template_text(name)
    uncommented = "\n".join(line.replace("  # ", "  ", 1) if _is_rule(line) else line for line in text.splitlines())
    profile = parse_profile(uncommented, f"{name}.yaml").profile
    assert ids <= {question.id for question in (*profile.criteria, *profile.disqualifiers)}


def _is_rule(line: str) -> bool:
    return line.startswith(("  # - id:", "  #   "))


def test_the_guides_profile_leaves_a_healthy_funnel_on_a_generated_portal() -> None:
    profile = parse_profile(templates.template_text("s0-icp"), "s0-icp.yaml").profile
    names = sorted({name for read in property_reads(profile) for name in read.alternatives})
    portal = SandboxPortal(clock=lambda: 1_790_000_000)
    generate_companies(portal, 5_000)
    companies = portal.companies_frame(*names)
    scored = score(
        company_frame(companies["id"].to_list(), companies.drop("id").to_dict(as_series=False)),
        compile_profile(profile, DAY),
    ).frame
    counts = dict(scored.group_by(pl.coalesce("tier", "outcome")).len().iter_rows())
    assert 0 < counts["tier_1"] < 0.05 * scored.height
    assert all(counts[name] > 20 for name in ("tier_2", "tier_3", "disqualified", "not_icp", "insufficient_data"))
