"""The systemd units: accepted by systemd itself, one run a night, and no more rights than the job needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project.commands import problems

SCHEDULES = Path(__file__).parents[2] / "jobs" / "schedules"
PROGRAM = "/opt/icp_sync/bin/icp-sync"
UNITS = sorted([*SCHEDULES.glob("*.service"), *SCHEDULES.glob("*.timer")])


def unit(name: str) -> dict[str, list[tuple[str, str]]]:
    """Section → its settings in order; systemd allows the same one several times."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in (SCHEDULES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.append((key, value))
    return sections


def service(name: str) -> dict[str, str]:
    """The settings of a service that stand once."""
    return dict(unit(name)["Service"])


def test_these_are_the_units() -> None:
    assert [path.name for path in UNITS] == [
        "icp-sync-full.service", "icp-sync-full.timer", "icp-sync.service", "icp-sync.timer",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """With a program that is installed on this machine in the place of ours."""
    copies = [tmp_path / path.name for path in UNITS]
    for path, copy in zip(UNITS, copies, strict=True):
        copy.write_text(path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, copies)]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")


def test_each_night_has_one_run() -> None:
    calendar = {name: dict(unit(f"{name}.timer")["Timer"])["OnCalendar"] for name in ("icp-sync", "icp-sync-full")}
    assert calendar == {"icp-sync": "Mon..Sat 02:17", "icp-sync-full": "Sun 02:17"}


@pytest.mark.parametrize("name", ["icp-sync", "icp-sync-full"])
def test_a_timer_starts_the_service_of_its_name(name: str) -> None:
    assert dict(unit(f"{name}.timer")["Timer"])["Unit"] == f"{name}.service"


@pytest.mark.parametrize(
    ("name", "words"), [("icp-sync", ["run", "--quiet"]), ("icp-sync-full", ["run", "--full", "--quiet"])]
)
def test_the_command_line_knows_what_a_service_asks_for(name: str, words: list[str]) -> None:
    assert service(f"{name}.service")["ExecStart"] == " ".join([PROGRAM, *words])
    assert problems(words) == []


def test_the_two_services_differ_in_what_they_ask_for_alone() -> None:
    nightly, weekly = (unit(name)["Service"] for name in ("icp-sync.service", "icp-sync-full.service"))
    assert [(key, value.replace(" --full", "")) for key, value in weekly] == nightly


def test_the_key_comes_as_a_credential_and_in_no_environment() -> None:
    settings = unit("icp-sync.service")["Service"]
    assert ("LoadCredential", "hubspot_access_token:/etc/icp_sync/token") in settings
    assert ("Environment", "ICP_SYNC_SECRETS_DIR=%d") in settings
    assert not [value for key, value in settings if key == "Environment" and "HUBSPOT" in value]


def test_a_stop_leaves_a_call_the_time_it_may_take_and_nothing_is_restarted() -> None:
    unit = service("icp-sync.service")
    assert int(unit["TimeoutStopSec"]) > 180
    assert (unit["Restart"], unit["Type"]) == ("no", "oneshot")
    assert "SuccessExitStatus" not in unit


@pytest.mark.parametrize(
    "needed", ["DynamicUser=yes", "StateDirectory=icp_sync", "ProtectSystem=strict", "NoNewPrivileges=yes", "Nice=10"]
)
def test_a_service_has_no_more_rights_than_it_needs(needed: str) -> None:
    key, _, value = needed.partition("=")
    assert service("icp-sync.service")[key] == value


def test_state_lies_where_the_service_may_write() -> None:
    settings = unit("icp-sync.service")["Service"]
    assert ("Environment", f"ICP_SYNC_STATE=/var/lib/{dict(settings)['StateDirectory']}") in settings
