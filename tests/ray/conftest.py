"""A Ray on loopback for all tests of a process: small, and gone at its end.

`make ray` installs Ray. Where it is missing these tests are skipped with the reason, and fail in CI
(`RAY_TESTS=required`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from icp_sync.cli import main
from tests.cli.conftest import PROFILES, Ended

STORE_BYTES = 200_000_000
# Ray reads them as it is imported: a Ray of tests listens on loopback, and says nothing to anybody.
os.environ.update(RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0", RAY_USAGE_STATS_ENABLED="0", RAY_AUTH_MODE="disabled")
os.environ["RAY_DEFAULT_OBJECT_STORE_MAX_MEMORY_BYTES"] = str(STORE_BYTES)
collect_ignore_glob = [] if find_spec("ray") else ["test_[!i]*.py"]  # all but `test_installed`


def pytest_itemcollected(item: pytest.Item) -> None:
    """A Ray takes seconds to start, so `make test` leaves all of them out; `make ray` runs them."""
    if Path(item.fspath).parent == Path(__file__).parent:
        item.add_marker(pytest.mark.slow)
        # Ray's own code warns of itself, and leaves its sockets to the garbage collector.
        for kind in (
            "DeprecationWarning",
            "FutureWarning",
            "ResourceWarning",
            "pytest.PytestUnraisableExceptionWarning",
        ):
            item.add_marker(pytest.mark.filterwarnings(f"ignore::{kind}"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a Ray of one machine with two CPUs."""
    from ray.cluster_utils import Cluster

    machines = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 2,
            "object_store_memory": STORE_BYTES,
            "node_ip_address": "127.0.0.1",
            "include_dashboard": False,
        },
    )
    started = [info.process for kind in machines.head_node.all_processes.values() for info in kind]
    yield machines.address
    machines.shutdown()
    for process in started:
        process.wait()  # Ray ends them and looks no further


@pytest.fixture
def score(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """`icp-sync score` with the small profile in an empty folder; `ray=True`: on Ray."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(PROFILES / "small.yaml"))

    def command(*arguments: object, ray: bool = False) -> Ended:
        capsys.readouterr()
        engine = ["--engine", "ray", "--address", cluster] if ray else []
        code = main(["score", *map(str, arguments), *engine])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return command
