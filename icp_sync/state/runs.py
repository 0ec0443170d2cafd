"""The record of runs: one line of the journal a run, added when it ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import orjson

from icp_sync.state.directory import StateDirectory
from icp_sync.state.journal import FILE, entries_newest_first, parse_entry

# A line of a batch is a thousand times as long as one of a run, and there are as many more of them.
_BATCHES: Final = (b'{"kind":"sending"', b'{"kind":"batch"')


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that ended. `complete`: it read the whole portal and came to its end, rejected records or not."""

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
    """Append `run`."""
    state.append(FILE, orjson.dumps({"kind": "run", **asdict(run)}, option=orjson.OPT_APPEND_NEWLINE))


def known_portals(state: StateDirectory) -> frozenset[int]:
    """The ids of the portals this directory has a snapshot of, and of the run recorded last."""
    names = [file.name.split(".") for file in state.path.glob("snapshot.*.json")]
    portals = {int(parts[1]) for parts in names if parts[1].isdecimal()}
    with entries_newest_first(state) as lines:
        records = (parse_entry(line) for line in lines if not line.startswith(_BATCHES))
        last = next((entry["portal_id"] for entry in records if isinstance(entry.get("portal_id"), int)), None)
    return frozenset(portals if last is None else {*portals, last})


def last_complete_read_count(state: StateDirectory, portal_id: int, profile: str) -> int | None:
    """Companies read by the last complete run of this profile on this portal; None without one.

    The last is the one recorded last, whatever the clocks said.
    """
    with entries_newest_first(state) as lines:
        for line in lines:
            told = {} if line.startswith(_BATCHES) else parse_entry(line)
            ours = (told.get("kind"), told.get("portal_id"), told.get("profile")) == ("run", portal_id, profile)
            read = told.get("read")
            if ours and told.get("complete") is True and isinstance(read, int):
                return read
    return None


def at_work(state: StateDirectory, portal_id: int, profile: str) -> frozenset[str]:
    """The profiles that ran on this portal from this directory since `profile` first did; itself is among them.

    Before its first run it is alone. Reads the whole journal.
    """
    since, found = {profile}, {profile}
    with entries_newest_first(state) as lines:
        for line in lines:
            told = {} if line.startswith(_BATCHES) else parse_entry(line)
            if (told.get("kind"), told.get("portal_id")) == ("run", portal_id):
                found |= since if told.get("profile") == profile else set()
                since.add(str(told.get("profile")))
    return frozenset(found)
