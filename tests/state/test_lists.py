"""What we remember of the lists we made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import FILE, ListRecord, ListStore

ANNOUNCED = ListRecord("Tier 1", "static", "2026-11-21T03:00:00+00:00")
MADE = ListRecord("Tier 1", "static", "2026-11-21T03:00:00+00:00", "77")
ENTRY = {
    "name": "Tier 1",
    "kind": "static",
    "announced_at": "2026-11-21T03:00:00+00:00",
    "id": "77",
    "changed_by": None,
    "folder_id": None,
    "profile": None,
}


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path)


def test_nothing_is_known_at_first(state: StateDirectory) -> None:
    assert ListStore(state, 1).known() == {}


def test_an_announcement_becomes_a_list_with_an_id(state: StateDirectory) -> None:
    ListStore(state, 1).save(ANNOUNCED)
    assert ListStore(state, 1).known() == {"Tier 1": ANNOUNCED}
    ListStore(state, 1).save(MADE)
    assert ListStore(state, 1).known() == {"Tier 1": MADE}


def test_each_portal_has_lists_of_its_own(state: StateDirectory) -> None:
    ListStore(state, 1).save(MADE)
    ListStore(state, 2).save(ANNOUNCED)
    ListStore(state, 2).save(ListRecord("Tiered", "active", ANNOUNCED.announced_at))
    assert ListStore(state, 1).known() == {"Tier 1": MADE}
    assert {*ListStore(state, 2).known()} == {"Tier 1", "Tiered"}


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[]", b"7", b"\xff", b'"x"', b'{"1": []}', b'{"1": {"Tier 1": 7}}', b'{"1": {"Tier 1": []}}',
        orjson.dumps({"1": {"Tier 1": {**ENTRY, "id": 77}}}),
        orjson.dumps({"1": {"Tier 1": {**ENTRY, "announced_at": "lately"}}}),
        orjson.dumps({"1": {"Tier 1": {"name": "Tier 1"}}}),
    ],
)  # fmt: skip
def test_a_damaged_file_is_said_with_its_remedy(state: StateDirectory, content: bytes) -> None:
    state.replace(FILE, content)
    with pytest.raises(StateUnusable, match=r"lists.json is damaged; remove it"):
        ListStore(state, 1).known()
    with pytest.raises(StateUnusable):
        ListStore(state, 1).save(MADE)
    assert state.read(FILE) == content


def test_the_file_is_one_a_person_can_read(state: StateDirectory) -> None:
    ListStore(state, 1).save(MADE)
    assert orjson.loads(state.read(FILE) or b"") == {"1": {"Tier 1": ENTRY}}


def test_a_list_is_asked_for_by_name_and_told_by_id_with_the_run_that_changed_it(state: StateDirectory) -> None:
    lists = ListStore(state, 1)
    lists.save(replace(MADE, changed_by="run-1"))
    lists.save(replace(ANNOUNCED, name="Tier 2"))
    assert (lists.get("Tier 2"), lists.get("Tier 3")) == (replace(ANNOUNCED, name="Tier 2"), None)
    assert lists.versions() == {"77": "run-1"}


def test_a_forgotten_list_is_known_no_longer_and_one_never_known_changes_nothing(state: StateDirectory) -> None:
    lists = ListStore(state, 1)
    lists.save(MADE)
    lists.forget("Tier 2")
    assert lists.known() == {"Tier 1": MADE}
    lists.forget("Tier 1")
    assert lists.known() == {}
