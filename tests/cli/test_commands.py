"""Every command can be found, says what it does, and speaks the common options."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import orjson
import pytest

from icp_sync.cli import cli, main
from tests.cli.conftest import Command
from tests.project.commands import command_of

COMMANDS = sorted(cli.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_with_an_example(name: str) -> None:
    assert "Example:" in (command_of(name).help or "")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_accepts_the_common_options_each_with_its_variable(name: str) -> None:
    options = {option.opts[0]: option for option in command_of(name).params if isinstance(option, click.Option)}
    assert {"--profile", "--state", "--json", "--quiet"} <= options.keys()
    for opts, option in options.items():
        if name == "schema" and opts in {"--report", "--evidence", "--fleet"}:
            continue  # elsewhere ICP_SYNC_REPORT and ICP_SYNC_FLEET name a file
        assert option.envvar == f"ICP_SYNC_{opts.strip('-').replace('-', '_').upper()}"


def test_init_writes_the_shipped_profile_once(icp_sync: Command, tmp_path: Path) -> None:
    path = tmp_path / "new" / "icp.yaml"
    assert icp_sync("init", path).code == 0
    assert orjson.loads(path.with_name("icp.schema.json").read_text()) == orjson.loads(icp_sync("schema").out)
    assert icp_sync("check", "--profile", path).code == 0
    assert icp_sync("init", path).code == 2


@pytest.mark.slow
def test_the_demo_runs_twice_and_the_second_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--companies", "100", "--json", "--quiet"]) == 0
    document = orjson.loads(capsys.readouterr().out)
    assert document["first"]["applied"]["companies"] == 100
    assert document["second"]["changes"]["companies"] == 0


@pytest.mark.slow
def test_the_demo_tells_the_whole_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--companies", "500", "--quiet"]) == 0
    shown = capsys.readouterr().out
    for part in ("companies read", "tier 1", "List ICP", "Five target accounts", "calls", "second run: 0 changes"):
        assert part in shown


@pytest.mark.slow
def test_the_sandbox_prints_its_variables_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "icp_sync", "sandbox", "--companies", "10"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    process.terminate()
    process.communicate(timeout=30)
    names = ["export HUBSPOT_BASE_URL", "export HUBSPOT_ACCESS_TOKEN", "export ICP_SYNC_PORTAL_ID"]
    assert [line.split("=")[0] for line in lines] == names
    assert process.returncode == 0
