"""The wheel: all of the package, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
OF_A_CLONE = {"icp_sync/profile/templates/icp.schema.json"}
"""It points at the schema in config/, which the wheel has not: `init` lays the schema beside a profile."""


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
    return next(directory.glob("icp_sync-*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        return message_from_bytes(archive.read(f"icp_sync-{PROJECT['version']}.dist-info/METADATA"))


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


def test_an_index_is_told_what_the_project_says(metadata: Message) -> None:
    fields = [metadata[field] for field in ("Name", "Version", "Summary", "Requires-Python", "License-Expression")]
    keys = ("name", "version", "description", "requires-python", "license")
    assert fields == [PROJECT[key] for key in keys]
    assert metadata.get_all("Classifier") == PROJECT["classifiers"]
    assert metadata.get_all("License-File") == PROJECT["license-files"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload(decode=True) == (ROOT / PROJECT["readme"]).read_bytes()


def test_the_sandbox_can_be_asked_for_by_its_extra(metadata: Message) -> None:
    """`pip install 'icp-sync[sandbox]'`."""
    extra = [text for text in metadata.get_all("Requires-Dist", []) if "extra == 'sandbox'" in text]
    assert "sandbox" in metadata.get_all("Provides-Extra", [])
    assert len(extra) == len(PROJECT["optional-dependencies"]["sandbox"])


def test_the_data_a_run_reads_is_in_the_wheel(names: set[str]) -> None:
    ends = {Path(name).suffix for name in names if name.startswith("icp_sync/")} - {".py", ".typed"}
    assert {".parquet", ".yaml", ".json"} <= ends
