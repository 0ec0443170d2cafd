"""A test can be made to expect what comes out: "expect tier_2 from now on"."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.profile import templates
from icp_sync.profile.edits.apply import apply_edits
from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.edits.text import edit_text
from icp_sync.profile.findings import Path
from icp_sync.profile.load import load
from icp_sync.scoring.expectations import expect_as_scored
from icp_sync.scoring.profile_tests import run_profile_tests
from tests.marks import with_slow

DAY = dt.date(2026, 11, 29)


def test_a_test_that_fails_expects_what_it_got_and_only_what_it_names() -> None:
    loaded = load(templates.text("s0-icp"), "icp.yaml")
    edits: dict[Path, Value] = {("tiers", "tier_1", "enter"): 90, ("criteria", "city", "missing"): "miss"}
    results = run_profile_tests(apply_edits(loaded, edits), DAY)
    near, small = ("tests", loaded.profile.tests[1].name), ("tests", loaded.profile.tests[2].name)
    assert {path: value for path, value in expect_as_scored(results).items() if path[:2] in {near, small}} == {
        (*near, "expect", "tier"): "tier_2",
        (*small, "expect", "potential"): 65.0,
        (*small, "expect", "coverage"): 1.0,
        (*small, "expect", "credits", "city"): 0.0,
    }


@pytest.mark.parametrize("name", with_slow(["s0-icp"], [name for name in templates.names() if name != "s0-icp"]))
def test_the_tests_of_a_saved_what_if_pass_once_they_expect_what_comes_out(name: str) -> None:
    text = templates.text(name)
    loaded = load(text, name)
    edits: dict[Path, Value] = {("tiers", loaded.profile.tiers[0].tier, "enter"): 99, ("coverage", "minimum"): 0.9}
    edits[("criteria", loaded.profile.criteria[-1].id)] = None
    failing = run_profile_tests(apply_edits(loaded, edits), DAY)
    assert not all(result.ok for result in failing)
    saved = load(edit_text(text, edits | expect_as_scored(failing), name), name)
    assert all(result.ok for result in run_profile_tests(saved.profile, DAY))
