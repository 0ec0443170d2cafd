"""The screens of the guide to vendors' files are what the commands print on the portal it names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "fill-the-gaps.md"
COMPANIES = 2_000


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    return portal


def screen(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def without_age(lines: list[str]) -> list[str]:
    """The guide shows how old a vendor's value was on the day it was written."""
    return [re.sub(r"\(\d+ days old\)", "(AGE)", line) for line in lines]


@pytest.mark.slow
def test_the_guide_shows_what_is_printed(icp_sync: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    yaml, vendor = (block.text for block in blocks(GUIDE) if block.language in {"yaml", "awk"})
    enriched, planned, explained = (screen(block.text) for block in blocks(GUIDE) if block.language == "text")
    profile = tmp_path / "icp.yaml"
    profile.write_text((ROOT / "config" / "icp.yaml").read_text() + yaml)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(profile))
    monkeypatch.setenv("COLUMNS", "140")
    assert icp_sync("run", "--quiet").code == 0
    assert icp_sync("shopping-list", "--property", "numberofemployees", "--csv", "to-buy.csv").code == 0
    answer = subprocess.run(["awk", "-F,", vendor, "to-buy.csv"], capture_output=True, check=True, text=True)  # noqa: S607
    Path("acme-2026-09.csv").write_text(answer.stdout)
    assert enriched == screen(icp_sync("enrich", "acme_data", "acme-2026-09.csv").out)
    printed = screen(icp_sync("plan").out)
    assert [line for line in printed if line in planned] == planned
    first = answer.stdout.splitlines()[2].partition(",")[0]
    assert without_age(explained[:1])[0] in without_age(screen(icp_sync("explain", first).out))
