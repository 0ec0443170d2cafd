"""What the pages state and the code decides: the two agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from icp_sync.cli import main
from icp_sync.errors import IcpSyncError
from icp_sync.settings import Settings
from tests.cli.conftest import Command
from tests.docs.pages import PAGES, README, ROOT, blocks, inline, name_of

REFERENCE = ROOT / "docs" / "reference"


def test_the_readme_is_read_once() -> None:
    assert len(README.read_bytes()) <= 9 * 1024


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_profile_shown_whole_is_a_good_one(page: Path, tmp_path: Path) -> None:
    for block in blocks(page):
        if block.text.startswith("schema: 1"):
            (tmp_path / "icp.yaml").write_text(block.text, encoding="utf-8")
            assert main(["check", "--quiet", "--profile", str(tmp_path / "icp.yaml")]) == 0


def test_lists_shown_alone_fit_into_the_shipped_profile(tmp_path: Path) -> None:
    shipped = (ROOT / "config" / "icp.yaml").read_text(encoding="utf-8")
    (example,) = [block.text for block in blocks(REFERENCE / "where.md") if block.text.startswith("lists:")]
    text = re.sub(r"^lists:\n(  .*\n)+", lambda _: example, shipped, flags=re.MULTILINE)
    (tmp_path / "icp.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "--quiet", "--profile", str(tmp_path / "icp.yaml")]) == 0


def test_every_setting_is_explained() -> None:
    explained = {name.lower() for name in inline(REFERENCE / "settings.md")}
    assert {*Settings.model_fields} - explained == set()


def test_every_exit_code_is_explained() -> None:
    explained = re.findall(r"^\| (\d+) \|", (REFERENCE / "exit-codes.md").read_text(), re.MULTILINE)
    assert explained == ["0", "1", "2", "3", "4", "5", "130"]
    assert {str(kind.exit_code) for kind in kinds(IcpSyncError)} <= {*explained}


def kinds(kind: type[IcpSyncError]) -> set[type[IcpSyncError]]:
    return {kind}.union(*(kinds(below) for below in kind.__subclasses__()))


def test_every_key_of_a_report_is_explained(icp_sync: Command) -> None:
    explained = set(inline(REFERENCE / "json.md"))
    documents: tuple[dict[str, Any], ...] = (icp_sync("plan", "--json").document, icp_sync("run", "--json").document)
    assert {key for document in documents for key in document} - explained == set()


SEEDS = (
    "feedback loop", "A/B", "segmentation", "anti-ICP", "early customer profile", "CAC", "churn", "low contract value",
    "five steps", "closed-won", "lead source", "LTV", "workshop", "pilot", "review", "NPS", "communication",
    "market share", "pressure test", "validation on real data", "user persona", "working day", "triggers",
    "super users", "super-fans", "intuition", "departments", "talking to them", "living document", "value both ways",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_every_word_of_the_guides_is_found_with_what_it_is_here(seed: str) -> None:
    """Each stands in a row whose other cell names a command, a key or a page."""
    lines = (ROOT / "docs" / "explain" / "words-of-the-guides.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ", 1) for line in lines if line.startswith("| ")]
    assert [here for words, here in rows if seed in words and ("`" in here or "](" in here)]
