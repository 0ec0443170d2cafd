"""What the code knows best is made from it: `make docs` has nothing to do."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT
from tools import docs


@pytest.mark.slow  # `make lint` asks the same
def test_every_page_says_what_the_code_says() -> None:
    """In a process of its own, for commands that were called before remember how. Where it fails: `make docs`."""
    command = [sys.executable, "-m", "tools.docs", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


def test_a_page_that_says_something_else_is_rewritten() -> None:
    page = "before\n<!-- operators -->\nold\n<!-- /operators -->\nafter\n"
    assert docs.rewritten(page) == page.replace("old", docs.PARTS["operators"]())


def test_every_part_stands_on_one_page() -> None:
    marks = [mark for page in docs.pages() for mark in re.findall(r"^<!-- (\w+) -->$", page.read_text(), re.MULTILINE)]
    assert sorted(marks) == sorted(docs.PARTS)
