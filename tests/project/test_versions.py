"""One version, wherever it is written."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import icp_sync

ROOT = Path(__file__).parents[2]


def test_the_package_carries_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert icp_sync.__version__ == project["version"]


def test_the_schedules_start_the_image_of_that_version() -> None:
    images = re.findall(r"image: icp-sync:(\S+)", (ROOT / "jobs/schedules/kubernetes.yaml").read_text(encoding="utf-8"))
    assert set(images) == {icp_sync.__version__}
