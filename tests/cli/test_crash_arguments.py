"""What a crash file tells of the command line: what was asked, and no company."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.cli.app import cli
from icp_sync.cli.crash_arguments import mask_arguments
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["explain", "Acme GmbH"], ["explain", "***"]),
        (["explain", "--json", "acme.de", "--profile", "a.yaml"], ["explain", "--json", "***", "--profile", "a.yaml"]),
        (["explain", "--profile=a.yaml", "--", "--acme"], ["explain", "--profile=a.yaml", "--", "***"]),
        (["explain", "Acme", "Corp"], ["explain", "***", "***"]),
        (["explain", "--name", "Acme", "--name=Acme"], ["explain", "--name", "***", "--name=***"]),
        (["apply", "plan.jsonl", "--allow", "changed"], ["apply", "plan.jsonl", "--allow", "changed"]),
        (["plan", "--exit-code", "--out", "x"], ["plan", "--exit-code", "--out", "x"]),
        (["Acme", "GmbH"], ["***"]),
        (["--version"], ["--version"]),
        (["--acme=Acme"], ["--acme=***"]),
        ([], []),
    ],
)
def test_only_commands_options_and_files_are_told(arguments: list[str], expected: list[str]) -> None:
    assert mask_arguments(cli, arguments) == expected


def _raise(*_arguments: object, **_named: object) -> None:
    raise ValueError


@pytest.mark.parametrize("wanted", ["alpha.de", "Alpha", "9999999001"])
def test_a_crash_of_explain_keeps_nothing_of_the_company_asked_for(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setattr("icp_sync.cli.explain.explain_company", _raise)
    assert icp_sync("explain", wanted).code == 1
    [file] = (tmp_path / "state").glob("crash-*.txt")
    assert wanted.lower() not in file.read_text().lower()
