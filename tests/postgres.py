"""A PostgreSQL server of the tests' own: the machine's binaries, an unprivileged user, its own folder and port."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_postgresql.janitor import DatabaseJanitor

PASSWORD: Final = "correct-horse-battery"
MISSING: Final = "PostgreSQL's initdb and pg_ctl are not installed (Debian: postgresql)"
_DEBIAN: Final = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server on loopback, of user `icp` with PASSWORD."""

    port: int

    def url(self, database: str) -> str:
        """What ICP_SYNC_STATE_URL would say of one of its databases."""
        return f"postgresql://icp:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a fresh database, dropped after the block."""
        name = f"ledger_{secrets.token_hex(6)}"
        with DatabaseJanitor(user="icp", host="127.0.0.1", port=self.port, dbname=name, password=PASSWORD):
            yield self.url(name)


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl; None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(_DEBIAN.glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@contextmanager
def serve() -> Iterator[Server]:
    """A server for the block. Without PostgreSQL the test is skipped, in CI it fails."""
    folder = binaries()
    if folder is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with tempfile.TemporaryDirectory(prefix="icp-postgres-") as home:
        Path(home, "password").write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (home, f"{home}/password"):
                shutil.chown(path, "nobody")
        data, port = f"{home}/data", _free_port()
        login = ("--username=icp", "--auth=scram-sha-256", f"--pwfile={home}/password")
        _run(folder / "initdb", "--pgdata", data, "--no-sync", "--encoding=UTF8", "--locale=C", *login, home=home)
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
        _run(folder / "pg_ctl", "start", "--wait", "-D", data, "-l", f"{home}/log", "-o", settings, home=home)
        try:
            yield Server(port)
        finally:
            _run(folder / "pg_ctl", "stop", "--mode=immediate", "-D", data, home=home)


def _run(*command: Any, home: str) -> None:
    # PostgreSQL refuses to be started by root.
    who: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    environment = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C"}
    ended = subprocess.run(
        [*map(str, command)],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # the server inherits it, and would keep a pipe open
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=120,
        **who,
    )
    assert ended.returncode == 0, f"{command[0]} ended with {ended.returncode}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
