"""Ten thousand histories of one company each, run after run: whose values are written over, and what is left to do."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from icp_sync.companies.history import Version, history_frame
from icp_sync.plan.override_table import Rules
from icp_sync.plan.overrides import decide, ids_needing_history
from tests.marks import with_slow
from tests.plan.questions import APP, DAY, FLAG, TIER, entry, frame, question, rules

STAMP: Final = "icp_fit_profile"
NIGHTS: Final = 8
VALUES: Final = {TIER: ("", "tier_1", "tier_2", "tier_3"), FLAG: ("true", "false")}
PERSON: Final = ("CRM_UI", "userId:7", 7)
WORKFLOW: Final = ("AUTOMATION_PLATFORM", "11", 7)
MERGE: Final = ("MERGE_COMPANIES", None, 7)


@dataclass
class Property:
    """A tier or flag: its history (value, time, source), what we know to have written, and its override.

    `agreed`: what stood when a run last had nothing against it, which no lost disk makes untrue; an override's value
    once it is released, and one that was the first thing a run saw. `excused`: the time of a value that was what the
    profile wanted when the disk was lost.
    """

    versions: list[tuple[str, int, tuple[str, str | None, int | None]]] = field(default_factory=list)
    known: str | None = ""
    override: tuple[str, str, int] | None = None
    ended_at: int | None = None
    agreed: set[str] = field(default_factory=lambda: {""})
    excused: int | None = None

    @property
    def live(self) -> str:
        return self.versions[-1][0] if self.versions else ""

    def may_be_written(self, policy: Rules) -> bool:
        """Whether what is live is nobody's, ours, given back, or no longer kept."""
        if not self.versions or self.versions[-1][2] in {(*APP, None), MERGE}:
            return True
        value, at, source = self.versions[-1]
        stance = policy.overrides.people if source == PERSON else policy.overrides.automation
        expires = policy.overrides.expire_days
        return (
            value in self.agreed
            or stance == "put_back"
            or (value == "" and self.override is not None and source == PERSON)
            or (expires is not None and policy.moment - at > expires * DAY)
            or (self.ended_at is not None and at <= self.ended_at)
            or at == self.excused
        )


@dataclass
class Company:
    """One history; `wanted`: the tier the profile gives."""

    wanted: str = "tier_1"
    properties: dict[str, Property] = field(default_factory=lambda: {TIER: Property(), FLAG: Property()})
    is_lost: bool = False
    is_touched: bool = True

    def questions(self, number: int) -> list[dict[str, Any]]:
        """What a run has to decide."""
        flag = "true" if self.wanted == "tier_1" else "false"
        wanted = {TIER: self.wanted, FLAG: flag if self.properties[FLAG].live or flag == "true" else None}
        rows = []
        for name, one in self.properties.items():
            value, kind, since = one.override or (None, None, None)
            rows.append(
                question(
                    id=number,
                    property=name,
                    live=one.live,
                    wanted=wanted[name],
                    base=one.known,
                    override=value,
                    kind=kind,
                    since=since,
                    ended_at=one.ended_at,
                    touched=self.is_touched,
                )
            )
        return rows

    def edit(self, draw: random.Random, at: int) -> None:
        """Somebody changes a tier or flag."""
        name = draw.choice([TIER, FLAG])
        one, value = self.properties[name], draw.choice(VALUES[name])
        if value != one.live:
            one.versions.append((value, at, draw.choice([PERSON, PERSON, WORKFLOW, MERGE])))
            self.is_touched = True

    def move(self, draw: random.Random, _: int) -> None:
        """The profile, or what it reads, says something else."""
        self.wanted = draw.choice(VALUES[TIER])

    def lose_disk(self, _: random.Random, __: int) -> None:
        """Snapshot and ledger are gone."""
        self.is_lost = True
        for one in self.properties.values():
            one.known, one.override, one.ended_at = None, None, None

    def release(self, draw: random.Random, _: int) -> None:
        """`icp-sync release`."""
        one = self.properties[draw.choice([TIER, FLAG])]
        if one.override is not None:
            one.agreed.add(one.override[0])
            one.ended_at, one.override = one.override[2], None

    def settle(self, decisions: dict[str, dict[str, Any]], at: int, *, saved: bool) -> None:
        """A run did as decided; without `saved` it died before it remembered anything."""
        for name, decided in decisions.items():
            one = self.properties[name]
            if decided["write"]:
                one.versions.append((decided["wanted"], at, (*APP, None)))
            if saved:
                self._remember(one, decided)
        self.is_lost, self.is_touched = self.is_lost and not saved, self.is_touched and not saved

    def _remember(self, one: Property, decided: dict[str, Any]) -> None:
        action = decided["action"]
        if action in {"open", "replace"}:
            one.override = (decided["value"], decided["kind"], decided["since"])
        if action in {"end", "replace"}:
            one.ended_at = max(one.ended_at or 0, decided["ended_at"])
        if action == "end":
            one.override = None
        if one.known is None:
            one.known = one.live
            one.agreed |= {one.live} if action in {"keep", "open", "replace"} else set()
        if action not in {"keep", "open", "replace"}:
            one.known = one.live
            one.agreed = {one.live} if one.live == (decided["wanted"] or "") else one.agreed
            others = one.versions and one.versions[-1][2] != (*APP, None)
            one.excused = one.versions[-1][1] if self.is_lost and others else one.excused


