"""A worker killed in the middle of an upload: the pointer names a whole snapshot, the old one or the new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Literal

import pytest

from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.sandbox.store.history_sources import person_source
from icp_sync.state.snapshot import Snapshot
from tests.cli.conftest import COMPANIES, DAY, PROFILES, company_ids
from tests.object_store.s3 import S3, Environ
from tests.object_store.upload import snapshot, snapshot_store

ROOT = Path(__file__).parents[2]
ROWS = 4_000
"""Three parts of an upload, more or less."""
WRITES = 10
"""Requests of a save that change the store: parts of an upload and what is around them, the pointer, removals."""


class Executioner:
    """Kills a process at one of its writes: before it arrives, in the middle of it, or before it is answered."""

    def __init__(self, server: S3, random: Random) -> None:
        self._nth = random.randint(1, WRITES)
        self._when: Literal["before", "middle", "after"] = random.choice(["before", "middle", "after"])
        self._writes, self.pid, self.has_struck = 0, 0, False
        server.before, server.after = self._on("before"), self._on("after")

    def _on(self, phase: Literal["before", "after"]) -> Callable[[Environ], str | None]:
        def strike(environ: Environ) -> str | None:
            if environ["REQUEST_METHOD"] not in {"PUT", "POST", "DELETE"}:
                return None
            self._writes += phase == "before"
            if self._writes != self._nth or (phase == "after") != (self._when == "after"):
                return None
            if self._when == "middle":
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0) // 2)
            self._kill()
            return "SlowDown"

        return strike

    def _kill(self) -> None:
        if not self.has_struck:
            os.kill(self.pid, signal.SIGKILL)
            self.has_struck = True


def run_until_killed(executioner: Executioner, command: list[str], environment: dict[str, str]) -> int:
    """Start a process and give it to the executioner; its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    executioner.pid = process.pid
    return process.wait(120)


@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.long)])
def test_the_pointer_names_a_whole_snapshot_however_often_a_worker_is_killed(
    bucket: S3, tmp_path: Path, kills: int
) -> None:
    random, killed, tried = Random(kills), 0, 0
    stands = ROWS
    snapshot_store(tmp_path / "first").save(snapshot(stands))
    while killed < kills:
        tried += 1
        rows = ROWS + tried
        executioner = Executioner(bucket, random)
        code = run_until_killed(
            executioner, ["tests.object_store.upload", str(tmp_path / f"worker-{tried}"), str(rows)], dict(os.environ)
        )
        bucket.before = bucket.after = lambda _: None
        killed += code == -signal.SIGKILL
        loaded = snapshot_store(tmp_path / f"reader-{tried}").load()
        assert isinstance(loaded, Snapshot), loaded
        assert loaded.companies.height in ({stands, rows} if code else {rows})
        stands = loaded.companies.height
        assert loaded.companies.equals(snapshot(stands).companies)
    assert tried < 2 * kills


@pytest.mark.slow
def test_the_next_worker_finishes_what_a_killed_night_began(bucket: S3, tmp_path: Path) -> None:
    import polars as pl

    portal, random, killed = SandboxPortal(), Random(20261130), 0
    portal.add_companies(pl.DataFrame(COMPANIES))
    with serve_in_thread(portal) as address:
        environment = {
            **os.environ,
            "HUBSPOT_BASE_URL": address.url,
            "HUBSPOT_ACCESS_TOKEN": address.token,
            "ICP_SYNC_PROFILE": str(PROFILES / "small.yaml"),
            "ICP_SYNC_SNAPSHOT_URL": "s3://acme/state",
        }
        for night in range(3):
            portal.edit_company(
                company_ids(portal)[1], {"country": ("Deutschland", "Italien")[night % 2]}, person_source(12)
            )
            words = ["icp_sync", "run", "--state", str(tmp_path / f"night-{night}")]
            killed += run_until_killed(Executioner(bucket, random), words, environment) == -signal.SIGKILL
            bucket.before = bucket.after = lambda _: None
            portal.ahead += DAY
            for command, code in (("run", 0), ("plan", 0)):
                words = ["icp_sync", command, "--state", str(tmp_path / f"next-{night}-{command}"), "--json"]
                ended = subprocess.run(
                    [sys.executable, "-m", *words, "--quiet"],
                    cwd=ROOT,
                    env=environment,
                    capture_output=True,
                    check=False,
                )
                assert ended.returncode == code, ended.stderr
            assert b'"companies": 0' in ended.stdout.partition(b'"changes"')[2][:60]
    assert killed
