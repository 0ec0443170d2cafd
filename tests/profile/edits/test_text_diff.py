"""The diff of a profile is one that git and patch apply."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from icp_sync.profile.edits.text import unified_diff

GIT = shutil.which("git")
BEFORE = "schema: 1\ncriteria:\n  - id: size\n    weight: 20 # the first\ntiers:\n  - { tier: tier_1, enter: 80 }\n"
AFTER = BEFORE.replace("weight: 20", "weight: 25")


def test_changed_lines_stand_between_their_neighbours() -> None:
    assert unified_diff(BEFORE, AFTER, "/config/icp.yaml") == (
        "--- a/config/icp.yaml\n+++ b/config/icp.yaml\n@@ -1,6 +1,6 @@\n schema: 1\n criteria:\n   - id: size\n"
        "-    weight: 20 # the first\n+    weight: 25 # the first\n tiers:\n   - { tier: tier_1, enter: 80 }\n"
    )


def test_nothing_changed_is_no_diff() -> None:
    assert unified_diff(BEFORE, BEFORE, "icp.yaml") == ""


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, AFTER),
        (BEFORE.replace("\n", "\r\n"), AFTER.replace("\n", "\r\n")),
        (BEFORE.removesuffix("\n"), AFTER.removesuffix("\n")),
        (BEFORE, BEFORE.removesuffix("\n")),
        (BEFORE + "# a\rb\x85c", AFTER + "# a\rb\x85c"),
        ("\ufeff" + BEFORE, "\ufeff" + AFTER),
    ],
    ids=["plain", "CRLF", "no final newline", "newline lost", "odd breaks", "byte order mark"],
)
def test_git_applies_it(tmp_path: Path, before: str, after: str) -> None:
    (path := tmp_path / "icp.yaml").write_bytes(before.encode())
    patch = unified_diff(before, after, "icp.yaml").encode()
    subprocess.run([str(GIT), "apply", "--whitespace=nowarn", "-"], input=patch, cwd=tmp_path, check=True)
    assert path.read_bytes() == after.encode()