EVENTS: Final[Sequence[Callable[[Company, random.Random, int], None]]] = (
    *[Company.edit] * 6, *[Company.move] * 3, Company.lose_disk, Company.release,
)  # fmt: skip


def decided(companies: Sequence[Company], policy: Rules) -> list[dict[str, dict[str, Any]]]:
    """What one run decides about each company, with the history it asks for."""
    asked = frame(*(row for number, company in enumerate(companies) for row in company.questions(number)))
    history: list[Version] = []
    for number in ids_needing_history(asked, policy):
        history.append(entry("test@1", APP, id=number, property=STAMP))
        for name, one in companies[number].properties.items():
            history += [Version(number, name, value, at, *source) for value, at, source in reversed(one.versions)]
    found: list[dict[str, dict[str, Any]]] = [{} for _ in companies]
    for row in decide(asked, history_frame(history), policy).rows(named=True):
        found[row["id"]][row["property"]] = row
    return found


@pytest.mark.parametrize(
    "policy", with_slow([{}], [{"people": "put_back"}, {"automation": "put_back"}, {"expire_days": 5}]), ids=str
)
def test_a_value_somebody_chose_is_written_over_only_where_it_was_given_back(policy: dict[str, Any]) -> None:
    draw = random.Random(str(policy))
    companies = [Company() for _ in range(2_500)]
    wrong: list[str] = []
    for night in range(1, NIGHTS + 1):
        at = night * 3 * DAY
        for company in companies:
            for step in range(draw.randrange(4)):
                draw.choice(EVENTS)(company, draw, at + step)
        tonight = rules(moment=at + 10, **policy)
        for company, decisions in zip(companies, decided(companies, tonight), strict=True):
            wrong += [
                f"night {night}: {name} of {company}: {row}"
                for name, row in decisions.items()
                if row["write"] and not company.properties[name].may_be_written(tonight)
            ]
            company.settle(decisions, at + 10, saved=draw.random() > 0.1)
        wrong += _left(companies, tonight)
    assert not wrong, wrong[0]


def _left(companies: Sequence[Company], policy: Rules) -> list[str]:
    """What a run right after the night's would still do."""
    again = decided(companies, policy)
    for company, decisions in zip(companies, again, strict=True):
        company.settle(decisions, policy.moment + 1, saved=True)
    return [
        f"again: {name} of {company}: {row}"
        for company, decisions in zip(companies, decided(companies, policy), strict=True)
        for name, row in decisions.items()
        if row["write"] or row["action"] not in {None, "keep"}
    ]
