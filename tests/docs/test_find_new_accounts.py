"""The guide to new accounts shows what comes out, typed where a run has read the portal it names."""

from __future__ import annotations

import pytest

from icp_sync.sandbox import SandboxPortal, generate
from tests.cli.conftest import Command
from tests.docs.pages import ROOT
from tests.docs.transcripts import retyped

GUIDE = ROOT / "docs" / "guides" / "find-new-accounts.md"
COMPANIES = 2_000


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate(portal, COMPANIES)
    return portal


@pytest.mark.slow
def test_the_guide_shows_what_comes_out(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    assert icp_sync("plan", "--quiet").code == 0
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    assert retyped(GUIDE) == GUIDE.read_text(encoding="utf-8")
