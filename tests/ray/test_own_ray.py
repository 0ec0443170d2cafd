"""`icp-sync score --engine ray` without an address: a Ray of its own, on loopback, of which nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest

from tests.cli.conftest import PROFILES
from tests.cli.test_score_universe import random_universe

SECONDS = 120


def folders() -> set[Path]:
    """Where a Ray of ours keeps what it has to, which needs a short path."""
    return set(Path("/tmp").glob("icp-ray-*"))  # noqa: S108 - looked at, not used


def start(*words: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_AUTH", "RAY_ENABLE"))}
    command = [sys.executable, "-m", "icp_sync", "score", *words, "--engine", "ray"]
    return subprocess.Popen(
        command, env=kept | {"ICP_SYNC_PROFILE": str(PROFILES / "small.yaml")}, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def rays(parent: int) -> list[psutil.Process]:
    """The processes of a Ray that was started by this one."""
    with_ray = ("gcs_server", "raylet", "ray::")
    try:
        children = psutil.Process(parent).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child for child in children if child.is_running() and child.name().startswith(with_ray)]


def until_at_work(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Its Ray, once a worker is there."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        nodes = rays(process.pid)
        if any("Read" in child.name() for child in nodes):
            return nodes
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        time.sleep(0.02)
    raise AssertionError("no worker of Ray began to read")


def listening(processes: list[psutil.Process]) -> Iterator[str]:
    for process in processes:
        if process.is_running():
            for socket in process.net_connections(kind="tcp"):
                if socket.status == psutil.CONN_LISTEN:
                    yield socket.laddr.ip


@pytest.fixture
def universe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    random_universe(Random(1))


@pytest.mark.usefixtures("universe")
def test_it_listens_on_loopback_alone_is_closed_to_others_and_says_nothing_on_stdout() -> None:
    before = folders()
    process = start("u", "--out", "-", "--quiet")
    addresses = set(listening(until_at_work(process)))
    assert [folder.stat().st_mode & 0o077 for folder in folders() - before] == [0]
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (0, "")
    assert addresses <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
    assert addresses
    assert out.startswith("Name,Domain,Country/Region,Number of Employees,icp_tier,")
    assert out.count("\n") == 2_001


@pytest.mark.usefixtures("universe")
@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 1, "stopped as asked")],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_stop_leaves_no_process_no_folder_and_no_manifest(number: int, code: int, sentence: str) -> None:
    before = folders()
    process = start("u", "--out", "x")
    workers = until_at_work(process)
    process.send_signal(number)
    _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err.splitlines()[-1].startswith(f"icp-sync: {sentence}")) == (code, True), err
    _, alive = psutil.wait_procs(workers, timeout=SECONDS)
    assert alive == []
    assert folders() <= before
    assert not Path("x/_SUCCESS.json").exists()
