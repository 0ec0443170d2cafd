"""`backfill`: forecast, ask, canary, continue."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command


def test_without_a_terminal_it_wants_a_yes(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("backfill", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "usage")
    assert portal.calls.total == 0


def test_a_canary_writes_the_best_and_leaves_lists_alone(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("backfill", "--limit", 2, "--yes", "--json")
    assert ended.code == 0
    assert ended.document["applied"] == {"companies": 2, "lists": 0, "failed": 0}
    frame = portal.companies_frame("name", "icp_fit_outcome")
    assert set(frame.drop_nulls("icp_fit_outcome")["name"]) == {"Alpha", "Beta"}


@pytest.mark.slow
def test_running_again_continues_where_the_canary_ended(icp_sync: Command) -> None:
    icp_sync("backfill", "--limit", 2, "--yes")
    second = icp_sync("backfill", "--yes", "--json")
    assert second.document["applied"] == {"companies": 3, "lists": 2, "failed": 0}
    assert icp_sync("plan", "--exit-code").code == 0
