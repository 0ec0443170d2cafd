"""Records of finished runs: one line in the journal for each run, appended when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import FILE, entries_newest_first, parse_entry
from icp_sync.state.recovery import UnfinishedRun, find_unfinished_run

# Lines of batches are a thousand times longer and more numerous than those of runs, so they are not parsed.
_BATCH_PREFIXES: Final = (b'{"kind":"sending"', b'{"kind":"batch"')


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A finished run. `complete`: it read the whole portal and came to its end, with or without rejected records.

    `started_at` is ISO 8601; `read`, `written`, `skipped` and `rejected` are numbers of companies.
    """

    run_id: str
    command: str
    started_at: str
    seconds: float
    complete: bool
    read: int
    written: int
    skipped: int
    rejected: int
    allowed: tuple[str, ...]
    exit_code: int
    calls: int = 0


@dataclass(frozen=True, slots=True)
class RunStore:
    """The runs of one profile on one portal, in the journal that all profiles of a directory share."""

    directory: StateDirectory
    portal_id: int
    profile: str

    def append(self, run: RunRecord) -> None:
        """Append the record of a finished run. Raises StateUnusable."""
        fields = asdict(run)
        entry = {"kind": "run", "run_id": fields.pop("run_id"), "portal_id": self.portal_id, "profile": self.profile}
        self.directory.append(FILE, orjson.dumps(entry | fields, option=orjson.OPT_APPEND_NEWLINE))

    def last_complete_read_count(self) -> int | None:
        """Return the number of companies read by the last complete run; None without one.

        The last one is the last in the file, whatever its time stamp. Raises StateUnusable.
        """
        ours = ("run", self.portal_id, self.profile)
        with self._entries() as entries:
            for entry in entries:
                read = entry.get("read")
                is_ours = (entry.get("kind"), entry.get("portal_id"), entry.get("profile")) == ours
                if is_ours and entry.get("complete") is True and isinstance(read, int):
                    return read
        return None

    def active_profiles(self) -> frozenset[str]:
        """Return the profiles that ran on this portal since the first run of this one, itself included.

        Before its first run it is the only one. Reads the whole journal. Raises StateUnusable.
        """
        newer_profiles, profiles = {self.profile}, {self.profile}
        with self._entries() as entries:
            for entry in entries:
                if (entry.get("kind"), entry.get("portal_id")) == ("run", self.portal_id):
                    profiles |= newer_profiles if entry.get("profile") == self.profile else set()
                    newer_profiles.add(str(entry.get("profile")))
        return frozenset(profiles)

    def unfinished(self) -> UnfinishedRun | None:
        """Return the last run of this profile that began to write, None if it came to its end.

        Reads the journal backwards, no further than that run's start. Raises StateUnusable.
        """
        with entries_newest_first(self.directory) as lines:
            return find_unfinished_run(lines, self.portal_id, self.profile)

    def last_portal(self) -> int | None:
        """Return the portal of the latest run of any profile, None before the first. Raises StateUnusable."""
        with self._entries() as entries:
            return next((entry["portal_id"] for entry in entries if isinstance(entry.get("portal_id"), int)), None)

    @contextmanager
    def _entries(self) -> Iterator[Iterator[dict[str, Any]]]:
        """The journal's entries without those of batches, the latest first."""
        with entries_newest_first(self.directory) as lines:
            yield (parse_entry(line) for line in lines if not line.startswith(_BATCH_PREFIXES))
