"""Shipped profiles work as they are."""

import datetime as dt

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile import templates
from icp_sync.profile.loading import load
from icp_sync.profile.reads import reads
from icp_sync.sandbox.generating import generate
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.scoring.cases import run_cases
from icp_sync.scoring.score import score

DAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize("name", templates.names())
def test_a_template_loads_without_advice_and_passes_its_own_tests(name: str) -> None:
    loaded = load(templates.text(name), f"{name}.yaml")
    assert loaded.warnings == ()
    assert [case for case in run_cases(loaded.profile, DAY) if not case.ok] == []
    assert len(loaded.profile.tests) >= 4


def test_the_guides_profile_is_shipped() -> None:
    profile = load(templates.text("s0-icp"), "s0-icp.yaml").profile
    arguments = {criterion.id: criterion.match.argument for criterion in profile.criteria}
    assert arguments["employees"] == (500, 10_000)
    assert arguments["revenue"] == (10_000_000, 100_000_000)
    assert arguments["city"] == ("Berlin", "Munich", "München")
    assert arguments["country"] == ("DE",)


def test_what_is_commented_out_loads_once_the_comment_is_taken_away() -> None:
    text = templates.text("s0-icp")
    uncommented = "\n".join(line.replace("  # ", "  ", 1) if _is_rule(line) else line for line in text.splitlines())
    ids = {criterion.id for criterion in load(uncommented, "s0-icp.yaml").profile.criteria}
    assert {"stage", "departments", "working_environment", "language", "trends"} <= ids


def _is_rule(line: str) -> bool:
    return line.startswith(("  # - id:", "  #   "))


def test_the_guides_profile_leaves_a_healthy_funnel_on_a_generated_portal() -> None:
    profile = load(templates.text("s0-icp"), "s0-icp.yaml").profile
    names = sorted({name for read in reads(profile) for name in read.alternatives})
    portal = SandboxPortal(clock=lambda: 1_790_000_000)
    generate(portal, 5_000)
    companies = portal.companies(*names)
    found = score(
        company_frame(companies["id"].to_list(), companies.drop("id").to_dict(as_series=False)), profile, DAY
    ).frame
    counts = dict(found.group_by(pl.coalesce("tier", "outcome")).len().iter_rows())
    assert 0 < counts["tier_1"] < 0.05 * found.height
    assert all(counts[name] > 20 for name in ("tier_2", "tier_3", "disqualified", "not_icp", "insufficient_data"))
