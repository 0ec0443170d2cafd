"""A command imports what it works with and nothing else: help comes at once, and `check` knows no HubSpot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from icp_sync.cli import cli
from icp_sync.cli.app import COMMANDS
from tests.cli.conftest import Command

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from icp_sync.cli import main
code = main(sys.argv[1:])
sys.stderr.write("imported: " + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(code)
"""
HEAVY = {
    "alembic", "apprise", "boto3", "hubspot", "obstore", "polars", "prometheus_client", "pyarrow", "pydantic",
    "pydantic_settings", "ray", "rich", "ruamel", "sqlalchemy", "starlette", "structlog", "tenacity", "urllib3",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ("--help", set()),
        ("--version", set()),
        ("check", {"polars", "pydantic", "rich", "ruamel"}),
    ],
)
def test_a_command_imports_what_it_needs_alone(arguments: str, needed: set[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    imported = set(ended.stderr.rpartition("imported: ")[2].split())
    assert imported & HEAVY == needed


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("re", ["release", "report", "retry-failed"]),
        ("d", ["demo", "discover", "doc", "doctor"]),
        ("--v", ["--version"]),
        ("x", []),
    ],
)
def test_the_shell_completes_a_command_with_its_line(typed: str, completed: list[str]) -> None:
    items = ShellComplete(cli, {}, "icp-sync", "_ICP_SYNC_COMPLETE").get_completions([], typed)
    assert [item.value for item in items] == completed
    assert [item.help for item in items if item.value in COMMANDS] == [
        COMMANDS[name] for name in completed if name in COMMANDS
    ]


def test_the_shell_completes_the_options_of_a_command() -> None:
    items = ShellComplete(cli, {}, "icp-sync", "_ICP_SYNC_COMPLETE").get_completions(["plan"], "--ex")
    assert [item.value for item in items] == ["--exit-code"]


@pytest.mark.slow
def test_files_of_this_machine_are_scored_without_obstore(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Country\nGermany\n")
    arguments = ["score", str(tmp_path / "a.csv"), "--profile", "tests/profiles/small.yaml"]
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"obstore", "boto3"} & set(ended.stderr.rpartition("imported: ")[2].split())


@pytest.mark.slow
def test_a_run_that_tells_nobody_does_without_apprise(icp_sync: Command, tmp_path: Path) -> None:
    """It starts in an environment that `icp_sync` has set."""
    assert icp_sync("plan").code == 0
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "run"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    imported = set(ended.stderr.rpartition("imported: ")[2].split())
    assert imported & {"alembic", "apprise", "prometheus_client"} == set()


@pytest.mark.usefixtures("score")
def test_a_file_is_scored_without_ray() -> None:
    Path("u.csv").write_text("name,country\na,DE\n", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "score", "u.csv"], capture_output=True, text=True, check=True
    )
    imported = set(ended.stderr.rpartition("imported: ")[2].split())
    assert imported & {"pandas", "pyarrow", "ray"} == set()


@pytest.mark.slow
def test_a_report_of_a_portal_without_deals_does_without_scipy(icp_sync: Command, tmp_path: Path) -> None:
    """It takes a second to come in, a fifth of what the page of fifty thousand companies may cost."""
    assert icp_sync("plan").code == 0
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "report"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "scipy" not in set(ended.stderr.rpartition("imported: ")[2].split())


def test_what_a_command_imports_is_no_garbage_and_what_it_makes_may_be() -> None:
    program = """
import gc, sys
from icp_sync.cli import main
main(["schema"])
sys.stderr.write(f"{gc.isenabled()} {gc.get_freeze_count() > 10_000}")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stderr == "True True"
