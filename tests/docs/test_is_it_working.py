"""What the guide to evidence shows is what `icp-sync backtest` and `discover` print of the portal it names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies, generate_deals
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "is-it-working.md"
COMPANIES = DEALS = 4_000
TODAY = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.fixture
def portal() -> SandboxPortal:
    """The guide's portal on one day: closing quarters begin on others, counted from another day."""
    portal = SandboxPortal(clock=TODAY.timestamp, searches=10_000)
    generate_companies(portal, COMPANIES)
    generate_deals(portal, DEALS)
    return portal


def _shown(language: str) -> list[list[str]]:
    return [block.text.splitlines() for block in blocks(GUIDE) if block.language == language]


@pytest.fixture
def guided(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The guide's shell, after the first `plan`."""
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    monkeypatch.setenv("ICP_SYNC_AS_OF", "2026-11-30")
    monkeypatch.setenv("COLUMNS", "140")
    assert icp_sync("plan", "--quiet").code == 0
    return icp_sync


def _printed(guided: Command, *words: object) -> list[str]:
    return [line.rstrip() for line in guided(*words).out.splitlines()]


@pytest.mark.slow
def test_the_guide_shows_what_is_printed(guided: Command) -> None:
    draft = Path("draft.yaml")
    backtest, _, _, discover, compare, plan = _shown("text")
    for words, shown in (
        (("backtest",), backtest),
        (("discover", "--out", draft), discover),
        (("compare", draft), compare),
    ):
        assert shown == _printed(guided, *words)[: len(shown)]
    assert "\n".join(plan) in "\n".join(_printed(guided, "plan", "--profile", draft))
    assert "\n".join(_shown("yaml")[-1]) in draft.read_text(encoding="utf-8")
    assert guided("check", "--profile", draft).code == 0


class TestWhereSellingFillsInTools:
    @pytest.fixture
    def portal(self) -> SandboxPortal:
        portal = SandboxPortal(clock=TODAY.timestamp, searches=10_000)
        generate_companies(portal, COMPANIES)
        generate_deals(portal, DEALS, signal="leak")
        return portal

    @pytest.mark.slow
    def test_the_leak_is_found_as_the_guide_shows(self, guided: Command) -> None:
        _, leak, opened, *_ = _shown("text")
        for words, shown in ((("backtest",), leak), (("backtest", "--judged", "opened", "--yes"), opened)):
            assert shown == _printed(guided, *words)[: len(shown)]
