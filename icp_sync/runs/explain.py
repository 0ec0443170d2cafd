"""Explain: one company read from the portal now and scored criterion by criterion. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.input_differences import KEY, NOW, PROPERTY, SINCE, WAS, restore_old_texts, with_current_texts
from icp_sync.errors import AmbiguousCompany, CompanyNotFound, ObjectNotFound
from icp_sync.plan.company_memory import NOTHING, CompanyMemory, HeldInput, VendorValue
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.vendor_attribution import append_vendors_to_reasons
from icp_sync.plan.who_emptied_inputs import EMPTIED_AT, EMPTIED_BY
from icp_sync.portal.companies import read as companies
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import CONTACT_COUNTS
from icp_sync.runs.committees import committees_by_company
from icp_sync.runs.company_lookup import domain_in, is_record_id
from icp_sync.runs.exemptions import standing_holds, standing_value
from icp_sync.runs.extract.preflight import Preflight, preflight
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.vendor_files import load_vendor_frames
from icp_sync.scoring.explain import Explanation, explain
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.vendor_values import AS_OF, SOURCE, VALUE, fill_from_vendors
from icp_sync.state.ledger.overrides import Override
from icp_sync.state.snapshot import NoSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class ExplainResult:
    """The explained companies, and what a link to their records needs.

    `as_of`: watermark of the snapshot that decided which tiers are at capacity; None without one. `remembered`: company
    id → overrides and held inputs, for companies that have any.
    """

    companies: tuple[Explanation, ...]
    as_of: dt.datetime | None
    ui_domain: str
    portal_id: int
    remembered: Mapping[int, CompanyMemory]


def explain_company(session: PortalSession, query: str) -> ExplainResult:
    """Explain the company with that id (all digits) or name, or every company of that domain.

    Whether a tier's capacity has room is decided by scoring the snapshot of all companies, where there is one. Raises
    CompanyNotFound, and SeveralCompanies where a name is ambiguous.
    """
    session.connect()
    profile, account = session.only_profile().profile, session.account
    checked = preflight(profile, account, fetch_definitions(session.connection, [profile]))
    fetched = _fetch_companies(session, query, checked)
    store = session.state.open(account.portal_id, profile.name)
    snapshot = store.snapshot.load()
    holds = _remaining_holds(snapshot, fetched)
    program, vendors = compile_profile(profile, session.day, checked.conventions), load_vendor_frames(store, profile)
    enriched = fill_from_vendors(_with_all_columns(fetched, profile, checked), vendors, program)
    # What a vendor's value fills is not lost any more, so no old text is restored over it.
    holds = holds.join(enriched.counted, on=KEY, how="anti")
    remembered = overrides_and_holds_by_company(
        store.overrides.list_open(), holds, enriched.counted, fetched[ID], session.day
    )
    # With the texts that still count, so that what is explained is what the last run decided and not what is gone.
    frame = restore_old_texts(enriched.companies, holds)
    explained = with_vendors_in_reasons(explain(frame, program, live_tiers(frame, profile)), enriched.consulted)
    tiers = standing_tiers(explained, frame)
    for company_id, committee in committees_by_company(store, profile, checked.definitions, tiers).items():
        remembered[company_id] = replace(remembered.get(company_id, NOTHING), committee=committee)
    # A capacity keeps the best N companies of a tier, so one company's tier depends on all the others.
    if not _can_tell_capacity(snapshot, profile, checked):
        return ExplainResult(explained, None, account.ui_domain, account.portal_id, remembered)
    population = snapshot_frames.upsert_rows(
        snapshot_frames.select_available_properties(snapshot.companies, checked.pulled), fetched
    )
    filled = fill_from_vendors(_with_all_columns(population, profile, checked), vendors, program)
    scored = append_vendors_to_reasons(score(filled.companies, program).frame, filled.consulted)
    return ExplainResult(
        with_run_verdicts(explained, scored), snapshot.read_from, account.ui_domain, account.portal_id, remembered
    )


def with_run_verdicts(explained: tuple[Explanation, ...], scored: pl.DataFrame) -> tuple[Explanation, ...]:
    """The explanations with the tiers and reasons of a scored frame of all companies, who compete for places."""
    rows = scored.filter(pl.col(ID).is_in([one.id for one in explained])).select(ID, "tier", "reasons")
    verdicts = {company_id: {"tier": tier, "reasons": reasons} for company_id, tier, reasons in rows.iter_rows()}
    return tuple(replace(company, **verdicts.get(company.id, {})) for company in explained)


def with_vendors_in_reasons(explained: tuple[Explanation, ...], consulted: pl.DataFrame) -> tuple[Explanation, ...]:
    """The explanations with the vendors that were consulted named in their reasons."""
    reasons = {explanation.id: explanation.reasons for explanation in explained}
    frame = pl.DataFrame({ID: list(reasons), "reasons": list(reasons.values())}, {ID: pl.Int64, "reasons": pl.String})
    ended = dict(append_vendors_to_reasons(frame, consulted).iter_rows())
    return tuple(replace(explanation, reasons=ended[explanation.id]) for explanation in explained)


def standing_tiers(explained: Sequence[Explanation], frame: pl.DataFrame) -> pl.DataFrame:
    """`id`, `tier` (the one on the record, else the one it would be given) and the counts of contacts."""
    rows = [(company.id, company.live_tier or company.tier) for company in explained if company.outcome]
    tiers = pl.DataFrame(rows, {ID: pl.Int64, "tier": pl.String}, orient="row")
    counts = with_missing_columns(frame, CONTACT_COUNTS).select(ID, *CONTACT_COUNTS)
    return tiers.join(counts, on=ID, how="left", maintain_order="left")


def _with_all_columns(companies: pl.DataFrame, profile: Profile, checked: Preflight) -> pl.DataFrame:
    return with_ownership(with_missing_columns(companies, checked.absent), profile, adopt=False)


def _can_tell_capacity(snapshot: Snapshot | NoSnapshot, profile: Profile, checked: Preflight) -> TypeGuard[Snapshot]:
    """Whether a tier has a capacity and the snapshot has every property needed to score by."""
    if not any(tier.capacity for tier in profile.tiers) or isinstance(snapshot, NoSnapshot):
        return False
    # A reading that was cut short knows a part of those who compete for a place.
    return snapshot.after is None and {*checked.pulled} <= {*snapshot.companies.columns}


def _remaining_holds(snapshot: Snapshot | NoSnapshot, fetched: pl.DataFrame) -> pl.DataFrame:
    """The holds of the companies that stood after the last reading and whose value is still lost."""
    return with_current_texts(standing_holds(snapshot), fetched).filter(pl.col(NOW).is_null()).drop(NOW)


def overrides_and_holds_by_company(
    overrides: Sequence[Override], holds: pl.DataFrame, counted: pl.DataFrame, ids: pl.Series, day: dt.date
) -> dict[int, CompanyMemory]:
    """Company id → what stands on it against the profile, and what counts though it is lost or a vendor's."""
    known = {}
    for company_id in ids:
        standing = [standing_value(override) for override in overrides if override.company_id == company_id]
        rows = holds.filter(pl.col(ID) == company_id).select(PROPERTY, WAS, SINCE, EMPTIED_AT, EMPTIED_BY).iter_rows()
        inputs = [HeldInput(name, was or "", *facts) for name, was, *facts in rows]
        age = (pl.lit(day) - pl.col(AS_OF)).dt.total_days()
        theirs = counted.filter(pl.col(ID) == company_id).select(PROPERTY, VALUE, WAS, SOURCE, AS_OF, age.alias("age"))
        values = [VendorValue(*row) for row in theirs.iter_rows()]
        if standing or inputs or values:
            known[company_id] = CompanyMemory(tuple(standing), tuple(inputs), tuple(values))
    return known


