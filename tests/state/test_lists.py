"""What we remember of the lists we made."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import FILE, ListRecord, known_lists, remember_list

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
    assert known_lists(state, 1) == {}


def test_an_announcement_becomes_a_list_with_an_id(state: StateDirectory) -> None:
    remember_list(state, 1, ANNOUNCED)
    assert known_lists(state, 1) == {"Tier 1": ANNOUNCED}
    remember_list(state, 1, MADE)
    assert known_lists(state, 1) == {"Tier 1": MADE}


def test_each_portal_has_lists_of_its_own(state: StateDirectory) -> None:
    remember_list(state, 1, MADE)
    remember_list(state, 2, ANNOUNCED)
    remember_list(state, 2, ListRecord("Tiered", "active", ANNOUNCED.announced_at))
    assert known_lists(state, 1) == {"Tier 1": MADE}
    assert {*known_lists(state, 2)} == {"Tier 1", "Tiered"}


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
        known_lists(state, 1)
    with pytest.raises(StateUnusable):
        remember_list(state, 1, MADE)
    assert state.read(FILE) == content


def test_the_file_is_one_a_person_can_read(state: StateDirectory) -> None:
    remember_list(state, 1, MADE)
    assert orjson.loads(state.read(FILE) or b"") == {"1": {"Tier 1": ENTRY}}
