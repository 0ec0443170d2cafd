"""The state store: one binding to portal and profile, and where it lies."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.state.home import StateHome
from icp_sync.state.list_ids import ListRecord
from icp_sync.state.store import lock_all
from tests.postgres import Server

LIST = ListRecord("Tier 1", "static", dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC), "77")


def test_profiles_that_share_a_directory_share_the_portals_lists(tmp_path: Path) -> None:
    StateHome(tmp_path).open(1, "icp").lists.save(LIST)
    assert StateHome(tmp_path).open(1, "ecp").lists.records() == {"Tier 1": LIST}
    assert StateHome(tmp_path).open(2, "icp").lists.records() == {}


def test_stores_of_one_directory_are_locked_once_and_together(tmp_path: Path) -> None:
    icp, ecp = (StateHome(tmp_path / "shared").open(1, name) for name in ("icp", "ecp"))
    other = StateHome(tmp_path / "other").open(1, "icp")
    with lock_all({"a": icp, "b": ecp, "c": other}):
        for store in (icp, other):
            with pytest.raises(LockHeld), lock_all({"d": store}):
                pass
    with lock_all({"a": ecp}), lock_all({"b": other}):
        pass


def test_one_lock_that_is_held_frees_the_others_again(tmp_path: Path) -> None:
    first, second = (StateHome(tmp_path / name).open(1, "icp") for name in ("first", "second"))
    with lock_all({"a": second}), pytest.raises(LockHeld), lock_all({"b": first, "c": second}):
        pass
    with lock_all({"a": first}):
        pass


def test_two_directories_that_share_a_ledger_file_lock_each_other_out(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    url = f"sqlite:///{tmp_path}/shared/ledger.db"
    first, second = (StateHome(tmp_path / name, url=url).open(1, "icp") for name in ("first", "second"))
    with lock_all({"a": first}), pytest.raises(LockHeld), lock_all({"b": second}):
        pass


def test_a_database_that_hosts_share_is_leased_and_says_nothing_of_other_portals(
    tmp_path: Path, server: Server
) -> None:
    with server.database() as url:
        here, there = (StateHome(tmp_path / name, url=url).open(1, "icp") for name in ("here", "there"))
        here.lists.save(LIST)
        assert there.lists.records() == {"Tier 1": LIST}
        with lock_all({"a": here}):
            here.require_lease()
            with pytest.raises(LockHeld, match="run a on"), lock_all({"b": there}):
                pass
        with pytest.raises(StateUnusable, match="no longer holds the lease"):
            here.require_lease()
        with lock_all({"b": there}):
            there.require_lease()
        assert here.known_portals() == frozenset()


def test_files_of_an_older_icp_sync_are_named_and_left(tmp_path: Path) -> None:
    (tmp_path / "runs.jsonl").touch()
    (tmp_path / "lists.json").touch()
    store = StateHome(tmp_path).open(1, "icp")
    assert (store.former_files(), store.lists.records()) == (("runs.jsonl", "lists.json"), {})


def test_a_named_directory_holds_everything(tmp_path: Path) -> None:
    store = StateHome(tmp_path).open(1, "icp")
    assert {store.path, *(ledger.path.parent for ledger in (store.ledger, store.quota.ledger) if ledger.path)} == {
        tmp_path
    }


def test_without_a_name_each_profile_has_its_own_and_they_share_the_portals_quota(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_state_path", lambda _: tmp_path)
    opened: list[Path] = []
    stores = [StateHome(on_open=opened.append).open(7, name) for name in ("icp", "ecp")]
    assert opened == [store.path for store in stores] == [tmp_path / "7" / "icp", tmp_path / "7" / "ecp"]
    assert {store.quota.ledger.path for store in stores} == {tmp_path / "7" / "ledger.db"}