def _fetch_companies(session: PortalSession, query: str, checked: Preflight) -> pl.DataFrame:
    portal = f"portal {checked.account.portal_id}"
    if not query:
        raise CompanyNotFound("no company is named; give its record id, domain or name")
    if is_record_id(query):
        try:
            return companies.read_one(session.connection, int(query), checked.pulled)
        except ObjectNotFound as error:
            raise CompanyNotFound(f"{portal} has no company with id {query}") from error
    # HubSpot does not keep domains unique for companies created by API, so several may share one.
    ids = companies.find_ids_by_domain(session.connection, domain_in(query))
    if ids:
        return companies.read_by_ids(session.connection, ids, checked.pulled)
    ids = companies.find_ids_by_name(session.connection, query)
    if not ids:
        raise CompanyNotFound(f"{portal} has no company with domain or name {query}; try its record id")
    matches = companies.read_by_ids(session.connection, ids, checked.pulled)
    if matches.height > 1:
        candidates = [{"id": str(row[ID]), "name": row["name"], "domain": row["domain"]} for row in matches.to_dicts()]
        raise AmbiguousCompany(
            f"{portal} has {matches.height:,} companies that go by {query}; name one by its id", details=candidates
        )
    return matches


def live_tiers(frame: pl.DataFrame, profile: Profile) -> dict[int, str | None]:
    """Company id → the tier on its record, ours or not; empty where the profile writes no tier."""
    return dict(frame.select("id", profile.write.tier).iter_rows()) if profile.write.tier else {}
