"""What `plan` would make of the last reading, were the profile edited: judged in milliseconds, company by company."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, WAS
from icp_sync.plan.overridden_companies import OverriddenIds, mark_overridden_companies
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import iter_matches
from icp_sync.runs.extract.portal_sync import Extract
from icp_sync.runs.override_detection import (
    OverrideDecisions,
    decide_overrides,
    doubtful_companies,
    remembered_standing,
)
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.runs.scored_companies import ComparedCompanies, prepare_companies_for_scoring, with_noted_reasons
from icp_sync.runs.snapshot_scoring import OfflineSource, offline_extract
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import SCORED, ScoreResult
from icp_sync.scoring.understood_values import written_columns
from icp_sync.scoring.whatif import Verdict, WhatIf

_MAX_EVALUATED: Final = 4
"""Evaluations kept where edits change which lost inputs are held; each has every company's verdicts."""


@dataclass(frozen=True, slots=True)
class WhatIfVerdict:
    """A verdict, and what stands against it: inputs held, and tiers and flags of others."""

    verdict: Verdict
    compared: ComparedCompanies
    decided: OverrideDecisions


class SnapshotWhatIf:
    """The companies of the last reading, ready to be judged by the profile as edited.

    Lost inputs are held, tiers and flags of others stand, and locked and foreign tiers take their places, as they would
    in a plan by the edited profile.
    """

    def __init__(self, offline: OfflineSource) -> None:
        self._offline = offline
        self._extract: Extract = offline_extract(offline)
        self._compared: dict[Hashable, ComparedCompanies] = {}
        self._evaluated: list[tuple[pl.DataFrame, WhatIf]] = []
        source = offline.source
        compared = self._prepared_companies(source.profile)
        self._evaluate(compared)
        self._remembered = source.profile_run.store.overrides.list_open()
        self._standing = remembered_standing(compared.companies, self._remembered, source.profile.write.tier)
        self._doubtful = doubtful_companies(source, compared.companies, compared.differences, self._remembered)

    @property
    def companies(self) -> pl.DataFrame:
        """The company frame of the profile as it is in its file, sorted by id."""
        return self._prepared_companies(self._offline.source.profile).companies

    def judge(self, profile: Profile) -> WhatIfVerdict:
        """What the edited profile makes of every company, and of its own tests."""
        compared = self._prepared_companies(profile)
        whatif = self._evaluate(compared)
        verdict = whatif.judge(profile, _is_tier_fixed(compared, self._standing))
        decided = self._decide_overrides(profile, compared, verdict)
        if decided.standing != self._standing:
            # A tier found to stand takes a place, and one given back frees its own, as in a plan.
            verdict = whatif.judge(profile, _is_tier_fixed(compared, decided.standing))
        return WhatIfVerdict(verdict, compared, decided)

    def reasons(self, trial: WhatIfVerdict, ids: Collection[int]) -> dict[int, str]:
        """The reasons of some companies by id, as `plan` would write them; none for one outside the scope."""
        texts = self._evaluate(trial.compared).reasons(trial.verdict, ids)
        rows = trial.verdict.companies.filter(pl.col(ID).is_in(list(texts)))
        frame = rows.select(ID, "tier", reasons=pl.Series([texts[company] for company in rows[ID]], dtype=pl.String))
        noted = with_noted_reasons(trial.compared, ScoreResult(frame, rows[ID].clear(), {}), trial.decided)
        return dict(noted.frame.select(ID, "reasons").iter_rows())

    def _decide_overrides(self, profile: Profile, compared: ComparedCompanies, verdict: Verdict) -> OverrideDecisions:
        """What proves to stand of the tiers and flags that may be somebody else's."""
        if self._doubtful.is_empty():
            return OverrideDecisions(standing=self._standing)
        scores = _scores_to_decide_overrides(verdict, self._doubtful[ID])
        source = self._plan_source_with_profile(profile)
        return decide_overrides(source, self._doubtful, scores, compared.differences, self._remembered)

    def _plan_source_with_profile(self, profile: Profile) -> PlanSource:
        source = self._offline.source
        loaded = replace(source.profile_run.loaded, profile=profile)
        return replace(source, profile_run=replace(source.profile_run, loaded=loaded))

    def _prepared_companies(self, profile: Profile) -> ComparedCompanies:
        """The companies as held for the questions of this profile: weights and thresholds hold nothing."""
        key = tuple((path, question and question.id, match) for path, question, match in iter_matches(profile))
        first = next(iter(self._compared.values()), None)
        # Where nothing is lost, or nothing is held, no edit changes a text that companies are judged by.
        if first is not None and (first.differences.is_empty() or profile.hold.days == 0):
            return first
        if key not in self._compared:
            source = self._plan_source_with_profile(profile)
            program = compile_profile(profile, source.program.context.as_of, source.program.context.conventions)
            # The first is of the profile in its file and stays, since people come back to it.
            while len(self._compared) > _MAX_EVALUATED:
                del self._compared[list(self._compared)[1]]
            self._compared[key] = prepare_companies_for_scoring(replace(source, program=program), self._extract)
        return self._compared[key]

    def _evaluate(self, compared: ComparedCompanies) -> WhatIf:
        """The evaluation of companies with these lost inputs held; by the profile of the file, whatever is edited."""
        open_holds = compared.holding.open_holds.select(*KEY, WAS)
        for texts, whatif in self._evaluated:
            if texts.equals(open_holds):
                return whatif
        while len(self._evaluated) > _MAX_EVALUATED:
            del self._evaluated[1]
        program = self._offline.source.program
        whatif = WhatIf(compared.companies, program.profile, program.context.as_of, program.context.conventions)
        self._evaluated.append((open_holds, whatif))
        return whatif


def _is_tier_fixed(compared: ComparedCompanies, standing: OverriddenIds) -> pl.Series:
    """Whether a company's tier is somebody else's to change."""
    return mark_overridden_companies(compared.companies.select(ID, live.FIXED), standing)[live.FIXED]


def _scores_to_decide_overrides(verdict: Verdict, ids: pl.Series) -> ScoreResult:
    """The scores of some companies, with nothing in the columns that no decision about tiers and flags reads."""
    rows = verdict.companies.filter(pl.col(ID).is_in(ids.implode()))
    inside = rows.filter(pl.col("outcome").is_not_null())
    lacking = {name: pl.lit(None, kind) for name, kind in SCORED.items() if name not in rows.columns}
    understood = {name: pl.lit(None, pl.String) for name in written_columns(verdict.profile)}
    return ScoreResult(
        inside.with_columns(**lacking).select(ID, *SCORED), ids.clear(), {}, rows.select(ID, **understood)
    )
