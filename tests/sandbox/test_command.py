"""`icp-sync sandbox`: every fault is named in its help, every option reaches the portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from icp_sync import sandbox
from icp_sync.cli.sandbox import sandbox_command
from icp_sync.sandbox import KINDS, SandboxPortal


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[SandboxPortal]:
    """The portals that would have been served."""
    portals: list[SandboxPortal] = []

    def serve(portal: SandboxPortal, *_: Any) -> None:
        portals.append(portal)

    monkeypatch.setattr(sandbox, "serve_forever", serve)
    return portals


def test_help_names_every_fault() -> None:
    words = CliRunner().invoke(sandbox_command, ["--help"]).output.split()
    assert set(KINDS) <= set(words)


def test_the_readme_names_every_fault() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in text and f"`{kind}=" not in text] == []


def test_options_reach_the_portal(served: list[SandboxPortal]) -> None:
    options = (
        "--companies 3 --searches 9 --search-disorder 50 --search-total-capped --listing shuffled --unchanged-stays"
        " --index-lag 2 --burst 190 --daily 500 --latency-ms 20 --fault mixed=0.5 --fault-seed 4"
    )
    result = CliRunner().invoke(sandbox_command, options.split(), standalone_mode=False)
    assert result.exception is None
    (portal,) = served
    assert portal.settings.all() == {
        "burst": 190, "daily": 500, "used_today": 0, "searches": 9, "latency": 0.02, "ahead": 0.0, "index_lag": 2.0,
        "search_disorder": 50, "search_total_capped": True, "listing": "shuffled", "unchanged_bumps": False,
        "merge_new_ids": False,
    }  # fmt: skip
    struck = [portal.faults.striking("GET /x") for _ in range(100)]
    assert 20 < sum(strike is not None for strike in struck) < 80
    assert {strike.seed for strike in struck if strike} == {4}


def test_a_fault_nobody_knows_is_a_matter_of_usage(served: list[SandboxPortal]) -> None:
    result = CliRunner().invoke(sandbox_command, ["--companies", "0", "--fault", "418=1"], standalone_mode=False)
    assert "unknown fault '418'" in str(result.exception)
    assert served == []
