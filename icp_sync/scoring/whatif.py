"""What if: companies evaluated once, and judged again by profiles that differ in weights, thresholds and bounds.

Each answer equals that of scoring the same companies by the edited profile (`score.score`), but for the reasons, which
are written for the few companies somebody asks about. Companies alike in all verdicts are judged once, so that an edit
costs some ten thousand rows instead of a million.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import answers, tier_capacity
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.outcome import apply_steps, outcome_steps
from icp_sync.scoring.predicate_verdicts import EvaluatedCompanies
from icp_sync.scoring.predicates import VERDICTS, Predicate, decode_kleene, distinct_predicates, profile_matches
from icp_sync.scoring.profile_tests import CaseResult, case_companies, compare_case
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.reasons import NOTE, reasons_steps, with_reasons
from icp_sync.scoring.verdict_signatures import pack_signature, unpack_signature

_MAX_TABLES: Final = 16
"""Signature tables kept; one of a million companies takes 4 MB and more."""
JUDGED: Final[dict[str, pl.DataType]] = {
    "score": pl.Float64(),
    "potential": pl.Float64(),
    "coverage": pl.Float64(),
    "outcome": pl.String(),
    "reached": pl.String(),
}
"""What follows from a signature alone, as in `score.SCORED`; null outside the scope."""
_ROW: Final = "row"
_INSIDE: Final = "inside"


@dataclass(frozen=True, slots=True)
class _SignatureTable:
    """The distinct signatures of all companies, decoded into their verdicts (Boolean) and `live:rank`.

    `row`: for each company the row of its signature (UInt32), first the snapshot's companies, then those of the tests.
    """

    verdicts: frozenset[str]
    decoded: pl.DataFrame
    row: pl.Series


@dataclass(frozen=True)
class Verdict:
    """What a profile makes of the companies of a snapshot and of its own tests.

    `companies`: `id`, the columns of `JUDGED`, `tier` (the one there is a place in), `note` (what capacity or a lock
    says, for the reasons), `live:fixed`, and `stands` (the tier on the record once a run is through: that of somebody
    else where it is not the profile's to change), in the order of the snapshot.
    """

    profile: Profile
    companies: pl.DataFrame
    tests: tuple[CaseResult, ...]
    judged: pl.DataFrame = field(repr=False)
    signature: pl.Series = field(repr=False)

    @cached_property
    def by_signature(self) -> pl.DataFrame:
        """The judged signatures with `companies`, how many there are of each (UInt32)."""
        return self._count_signatures(self.signature)

    @cached_property
    def movable_by_signature(self) -> pl.DataFrame:
        """The same of companies whose tier is the profile's to set."""
        fixed = self.companies[live.FIXED]
        return self._count_signatures(self.signature.filter(~fixed)) if fixed.any() else self.by_signature

    def standing(self, tiers: Collection[str]) -> int:
        """How many are in one of these tiers whatever the profile says."""
        return int(self.companies.select((pl.col(live.FIXED) & pl.col("stands").is_in(tiers)).sum()).item())

    @cached_property
    def outcome_counts(self) -> Mapping[str | None, int]:
        """Outcome → companies, None = outside the scope; one that nobody has is left out."""
        return dict(self.by_signature.group_by("outcome").agg(pl.col("companies").sum()).iter_rows())

    def _count_signatures(self, signature: pl.Series) -> pl.DataFrame:
        counts = signature.value_counts(name="companies")
        return counts.join(self.judged.with_row_index(_ROW), left_on=signature.name, right_on=_ROW)


class WhatIf:
    """A snapshot's companies, evaluated once; `judge` says what an edited profile makes of them."""

    def __init__(
        self, companies: pl.DataFrame, profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS
    ) -> None:
        """Evaluate the companies, a frame with the `live:*` columns, and those of the profile's tests."""
        self._snapshot = EvaluatedCompanies.from_companies(companies, compile_profile(profile, as_of, conventions))
        self._cases = {
            day: EvaluatedCompanies.from_companies(frame, compile_profile(profile, day))
            for day, frame in case_companies(profile, as_of).items()
        }
        self._case_names = [profile.tests[n].name for one in self._cases.values() for n in one.rows[ID]]
        self._tables: dict[frozenset[str], _SignatureTable] = {}

    @property
    def context(self) -> EvaluationContext:
        """The day and the conventions by which the snapshot is judged."""
        return self._snapshot.program.context

    def judge(self, profile: Profile, fixed: pl.Series | None = None) -> Verdict:
        """What the profile makes of all companies.

        It may differ from the one evaluated in weights, credits, `missing`, bounds, `required`, `coverage`, tiers and
        criteria or disqualifiers left out. `fixed` replaces `live:fixed`. Raises KeyError where it asks something else.
        """
        table = self._signature_table(profile)
        judged = self._judge_signatures(profile, table)
        height = self._snapshot.rows.height
        row = table.row.head(height)
        companies = self._snapshot.rows.select(ID, *tier_capacity.capacity_columns(profile)).hstack(
            judged.select(*JUDGED).select(pl.all().gather(row))
        )
        placed = _with_capacity(
            companies if fixed is None else companies.with_columns(fixed.alias(live.FIXED)), profile
        )
        return Verdict(profile, placed, self._test_results(profile, judged, table.row.slice(height)), judged, row)

    def reasons(self, verdict: Verdict, ids: Collection[int]) -> dict[int, str]:
        """The reasons of some companies by id, as they would be written; none for one outside the scope."""
        chosen = verdict.companies.with_row_index(_ROW).filter(
            pl.col(ID).is_in(list(ids)), pl.col("outcome").is_not_null()
        )
        judged = verdict.judged[verdict.signature.gather(chosen[_ROW])].with_columns(chosen["tier"], chosen[NOTE])
        written = with_reasons(judged.lazy(), reasons_steps(verdict.profile)).select("reasons").collect()
        return dict(zip(chosen[ID], written["reasons"], strict=True))

    def _signature_table(self, profile: Profile) -> _SignatureTable:
        """The signatures as far as the profile asks; those of a profile that asks more will do."""
        predicates = {one.column: one for one in distinct_predicates(profile_matches(profile), profile.location)}
        asked = frozenset(predicates)
        for table in self._tables.values():
            if asked <= table.verdicts:
                return table
        while len(self._tables) >= _MAX_TABLES:
            del self._tables[next(iter(self._tables))]
        self._tables[asked] = table = self._build_signature_table(predicates)
        return table

    def _build_signature_table(self, predicates: Mapping[str, Predicate]) -> _SignatureTable:
        digits = {**dict.fromkeys(predicates, VERDICTS), live.RANK: live.RANKS}
        packed = pl.concat(
            evaluated.rows.select(live.RANK)
            .with_columns(evaluated.verdict(one).alias(name) for name, one in predicates.items())
            .select(pack_signature(digits, digits))
            for evaluated in (self._snapshot, *self._cases.values())
        )
        distinct = packed.unique()
        row = packed.join(distinct.with_row_index(_ROW), on=packed.columns, how="left", maintain_order="left")[_ROW]
        decoded = distinct.select(unpack_signature(digits)).with_columns(decode_kleene(predicates))
        return _SignatureTable(frozenset(predicates), decoded, row)

    def _judge_signatures(self, profile: Profile, table: _SignatureTable) -> pl.DataFrame:
        """Each signature with `live:rank`, its answers and all that `outcome_steps` makes of them."""
        inside = answers.scope_expr(profile, self.context).alias(_INSIDE)
        answered = table.decoded.lazy().select(live.RANK, *answers.answer_columns(profile, self.context), inside)
        judged = apply_steps(answered, outcome_steps(profile))
        # Kept whole, since the reasons of the few companies that are shown are made of these columns.
        return judged.with_columns(pl.when(_INSIDE).then(pl.col(*JUDGED))).collect()

    def _test_results(self, profile: Profile, judged: pl.DataFrame, row: pl.Series) -> tuple[CaseResult, ...]:
        """The results of the tests; a test company has the tier it reaches, since nobody takes its place."""
        rows = judged[row].with_columns(tier="reached").to_dicts()
        # By name: an edit may have taken a test out, or changed what it expects.
        by_name = {name: one for name, one in zip(self._case_names, rows, strict=True) if one["outcome"] is not None}
        return tuple(compare_case(case, by_name.get(case.name, {})) for case in profile.tests)


def _with_capacity(companies: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The judged companies with `tier`, `note` and `stands`."""
    tier, note = companies["reached"].alias("tier"), pl.repeat(None, companies.height, dtype=pl.String, eager=True)
    if tier_capacity.has_capacity_or_locked(companies, profile):
        inside = companies.with_row_index(_ROW).filter(pl.col("outcome").is_not_null())
        noted = tier_capacity.overflowing_companies(inside.drop(_ROW), profile)
        places = inside[_ROW].gather(noted[tier_capacity.PLACE])
        tier, note = tier.scatter(places, noted["tier"]), note.scatter(places, noted[NOTE])
    effective = pl.when(live.FIXED).then(live.STANDS).otherwise("tier")
    return (
        companies.with_columns(tier, note.alias(NOTE))
        .with_columns(pl.when(pl.col("outcome").is_not_null()).then(effective).alias("stands"))
        .select(ID, *JUDGED, "tier", NOTE, live.FIXED, "stands")
    )
