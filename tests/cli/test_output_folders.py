"""A file that could not be written when the work is done is refused before any of it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command


@pytest.mark.parametrize(
    "command",
    [
        ("enrich", "acme", "a.csv", "--conflicts"),
        ("customers", "--interviews"),
        ("tune", "--no-browser", "--out"),
        ("discover", "--out"),
    ],
)
def test_a_folder_that_is_not_there_is_named_at_once(icp_sync: Command, command: tuple[str, ...]) -> None:
    ended = icp_sync(*command, "nowhere/file.csv")
    assert ended.code == 2
    assert "there is no folder nowhere; make it, or name a file in another" in ended.err
