"""Records of finished runs: one line in the journal for each run, appended when it ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import orjson

from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import FILE, entries_newest_first, parse_entry

# Lines of batches are a thousand times longer and more numerous than those of runs, so they are not parsed.
_BATCH_PREFIXES: Final = (b'{"kind":"sending"', b'{"kind":"batch"')


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A finished run. `complete`: it read the whole portal and came to its end, with or without rejected records.

    `started_at` is ISO 8601; `read`, `written`, `skipped` and `rejected` are numbers of companies.
    """

    run_id: str
    portal_id: int
    profile: str
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


def append_run(state: StateDirectory, run: RunRecord) -> None:
    """Append the record of `run` to the journal. Raises StateUnusable."""
    state.append(FILE, orjson.dumps({"kind": "run", **asdict(run)}, option=orjson.OPT_APPEND_NEWLINE))


def known_portals(state: StateDirectory) -> frozenset[int]:
    """Return the ids of the portals with a snapshot in this directory, and of the latest run. Raises StateUnusable."""
    names = [file.name.split(".") for file in state.path.glob("snapshot.*.json")]
    portals = {int(parts[1]) for parts in names if parts[1].isdecimal()}
    with entries_newest_first(state) as lines:
        records = (parse_entry(line) for line in lines if not line.startswith(_BATCH_PREFIXES))
        last = next((entry["portal_id"] for entry in records if isinstance(entry.get("portal_id"), int)), None)
    return frozenset(portals if last is None else {*portals, last})


def last_complete_read_count(state: StateDirectory, portal_id: int, profile: str) -> int | None:
    """Return the number of companies read by the last complete run of this profile on this portal; None without one.

    The last one is the last in the file, whatever its time stamp. Raises StateUnusable.
    """
    with entries_newest_first(state) as lines:
        for line in lines:
            entry = {} if line.startswith(_BATCH_PREFIXES) else parse_entry(line)
            is_match = (entry.get("kind"), entry.get("portal_id"), entry.get("profile")) == ("run", portal_id, profile)
            read = entry.get("read")
            if is_match and entry.get("complete") is True and isinstance(read, int):
                return read
    return None


def at_work(state: StateDirectory, portal_id: int, profile: str) -> frozenset[str]:
    """Return the profiles that ran on this portal since the first run of `profile`, itself included.

    Before its first run it is the only one. Reads the whole journal. Raises StateUnusable.
    """
    newer_profiles, profiles = {profile}, {profile}
    with entries_newest_first(state) as lines:
        for line in lines:
            entry = {} if line.startswith(_BATCH_PREFIXES) else parse_entry(line)
            if (entry.get("kind"), entry.get("portal_id")) == ("run", portal_id):
                profiles |= newer_profiles if entry.get("profile") == profile else set()
                newer_profiles.add(str(entry.get("profile")))
    return frozenset(profiles)
