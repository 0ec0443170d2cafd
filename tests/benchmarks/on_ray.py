"""`icp-sync score --engine ray` beside the local engine: the same rows, what a row costs, a machine that dies, memory.

Everything runs on this one machine, so nothing here says how fast a cluster is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final
from unittest.mock import patch

import polars as pl
import psutil

from tests.benchmarks.bars import Figure, LeftOut, Line
from tests.benchmarks.discover import REAL
from tests.benchmarks.score_file import PROFILE

COPIES: Final = 20
BLOCK_ROWS: Final = (20_000, 100_000, 250_000)
TRIALS: Final = 10
SIMULATED_BLOCKS: Final = 10_000
STORE_BYTES: Final = 200_000_000
_SAMPLES_EVERY: Final = 0.25
_SETTINGS: Final = {
    "RAY_DEFAULT_OBJECT_STORE_MAX_MEMORY_BYTES": str(STORE_BYTES),
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
}


def measure() -> Iterator[Line]:
    """Each in processes of their own, whose CPU and peaks are their own."""
    if find_spec("ray") is None:
        yield LeftOut("score on Ray", "Ray is not installed; make ray installs it")
        return
    if REAL.exists():
        with tempfile.TemporaryDirectory() as folder:
            yield from _beside_local(Path(folder))
            yield from _nodes_that_die(Path(folder))
    else:
        yield LeftOut("score on Ray beside local", f"{REAL} is not here")
    with tempfile.TemporaryDirectory() as folder:
        peak = json.loads(_module("blocks", Path(folder)))["peak"]
        yield Figure(f"driver's peak memory, {SIMULATED_BLOCKS:,} simulated blocks", peak, 500, "MB")


def _beside_local(root: Path) -> Iterator[Figure]:
    universe = pl.concat([pl.read_parquet(REAL)] * COPIES)
    (root / "u").mkdir()
    universe.write_parquet(root / "u" / "all.parquet")
    (root / "one").mkdir()
    # An empty job has as many blocks, so that it starts as many workers: of a row each.
    blocks = -(-universe.height // BLOCK_ROWS[-1])
    universe.head(blocks).write_parquet(root / "one" / "all.parquet")
    local, local_start = _score(root, "u", "local").work, _score(root, "one", "local-one").work
    wanted = _rows(root / "local")
    empty = _score(root, "one", "ray-one", "--engine", "ray", block_rows=1)
    same, ray = 0, empty
    for rows in BLOCK_ROWS:
        ray = _score(root, "u", "ray", "--engine", "ray", block_rows=rows)
        same += _rows(root / "ray").equals(wanted)
    cpu = ray.work - empty.work
    per_row = 1e6 / universe.height
    yield Figure(f"block sizes of which {universe.height:,} real rows are the same", same, len(BLOCK_ROWS), "", True)
    yield Figure("CPU a row, local, less that of a few rows", (local - local_start) * per_row, None, "µs")
    yield Figure("CPU a row, Ray, less that of an empty job", cpu * per_row, None, "µs")
    yield Figure("CPU of an empty Ray job", empty.work, None, "s")
    yield Figure("CPU of Ray's own processes meanwhile, which goes by the clock", ray.daemons, None, "s")
    yield Figure("CPU a row, Ray by local", cpu / (local - local_start), 1.4, "×")
    yield Figure("the same, local with its start", cpu / local, 1.4, "×")


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds: of the command with Ray's workers, and of the processes that keep Ray going."""

    work: float
    daemons: float = 0.0


def _score(root: Path, source: str, out: str, *options: str, block_rows: int | None = None) -> Used:
    """What the command used, with all the processes it started, until it ends."""
    words = ["score", str(root / source), "--out", str(root / out), "--overwrite", "--profile", str(PROFILE), "--quiet"]
    command = [sys.executable, "-m", "tests.benchmarks.on_ray", "score", str(block_rows or 0), *words, *options]
    process = subprocess.Popen(command, env=os.environ | _SETTINGS)
    over, used = Event(), dict[tuple[int, float], tuple[str, float]]()
    sampler = Thread(target=_sample, args=(psutil.Process(process.pid), over, used))
    sampler.start()
    _, status, own = os.wait4(process.pid, 0)
    over.set()
    sampler.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    if "ray" not in options:
        return Used(own.ru_utime + own.ru_stime)
    # By the last look at each.
    work = sum(cpu for name, cpu in used.values() if name.startswith(("ray::", "command")))
    return Used(work, sum(cpu for _, cpu in used.values()) - work)


