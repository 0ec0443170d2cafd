"""The pictures of the report in the documentation can be taken anew, from runs against a portal in a box."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tools.pictures import on_a_terminal
from tools.report_pictures import SHOTS, TUNE, take_all

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_each_is_taken_in_its_size(browser: Browser, tmp_path: Path) -> None:
    take_all(browser, tmp_path, on_a_terminal)
    sizes = {shot.file: (shot.width, shot.height) for shot in (*SHOTS, TUNE)}
    assert {file: png_size(tmp_path / file) for file in sizes} == sizes


def png_size(file: Path) -> tuple[int, int]:
    """Width and height in pixels, from the header."""
    header = file.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    return int.from_bytes(header[16:20]), int.from_bytes(header[20:24])
