"""Imports point one way, and the core is pure."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.project.pure import impurities

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PACKAGES = [
    "catalogue",
    "cluster",
    "companies",
    "evidence",
    "fleet",
    "notify",
    "object_store",
    "plan",
    "portal",
    "profile",
    "runs",
    "sandbox",
    "scoring",
    "state",
    "tables",
    "views",
    "vocabulary",
    "web",
]
PURE = ["companies", "evidence", "plan", "profile", "scoring", "vocabulary"]


def lint_imports(root: Path) -> str:
    """What import-linter says about the package `icp_sync` in `root`, under the contracts of this project."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        "pyproject.toml",
    ]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The packages of icp_sync with nothing in them."""
    for package in [".", "cli", *PACKAGES]:
        (tmp_path / "icp_sync" / package).mkdir()
        (tmp_path / "icp_sync" / package / "__init__.py").touch()
    for module in ["errors", "files", "setting_values", "settings", "text_truncation"]:
        (tmp_path / "icp_sync" / f"{module}.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_no_import_breaks_a_contract() -> None:
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in lint_imports(ROOT)


def test_an_empty_house_keeps_every_contract(house: Path) -> None:
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in lint_imports(house)


def test_every_contract_breaks_on_the_import_it_forbids(house: Path) -> None:
    wrong = {
        "fleet": "import subprocess, ray",
        "portal": "from icp_sync import scoring, runs",
        "runs": "import tenacity, click, jinja2, uvicorn; from icp_sync import portal, settings",
        "sandbox": "from icp_sync import errors",
        "scoring": "import time",
        "settings": "from icp_sync import plan",
        "state": "import sqlalchemy",
        "tables": "import obstore",
        "views": "from icp_sync import state; import apprise",
        "web": "import click",
    }
    for module, statement in wrong.items():
        file = house / "icp_sync" / module
        (file / "__init__.py" if file.is_dir() else file.with_suffix(".py")).write_text(statement, encoding="utf-8")
    assert f"Contracts: 0 kept, {len(CONTRACTS)} broken." in lint_imports(house)


@pytest.mark.slow
@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_has_no_clock_environment_or_file(package: str) -> None:
    files = sorted((ROOT / "icp_sync" / package).rglob("*.py"))
    impure = {str(file): words for file in files if (words := impurities(file.read_text(encoding="utf-8")))}
    assert files
    assert impure == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("dt.datetime.now()", ["1: now"]),
        ("from datetime import date\ndate.today()", ["2: today"]),
        ("from datetime import datetime as day\nclock = day.now", ["2: now"]),
        ("piece.now", []),
        ("import os", ["1: os"]),
        ("from os import environ", ["1: os"]),
        ("from time import time", ["1: time"]),
        ("import urllib.request", ["1: urllib.request"]),
        ("x = 1\nopen(path)", ["2: open"]),
        ("path.read_text()", ["1: read_text"]),
        ("pl.read_parquet(path)", ["1: read_parquet"]),
        ("frame.sink_csv(path)", ["1: sink_csv"]),
        ("frame.write_csv()", ["1: write_csv"]),
        ("from importlib.resources import files\nfiles(p).joinpath(n).read_text()", []),
        ("from importlib.resources import files\nfiles(p).joinpath(n).write_text(t)", ["2: write_text"]),
        ("from datetime import date\ndate(2026, 1, 1)", []),
    ],
)
def test_what_counts_as_impure(source: str, words: list[str]) -> None:
    assert impurities(source) == words
