"""What a guide shows of the screen is what comes out. Where one fails after a change that is meant: `make docs`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import name_of
from tests.docs.transcripts import GUIDES, retyped


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_a_guide_shows_what_comes_out(guide: Path) -> None:
    assert retyped(guide) == guide.read_text(encoding="utf-8")


def test_another_screen_is_found(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("```text\n$ icp-sync score none.csv\nanother screen\n```\n", encoding="utf-8")
    assert "icp-sync: none.csv cannot be read (No such file or directory)" in retyped(guide)
    assert "another screen" not in retyped(guide)
