"""Children that are small programs: as real as processes of ours, and a hundredth of their cost."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.fleet.portal_command import PortalCommand
from icp_sync.fleet.process_pool import LocalStarter, ProcessPool
from icp_sync.fleet.secret_references import SecretResolver

DONE = 'print(\'{"tiers": {"tier_1": 3}, "changes": {"companies": 2}, "portal_id": 7}\')'
SECRETS = {"T_A": "token-of-a", "T_B": "token-of-b", "T_C": "token-of-c"}


@dataclass(frozen=True, slots=True)
class Script(PortalCommand):
    """A portal's command that is a few lines of Python."""

    script: str = DONE

    def arguments(self) -> list[str]:
        return [sys.executable, "-I", "-S", "-c", self.script]


def script(name: str, text: str, folder: Path) -> Script:
    portal = Portal(name=name, token=f"env:T_{name.upper()}", profiles=("icp.yaml",))
    return Script(portal, ("run",), folder, folder / "state" / name, text)


class Office:
    """A crew, and what it says."""

    def __init__(self, at_once: int = 4, secrets: Mapping[str, str] = SECRETS) -> None:
        self.lines: list[tuple[str, str]] = []
        self.crew = ProcessPool(
            at_once,
            LocalStarter(
                {"PATH": "/usr/bin", "ICP_SYNC_ALLOW": "everything", **secrets}, SecretResolver(secrets, None)
            ),
            lambda name, line: self.lines.append((name, line)),
        )

    def work(self, *commands: PortalCommand) -> dict[str, PortalOutcome]:
        return {outcome.name: outcome for outcome in self.crew.run_commands(commands)}
