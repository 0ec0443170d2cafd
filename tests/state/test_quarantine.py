"""What we remember of the companies HubSpot refused."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import orjson
import pytest

from icp_sync.errors import StateUnusable
from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.state.directory import StateDirectory
from icp_sync.state.quarantine import FILE, QuarantineStore

SINCE = "2026-11-21T03:00:00+00:00"
REFUSED = QuarantineEntry(
    7, "bad", "INVALID_OPTION", "tier", SINCE, "inputs", "profile", "rule", "2026-11-20T00:00:00Z"
)


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path)


def test_nobody_is_in_quarantine_at_first(state: StateDirectory) -> None:
    assert QuarantineStore(state, 1, "icp").load() == {}


def test_it_is_kept_by_company_id(state: StateDirectory) -> None:
    QuarantineStore(state, 1, "icp").replace([REFUSED, replace(REFUSED, id=3, property=None, modified=None)])
    assert list(QuarantineStore(state, 1, "icp").load().items()) == [
        (3, replace(REFUSED, id=3, property=None, modified=None)),
        (7, REFUSED),
    ]


def test_each_portal_and_profile_has_its_own(state: StateDirectory) -> None:
    QuarantineStore(state, 1, "icp").replace([REFUSED])
    QuarantineStore(state, 2, "icp").replace([replace(REFUSED, id=8)])
    QuarantineStore(state, 1, "ecp").replace([])
    assert (set(QuarantineStore(state, 1, "icp").load()), set(QuarantineStore(state, 2, "icp").load())) == ({7}, {8})
    assert QuarantineStore(state, 1, "ecp").load() == {}


ENTRY = asdict(REFUSED)


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[]", b"\xff", b'{"1": []}', b'{"1": {"icp": {}}}', b'{"1": {"icp": [7]}}',
        orjson.dumps({"1": {"icp": [{**ENTRY, "since": "lately"}]}}),
        orjson.dumps({"1": {"icp": [{**ENTRY, "id": "seven"}]}}),
        orjson.dumps({"1": {"icp": [{"id": 7}]}}),
    ],
)  # fmt: skip
def test_a_damaged_file_is_said_with_its_remedy_and_left_as_it_is(state: StateDirectory, content: bytes) -> None:
    state.replace(FILE, content)
    with pytest.raises(StateUnusable, match=r"quarantine.json is damaged; remove it \(companies HubSpot refused"):
        QuarantineStore(state, 1, "icp").load()
    with pytest.raises(StateUnusable):
        QuarantineStore(state, 1, "icp").replace([])
    assert state.read(FILE) == content
