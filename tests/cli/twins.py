"""What a run left, kept by the first test that begins with it and copied for the others.

A run over five companies takes a third of a second, a copy of what it left a hundredth.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from icp_sync.sandbox import SandboxPortal

Made = TypeVar("Made")
STAYS = frozenset({"_clock", "lock", "hooks"})
"""What a portal keeps of its own: its clock, its lock, and who is called back."""


def copy_portal(source: SandboxPortal, target: SandboxPortal) -> None:
    """Make `target` hold what `source` holds, and share nothing with it."""
    shared: dict[int, Any] = {id(source): target, id(source.lock): target.lock}
    for name, value in vars(source).items():
        if name not in STAYS:
            setattr(target, name, copy.deepcopy(value, shared))


@dataclass(slots=True)
class Twins:
    """Portals, state directories and what a test made of them after a run, by what the run began with."""

    folder: Path
    kept: dict[object, tuple[SandboxPortal, int, Path, Any]] = field(default_factory=dict)

    def begin(self, name: str, portal: SandboxPortal, state: Path, run: Callable[[], Made]) -> Made:
        """Bring portal and state to where `run` leads from the portal's companies, and return what it returned.

        It runs for the first test of that name and those companies.
        """
        key = name, repr(_companies(portal))
        if key in self.kept:
            before, left_at, folder, made = self.kept[key]
            copy_portal(before, portal)
            # The run that was kept may have jumped over its waits; an edit of this test must be later than its writes.
            portal.ahead += max(0.0, (left_at - portal.now()) / 1000)
            shutil.copytree(folder, state)
            return cast(Made, made)
        made = run()
        kept, folder = SandboxPortal(), self.folder / str(len(self.kept))
        copy_portal(portal, kept)
        shutil.copytree(state, folder)
        self.kept[key] = kept, portal.now() + 1, folder, made
        return made


def _companies(portal: SandboxPortal) -> list[dict[str, str]]:
    """What the companies hold but for the moments, which differ from test to test."""
    rows = portal.filled_values().values()
    return [{name: value for name, value in row.items() if "date" not in name} for row in rows]
