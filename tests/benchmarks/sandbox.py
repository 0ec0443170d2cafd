"""The sandbox in a process of its own, and the job in another, so that each one's CPU and memory stand alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.counted import Counted

START: Final = [sys.executable, "-m", "icp_sync"]
DAY: Final = 24 * 3600


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

    def calls(self) -> Counted:
        """What the sandbox counted since the last reset."""
        with urllib.request.urlopen(f"{self.url}/sandbox/calls") as answer:  # noqa: S310 - loopback
            return Counted.of(json.load(answer))

    def reset(self) -> None:
        """Count from zero."""
        self._press("calls/reset")

    def change(self, **settings: object) -> None:
        """Change traits of the portal: `latency` (seconds an answer takes), `burst`, `ahead` (seconds), ..."""
        self._press("settings", settings)

    def edit(self, changes: Sequence[tuple[int, Mapping[str, str]]]) -> None:
        """What other users do to companies (id, texts by property), all at one moment."""
        self._press("companies/edit", {"companies": [{"id": one, "properties": texts} for one, texts in changes]})

    def job(self, *arguments: str, state: Path | None = None) -> Ended:
        """Run one command to its end, with the state of this bench or another. Raises RuntimeError if it fails."""
        ended = self.tried(*arguments, state=state)
        if ended.code != 0:
            raise RuntimeError(f"icp-sync {' '.join(arguments)} ended in {ended.code}: {ended.document}")
        return ended

    def counted(self, *arguments: str, state: Path | None = None) -> tuple[Ended, Counted]:
        """The same, and the calls it took as the sandbox counted them."""
        self.reset()
        ended = self.job(*arguments, state=state)
        return ended, self.calls()

    def tried(self, *arguments: str, state: Path | None = None) -> Ended:
        """Run one command to its end, whatever that is."""
        environment = self.environment if state is None else {**self.environment, "ICP_SYNC_STATE": str(state)}
        command = [*START, *arguments, "--json", "--quiet"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        cpu = usage.ru_utime + usage.ru_stime
        return Ended(process.returncode, json.loads(text) if text else {}, cpu, usage.ru_maxrss / 1024)

    def _press(self, button: str, body: object = None) -> None:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}/sandbox/{button}", content, {"Content-Type": "application/json"}, method="POST"
        )
        urllib.request.urlopen(request).close()  # noqa: S310 - loopback


@contextmanager
def sandbox(*arguments: str, state: Path) -> Iterator[Portal]:
    """`icp-sync sandbox` with these options until the block ends."""
    process = subprocess.Popen([*START, "sandbox", *arguments, "--json"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        printed = json.loads("".join(_document(process.stdout)))
        variables = {name: printed[name] for name in ("HUBSPOT_BASE_URL", "HUBSPOT_ACCESS_TOKEN")}
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
