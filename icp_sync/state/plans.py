"""Plans saved in the state directory, such as one blocked by a guardrail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icp_sync.files import write_private
from icp_sync.state.directory import StateDirectory, translate_os_errors

MAX_PLANS: Final = 10


@dataclass(frozen=True, slots=True)
class PlanStore:
    """Saved plans, for a person to look at and to apply."""

    directory: StateDirectory

    def path_of(self, run_id: str) -> Path:
        """Where the plan of a run is saved, if it is."""
        return self.directory.path / "plans" / f"{run_id}.jsonl"

    def save(self, run_id: str, lines: Iterable[bytes]) -> Path:
        """Write a plan to `plans/RUN_ID.jsonl`, mode 0600, and return the path; the oldest plans are removed.

        Raises StateUnusable.
        """
        path = self.path_of(run_id)
        folder = path.parent
        with translate_os_errors(self.directory.path):
            folder.mkdir(mode=0o700, exist_ok=True)
            _prune(folder)
        return write_private(path, lines)

    def find(self, run_id: str) -> Path | None:
        """The plan saved by that run; None where none is kept."""
        path = self.path_of(run_id)
        return path if path.is_file() else None


def _prune(folder: Path) -> None:
    """Remove all but the newest plans and their tables: a job blocked every night saves one each time."""
    for plan in sorted(folder.glob("*.jsonl"))[: 1 - MAX_PLANS]:
        plan.unlink()
        plan.with_suffix(".csv").unlink(missing_ok=True)
