"""The house in one page names files that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/development.md").read_text(encoding="utf-8")
NAMED: Final = sorted({name for name in re.findall(r"`([\w/]+(?:\.py|/))`", PAGE) if "/" in name.strip("/")})


@pytest.mark.parametrize("name", NAMED)
def test_a_file_or_room_the_page_names_is_there(name: str) -> None:
    assert (ROOT / "icp_sync" / name).exists() or (ROOT / name).exists()


BARE: Final = sorted(set(re.findall(r"`(\w+\.py)`", PAGE)))
FILES: Final = {path.name for path in (ROOT / "icp_sync").rglob("*.py")}


@pytest.mark.parametrize("name", BARE)
def test_a_file_named_beside_another_is_there(name: str) -> None:
    assert name in FILES
