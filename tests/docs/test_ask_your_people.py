"""What the guide to sheets shows is what `icp-sync sample` prints of the portal and the colleagues it names."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal, generate_companies
from tests.cli.conftest import Command
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "ask-your-people.md"
COMPANIES = 2_000
Row = Mapping[str, str]
OPINION = "Fit / no fit / unsure"


def anna(row: Row) -> str:
    """She sells: who is near and not small is a fit; of whom the size is not known she cannot say."""
    if not row["Number of Employees"]:
        return "unsure"
    near = row["Country/Region Code"] in {"DE", "AT", "CH"}
    return (
        "fit" if near and row["Number of Employees"].isdigit() and int(row["Number of Employees"]) >= 200 else "no fit"
    )


def ben(row: Row) -> str:
    """He builds integrations: what they use is what counts."""
    return "fit" if len(row["Web Technologies"].split("; ")) >= 3 else "no fit"


def fill(name: str, department: str, judge: Callable[[Row], str]) -> None:
    with Path("sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with Path(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], delimiter=";")
        writer.writeheader()
        for row in rows:
            writer.writerow(row | {"Reviewer": name, "Department": department, OPINION: judge(row)})


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    return portal


@pytest.mark.slow
def test_the_guide_shows_what_is_printed(icp_sync: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    monkeypatch.setenv("COLUMNS", "140")
    assert icp_sync("plan", "--quiet").code == 0
    shown = [block.text.splitlines() for block in blocks(GUIDE) if block.language == "text"]
    drawn = icp_sync("sample", "--per-tier", "30", "--seed", "1", "--out", "sheet.csv").out
    fill("anna", "Sales", anna)
    fill("ben", "Partners", ben)
    for block, printed in zip(shown, (drawn, icp_sync("sample", "--read", "anna.csv", "ben.csv").out), strict=True):
        assert block == [line.rstrip() for line in printed.splitlines()][: len(block)]
