"""Clients of other people read every company of a sandbox, and their counts agree.

`make clients` installs them. Where one is missing its test is skipped with the reason, and fails in CI
(`FOREIGN_CLIENTS=required`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest

from icp_sync.sandbox import PortalAddress, SandboxPortal, serve_in_thread

HERE = Path(__file__).parent
BENCH = HERE.parents[1] / ".venv" / "bench" / "bin" / "python"
COUNT = 10_250


@pytest.fixture(scope="module")
def address() -> Iterator[PortalAddress]:
    """A portal with more companies than one search can show."""
    portal = SandboxPortal(searches=1_000)
    names = [f"Firm {n}" for n in range(COUNT)]
    portal.add_companies(pl.DataFrame({"name": names, "country": ["DE"] * COUNT}))
    with serve_in_thread(portal) as address:
        yield address


def missing(what: str) -> None:
    """Skip with the reason on a user's machine, fail where every client has to be there."""
    if os.environ.get("FOREIGN_CLIENTS") == "required":
        pytest.fail(f"{what}, and here every client has to be there")
    pytest.skip(f"{what}; make clients installs it")


def read(address: PortalAddress, *command: str | Path) -> dict[str, Any]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "HUBSPOT_BASE_URL": address.url, "HUBSPOT_ACCESS_TOKEN": address.token, "NO_PROXY": "127.0.0.1"}
    env["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    ended = subprocess.run(command, cwd=HERE, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr[-2000:]
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def bench_python() -> Path:
    if not BENCH.exists() or not (BENCH.parents[1] / ".installed").exists():
        missing("the benchmarks' environment (.venv/bench) is not installed")
    return BENCH


def first_link(address: PortalAddress) -> str:
    """`paging.next.link` of the first page."""
    with closing(HTTPConnection(urlsplit(address.url).netloc)) as connection:
        headers = {"Authorization": f"Bearer {address.token}"}
        connection.request("GET", "/crm/v3/objects/companies", headers=headers)
        return str(json.load(connection.getresponse())["paging"]["next"]["link"])


def test_the_official_python_client_reads_lists_searches_and_batches(address: PortalAddress) -> None:
    document = read(address, bench_python(), HERE / "official.py")
    assert document == {"companies": COUNT, "searched": COUNT, "batch": [1, 1], "lists": ["Ours"]}


@pytest.mark.parametrize("paginator", ["cursor", "json_link"])
def test_dlt_reads_by_cursor_and_by_links(address: PortalAddress, paginator: str) -> None:
    python = bench_python()
    if paginator == "json_link":
        # Followed, a link to another host would carry the token there.
        assert urlsplit(first_link(address)).netloc == urlsplit(address.url).netloc
    assert read(address, python, HERE / "dlt_rest.py", paginator) == {"companies": COUNT, "named": COUNT}


def test_the_official_node_client_reads_everything(address: PortalAddress) -> None:
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        missing("node is not installed" if node is None else "the Node client is not installed")
    assert read(address, node or "node", "node.js") == {"companies": COUNT}


def test_the_lock_of_the_node_client_names_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = [one for name, one in lock["packages"].items() if name]
    assert all("resolved" not in one and one["integrity"].startswith("sha512-") for one in packages)
