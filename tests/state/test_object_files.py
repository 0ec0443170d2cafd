"""The state kept in an object store: each worker's directory is empty, and what one saved the next one loads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from icp_sync.errors import ObjectChanged, ObjectStoreUnusable, StateUnusable
from icp_sync.object_store.address import parse_address
from icp_sync.object_store.folder import ObjectFolder
from icp_sync.object_store.opening import open_folder
from icp_sync.state.directory import StateDirectory
from icp_sync.state.enrichment import EnrichmentStore
from icp_sync.state.home import StateHome
from icp_sync.state.object_files import ObjectFiles
from icp_sync.state.plans import MAX_PLANS, PlanStore
from icp_sync.state.portal_domains import read_domains_from_object_store
from icp_sync.state.reports import ReportStore
from icp_sync.state.snapshot import NoSnapshot, Snapshot, SnapshotStore
from icp_sync.state.store import lock_all
from tests.object_store.s3 import S3
from tests.state.test_reports import NIGHT, of_run
from tests.state.test_snapshot import KEPT

SNAPSHOTS = parse_address("s3://acme/state")


@pytest.fixture(autouse=True)
def objects(bucket: S3) -> ObjectFolder:
    """The objects of portal 1 and the profile icp."""
    assert bucket.url
    return open_folder(SNAPSHOTS / "1/icp")


@pytest.fixture
def worker(tmp_path: Path) -> Workers:
    return Workers(tmp_path)


class Workers:
    """Workers by name, each with a directory of its own that is empty at first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> ObjectFiles:
        return ObjectFiles(StateDirectory.open(self._folder / name), open_folder(SNAPSHOTS / "1/icp"))

    def snapshot(self, name: str) -> SnapshotStore:
        return SnapshotStore(self(name), 1, "icp")


def rows(snapshot: Snapshot | NoSnapshot) -> int:
    assert isinstance(snapshot, Snapshot), snapshot
    return snapshot.companies.height


def names(objects: ObjectFolder) -> list[str]:
    return [entry.name for entry in objects.entries()]


def test_a_snapshot_comes_back_on_another_worker(worker: Workers) -> None:
    assert isinstance(worker.snapshot("a").load(), NoSnapshot)
    worker.snapshot("a").save(KEPT)
    loaded = worker.snapshot("b").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.equals(KEPT.companies)
    assert loaded.differences.equals(KEPT.differences)
    assert replace(loaded, companies=KEPT.companies, differences=KEPT.differences) == KEPT


def test_only_what_the_pointer_names_stays(worker: Workers, objects: ObjectFolder) -> None:
    store = worker.snapshot("a")
    store.save(KEPT)
    store.save(replace(KEPT, companies=KEPT.companies.head(1)))
    store.save_differences(KEPT.differences, decided=True)
    assert sorted(name.split(".")[0] + name[-5:] for name in names(objects)) == [
        "differencesrquet", "snapshot.json", "snapshotrquet"
    ]  # fmt: skip
    assert rows(worker.snapshot("b").load()) == 1


def test_a_directory_that_another_run_left_behind_is_not_taken_for_the_state(worker: Workers) -> None:
    worker.snapshot("a").save(KEPT)
    old = worker.snapshot("b")
    old.load()
    (damaged,) = worker("b").path.glob("snapshot.*.parquet")
    damaged.write_bytes(b"PAR1")
    assert rows(old.load()) == 2
    worker.snapshot("a").save(replace(KEPT, companies=KEPT.companies.head(1)))
    assert rows(worker.snapshot("b").load()) == 1


@pytest.mark.parametrize("saves", ["snapshot", "differences"])
def test_of_two_runs_the_one_that_saves_second_is_refused(worker: Workers, saves: str) -> None:
    worker.snapshot("a").save(KEPT)
    first, second = worker.snapshot("b"), worker.snapshot("c")
    assert rows(first.load()) == rows(second.load()) == 2
    first.save(replace(KEPT, companies=KEPT.companies.head(1)))
    save: dict[str, Callable[[], object]] = {
        "snapshot": lambda: second.save(KEPT),
        "differences": lambda: second.save_differences(KEPT.differences, decided=True),
    }
    with pytest.raises(ObjectChanged, match=r"another run has replaced s3://acme/state/1/icp/snapshot\.1\.icp\.json"):
        save[saves]()
    first.save(replace(KEPT, companies=KEPT.companies.head(0)))
    assert rows(worker.snapshot("d").load()) == 0


def test_of_two_first_runs_the_one_that_saves_second_is_refused(worker: Workers) -> None:
    first, second = worker.snapshot("a"), worker.snapshot("b")
    assert isinstance(first.load(), type(second.load()))
    first.save(KEPT)
    with pytest.raises(ObjectChanged):
        second.save(KEPT)


