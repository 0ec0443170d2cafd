"""One message about a fleet's night: when a portal is not well, not again the next night, and once all are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from icp_sync.errors import EngineFailed, FleetInvalid, IcpSyncError
from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.plan.notices_to_send import SentNotice, due_notices
from icp_sync.runs.notices.collect import PendingNotices
from icp_sync.runs.notices.fleet import fleet_failure_notices, fleet_notices
from icp_sync.runs.notices.fleet_memory import fleet_memory
from tests.project.commands import problems

NIGHT = dt.datetime(2026, 11, 3, 2, tzinfo=dt.UTC)
FILE = Path("fleet.yaml")
NAMES = ("acme", "globex", "initech")
WELL = PortalOutcome("acme", 1, 0)
DEAD = PortalOutcome("globex", 2, 1, error={"code": "authentication", "message": "m", "details": []})
MENDED = PortalOutcome("globex", 2, 0)
HOLDING = PortalOutcome("initech", 3, 4, guardrails=("leaving_tier_1",), error={"code": "guardrail_held"})
ALLOWED = PortalOutcome("initech", 3, 0)


def notices_of(
    outcomes: Sequence[PortalOutcome], root: Path, file: Path = FILE, names: Sequence[str] = NAMES
) -> PendingNotices:
    return fleet_notices(outcomes, names, file, fleet_memory(file, root))


def nights(root: Path, *nights: list[PortalOutcome], file: Path = FILE) -> list[str]:
    """The state each night's message tells of, "recovered" for a good end, "" where none is due."""
    sent = []
    for number, outcomes in enumerate(nights):
        pending = notices_of(outcomes, root, file)
        (topic,), (memory,) = pending.notices.topics, pending.memories
        now = NIGHT + dt.timedelta(days=number)
        due = due_notices((topic,), memory.last_notices(), now)
        sent.append("".join("recovered" if notice.recovered else notice.topic.state for notice in due))
        for _ in due:
            memory.save("run", SentNotice(topic.state, topic.fingerprint, now))
    return sent


def test_a_trouble_is_told_once_another_at_once_and_its_end(tmp_path: Path) -> None:
    root = tmp_path / "not" / "there"
    week = [WELL], [WELL, DEAD], [WELL, DEAD], [HOLDING, MENDED], [WELL, ALLOWED, MENDED], [WELL]
    assert nights(root, *week) == ["", "failed", "", "held", "recovered", ""]


def test_a_run_of_some_portals_is_no_news_of_the_others(tmp_path: Path) -> None:
    """Whoever runs one by hand, and a pod that works on one, know nothing of a portal that is dead."""
    runs = [WELL, DEAD], [WELL], [ALLOWED], [WELL, DEAD], [HOLDING], [MENDED], [ALLOWED]
    assert nights(tmp_path, *runs) == ["failed", "", "", "", "held", "held", "recovered"]


def test_a_portal_that_left_the_file_is_forgotten(tmp_path: Path) -> None:
    nights(tmp_path, [WELL, DEAD])
    (topic,) = notices_of([WELL], tmp_path, names=["acme", "initech"]).notices.topics
    assert topic.is_calm


def test_two_fleet_files_of_one_state_have_a_memory_each(tmp_path: Path) -> None:
    assert nights(tmp_path, [WELL, DEAD]) == ["failed"]
    assert nights(tmp_path, [WELL, MENDED], file=Path("other/fleet.yaml")) == [""]
    assert nights(tmp_path, [WELL, DEAD]) == [""]


def test_pods_that_end_at_the_same_time_lose_nothing_of_each_other(tmp_path: Path) -> None:
    for portal in (DEAD, HOLDING):
        notices_of([portal], tmp_path)
    assert set(fleet_memory(FILE, tmp_path).failed_portals()) == {"globex", "initech"}


def test_the_message_names_each_portal_and_why(tmp_path: Path) -> None:
    notices_of([HOLDING], tmp_path)
    facts = notices_of([WELL, DEAD], tmp_path).notices.facts
    assert facts.what["run"] == "2 of 3 portals not well: globex (authentication), initech (leaving_tier_1)."


@pytest.mark.parametrize(
    ("outcomes", "command"),
    [
        ([WELL, DEAD, HOLDING], "icp-sync fleet doctor --fleet fleet.yaml --only globex"),
        ([WELL, HOLDING], "icp-sync fleet plan --fleet fleet.yaml --only initech"),
        ([WELL], "icp-sync fleet status --fleet fleet.yaml"),
    ],
)
def test_the_message_says_what_to_look_at_first(outcomes: list[PortalOutcome], command: str, tmp_path: Path) -> None:
    facts = notices_of(outcomes, tmp_path).notices.facts
    assert facts.next["run"] == command
    assert problems(command.split()[1:]) == []


@pytest.mark.parametrize(
    ("error", "command"),
    [
        (FleetInvalid("fleet.yaml has one problem"), "icp-sync check --fleet fleet.yaml"),
        (EngineFailed("no Ray answers"), "icp-sync fleet doctor --fleet fleet.yaml"),
    ],
)
def test_what_keeps_a_fleet_from_its_portals_is_told_once_and_so_is_its_end(
    error: IcpSyncError, command: str, tmp_path: Path
) -> None:
    memory = fleet_memory(FILE, tmp_path)
    pending = fleet_failure_notices(error, FILE, [memory])
    (topic,) = pending.notices.topics
    assert (topic.state, pending.notices.facts.what["run"]) == ("failed", error.message)
    assert pending.notices.facts.next["run"] == command
    assert problems(command.split()[1:]) == []
    memory.save("run", SentNotice(topic.state, topic.fingerprint, NIGHT))
    assert due_notices((topic,), memory.last_notices(), NIGHT + dt.timedelta(days=1)) == ()
    assert nights(tmp_path, [WELL]) == ["recovered"]


def test_of_hundreds_ten_are_named(tmp_path: Path) -> None:
    many = [PortalOutcome(f"p{number}", None, 5) for number in range(300)]
    (topic,) = (notices := notices_of(many, tmp_path, names=[outcome.name for outcome in many]).notices).topics
    assert notices.facts.what["run"].endswith("p9 (exit 5) and 290 more.")
    assert topic.state == "partial"


def test_a_memory_that_is_none_of_ours_remembers_nothing_and_one_without_a_disk_is_none(tmp_path: Path) -> None:
    notices_of([DEAD], tmp_path)
    memory = fleet_memory(FILE, tmp_path)
    (memory.folder / "sent.json").write_text("[]", encoding="utf-8")
    (memory.folder / "portals" / "globex.json").write_text("[]", encoding="utf-8")
    assert memory.last_notices() == {}
    assert [portal.reason for portal in memory.failed_portals().values()] == ["unknown"]
    (tmp_path / "file").write_bytes(b"")
    facts = notices_of([WELL, DEAD], tmp_path / "file").notices.facts
    assert facts.what["run"] == "1 of 3 portals not well: globex (authentication)."
