"""The table of the guide to backtests is what `icp-sync backtest` prints of the portal it names."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal, generate, generate_deals
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "is-it-working.md"
COMPANIES = DEALS = 4_000


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate(portal, COMPANIES)
    generate_deals(portal, DEALS)
    return portal


@pytest.mark.slow
def test_the_guide_shows_what_is_printed(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    monkeypatch.setenv("COLUMNS", "140")
    assert icp_sync("plan", "--quiet").code == 0
    printed = [line.rstrip() for line in icp_sync("backtest").out.splitlines()]
    (shown,) = (block.text.splitlines() for block in blocks(GUIDE) if block.language == "text")
    assert shown == printed[: len(shown)]
