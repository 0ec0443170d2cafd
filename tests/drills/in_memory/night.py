"""One look at a portal in memory, and the plan drawn from it: the pure core, composed as a run composes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.history_frame import HISTORY, PropertyVersion, history_frame
from icp_sync.companies.input_differences import KEY, NO_DIFFERENCES, mark_texts_unknown, update_differences
from icp_sync.companies.snapshot import MERGED, MODIFIED, drop_merged, epoch_milliseconds, survivors_of_merged
from icp_sync.plan.builder import PlanPreview, build_plan, with_output_values
from icp_sync.plan.change_causes import explain_changes
from icp_sync.plan.diff import desired_from_scores, diff, live_frame
from icp_sync.plan.held_input_notes import hold_notes
from icp_sync.plan.held_inputs import NO_HOLDS, HoldResult, attach_holds, attached_holds, hold_lost_inputs
from icp_sync.plan.history_sources import find_own_sources
from icp_sync.plan.list_pins import (
    members_after_last_change,
    members_possibly_added_by_runs,
    members_surely_added_by_runs,
)
from icp_sync.plan.output_spec import OutputContext
from icp_sync.plan.overridden_companies import OverriddenIds, mark_overridden_companies, overridden_from_decisions
from icp_sync.plan.override_candidates import (
    ended_by_merge,
    inherit_from_merged,
    locked_unknown_keys,
    overrides_after_merge,
    overrides_of_gone,
    question_frame,
)
from icp_sync.plan.override_rules import OverrideRules
from icp_sync.plan.overrides import decide_writes, ids_needing_history
from icp_sync.plan.ownership import OURS, STAMP_DIGEST, with_ownership
from icp_sync.plan.plan import MissingObjects, PlanOrigin
from icp_sync.plan.plan_inputs import LiveList, PlanInputs
from icp_sync.plan.reason_notes import override_notes, prepend_notes
from icp_sync.plan.stepwise_rescoring import Baseline
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.property_reads import property_names_read
from icp_sync.runs.lost_inputs_from_property_history import emptied_texts
from icp_sync.sandbox import SandboxPortal
from icp_sync.scoring import live_tier
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import ScoreResult, score
from tests.drills.histories.edition import INPUTS, KEPT, LIST, LOCK, STAMP, TIER
from tests.drills.histories.inputs import Key
from tests.drills.in_memory.memory import Disk, Ledger

MOMENT: Final = "icp_fit_changed_at"
MARKS: Final = (STAMP, MOMENT)
OUTPUTS: Final = ("tier", "target_account")
"""The outputs of `KEPT`."""
ZONE: Final = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Decided:
    """Whose tiers and flags are, and what stands by it."""

    decisions: pl.DataFrame
    merged: pl.DataFrame
    inherited: pl.DataFrame
    gone: pl.DataFrame
    undecided: pl.DataFrame
    rules: OverrideRules
    standing: OverriddenIds


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan, with what has to be remembered once it is applied."""

    preview: PlanPreview
    extract: pl.DataFrame
    differences: pl.DataFrame
    holding: HoldResult
    decided: Decided
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What a run knows of a portal: the ledger, its disk, and what is in HubSpot now."""

    portal: SandboxPortal
    ledger: Ledger
    disk: Disk | None
    loaded: LoadedProfile
    run_id: str
    now: dt.datetime
    allow: Collection[str] = ()

    @property
    def program(self) -> Program:
        return compile_profile(self.loaded.profile, self.now.date())

    def read(self) -> pl.DataFrame:
        """The company frame with the ownership columns."""
        profile = self.loaded.profile
        names = dict.fromkeys(
            [*property_names_read(profile), *profile.write.properties().values(), LOCK, MERGED, MODIFIED]
        )
        texts = self.portal.companies_frame(*names).with_columns(pl.col(name).replace("", None) for name in names)
        return with_ownership(drop_merged(texts), profile, adopt=False)

    def draw(self) -> Drawn:
        """The plan of this run, its changes explained."""
        companies, program, disk = self.read(), self.program, self.disk
        texts = companies.select(name for name in companies.columns if ":" not in name)
        differences, holds = NO_DIFFERENCES, NO_HOLDS
        if disk is not None:
            differences = update_differences(
                disk.differences.select(NO_DIFFERENCES.columns), disk.companies, texts, self.now
            )
            differences = differences if disk.is_decided else mark_texts_unknown(differences, KEPT, self.now)
            holds = attached_holds(disk.differences)
        holding = hold_lost_inputs(companies, differences, holds, program, self.now)
        standing = self._standing_from_memory(companies)
        scored, scores = _scored(holding, standing, program)
        if disk is None:
            differences = emptied_texts(self.history(_falling(companies, scores), INPUTS))
            holding = hold_lost_inputs(companies, differences, NO_HOLDS, program, self.now)
            scored, scores = _scored(holding, standing, program)
        decided = self._decide(holding.companies, scores, differences)
        if decided.standing != standing:
            scored, scores = _scored(holding, decided.standing, program)
        noted = prepend_notes(scores, hold_notes(holding.open_holds, ZONE))
        noted = prepend_notes(noted, override_notes(decided.decisions, scores.frame, TIER, ZONE))
        inputs = self._plan_inputs(companies, differences, holding)
        preview = build_plan(scored, noted, self.loaded.profile, inputs)
        return self._explained(Drawn(preview, texts, differences, holding, decided, self.now))

    def history(self, ids: Collection[int], names: Iterable[str]) -> pl.DataFrame:
        """What HubSpot tells of the values of these companies."""
        records = self.portal.records
        rows = dict(zip(*records.live_ids_and_rows(), strict=True))
        return history_frame(
            PropertyVersion(company, name, entry.value, entry.moment, by.type, by.id, by.user, by.label)
            for company in sorted(ids)
            for name in names
            for entry in records.property_versions(rows[company], name)
            for by in (entry.source,)
        )

    def _standing_from_memory(self, companies: pl.DataFrame) -> OverriddenIds:
        live = dict(companies.select("id", pl.col(TIER).fill_null("")).iter_rows())
        values = {key[0]: one.value for key, one in self.ledger.overrides.items() if key[1] == TIER}
        return OverriddenIds(frozenset(company for company, value in values.items() if live.get(company) == value))

    def _decide(self, companies: pl.DataFrame, scores: ScoreResult, differences: pl.DataFrame) -> Decided:
        profile, overrides = self.loaded.profile, self.ledger.override_frame()
        live_texts, base = live_frame(companies, profile), self._last_written(companies, differences)
        context = OutputContext(profile, self.origin().stamp, self.now)
        wanted = desired_from_scores(live_texts, with_output_values(scores, profile, None), context)
        rows = diff(base, live_texts, wanted, profile, adopt=False)
        survivors = survivors_of_merged(companies, overrides["id"])
        inherited = inherit_from_merged(overrides, survivors, rows, profile.write)
        opened = overrides_after_merge(overrides, inherited)
        questions = question_frame(rows, opened, profile.write, self._edited(companies, opened))
        rules = OverrideRules(profile.write, profile.overrides, self.ledger.sources, round(self.now.timestamp() * 1000))
        ids = ids_needing_history(questions, rules)
        history = self.history(ids, (*KEPT, STAMP)) if ids else HISTORY.to_frame()
        rules = replace(rules, ours=self.ledger.sources | find_own_sources(history, STAMP, profile.name))
        decisions = decide_writes(questions, history, rules)
        merged = ended_by_merge(overrides, survivors, inherited)
        gone = overrides_of_gone(overrides, survivors, companies["id"])
        return Decided(
            decisions,
            merged,
            inherited,
            gone,
            locked_unknown_keys(rows, profile.write),
            rules,
            overridden_from_decisions(decisions, rules),
        )

    def _last_written(self, companies: pl.DataFrame, differences: pl.DataFrame) -> pl.DataFrame:
        """`base.tier` and `base.target_account` of every company, null = unknown."""
        disk, was, now = self.disk, dict[Key, str](), dict[Key, str]()
        for company, name, text in differences.select("id", "property", "was").iter_rows():
            was[company, name] = text or ""
        for row in companies.select("id", *KEPT, STAMP, MOMENT).iter_rows(named=True):
            now |= {(row["id"], name): row[name] or "" for name in (*KEPT, STAMP, MOMENT)}
        sent = {} if disk is None else self.ledger.texts_sent(disk.moment)
        marked = {} if disk is None else self._marks_sent(disk, differences)
        known = frozenset(disk.companies["id"]) if disk and disk.is_decided else frozenset[int]()
        elsewhere = {
            key[0] for key in was if key[1] in MARKS and _moment(marked.get(key)) != (_moment(now.get(key)) or None)
        }

        def base(key: Key) -> str | None:
            if key[0] in elsewhere:
                return None
            # What stood before there was a stamp of ours was nobody's we know.
            if was.get((key[0], STAMP)) == "":
                return sent.get(key)
            return sent.get(key, was.get(key, now[key] if key[0] in known else None))

        ids = companies["id"].to_list()
        columns = {
            f"base.{output}": [base((one, name)) for one in ids] for output, name in zip(OUTPUTS, KEPT, strict=True)
        }
        return pl.DataFrame({"id": ids, **columns}, schema={"id": pl.Int64, **dict.fromkeys(columns, pl.String)})

    def _marks_sent(self, disk: Disk, differences: pl.DataFrame) -> dict[Key, str]:
        """What runs have sent since the disk, or since the last complete one before a stamp was seen to differ."""
        since = min(differences.filter(pl.col("property").is_in(list(MARKS)))["since"].to_list(), default=self.now)
        runs = (entry.record for entry in self.ledger.entries[::-1] if entry.record.complete)
        began = (run.started_at for run in runs if run.started_at <= since)
        return self.ledger.texts_sent(min(disk.moment, next(began, dt.datetime.min.replace(tzinfo=dt.UTC))))

    def _edited(self, companies: pl.DataFrame, overrides: pl.DataFrame) -> Collection[int]:
        last = self.ledger.last_complete()
        if last is None:
            return ()
        since = round(last.started_at.timestamp() * 1000)
        edited = companies.filter(epoch_milliseconds() >= since)["id"]
        return frozenset(overrides.filter(pl.col("ended_at").is_null())["id"]) & frozenset(edited)

    def origin(self) -> PlanOrigin:
        """Who draws the plan."""
        loaded = self.loaded
        return PlanOrigin(
            self.run_id,
            self.portal.portal_id,
            self.now,
            self.now.date(),
            loaded.profile.name,
            loaded.digest,
            loaded.file_digest,
        )

    def _plan_inputs(self, companies: pl.DataFrame, differences: pl.DataFrame, holding: HoldResult) -> PlanInputs:
        inputs = differences.filter(pl.col("property").is_in(list(INPUTS))).join(holding.open_holds, on=KEY, how="anti")
        return PlanInputs(
            self.origin(),
            MissingObjects(),
            lists={LIST: self.listed()},
            last_read=None,
            allow=self.allow,
            other_stamps=self._other_stamps(companies, differences) if self.ledger.last_complete() else None,
            taken_back=self.ledger.taken_back(self.loaded.file_digest, inputs["id"].to_list()),
        )

    def listed(self) -> LiveList:
        """The list in HubSpot, and what is remembered of it."""
        members = _ids(self.portal.list_members(LIST))
        list_id, pins = str(self.portal.lists.require_by_id_or_name(LIST, self.portal.now()).id), self.ledger.pins
        if self.disk is None or self.disk.members is None:
            ever = self.ledger.moves()
            return LiveList(
                list_id,
                members,
                sent=members_possibly_added_by_runs(ever),
                placed=members_surely_added_by_runs(ever),
                pins=pins,
            )
        moves = self.ledger.moves(self.disk.moment)
        last = members_after_last_change(_ids(self.disk.members), members, moves)
        return LiveList(list_id, members, last=last, pins=pins)

    def _other_stamps(self, companies: pl.DataFrame, differences: pl.DataFrame) -> int:
        changed = differences.filter(pl.col("property") == STAMP)["id"]
        known = [*self.ledger.profiles, self.loaded.digest]
        stamps = companies.filter(pl.col("id").is_in(changed.implode()))[STAMP].drop_nulls().str.extract(STAMP_DIGEST)
        return int((~stamps.is_in(known)).sum())

    def _explained(self, drawn: Drawn) -> Drawn:
        plan, last = drawn.preview.plan, self.ledger.last_complete()
        if plan.changes.is_empty():
            return drawn
        baseline = None
        if last is not None and self.disk is not None:
            ended = drawn.holding.ended_holds.select(KEY)
            baseline = Baseline(last.as_of, self.ledger.profiles, drawn.differences, ended, last.digest)
        released = drawn.decided.decisions.filter(pl.col("cause") == "released")["id"]
        standing = drawn.decided.standing
        explained = explain_changes(
            plan.changes,
            drawn.preview.diff,
            drawn.preview.companies,
            self.program,
            baseline,
            {
                "released": frozenset(released),
                "overridden": standing.tiers | standing.flags,
                "held": frozenset(drawn.holding.open_holds["id"]),
            },
        )
        return replace(drawn, preview=replace(drawn.preview, plan=replace(plan, changes=explained)))


def snapshot_of(drawn: Drawn, members: frozenset[int] | None, *, is_decided: bool) -> Disk:
    """What a run saves once its plan is drawn."""
    differences = attach_holds(drawn.differences, drawn.holding.holds)
    return Disk(drawn.extract, differences, members, drawn.now, is_decided)


def _scored(holding: HoldResult, standing: OverriddenIds, program: Program) -> tuple[pl.DataFrame, ScoreResult]:
    companies = mark_overridden_companies(holding.companies, standing)
    return companies, score(companies, program)


def _falling(companies: pl.DataFrame, scores: ScoreResult) -> Sequence[int]:
    """Companies of ours that would fall for want of an answer, or are ruled out no more."""
    was_out = (pl.col("icp_fit_outcome") == "disqualified").fill_null(value=False)
    rows = companies.filter(OURS).select("id", live_tier.TIER, was_out=was_out)
    rows = rows.join(scores.frame.select("id", "tier", "outcome", "coverage"), on="id", how="inner")
    tier = pl.col(live_tier.TIER)
    falls = tier.is_not_null() & (pl.col("tier").is_null() | (pl.col("tier") > tier)) & (pl.col("coverage") < 1)
    return rows.filter(falls | (pl.col("was_out") & (pl.col("outcome") != "disqualified")))["id"].to_list()


def _moment(text: str | None) -> str | None:
    return text and text.replace(".000Z", "Z")


def _ids(companies: Iterable[int]) -> pl.Series:
    return pl.Series("id", sorted(companies), dtype=pl.Int64)
