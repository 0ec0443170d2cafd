"""What a profile's plan depends on besides its scores: lists, quarantine, undos, what other hosts wrote."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import PROPERTY
from icp_sync.plan.builder import PlanPreview, build_plan
from icp_sync.plan.competing_profile_versions import RUNS_LOOKED_AT, find_competing_version
from icp_sync.plan.diff import output_properties
from icp_sync.plan.ownership import STAMP_DIGEST
from icp_sync.plan.plan import MissingObjects
from icp_sync.plan.plan_inputs import LiveList, PlanInputs
from icp_sync.plan.run_report import PinCounts
from icp_sync.runs.apply.quarantine import load_quarantine
from icp_sync.runs.change_causes import explain_plan
from icp_sync.runs.committees import known_committee_texts
from icp_sync.runs.last_written_values import last_written_values
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.runs.undone_changes import load_taken_back
from icp_sync.runs.vendor_files import count_companies_on_missing_files
from icp_sync.scoring.list_filter import match_list_clauses


def build_profile_plan(
    scored: ScoredCompanies, best: pl.DataFrame | None = None, arms: pl.DataFrame | None = None
) -> PlanPreview:
    """The plan of scored companies, with the true causes; `best`, `arms`: see `PlanInputs`, None for one alone."""
    companies = _companies_to_plan(scored)
    preview = build_plan(companies, scored.scores, scored.source.profile, gather_plan_inputs(scored, best, arms))
    return explain_plan(preview, scored)


def _companies_to_plan(scored: ScoredCompanies) -> pl.DataFrame:
    """The company frame with all columns; where some were left on disk, of those alone that the plan may be about."""
    companies, stored = scored.companies, scored.source.stored
    if stored is None:
        return companies
    written = output_properties(scored.source.profile)
    at_hand = pl.any_horizontal(False, *(pl.col(name).is_not_null() for name in written if name in companies.columns))
    apart = stored.ids_filled([name for name in written if name not in companies.columns])
    in_scope = scored.scores.frame[ID]
    concerned = at_hand | pl.col(ID).is_in(apart.implode()) | pl.col(ID).is_in(in_scope.implode())
    return stored.with_stored_columns(companies.filter(concerned))


def count_pins(preview: PlanPreview, live: Mapping[str, LiveList]) -> PinCounts:
    """Companies pinned on and off the profile's static lists, once the plan is applied; `live`: by list name."""
    looked_at = preview.members
    pins = [looked_at[name].pins.standing if name in looked_at else one.pins for name, one in live.items()]
    return PinCounts(sum(one.inside.len() for one in pins), sum(one.outside.len() for one in pins))


def gather_plan_inputs(
    scored: ScoredCompanies, best: pl.DataFrame | None, arms: pl.DataFrame | None = None
) -> PlanInputs:
    """What the plan of scored companies depends on, by the state and the portal."""
    source = scored.source
    profile_run, lists = source.profile_run, source.portal_state.lists
    limit = profile_run.session.options.limit
    # A canary writes the best few; lists drawn from them would lose everybody else.
    canary = limit is not None
    last_complete = profile_run.store.runs.last_complete()
    new = any(live.id is None for live in lists.live.values())
    # HubSpot's list folder is made with the first list that goes into it: nobody needs an empty one.
    folder = bool(source.profile.lists) and new and lists.folder_id is None and not canary
    quarantine = load_quarantine(profile_run, source.preflight)
    idle = quarantine.retried and not quarantine.refused
    return PlanInputs(
        origin=profile_run.new_plan_origin(),
        to_make=MissingObjects() if idle else replace(source.preflight.to_make, folder=folder),
        lists=None if canary else lists.live,
        last_read=last_complete.read if last_complete else None,
        allow=profile_run.allowed_names,
        limit=limit,
        meeting={} if canary else _list_clause_columns(scored),
        committee=known_committee_texts(scored),
        best=best if profile_run.is_first_in_session else None,
        arms=arms,
        base=_verdicts_before_edits(scored),
        quarantine=quarantine,
        other_stamps=_count_other_stamps(scored) if last_complete else None,
        taken_back=load_taken_back(scored),
        on_missing_files=count_companies_on_missing_files(source, scored.compared.enriched),
        read=scored.companies,
    )


def _verdicts_before_edits(scored: ScoredCompanies) -> pl.DataFrame | None:
    """`id`, `base.tier` and `base.outcome` of companies of which another stands there than at our last look.

    Left out are those whose tier is given back, which moves it.
    """
    source, differences = scored.source, scored.compared.differences
    named = source.profile.write.properties()
    outputs: dict[str, str] = {output: named[output] for output in ("tier", "outcome") if output in named}
    edited = differences.filter(pl.col(PROPERTY).is_in(list(outputs.values())))[ID]
    concerned = pl.col(ID).is_in(edited.implode()) & ~pl.col(ID).is_in(list(scored.overrides.released))
    # What stood there at our last look is not our last verdict where another host has written since, or a run died.
    companies = source.with_stored_columns(scored.companies.filter(concerned))
    return None if companies.is_empty() else last_written_values(source, companies, differences, outputs)


def _count_other_stamps(scored: ScoredCompanies) -> int | None:
    """Companies stamped since our last look by this profile's name, with a digest that neither we nor the ledger know.

    Two hosts on two branches of a profile would write each other's companies every night, each run with exit code 0.
    Where they share the ledger it knows both digests: then `find_competing_version` says whose stamps count.
    """
    profile_run, stamp = scored.source.profile_run, scored.source.profile.write.profile
    if stamp is None:
        return None
    store, digest = profile_run.store, profile_run.loaded.digest
    branch = find_competing_version(store.runs.newest_complete_runs(RUNS_LOOKED_AT), digest, socket.gethostname())
    known = list(store.runs.profile_digests() | {digest})
    is_new = pl.col("id").is_in(scored.compared.differences.filter(pl.col(PROPERTY) == stamp)["id"].implode())
    # A stamp of another profile's name is that profile's business; two names never write one property.
    by_this_name = pl.col(stamp).str.starts_with(f"{profile_run.profile.name}@")
    written = pl.col(stamp).str.extract(STAMP_DIGEST)
    others = by_this_name & ((is_new & ~written.is_in(known)) | (written == pl.lit(branch)))
    looked_at = scored.companies.select("id", stamp)
    looked_at = looked_at.filter(is_new) if branch is None else looked_at
    return int(looked_at.select(others.fill_null(value=False).sum()).item())


def _list_clause_columns(scored: ScoredCompanies) -> dict[str, pl.DataFrame]:
    """List name → one Boolean column per clause about companies' own values, for lists that have such clauses."""
    program = scored.source.program
    asking = [target for target in program.profile.lists if any(target.where.company_clauses())]
    return {target.name: match_list_clauses(scored.companies, target.where, program) for target in asking}
