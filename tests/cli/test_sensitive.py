"""Sensitive properties: read by a key with their scope, and otherwise an error that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.auth import EVERY_SCOPE
from tests.cli.conftest import PROFILES, Command
from tests.marks import with_slow

KINDS = ["sensitive", "highly_sensitive"]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The head count is sensitive in this portal, and the profile asks for it."""
    portal.add_property("head_count", "number", sensitivity=request.param)
    ids = portal.companies_frame()["id"].to_list()
    portal.edit_companies({one: {"head_count": "800"} for one in ids})
    path = tmp_path / "profile.yaml"
    path.write_text((PROFILES / "small.yaml").read_text().replace("numberofemployees", "head_count"))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(path))
    return str(request.param)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["plan", "run", "explain", "check", "doctor"])
def test_a_key_without_the_scope_is_told_which_it_lacks(
    icp_sync: Command, portal: SandboxPortal, kind: str, command: str
) -> None:
    arguments = {"explain": ["alpha.de"], "check": ["--portal"]}.get(command, [])
    ended = icp_sync(command, *arguments, "--json")
    scope = f"crm.objects.companies.{kind}.read"
    assert ended.code == 1
    if command == "doctor":
        (failed,) = [check for check in ended.document["checks"] if not check["ok"]]
        assert (failed["name"], failed["fix"]) == ("properties", f"add the scopes {scope} to the service key")
    else:
        error = ended.document["error"]
        assert (error["code"], error["details"]) == ("missing_scope", [scope])
        assert "head_count is a sensitive property" in error["message"]
    assert "icp_fit_score" not in portal.schema.definitions


@pytest.mark.slow
@pytest.mark.parametrize("version", with_slow(["v3"], ["2026-03", "2026-09"]))
@pytest.mark.parametrize("suffix", ["", ".v2"])
def test_a_key_with_the_scope_reads_it_like_any_other(
    icp_sync: Command,
    portal: SandboxPortal,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    suffix: str,
    version: str,
) -> None:
    portal.tokens["trusted"] = EVERY_SCOPE | {f"crm.objects.companies.{kind}.read{suffix}"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "trusted")
    monkeypatch.setenv("HUBSPOT_API_VERSION", version)
    assert icp_sync("run", "--json").document["tiers"]["tier_1"] == 2
    assert icp_sync("doctor").code == 0
    assert icp_sync("plan", "--exit-code").code == 0


def test_a_scope_taken_away_while_companies_are_read_ends_the_run(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    portal.tokens["trusted"] = EVERY_SCOPE | {f"crm.objects.companies.{kind}.read"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "trusted")

    def take_away(_: int, route: str, phase: str) -> None:
        if route == "POST /crm/lists/search" and phase == "after":
            portal.tokens["trusted"] = EVERY_SCOPE

    portal.add_call_hook(take_away)
    ended = icp_sync("run", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "missing_scope")


def test_a_property_that_is_nowhere_is_missing_as_ever(icp_sync: Command, portal: SandboxPortal) -> None:
    del portal.schema.definitions["numberofemployees"]
    ended = icp_sync("plan", "--json")
    assert ended.code == 1
    assert "this portal shows no company property numberofemployees" in ended.document["error"]["details"][0]


@pytest.mark.slow
def test_an_empty_portal_says_nothing_about_values(icp_sync: Command, portal: SandboxPortal, kind: str) -> None:
    for company_id in portal.companies_frame()["id"].to_list():
        portal.archive(company_id)
    assert kind in KINDS
    assert icp_sync("plan").code == 0
