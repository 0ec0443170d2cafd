"""The table of the guide to buying data is what `icp-sync shopping-list` prints of the portal it names."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "which-data-to-buy.md"
COMPANIES = 2_000


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    return portal


@pytest.mark.slow
def test_the_guide_shows_what_is_printed(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    assert icp_sync("plan", "--quiet").code == 0
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    printed = [line.rstrip() for line in icp_sync("shopping-list").out.splitlines()]

    (shown,) = (block.text.splitlines() for block in blocks(GUIDE) if block.language == "text")
    assert shown == printed[2 : 2 + len(shown)]
