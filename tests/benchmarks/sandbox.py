"""The sandbox in a process of its own, and the job in another, so that each one's CPU and memory stand alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

START: Final = [sys.executable, "-m", "icp_sync"]


@dataclass(frozen=True, slots=True)
class Ended:
    """A job's exit code, its `--json` document, and what its process cost (seconds of CPU, megabytes at the peak)."""

    code: int
    document: dict[str, Any]
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Portal:
    """A sandbox in another process."""

    environment: dict[str, str]
    url: str

    def calls(self) -> dict[str, Any]:
        """What the sandbox counted since the last reset."""
        with urllib.request.urlopen(f"{self.url}/sandbox/calls") as answer:  # noqa: S310 - loopback
            counted: dict[str, Any] = json.load(answer)
        return counted

    def reset(self) -> None:
        """Count from zero."""
        request = urllib.request.Request(f"{self.url}/sandbox/calls/reset", method="POST")  # noqa: S310 - loopback
        urllib.request.urlopen(request).close()  # noqa: S310 - loopback

    def job(self, *arguments: str) -> Ended:
        """Run one command to its end."""
        process = subprocess.Popen(
            [*START, *arguments, "--json", "--quiet"], env=self.environment, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        cpu = usage.ru_utime + usage.ru_stime
        return Ended(process.returncode, json.loads(text), cpu, usage.ru_maxrss / 1024)


@contextmanager
def sandbox(*arguments: str, state: Path) -> Iterator[Portal]:
    """`icp-sync sandbox` with these options until the block ends."""
    process = subprocess.Popen([*START, "sandbox", *arguments, "--json"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        told = json.loads("".join(_document(process.stdout)))
        variables = {name: told[name] for name in ("HUBSPOT_BASE_URL", "HUBSPOT_ACCESS_TOKEN")}
        yield Portal({**os.environ, **variables, "ICP_SYNC_STATE": str(state)}, variables["HUBSPOT_BASE_URL"])
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _document(lines: Iterator[str]) -> Iterator[str]:
    """The lines of the one document, which ends in a lone brace."""
    for line in lines:
        yield line
        if line.startswith("}"):
            return
