"""`doctor` says what works and what to fix."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.tokens import EVERY_SCOPE
from tests.cli.conftest import Command


def test_a_healthy_portal_is_all_ok(icp_sync: Command) -> None:
    ended = icp_sync("doctor", "--json")
    assert ended.code == 0
    assert ended.document["ok"] is True
    assert {"token and portal", "API version", "scopes", "properties", "limits", "state directory", "lists"} <= {
        check["name"] for check in ended.document["checks"]
    }


def test_a_missing_scope_is_found_and_the_other_checks_still_made(
    icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.tokens["pat-eu1-narrow"] = EVERY_SCOPE - {"crm.lists.write"}
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-narrow")
    ended = icp_sync("doctor", "--json")
    failed = [check for check in ended.document["checks"] if not check["ok"]]
    assert ended.code == 1
    assert [check["name"] for check in failed] == ["scopes"]
    assert "crm.lists.write" in failed[0]["fix"]


def test_a_refused_token_ends_in_one_finding(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-nobody")
    ended = icp_sync("doctor", "--json")
    assert (ended.code, [check["ok"] for check in ended.document["checks"]]) == (1, [False])


def test_it_only_reads(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("doctor")
    reading = ("search", "batch/read", "access-token-info")
    assert not [route for route in portal.calls.by_route if not route.startswith("GET") and not route.endswith(reading)]
