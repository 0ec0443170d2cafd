"""A worker that saves one snapshot: `python -m tests.object_store.upload DIRECTORY ROWS`, in an environment with S3."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from random import Random

import polars as pl

from icp_sync.object_store.address import parse_address
from icp_sync.object_store.opening import open_folder
from icp_sync.state.directory import StateDirectory
from icp_sync.state.object_files import ObjectFiles
from icp_sync.state.snapshot import Snapshot, SnapshotStore

MOMENT = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)
BYTES_PER_ROW = 3_000
"""So wide that 4,000 rows are sent in three parts, which S3 puts together at the end."""


def snapshot_store(directory: Path) -> SnapshotStore:
    """The store of portal 1 and profile icp, as a worker with that directory sees it."""
    folder = open_folder(parse_address("s3://acme/state/1/icp"))
    return SnapshotStore(ObjectFiles(StateDirectory.open(directory), folder), 1, "icp")


def snapshot(rows: int) -> Snapshot:
    """A snapshot of so many companies, each with a text that cannot be made smaller."""
    random = Random(rows)
    texts = [random.randbytes(BYTES_PER_ROW // 2).hex() for _ in range(rows)]
    frame = pl.DataFrame({"id": range(rows), "name": texts, "hs_lastmodifieddate": [MOMENT.isoformat()] * rows})
    return Snapshot(frame, MOMENT, MOMENT, MOMENT)


def main() -> None:
    """Load what there is, as a run does, and replace it."""
    store = snapshot_store(Path(sys.argv[1]))
    store.load()
    store.save(snapshot(int(sys.argv[2])))


if __name__ == "__main__":
    main()
