"""`icp-sync sandbox`: every fault is named in its help, every option reaches the portal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from icp_sync import sandbox
from icp_sync.cli.sandbox import sandbox_command
from icp_sync.errors import UsageError
from icp_sync.sandbox import KINDS, SandboxPortal


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[SandboxPortal]:
    """The portals that would have been served."""
    portals: list[SandboxPortal] = []

    def serve(made: list[SandboxPortal], *_: Any) -> None:
        portals.extend(made)

    monkeypatch.setattr(sandbox, "serve_forever", serve)
    return portals


def test_help_names_every_fault() -> None:
    words = CliRunner().invoke(sandbox_command, ["--help"]).output.split()
    assert set(KINDS) <= set(words)


def test_the_documentation_names_every_fault() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in text and f"`{kind}=" not in text] == []


def test_options_reach_the_portal(served: list[SandboxPortal]) -> None:
    options = (
        "--companies 3 --searches 9 --search-disorder 50 --search-total-capped --listing shuffled --unchanged-stays"
        " --index-lag 2 --burst 190 --daily 500 --latency-ms 20 --fault mixed=0.5 --fault-seed 4"
    )
    result = CliRunner().invoke(sandbox_command, options.split(), standalone_mode=False)
    assert result.exception is None
    (portal,) = served
    assert portal.settings.as_dict() == {
        "burst": 190, "daily": 500, "used_today": 0, "searches": 9, "latency": 0.02, "ahead": 0.0, "index_lag": 2.0,
        "search_disorder": 50, "search_total_capped": True, "listing": "shuffled", "unchanged_bumps": False,
        "merge_new_ids": False, "most_lists": 1500, "fill_delay": 0.0, "primary_company": "filled",
    }  # fmt: skip
    struck = [portal.faults.next_for("GET /x") for _ in range(100)]
    assert 20 < sum(strike is not None for strike in struck) < 80
    assert {strike.seed for strike in struck if strike} == {4}


def test_a_fault_nobody_knows_is_a_matter_of_usage(served: list[SandboxPortal]) -> None:
    result = CliRunner().invoke(sandbox_command, ["--companies", "0", "--fault", "418=1"], standalone_mode=False)
    assert "unknown fault '418'" in str(result.exception)
    assert served == []


EXPORT = Path(__file__).parent / "data" / "export.csv"


def from_file(served: list[SandboxPortal], monkeypatch: pytest.MonkeyPatch, *options: str) -> Any:
    def serve(made: list[SandboxPortal], host: str, port: int, announce: Any) -> None:
        served.extend(made)
        announce(f"http://{host}:{port}")

    monkeypatch.setattr(sandbox, "serve_forever", serve)
    return CliRunner().invoke(sandbox_command, ["--from", str(EXPORT), *options], standalone_mode=False)


def test_a_file_says_which_columns_no_standard_property_is_called_by(
    served: list[SandboxPortal], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "'Fit notes' as fit_notes, 'ERP System' as erp_system (--map 'COLUMN=PROPERTY' says otherwise)"
    assert from_file(served, monkeypatch).stderr.splitlines() == [
        "20 companies loaded; values refused by their property's type: none",
        "options made that a new portal has not: 2 of web_technologies",
        f"no standard property is called so, loaded as text: {own}",
        "left out: 'Associated Contact', 'Associated Contact IDs'",
        "serving until Ctrl-C",
    ]


def test_columns_are_mapped_by_hand(served: list[SandboxPortal], monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = ("--map", "ERP System=web_technologies", "--map", "Web Technologies=", "--map", "Fit notes=quick_note")
    document = json.loads(from_file(served, monkeypatch, *mapping, "--json").stdout)["load"]
    assert (document["unknown"], document["left_out"]) == (
        [], ["Web Technologies", "Associated Contact", "Associated Contact IDs"],
    )  # fmt: skip
    assert document["options_made"] == {"web_technologies": 1}
    assert served[0].company(200000000001)["web_technologies"] == "SAP S/4HANA"


def test_each_file_is_another_portal(served: list[SandboxPortal], monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no run takes what it remembers of the last one for this one."""
    for _ in range(2):
        from_file(served, monkeypatch)
    assert len({portal.portal_id for portal in served} | {SandboxPortal().portal_id}) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--map", "a=b"], "--map says where the columns of a file go; name the file with --from"),
        (["--from", str(EXPORT), "--map", "Fit notes"], "write COLUMN=PROPERTY, the property by its internal name"),
        (["--from", str(EXPORT), "--map", "Fit notes=Our Notes"], "write COLUMN=PROPERTY"),
        (["--from", str(EXPORT), "--map", "Fit=x"], "no column is called Fit; there are Record ID"),
        (["--from", str(EXPORT), "--map", "Fit notes=industry"], "keep one and leave out the others"),
        (["--from", "nowhere.csv"], "nowhere.csv cannot be loaded"),
    ],
)
def test_a_file_that_cannot_be_mapped_is_a_matter_of_usage(
    served: list[SandboxPortal], options: list[str], message: str
) -> None:
    result = CliRunner().invoke(sandbox_command, options, standalone_mode=False)
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)
    assert served == []
