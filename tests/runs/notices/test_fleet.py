"""One message about a fleet's night: when a portal is not well, not again the next night, and once all are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.plan.notices_to_send import SentNotice, due_notices
from icp_sync.runs.notices.fleet import MEMORY_FILE, FleetNoticeStore, fleet_notices
from tests.project.commands import problems

NIGHT = dt.datetime(2026, 11, 3, 2, tzinfo=dt.UTC)
WELL = PortalOutcome("acme", 1, 0)
DEAD = PortalOutcome("globex", 2, 1, error={"code": "authentication", "message": "m", "details": []})
HOLDING = PortalOutcome("initech", 3, 4, guardrails=("leaving_tier_1",), error={"code": "guardrail_held"})


def nights(root: Path, *nights: list[PortalOutcome]) -> list[str]:
    """The state each night's message tells of, "recovered" for a good end, "" where none is due."""
    sent = []
    for number, outcomes in enumerate(nights):
        (topic,) = fleet_notices(outcomes, Path("fleet.yaml"), root).notices.topics
        now = NIGHT + dt.timedelta(days=number)
        due = due_notices((topic,), FleetNoticeStore(root).last_notices(), now)
        sent.append("".join("recovered" if notice.recovered else notice.topic.state for notice in due))
        for _ in due:
            FleetNoticeStore(root).save("run", SentNotice(topic.state, topic.fingerprint, now))
    return sent


def test_a_trouble_is_told_once_another_at_once_and_its_end(tmp_path: Path) -> None:
    root = tmp_path / "not" / "there"
    week = [WELL], [WELL, DEAD], [WELL, DEAD], [HOLDING, DEAD], [WELL], [WELL]
    assert nights(root, *week) == ["", "failed", "", "held", "recovered", ""]


def test_the_message_names_each_portal_and_why(tmp_path: Path) -> None:
    facts = fleet_notices([WELL, DEAD, HOLDING], Path("fleet.yaml"), tmp_path).notices.facts
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
    facts = fleet_notices(outcomes, Path("fleet.yaml"), tmp_path).notices.facts
    assert facts.next["run"] == command
    assert problems(command.split()[1:]) == []


def test_of_hundreds_ten_are_named(tmp_path: Path) -> None:
    many = [PortalOutcome(f"p{number}", None, 5) for number in range(300)]
    (topic,) = (notices := fleet_notices(many, Path("fleet.yaml"), tmp_path).notices).topics
    assert notices.facts.what["run"].endswith("p9 (exit 5) and 290 more.")
    assert topic.state == "partial"


def test_a_memory_that_is_none_of_ours_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / MEMORY_FILE).write_text("[]", encoding="utf-8")
    assert FleetNoticeStore(tmp_path).last_notices() == {}
