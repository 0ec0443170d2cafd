"""What the guide to evidence shows is what `icp-sync backtest` and `discover` print of the portal it names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal, generate, generate_deals
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "is-it-working.md"
COMPANIES = DEALS = 4_000
TODAY = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.fixture
def portal() -> SandboxPortal:
    """The guide's portal on one day: closing quarters begin on others, counted from another day."""
    portal = SandboxPortal(clock=TODAY.timestamp, searches=10_000)
    generate(portal, COMPANIES)
    generate_deals(portal, DEALS)
    return portal


def _shown(language: str) -> list[list[str]]:
    return [block.text.splitlines() for block in blocks(GUIDE) if block.language == language]


@pytest.mark.slow
def test_the_guide_shows_what_is_printed(icp_sync: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    monkeypatch.setenv("ICP_SYNC_AS_OF", "2026-11-30")
    monkeypatch.setenv("COLUMNS", "140")
    draft = tmp_path / "draft.yaml"
    assert icp_sync("plan", "--quiet").code == 0
    for words, shown in zip((("backtest",), ("discover", "--out", draft)), _shown("text"), strict=True):
        printed = [line.rstrip() for line in icp_sync(*words).out.splitlines()]
        assert shown == printed[: len(shown)]
    assert "\n".join(_shown("yaml")[-1]) in draft.read_text(encoding="utf-8")
    assert icp_sync("check", "--profile", draft).code == 0
