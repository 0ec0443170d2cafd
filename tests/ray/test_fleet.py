"""`fleet --engine ray`: a task for each portal, the same table and exit codes, and no secret that Ray is handed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cli.fleets import FleetFolder, by_name, fleet_of, portals
from tests.cli.test_fleet import every_file


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[FleetFolder]:
    with fleet_of(portals(3, 50), tmp_path) as made:
        yield made


def own_ray(fleet: FleetFolder, *words: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in fleet.environment.items() if not name.startswith("RAY_AUTH")}
    return subprocess.Popen(
        fleet.command(*words, "--engine", "ray", "--json"), env=environment | {"RAY_LOG_TO_DRIVER": "1"},
        cwd=fleet.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def test_a_night_is_as_it_is_here_and_ray_knows_no_token(fleet: FleetFolder) -> None:
    fleet.tokens["TOKEN_01"] = "pat-eu1-dead-token-00000000"
    del fleet.tokens["TOKEN_02"]
    process = own_ray(fleet, "run")
    logs = b""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("[p00]"):
            logs += every_file(newest_ray())
    out = process.stdout.read() if process.stdout else ""
    document = json.loads(out)
    rows = by_name(document)
    assert (process.wait(), document["exit_code"]) == (2, 2)
    assert [rows[name]["exit_code"] for name in ("p00", "p01", "p02")] == [0, 1, 2]
    assert (rows["p00"]["tiers"]["tier_1"], rows["p00"]["changes"], rows["p00"]["error"]) == (33, 50, None)
    assert (rows["p01"]["error"]["code"], rows["p02"]["error"]["code"]) == ("authentication", "secret_missing")
    assert b"raylet" in logs
    assert b"canary" not in logs
    assert b"dead-token" not in logs
    again = fleet.run("plan", "--only", "p00", "--json")
    assert json.loads(again.stdout)["portals"][0]["changes"] == 0


def newest_ray() -> Path:
    """Where the Ray that was started last keeps its logs."""
    return max(Path("/tmp").glob("icp-ray-*"), key=lambda folder: folder.stat().st_mtime)  # noqa: S108 - looked at


def test_a_worker_that_is_killed_counts_as_five_and_touches_no_other(fleet: FleetFolder) -> None:
    for portal in fleet.portals:
        portal.latency = 0.2
    process = own_ray(fleet, "run", "--at-once", "2")
    worker_of(process, "portal p00").send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=240)
    rows = by_name(json.loads(out))
    assert (process.returncode, rows["p00"]["exit_code"], rows["p00"]["error"]["code"]) == (5, 5, "child_died"), err
    assert rows["p00"]["error"]["message"].startswith("its Ray worker died (")
    assert [rows[name]["exit_code"] for name in ("p01", "p02")] == [0, 0]


def test_ctrl_c_reaches_every_portal_once_and_the_table_follows(fleet: FleetFolder) -> None:
    for portal in fleet.portals:
        portal.latency = 0.2
    process = own_ray(fleet, "run", "--at-once", "2")
    worker_of(process, "portal p00")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=240)
    document = json.loads(out)
    assert {row["exit_code"] for row in document["portals"]} <= {0, 5, 130}, document
    assert (process.returncode, err.count("stopping: every portal finishes its calls in flight")) == (130, 1)
    assert by_name(document)["p02"]["error"]["code"] == "stopped"


def worker_of(process: subprocess.Popen[str], name: str) -> psutil.Process:
    """The worker that works on a portal, once its process has started."""
    while process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # ended since it was listed
                if name in " ".join(child.cmdline()) and child.children():
                    return child
    raise AssertionError(process.stderr.read() if process.stderr else "")
