"""What the code knows best is made from it: `make docs` has nothing to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import name_of
from tools import docs


@pytest.mark.parametrize("page", docs.pages(), ids=name_of)
def test_a_page_says_what_the_code_says(page: Path) -> None:
    """Where it does not: `make docs`."""
    text = page.read_text(encoding="utf-8")
    assert docs.rewritten(text) == text


def test_every_part_stands_on_one_page() -> None:
    marks = [mark for page in docs.pages() for mark in re.findall(r"^<!-- (\w+) -->$", page.read_text(), re.MULTILINE)]
    assert sorted(marks) == sorted(docs.PARTS)
