"""Ten thousand histories of one company each, run after run: whose values are written over, and what is left to do."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.plan.override_rules import OverrideRules
from icp_sync.plan.overrides import decide_writes, ids_needing_history
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

    def may_be_written(self, policy: OverrideRules) -> bool:
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
        for name, edited_property in self.properties.items():
            value, kind, since = edited_property.override or (None, None, None)
            rows.append(
                question(
                    id=number,
                    property=name,
                    live=edited_property.live,
                    wanted=wanted[name],
                    base=edited_property.known,
                    override=value,
                    kind=kind,
                    since=since,
                    ended_at=edited_property.ended_at,
                    touched=self.is_touched,
                )
            )
        return rows

    def edit(self, draw: random.Random, at: int) -> None:
        """Somebody changes a tier or flag."""
        name = draw.choice([TIER, FLAG])
        edited_property, value = self.properties[name], draw.choice(VALUES[name])
        if value != edited_property.live:
            edited_property.versions.append((value, at, draw.choice([PERSON, PERSON, WORKFLOW, MERGE])))
            self.is_touched = True

    def move(self, draw: random.Random, _: int) -> None:
        """The profile, or what it reads, says something else."""
        self.wanted = draw.choice(VALUES[TIER])

    def lose_disk(self, _: random.Random, __: int) -> None:
        """Snapshot and ledger are gone."""
        self.is_lost = True
        for edited_property in self.properties.values():
            edited_property.known, edited_property.override, edited_property.ended_at = None, None, None

    def release(self, draw: random.Random, _: int) -> None:
        """`icp-sync release`."""
        edited_property = self.properties[draw.choice([TIER, FLAG])]
        if edited_property.override is not None:
            edited_property.agreed.add(edited_property.override[0])
            edited_property.ended_at, edited_property.override = edited_property.override[2], None

    def settle(self, decisions: dict[str, dict[str, Any]], at: int, *, saved: bool) -> None:
        """A run did as decided; without `saved` it died before it remembered anything."""
        for name, decided in decisions.items():
            edited_property = self.properties[name]
            if decided["write"]:
                edited_property.versions.append((decided["wanted"], at, (*APP, None)))
            if saved:
                self._remember(edited_property, decided)
        self.is_lost, self.is_touched = self.is_lost and not saved, self.is_touched and not saved

    def _remember(self, edited_property: Property, decided: dict[str, Any]) -> None:
        action = decided["action"]
        if action in {"open", "replace"}:
            edited_property.override = (decided["value"], decided["kind"], decided["since"])
        if action in {"end", "replace"}:
            edited_property.ended_at = max(edited_property.ended_at or 0, decided["ended_at"])
        if action == "end":
            edited_property.override = None
        if edited_property.known is None:
            edited_property.known = edited_property.live
            edited_property.agreed |= {edited_property.live} if action in {"keep", "open", "replace"} else set()
        if action not in {"keep", "open", "replace"}:
            edited_property.known = edited_property.live
            edited_property.agreed = (
                {edited_property.live} if edited_property.live == (decided["wanted"] or "") else edited_property.agreed
            )
            others = edited_property.versions and edited_property.versions[-1][2] != (*APP, None)
            edited_property.excused = (
                edited_property.versions[-1][1] if self.is_lost and others else edited_property.excused
            )


EVENTS: Final[Sequence[Callable[[Company, random.Random, int], None]]] = (
    *[Company.edit] * 6, *[Company.move] * 3, Company.lose_disk, Company.release,
)  # fmt: skip


def decided(companies: Sequence[Company], policy: OverrideRules) -> list[dict[str, dict[str, Any]]]:
    """What one run decides about each company, with the history it asks for."""
    asked = frame(*(row for number, company in enumerate(companies) for row in company.questions(number)))
    history: list[PropertyVersion] = []
    for number in ids_needing_history(asked, policy):
        history.append(entry("test@1", APP, id=number, property=STAMP))
        for name, edited_property in companies[number].properties.items():
            history += [
                PropertyVersion(number, name, value, at, *source)
                for value, at, source in reversed(edited_property.versions)
            ]
    by_company: list[dict[str, dict[str, Any]]] = [{} for _ in companies]
    for row in decide_writes(asked, history_frame(history), policy).rows(named=True):
        by_company[row["id"]][row["property"]] = row
    return by_company


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


def _left(companies: Sequence[Company], policy: OverrideRules) -> list[str]:
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
