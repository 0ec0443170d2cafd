"""The wheel: all of the package, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
OF_A_CLONE = {"icp_sync/profile/templates/icp.schema.json"}
"""It points at the schema in config/, which the wheel has not: `init` lays the schema beside a profile."""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    directory = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(directory),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    with ZipFile(next(directory.glob("icp_sync-*.whl"))) as wheel:
        return set(wheel.namelist())


def test_every_file_of_the_package_is_in_the_wheel(names: set[str]) -> None:
    """Templates, vocabulary and the sandbox's data as well as the code."""
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "icp_sync").rglob("*") if path.is_file()}
    assert {name for name in package if "__pycache__" not in name} - OF_A_CLONE == {
        name for name in names if name.startswith("icp_sync/")
    }


def test_types_licence_and_notice_travel_along(names: set[str]) -> None:
    ends = ("icp_sync/py.typed", "licenses/LICENSE", "licenses/NOTICE")
    assert [end for end in ends if not any(name.endswith(end) for name in names)] == []


def test_nothing_beside_the_package_is_in_the_wheel(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"icp_sync"}