def _sample(top: psutil.Process, over: Event, used: dict[tuple[int, float], tuple[str, float]]) -> None:
    """Keep what each process has used so far."""
    while not over.wait(_SAMPLES_EVERY):
        try:
            for process in (top, *top.children(recursive=True)):
                times = process.cpu_times()
                name = "command" if process == top else " ".join(process.cmdline()[:1])
                used[process.pid, process.create_time()] = name, times.user + times.system
        except psutil.NoSuchProcess:
            continue


def _rows(folder: Path) -> pl.DataFrame:
    assert (folder / "_SUCCESS.json").exists()
    return pl.concat(pl.read_parquet(path) for path in sorted(folder.glob("part-*.parquet")))


def _nodes_that_die(root: Path) -> Iterator[Figure]:
    wanted = _rows(root / "local").head(8 * REAL_ROWS)
    shutil.rmtree(root / "u")
    (root / "u").mkdir()
    pl.concat([pl.read_parquet(REAL)] * 8).write_parquet(root / "u" / "all.parquet")
    printed = json.loads(_module("nodes", root))
    same = doubles = 0
    for trial in range(TRIALS):
        rows = _rows(root / f"trial-{trial}")
        same += rows.equals(wanted)
        parts = json.loads((root / f"trial-{trial}" / "_SUCCESS.json").read_text(encoding="utf-8"))["parts"]
        doubles += rows.height != wanted.height or len(list((root / f"trial-{trial}").iterdir())) != parts + 1
    yield Figure("trials in which a machine of three died at work", printed["killed"], TRIALS, "", True)
    yield Figure("of these with the same result", same, TRIALS, "", True)
    yield Figure("of these with doubles or left-overs", doubles, 0, "")


REAL_ROWS: Final = 56_471


def _module(what: str, root: Path) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.on_ray", what, str(root)]
    return subprocess.run(command, env=os.environ | _SETTINGS, check=True, stdout=subprocess.PIPE, text=True).stdout


def _score_in_blocks(rows: int, words: list[str]) -> int:
    """The command, with blocks of so many rows; 0: as many as it would choose."""
    from icp_sync.cli import main
    from icp_sync.cluster.environment import prepare_ray

    if not rows:
        return main(words)
    prepare_ray(None if "--address" not in words else words[-1])
    with patch("icp_sync.cluster.engine.max_batch_rows", lambda _width: rows):
        return main(words)


def _kill_nodes(root: Path) -> dict[str, Any]:
    """Score on a cluster of three machines, of which one is killed once some parts are there, so many times."""
    os.environ["RAY_AUTH_MODE"] = "disabled"
    from ray.cluster_utils import Cluster

    machine = {"node_ip_address": "127.0.0.1", "object_store_memory": STORE_BYTES, "num_cpus": 1}
    cluster = Cluster(initialize_head=True, head_node_args={**machine, "include_dashboard": False})
    stays = cluster.add_node(**machine)
    killed = 0
    for trial in range(TRIALS):
        dies = cluster.add_node(**machine)
        cluster.wait_for_nodes()
        out = root / f"trial-{trial}"
        words = ["score", str(root / "u"), "--out", str(out), "--profile", str(PROFILE), "--quiet", "--engine", "ray"]
        command = [sys.executable, "-m", "tests.benchmarks.on_ray", "score", str(20_000), *words]
        process = subprocess.Popen([*command, "--address", cluster.address])
        while process.poll() is None and len(list(out.glob("part-*.parquet"))) < 3 + trial:
            time.sleep(0.02)
        killed += process.poll() is None
        cluster.remove_node(dies, allow_graceful=False)
        assert process.wait() == 0
    assert stays in cluster.list_all_nodes()
    cluster.shutdown()
    return {"killed": killed}


def _simulate_blocks() -> dict[str, float]:
    """Blocks whose bodies are replaced by what they would send home, through the real engine."""
    from icp_sync.cluster.environment import prepare_ray

    prepare_ray(None)
    from icp_sync.cluster.engine import ray_engine
    from tests.benchmarks.simulated_blocks import NothingWritten, SimulatedTable, counted

    with ray_engine(None, quiet=True) as engine:
        # Added up as they come, as `score` does: nobody keeps what each block sent.
        written = sum(1 for _ in engine.write_parts(SimulatedTable(SIMULATED_BLOCKS), counted, NothingWritten()))
    assert written == SIMULATED_BLOCKS
    peak = Path("/proc/self/status").read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]
    return {"peak": int(peak) / 1024}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["score", rows, *words]:
            sys.exit(_score_in_blocks(int(rows), words))
        case ["nodes", folder]:
            sys.stdout.write(json.dumps(_kill_nodes(Path(folder))))
        case ["blocks", _]:
            sys.stdout.write(json.dumps(_simulate_blocks()))
