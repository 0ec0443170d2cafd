"""Why each company of a plan changes: scored again with what the last verdicts stood on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.input_differences import KEY, NO_DIFFERENCES, PROPERTY, restore_old_texts, update_differences
from icp_sync.companies.snapshot import MERGED
from icp_sync.errors import ProfileInvalid
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_causes import Known, explain_changes
from icp_sync.plan.ownership import STAMP_DIGEST
from icp_sync.plan.run_record import RunRecord
from icp_sync.plan.stepwise_rescoring import Baseline, properties_to_rescore
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.vendor_files import stored_vendor_files
from icp_sync.scoring.vendor_values import fill_from_vendors
from icp_sync.state.snapshot import Snapshot

MOST_PROFILES: Final = 20
"""Old profiles that changes are explained by; more of them stand on records only after years without a full run."""


def explain_plan(preview: PlanPreview, scored: ScoredCompanies) -> PlanPreview:
    """The preview with the cause and the pieces of each change of its plan.

    Where it is not known what the last verdicts stood on (no snapshot, no complete run), the causes are what the stamps
    on the records tell.
    """
    changes = preview.plan.changes
    if changes.is_empty():
        return preview
    changing = preview.companies.filter(pl.col(ID).is_in(changes[ID].implode()))
    baseline = _last_baseline(scored, changing)
    companies = _with_inputs_of_old_profiles(changing, scored, baseline)
    standing = scored.overrides.standing
    known: Known = {
        "released": scored.overrides.released,
        "overridden": standing.tiers | standing.flags,
        "held": frozenset(scored.compared.holding.open_holds[ID]),
    }
    explained = explain_changes(changes, preview.diff, companies, scored.source.program, baseline, known)
    return replace(preview, plan=replace(preview.plan, changes=explained))


def _last_baseline(scored: ScoredCompanies, companies: pl.DataFrame) -> Baseline | None:
    """What the last verdicts stood on, of the changing companies; None where that is not known."""
    profile_run, stamp = scored.source.profile_run, scored.source.profile.write.profile
    last, snapshot = profile_run.store.runs.last_complete(), scored.source.last_verdict_snapshot
    # A plan's reading after a lost disk is later than the last verdicts: what changed since them is not known by it.
    if last is None or snapshot is None or not snapshot.decided:
        return None
    stamped = companies[stamp] if stamp else pl.Series([""])
    digests = stamped.drop_nulls().str.extract(STAMP_DIGEST).drop_nulls().unique(maintain_order=True)
    profiles = _former_profiles(profile_run, [last.digest, *digests.head(MOST_PROFILES)])
    return Baseline(
        last.as_of,
        profiles,
        _with_vendor_differences(scored, companies, last, profiles.get(last.digest)),
        scored.compared.holding.ended_holds.select(KEY),
        last.digest,
    )


def _with_vendor_differences(
    scored: ScoredCompanies, changing: pl.DataFrame, last: RunRecord, former: Profile | None
) -> pl.DataFrame:
    """The differences, with the texts that vendors' values had at the last verdict, of the companies `changing`.

    `former`: the profile of that run, None = unknown. A file that was brought in since is taken to replace none: what
    an older file of its source said is not kept.
    """
    compared, source = scored.compared, scored.source
    store, profile = source.profile_run.store, source.profile
    waterfall = (former or profile).enrichment
    sources = {each.source: each for each in (*waterfall, *profile.enrichment)}
    names = {name for each in sources.values() for name in each.columns.values()}
    needed = [ID, *(name for name in changing.columns if name in {MERGED, *names})]
    if not names:
        return compared.differences
    ids, now = changing[ID], changing.select(needed)
    own = restore_old_texts(restore_old_texts(now, compared.enriched.counted), compared.differences)
    then = replace(source.program, profile=profile.model_copy(update={"enrichment": waterfall, "write": Write()}))
    before = {
        name: file.frame for name, file in stored_vendor_files(store, waterfall) if file.read_at < last.started_at
    }
    was = fill_from_vendors(with_missing_columns(own, names), before, then, last.as_of).companies.select(needed)
    moment = dt.datetime.combine(source.program.context.as_of, dt.time(), dt.UTC)
    others = compared.differences.filter(~(pl.col(PROPERTY).is_in(names) & pl.col(ID).is_in(ids.implode())))
    return pl.concat([others, update_differences(NO_DIFFERENCES, was, now, moment)]).sort(KEY)


def _former_profiles(profile_run: ProfileRun, digests: Iterable[str]) -> Mapping[str, Profile]:
    """Digest → the profile as it was under it, of those whose text the ledger has and this version still reads."""
    profiles: dict[str, Profile] = {}
    for digest in digests:
        text = profile_run.store.profile_texts.find_by_digest(profile_run.profile.name, digest)
        if text is None or digest in profiles:
            continue
        if text.whole == profile_run.loaded.file_digest:
            # On most nights it is tonight's, which is loaded already.
            profiles[digest] = profile_run.profile
            continue
        # A profile of an older version may not be read any more; its companies keep the cause their stamp tells.
        try:
            profiles[digest] = parse_profile(text.text.encode(), text.name).profile
        except ProfileInvalid:
            continue
    return profiles


def _with_inputs_of_old_profiles(
    rows: pl.DataFrame, scored: ScoredCompanies, baseline: Baseline | None
) -> pl.DataFrame:
    """The changing companies, with what old profiles read and this one does not, as the snapshot has it."""
    source = scored.source
    if baseline is None or not isinstance(source.snapshot, Snapshot):
        return rows
    # What a criterion taken out has read is not in tonight's reading, and its points have to be told of.
    read = {name for profile in baseline.profiles.values() for name in properties_to_rescore(profile)}
    former = sorted(name for name in read - {*rows.columns} if name in source.known_columns)
    if not former:
        return rows
    texts = source.stored.rows_by_id(rows[ID], former) if source.stored else source.snapshot.rows_by_id(rows[ID])
    return rows.join(texts.select(ID, *former), on=ID, how="left", maintain_order="left")
