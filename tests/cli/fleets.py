"""Several portals behind one address, a fleet file that names them, and `icp-sync fleet` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from icp_sync.sandbox import EVERY_SCOPE, SandboxPortal, serving

PROFILES = Path(__file__).parents[1] / "profiles"
FIRST = 26112026


def portals(count: int, companies: int) -> list[SandboxPortal]:
    """So many portals of so many German companies, each with an id and a token of its own; two thirds are tier 1."""
    made = []
    for number in range(count):
        portal = SandboxPortal(portal_id=FIRST + number, searches=1_000)
        portal.token = f"pat-eu1-canary{number:02}-4000-8000-{number:012}"
        portal.tokens = {portal.token: EVERY_SCOPE}
        sizes = ["800" if row % 3 else "20" for row in range(companies)]
        frame = {"name": [f"C{row}" for row in range(companies)], "country": "DE", "numberofemployees": sizes}
        portal.add_companies(pl.DataFrame(frame))
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
def fleet_of(portals: Sequence[SandboxPortal], folder: Path, defaults: str = "") -> Iterator[FleetFolder]:
    """The portals served, and the folder."""
    (folder / "icp.yaml").write_bytes((PROFILES / "small.yaml").read_bytes())
    with serving(*portals) as address:
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