def test_a_file_the_pointer_names_and_nobody_has_is_a_damaged_snapshot(worker: Workers, objects: ObjectFolder) -> None:
    worker.snapshot("a").save(KEPT)
    objects.remove(name for name in names(objects) if name.startswith("snapshot.") and name.endswith(".parquet"))
    assert worker.snapshot("b").load() == NoSnapshot("the snapshot is damaged")


def test_what_can_be_taken_again_may_be_lost(worker: Workers, objects: ObjectFolder) -> None:
    """A file the pointer names, and that neither the store nor the worker has, keeps no run from saving."""
    files = worker("a")
    (files.path / "made").write_bytes(b"1")
    files.publish(["lost", "made"])
    assert names(objects) == ["made"]


def test_files_of_the_young_stay_and_those_replaced_go(worker: Workers, objects: ObjectFolder) -> None:
    """A run at work has sent its file and not yet named it; by the store's clock it is young."""
    worker.snapshot("a").save(KEPT)
    objects.write("snapshot.1.icp.0123-4567.parquet", b"PAR1")
    worker.snapshot("b").save(KEPT)
    assert "snapshot.1.icp.0123-4567.parquet" in names(objects)
    assert len(names(objects)) == 4


def test_reports_and_held_plans_follow(worker: Workers, objects: ObjectFolder) -> None:
    reports = ReportStore(worker("a"), NIGHT.portal_id, "s0-icp")
    for number in range(3):
        reports.save(of_run(number))
    PlanStore(worker("a")).save("run-1", [b"a plan"])
    elsewhere = ReportStore(worker("b"), NIGHT.portal_id, "s0-icp")
    assert elsewhere.find("last") == of_run(2)
    assert elsewhere.find_exact(str(of_run(0).run_id)) == of_run(0)
    assert (PlanStore(worker("b")).find("run-1") or Path()).read_bytes() == b"a plan"
    assert sorted(name.partition("/")[0] for name in names(objects)) == ["plans", *["reports"] * 3]


@pytest.mark.slow
def test_the_oldest_plans_and_reports_go(
    worker: Workers, objects: ObjectFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.state.reports.MAX_REPORTS", 2)
    for number in range(MAX_PLANS + 2):
        PlanStore(worker(f"p{number}")).save(f"run-{number:02}", [b"a plan"])
        ReportStore(worker(f"r{number}"), NIGHT.portal_id, "s0-icp").save(of_run(number))
    kept = names(objects)
    assert next(name for name in kept if name.startswith("plans/")) == "plans/run-02.jsonl"
    assert len([name for name in kept if name.startswith("reports/")]) == 2
    assert ReportStore(worker("x"), NIGHT.portal_id, "s0-icp").find("last") == of_run(MAX_PLANS + 1)


def test_a_damaged_file_of_a_vendor_is_named_where_it_is_kept(worker: Workers, objects: ObjectFolder) -> None:
    objects.write("enrichment.1.icp.acme.parquet", b"PAR1")
    with pytest.raises(StateUnusable, match=r"s3://acme/state/1/icp/enrichment\.1\.icp\.acme\.parquet is damaged"):
        EnrichmentStore(worker("a"), 1, "icp").load("acme")


def test_a_store_that_may_not_be_written_is_said_as_the_run_begins(tmp_path: Path, bucket: S3) -> None:
    store = StateHome(tmp_path, snapshots=SNAPSHOTS).open(1, "icp")
    with lock_all({"run-1": store}):
        pass
    bucket.before = lambda environ: "AccessDenied" if environ["REQUEST_METHOD"] == "PUT" else None
    with pytest.raises(ObjectStoreUnusable, match=r"access was refused \(AccessDenied\)"), lock_all({"run-1": store}):
        pytest.fail("the run has begun")


def test_it_is_known_which_portals_and_domains_are_there(worker: Workers, tmp_path: Path) -> None:
    home = StateHome(tmp_path / "home", snapshots=SNAPSHOTS)
    assert home.portals("icp") == ()
    worker.snapshot("a").save(replace(KEPT, companies=KEPT.companies.rename({"name": "domain"})))
    assert (home.portals("icp"), home.portals("ecp")) == ((1,), ())
    assert read_domains_from_object_store(SNAPSHOTS, tmp_path / "scratch").to_list() == ["Acme"]


def test_what_predicates_made_of_companies_comes_along(worker: Workers) -> None:
    store, columns = worker.snapshot("a"), pl.DataFrame({"id": [1, 2], "signature.0": [3, 4]})
    store.save(replace(KEPT, evaluated=store.save_evaluated("key", ["country"], columns)))
    elsewhere = worker.snapshot("b")
    loaded = elsewhere.load()
    assert isinstance(loaded, Snapshot)
    made = elsewhere.load_evaluated(loaded, "key")
    assert made is not None
    assert made.equals(columns)
