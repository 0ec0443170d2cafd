"""Several portals behind one address, a fleet file that names them, and `icp-sync fleet` in a process of its own.

`night_of_failures` is the night of the issue: a dead token, a plan that is held, a worker killed while it writes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from icp_sync.sandbox import EVERY_SCOPE, SandboxPortal, serve_in_thread

SMALL = Path(__file__).parents[1] / "profiles" / "small.yaml"
FIRST = 26112026
UPDATE = "POST /crm/objects/companies/batch/update"
DAILY_CALLS = "40%"
DEAD, HELD, KILLED = 1, 2, 3
"""Places of the portals that fail in `night_of_failures`."""


def german_companies(count: int) -> pl.DataFrame:
    """So many companies, of which two thirds are tier 1 by the small profile."""
    sizes = ["800" if row % 3 else "20" for row in range(count)]
    return pl.DataFrame({"name": [f"C{row}" for row in range(count)], "country": "DE", "numberofemployees": sizes})


def portals(count: int, companies: int | pl.DataFrame) -> list[SandboxPortal]:
    """So many portals with the same companies, each with an id and a token of its own."""
    frame = german_companies(companies) if isinstance(companies, int) else companies
    made = []
    for number in range(count):
        portal = SandboxPortal(portal_id=FIRST + number, searches=1_000)
        portal.token = f"pat-eu1-canary{number:02}-4000-8000-{number:012}"
        portal.tokens = {portal.token: EVERY_SCOPE}
        portal.add_companies(frame)
        made.append(portal)
    return made


@dataclass(slots=True)
class FleetFolder:
    """A folder with a fleet file of portals `p00`, `p01`, …; `tokens`: what their variables hold."""

    folder: Path
    portals: Sequence[SandboxPortal]
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ICP_SYNC_", "HUBSPOT_"))}
        return {**kept, **self.tokens, "ICP_SYNC_STATE": str(self.folder / "state")}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "icp_sync", "fleet", *words, "--fleet", str(self.folder / "fleet.yaml")]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`icp-sync fleet` with these words, to its end."""
        return subprocess.run(
            self.command(*words), env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def document(self, *words: str) -> tuple[dict[str, Any], subprocess.CompletedProcess[str]]:
        ended = self.run(*words, "--json")
        document: dict[str, Any] = json.loads(ended.stdout)
        return document, ended


@contextmanager
def fleet_of(
    portals: Sequence[SandboxPortal], folder: Path, defaults: str = "", profile: Path = SMALL
) -> Iterator[FleetFolder]:
    """The portals served, and the folder."""
    (folder / "icp.yaml").write_bytes(profile.read_bytes())
    with serve_in_thread(*portals) as address:
        shared = f"defaults: {{profiles: [icp.yaml], base_url: '{address.url}'{defaults}}}"
        lines = [
            f"  - {{name: p{number:02}, token: env:TOKEN_{number:02}, portal_id: {portal.portal_id}}}"
            for number, portal in enumerate(portals)
        ]
        (folder / "fleet.yaml").write_text("\n".join([shared, "portals:", *lines, ""]), encoding="utf-8")
        yield FleetFolder(
            folder, portals, {f"TOKEN_{number:02}": portal.token for number, portal in enumerate(portals)}
        )


def by_name(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {portal["name"]: portal for portal in document["portals"]}


def pid_of(name: str) -> int:
    """The process that works on the portal of this name: its state directory stands on its command line."""
    for path in Path("/proc").iterdir():
        try:
            words = (path / "cmdline").read_bytes().split(b"\0") if path.name.isdecimal() else []
        except OSError:
            continue
        if b"-P" in words and any(word.endswith(f"/state/{name}".encode()) for word in words):
            return int(path.name)
    raise AssertionError(f"no process works on {name}")


@dataclass(frozen=True, slots=True)
class Night:
    """How `fleet run` ended: its document, its exit code and all it said."""

    document: dict[str, Any]
    exit_code: int
    printed: str

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return by_name(self.document)


def night_of_failures(fleet: FleetFolder, *words: str) -> Night:
    """A night of at least four portals: one token is dead, one plan is held, one worker is killed as it writes."""
    fleet.tokens[f"TOKEN_{DEAD:02}"] = "pat-eu1-dead-token-00000000"
    assert fleet.run("run", "--only", f"p{HELD:02}", "--quiet").returncode == 0
    blocked, killed = fleet.portals[HELD], fleet.portals[KILLED]
    for record in blocked.filled_values(["name"]):
        blocked.edit_company(int(record), {"country": "US"})
    end = killed.add_call_hook(lambda _, route, phase: route == UPDATE and phase == "after" and _kill(f"p{KILLED:02}"))
    document, ended = fleet.document("run", *words, "--quiet")
    end()
    return Night(document, ended.returncode, ended.stdout + ended.stderr)


def _kill(name: str) -> bool:
    os.kill(pid_of(name), signal.SIGKILL)
    return True


def run_alone(portal: SandboxPortal, folder: Path, profile: Path = SMALL) -> None:
    """The night of one portal by `icp-sync run`, with no fleet about it."""
    folder.mkdir(exist_ok=True)
    with serve_in_thread(portal) as address:
        environment = FleetFolder(folder, [portal]).environment | {
            "HUBSPOT_ACCESS_TOKEN": portal.token,
            "HUBSPOT_BASE_URL": address.url,
            "ICP_SYNC_DAILY_CALLS": DAILY_CALLS,
            "ICP_SYNC_PORTAL_ID": str(portal.portal_id),
        }
        words = [sys.executable, "-m", "icp_sync", "run", "--quiet", "--profile", str(profile)]
        subprocess.run(words, env=environment, cwd=folder, check=True)


def calls_by_route(portal: SandboxPortal) -> dict[str, int]:
    """The calls that the portal counted."""
    calls: dict[str, int] = portal.calls.summary(with_log=False)["by_route"]
    return calls


def outputs(portal: SandboxPortal) -> str:
    """A digest of what a night writes, without its moments."""
    names = ("hs_ideal_customer_profile", "hs_is_target_account", "icp_fit_score", "icp_fit_potential")
    more = ("icp_fit_coverage", "icp_fit_outcome", "icp_fit_reasons", "icp_fit_profile")
    state = portal.state_digest([*names, *more])
    return f"{state['companies']['digest']} {state['lists']}"
