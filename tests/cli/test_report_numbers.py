"""Each number of a run's report equals the one worked out from the portal's records and the plan, night after night."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.history_sources import person_source
from tests.cli.conftest import DAY, Command, Ended
from tests.cli.report_arithmetic import LOCK, OUTPUTS, PROFILE, TIER, Night, best, movers, numbers, shopping

COUNTRIES = ("Germany", "Deutschland", "Austria", "France", "Atlantis", "")
HEAD_COUNTS = ("12", "99", "100", "2500", "")
TOOLS = ("jira", "jira;slack", "slack", "")
SEEDS = (11, 12, 13, 14, 15)
INPUTS = ("country", "numberofemployees", "web_technologies", "hs_lead_status")
NAMES = (*INPUTS, *OUTPUTS, LOCK)


@pytest.fixture
def portal() -> SandboxPortal:
    """150 companies; the first has a tier that is not ours."""
    portal, chance = SandboxPortal(searches=1_000), random.Random(1)
    rows = 150
    portal.add_companies(
        pl.DataFrame(
            {
                "name": [f"Firm {row}" for row in range(rows)],
                "domain": [f"firm{row}.example" for row in range(rows)],
                "country": chance.choices(COUNTRIES, k=rows),
                "numberofemployees": chance.choices(HEAD_COUNTS, k=rows),
                "web_technologies": chance.choices(TOOLS, k=rows),
                "hs_lead_status": ["UNQUALIFIED" if row % 29 == 0 else "" for row in range(rows)],
                TIER: ["tier_2", *[""] * (rows - 1)],
            }
        )
    )
    return portal


@dataclass
class Life:
    """The nights of one portal: what people did by day, and what the runs made of it."""

    icp_sync: Command
    portal: SandboxPortal
    folder: Path
    vanished: dict[str, str] = field(default_factory=dict)
    overridden: set[str] = field(default_factory=set)
    set_by_hand: set[str] = field(default_factory=set)

    def day(self, seed: int) -> None:
        """People edit values, set tiers, lock companies, and empty a head count or two."""
        chance = random.Random(seed)
        records = self.portal.filled_values(NAMES)
        free = [company for company in sorted(records, key=int)[1:] if company not in self.vanished]
        edited = chance.sample(free, 9)
        self.portal.ahead += DAY
        for company in edited[:5]:
            self.portal.edit_company(company, {"country": chance.choice(COUNTRIES[:4])})
        emptied = next(one for one in edited[5:] if (records[one].get("numberofemployees") or "").isdigit())
        self.vanished[emptied] = records[emptied]["numberofemployees"]
        self.portal.edit_company(emptied, {"numberofemployees": ""})
        by_hand = next(
            company_id
            for company_id in free
            if company_id not in edited and not records[company_id].get(TIER) and company_id not in self.overridden
        )
        self.portal.edit_company(by_hand, {TIER: "tier_2"}, person_source(7))
        self.overridden.add(by_hand)
        self.set_by_hand.add(by_hand)
        self.portal.edit_company(edited[-1], {LOCK: "true"})

    def night(self, *command: str) -> tuple[Ended, Night]:
        """A plan, then the command (`apply` takes the plan's file): how it ended, and the facts of the night."""
        before, members = self._records(), self._members()
        plan = self.folder / "plan.jsonl"
        assert self.icp_sync("plan", "--out", plan).code in {0, 4}
        lines = [json.loads(line) for line in plan.read_text().splitlines()][1:]
        changes = {line["id"]: line for line in lines if "id" in line}
        self.portal.calls.reset()
        ended = self.icp_sync(*command, *([plan] if command[0] == "apply" else []), "--json")
        night = Night(
            before, self._records(), changes, members, dict(self.vanished), self._foreign(before),
            frozenset(self.overridden), frozenset(self.set_by_hand),
        )  # fmt: skip
        if command[0] == "run" and ended.code == 0:
            self.set_by_hand.clear()
        return ended, night

    def document(self) -> ReportDocument:
        """The newest document, as it lies in the state."""
        files = (self.folder / "state" / "reports").glob("*.json")
        newest = max(files, key=lambda file: file.stat().st_mtime_ns)
        assert newest.stat().st_mode & 0o777 == 0o600
        return ReportDocument.model_validate_json(newest.read_bytes())

    def _records(self) -> dict[str, dict[str, str]]:
        return {company: dict(record) for company, record in self.portal.filled_values().items()}

    def _members(self) -> frozenset[str]:
        try:
            return frozenset(map(str, self.portal.list_members("Night tier 1")))
        except (LookupError, ValueError):
            return frozenset()

    def _foreign(self, before: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
        return frozenset([min(before, key=int)])


@pytest.fixture
def life(icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    (tmp_path / "night.yaml").write_text(PROFILE)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(tmp_path / "night.yaml"))
    return Life(icp_sync, portal, tmp_path)


def counts(document: ReportDocument) -> dict[str, Any]:
    """The document's numbers, arranged as `numbers` has them."""
    dump = document.model_dump(mode="json")
    changed = next(check for check in document.guardrails if check.name == "changed")
    (listed,) = document.lists
    answers = ("hit", "partial", "miss", "unknown")
    return {
        **{name: dump[name] for name in ("companies", "outcomes", "tiers", "live_tiers", "written_tiers", "people")},
        "matrix": {(move.before, move.after): move.companies for move in document.matrix},
        "scores": {"fit": list(document.scores.fit), "potential": list(document.scores.potential)},
        "criteria": {
            each["id"]: {name: each[name] for name in answers} | {"in_tier_1": each["in_tier_1"]}
            for each in dump["criteria"]
        },
        "disqualifiers": {each.id: each.companies for each in document.disqualifiers},
        "places": {
            place.country: (place.companies, place.tier_1, place.tier_2, place.tier_3) for place in document.places
        },
        "properties": {
            each.name: (each.filled, each.read, each.unrecognised) for each in document.properties if each.name in NAMES
        },
        "causes": {each.cause: each.companies for each in document.causes},
        "changes": dump["changes"]["properties"],
        "lists": (listed.members, listed.add, listed.remove),
        "near": {line.tier: line.near for line in document.tier_lines},
        "near_leave": {line.tier: line.near_leave for line in document.tier_lines},
        "guardrail": (changed.part, changed.whole),
    }


def assert_right(document: ReportDocument, night: Night, portal: SandboxPortal) -> None:
    """All panels: counts, ranked companies, the shopping list, what was written and what it cost."""
    assert counts(document) == numbers(night)
    assert [(each.id, each.tier, each.score) for each in document.target_accounts] == best(night)
    for sign, listed in ((1, document.movers.up), (-1, document.movers.down)):
        assert [(mover.id, mover.points) for mover in listed] == movers(night, sign)
        assert all(round(sum(piece.points for piece in mover.pieces), 1) == mover.points for mover in listed)
    bought = shopping(night)
    assert {each.criteria for each in document.shopping} == {(name,) for name in bought}
    for each in document.shopping:
        expected = bought[each.criteria[0]]
        assert (each.missing, each.lifts, each.settles) == tuple(
            expected[key] for key in ("missing", "lifts", "settles")
        )
        rate = expected["rate"]
        assert each.expected == (None if rate is None else round(rate * sum(each.lifts.values()), 1))
    written = [company for company, record in night.after.items() if record != night.before[company]]
    assert document.applied.companies == len(written)
    assert document.calls.by_route == dict(portal.calls.by_route)
    if written:
        assert all(night.after[company].get(TIER, "") == night.wanted(company, TIER) for company in night.before)


def test_the_report_of_a_first_run_is_right(life: Life, portal: SandboxPortal) -> None:
    ended, night = life.night("run")
    assert (ended.code, life.document().state) == (0, "written")
    # A first run has nothing of ours to judge by.
    expected = numbers(night)["guardrail"]
    assert expected == (0, 0)
    document = life.document()
    changed = next(check for check in document.guardrails if check.name == "changed")
    assert (changed.part, changed.whole) == (0, None)
    right = document.model_copy(update={"guardrails": (changed.model_copy(update={"whole": 0}),)})
    assert_right(right, night, portal)


@pytest.mark.long
@pytest.mark.slow
def test_five_seeded_nights_are_right(life: Life, portal: SandboxPortal) -> None:
    assert life.icp_sync("run").code == 0
    commands = (("run",), ("apply",), ("backfill", "--yes"), ("run",), ("run",))
    for seed, command in zip(SEEDS, commands, strict=True):
        life.day(seed)
        ended, night = life.night(*command)
        assert ended.code == 0, ended.err
        document = life.document()
        assert (document.command, document.state) == (command[0], "written")
        assert_right(document, night, portal)


def test_a_held_night_says_what_would_have_been_and_that_nothing_was(life: Life, portal: SandboxPortal) -> None:
    assert life.icp_sync("run").code == 0
    portal.ahead += DAY
    for company in sorted(portal.filled_values(), key=int)[1:60]:
        portal.edit_company(company, {"country": "France"})
    ended, night = life.night("run")
    document = life.document()
    assert (ended.code, document.state) == (4, "held")
    assert_right(document, night, portal)
    assert document.written_tiers == document.live_tiers != document.tiers
    assert document.next_command is not None
    assert document.next_command in ended.document["error"]["message"]
    for check in document.guardrails:
        if check.held:
            assert f"{check.part:,} of {check.whole:,}" in ended.document["error"]["message"]
