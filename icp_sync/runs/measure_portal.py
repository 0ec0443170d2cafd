"""Measures the portal for the profile linter: fill rates, options, tier shares. Reads everything, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from icp_sync.companies.enumeration_options import listed_options
from icp_sync.companies.frame import with_missing_columns
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.plan.ownership import with_ownership
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_measurements import PortalFacts, PropertyFacts
from icp_sync.profile.property_reads import property_names_read
from icp_sync.runs.extract.portal_sync import PortalSync
from icp_sync.runs.extract.preflight import preflight
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.extract.snapshot_merge import recreated_properties
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.vendor_files import load_vendor_frames
from icp_sync.scoring.foreign_currencies import count_other_currencies, describe_foreign_currencies
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.reading_assumptions import reading_assumptions
from icp_sync.scoring.score import ScoreResult, score
from icp_sync.scoring.vendor_values import fill_from_vendors


def measure_portal(session: PortalSession, profile: Profile) -> PortalFacts:
    """Read the portal of a connected session, score it by `profile`, and return the facts the linter needs.

    Raises PreflightFailed.
    """
    definitions = fetch_definitions(session.connection, [profile])
    checked = preflight(profile, session.account, definitions)
    snapshot = session.state.open(session.account.portal_id, profile.name).snapshot.load()
    portal_sync = PortalSync(session.connection, session.progress, checked.pulled, session.now)
    recreated = recreated_properties(snapshot, definitions)
    pulled = portal_sync.read(snapshot, recreated, full=session.options.full).companies
    frame = with_ownership(with_missing_columns(pulled, checked.absent), profile, adopt=False)
    program, store = compile_profile(profile, session.day, checked.conventions), session.state
    vendors = load_vendor_frames(store.open(session.account.portal_id, profile.name), profile)
    # With vendors' values, as a run scores; how well a property is filled is measured on HubSpot's own texts below.
    scored = score(fill_from_vendors(frame, vendors, program).companies, program)
    in_scope = frame.join(scored.frame.select("id"), on="id", how="semi")
    facts = _measure_properties(in_scope, profile, definitions, scored.unrecognised)
    assumed_values = reading_assumptions(in_scope, profile, checked.conventions)
    facts = {
        name: replace(property_facts, assumed=assumed_values.get(name, {})) for name, property_facts in facts.items()
    }
    others = count_other_currencies(in_scope, profile)
    sentences = {name: describe_foreign_currencies(name, counts, profile) for name, counts in others.items()}
    return PortalFacts(
        facts,
        session.account.currency,
        *_tier_shares(scored, profile),
        other_currencies=sentences,
        scored=scored.frame.height,
    )


def _measure_properties(
    in_scope: pl.DataFrame,
    profile: Profile,
    definitions: Mapping[str, PropertyDefinition],
    unrecognised: Mapping[str, UnrecognisedTexts],
) -> dict[str, PropertyFacts]:
    names = [name for name in property_names_read(profile) if name in definitions]
    return {name: _measure_property(in_scope[name], definitions[name], unrecognised.get(name)) for name in names}


def _measure_property(
    texts: pl.Series, definition: PropertyDefinition, unread: UnrecognisedTexts | None
) -> PropertyFacts:
    filled = texts.drop_nulls()
    # Imports tend to write 0 where nothing is known, so zeros are counted beside empty values.
    zeros = int((filled.cast(pl.Float64, strict=False) == 0).sum())
    options = {option.value: option.label for option in listed_options(definition)} or None
    return PropertyFacts(
        filled=len(filled) / len(texts) if len(texts) else 0.0,
        options=options,
        zeros=zeros / len(filled) if len(filled) else 0.0,
        unread=unread.count if unread else 0,
        unread_share=unread.count / len(filled) if unread and len(filled) else 0.0,
        unrecognised=_nearest_by_text(unread) if unread else {},
    )


def _nearest_by_text(unread: UnrecognisedTexts) -> dict[str, str | None]:
    near = dict(unread.nearest)
    return {text: near.get(text) for text in unread.examples}


def _tier_shares(scored: ScoreResult, profile: Profile) -> tuple[dict[str, float], float | None]:
    """Tier → its share (0-1) of the scored companies, and the share with insufficient data; None when none scored."""
    total = scored.frame.height
    if not total:
        return {}, None
    tiers = dict(scored.frame.group_by("tier").len().iter_rows())
    undecided = int((scored.frame["outcome"] == "insufficient_data").sum())
    return {tier.tier: tiers.get(tier.tier, 0) / total for tier in profile.tiers}, undecided / total
