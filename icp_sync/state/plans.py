"""Plans saved in the state directory, such as one blocked by a guardrail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icp_sync.files import write_private_file
from icp_sync.state.directory import translate_os_errors
from icp_sync.state.files import StateFiles

MAX_PLANS: Final = 10
_FOLDER: Final = "plans"


@dataclass(frozen=True, slots=True)
class PlanStore:
    """Saved plans, for a person to look at and to apply."""

    directory: StateFiles

    def plan_path(self, run_id: str) -> Path:
        """Where the plan of a run is saved, if it is."""
        return self.directory.path / _FOLDER / f"{run_id}.jsonl"

    def save(self, run_id: str, lines: Iterable[bytes]) -> Path:
        """Write a plan to `plans/RUN_ID.jsonl`, mode 0600, and return the path; the oldest plans are removed.

        Raises StateUnusable.
        """
        path = self.plan_path(run_id)
        with translate_os_errors(self.directory.path):
            path.parent.mkdir(mode=0o700, exist_ok=True)
        self._prune()
        write_private_file(path, lines)
        self.directory.publish([f"{_FOLDER}/{path.name}"])
        return path

    def find(self, run_id: str) -> Path | None:
        """The plan saved by that run; None where none is kept."""
        path = self.plan_path(run_id)
        self.directory.fetch_folder(_FOLDER)
        return path if path.is_file() else None

    def _prune(self) -> None:
        """Remove all but the newest plans and their tables: a job blocked every night saves one each time."""
        plans = sorted(name for name in self.directory.file_names(_FOLDER) if name.endswith(".jsonl"))[: 1 - MAX_PLANS]
        self.directory.remove(name for plan in plans for name in (plan, f"{plan.removesuffix('.jsonl')}.csv"))
