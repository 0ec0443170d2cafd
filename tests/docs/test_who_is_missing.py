"""What the guide for marketers shows is what `icp-sync plan` prints of the portal it names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies, generate_contacts
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "who-is-missing.md"
TODAY = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal(clock=TODAY.timestamp, searches=10_000)
    generate_companies(portal, 2_000)
    generate_contacts(portal, 4_000)
    return portal


def shipped_with_the_guides_lines() -> str:
    """The shipped profile with `personas.write` and the first list of the guide."""
    text = (ROOT / "config" / "icp.yaml").read_text(encoding="utf-8")
    personas, lists, *_ = [block.text.splitlines() for block in blocks(GUIDE) if block.language == "yaml"]
    write = next(line for line in personas if line.startswith("  write:"))
    text = text.replace("\npersonas:\n", f"\npersonas:\n{write}\n", 1)
    return text.replace("\nlists:\n", f"\nlists:\n{lists[1]}\n", 1)


@pytest.mark.slow
def test_the_list_of_accounts_to_complete_is_as_the_guide_shows(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "icp.yaml"
    profile.write_text(shipped_with_the_guides_lines(), encoding="utf-8")
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(profile))
    monkeypatch.setenv("ICP_SYNC_AS_OF", "2026-11-30")
    monkeypatch.setenv("COLUMNS", "140")
    (shown,) = [block.text for block in blocks(GUIDE) if block.language == "text"]
    assert shown.strip() in icp_sync("plan").out
