"""The state store: one binding to portal and profile, and where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.errors import LockHeld
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import ListRecord
from icp_sync.state.quota import QuotaStore
from icp_sync.state.store import StateHome, StateStore, lock_all

LIST = ListRecord("Tier 1", "static", "2026-11-21T03:00:00+00:00", "77")


def test_profiles_that_share_a_directory_share_the_portals_lists(tmp_path: Path) -> None:
    StateStore.open(tmp_path, 1, "icp").lists.save(LIST)
    assert StateStore.open(tmp_path, 1, "ecp").lists.known() == {"Tier 1": LIST}
    assert StateStore.open(tmp_path, 2, "icp").lists.known() == {}


def test_stores_of_one_directory_are_locked_once_and_together(tmp_path: Path) -> None:
    icp, ecp = (StateStore.open(tmp_path / "shared", 1, name) for name in ("icp", "ecp"))
    other = StateStore.open(tmp_path / "other", 1, "icp")
    with lock_all([icp, ecp, other]):
        for store in (icp, other):
            with pytest.raises(LockHeld), store.lock():
                pass
    with ecp.lock(), other.lock():
        pass


def test_one_lock_that_is_held_frees_the_others_again(tmp_path: Path) -> None:
    first, second = (StateStore.open(tmp_path / name, 1, "icp") for name in ("first", "second"))
    with second.lock(), pytest.raises(LockHeld), lock_all([first, second]):
        pass
    with first.lock():
        pass


def test_a_named_directory_holds_everything(tmp_path: Path) -> None:
    store = StateHome(tmp_path).open(1, "icp")
    assert (store.path, store.quota) == (tmp_path, QuotaStore(StateDirectory(tmp_path), 1))


def test_without_a_name_each_profile_has_its_own_and_they_share_the_portals_quota(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_state_path", lambda _: tmp_path)
    opened: list[Path] = []
    stores = [StateHome(on_open=opened.append).open(7, name) for name in ("icp", "ecp")]
    assert opened == [store.path for store in stores] == [tmp_path / "7" / "icp", tmp_path / "7" / "ecp"]
    assert {store.quota.directory.path for store in stores} == {tmp_path / "7"}
