"""Whether runs on another version of the profile take turns with this one, over one ledger that both share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from icp_sync.plan.run_record import RunRecord

RUNS_LOOKED_AT = 50
"""Complete runs, the newest; enough for a week of two hosts."""
_TURNS = 4


def find_competing_version(runs: Sequence[RunRecord], digest: str, host: str) -> str | None:
    """The digest of the profile that another branch runs, None where nothing speaks for one.

    `runs`: complete runs of this profile's name, the newest first. `digest`, `host`: of the run that is planned. An
    edit of the profile is none, nor is taking it back; a branch is where another host wrote by another version since
    this host last ran by this one, or where two versions have taken turns twice already.
    """
    if not runs or runs[0].digest == digest:
        return None
    latest = runs[0]
    own = next((run for run in runs if run.host == host), None)
    # In a cluster every run has a host name of its own; there only the turns tell.
    if latest.host != host and own is not None and own.digest == digest:
        return latest.digest
    turns = [text for text, _ in groupby(run.digest for run in runs)][:_TURNS]
    return latest.digest if turns == [latest.digest, digest] * 2 else None
