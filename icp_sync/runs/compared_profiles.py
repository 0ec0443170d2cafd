"""Two profiles on the same companies: the champion as it stands, and a challenger on the champion's last reading."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.input_differences import restore_old_texts
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.snapshot import with_columns_from
from icp_sync.errors import NothingToScore, UsageError
from icp_sync.evidence.profile_comparison import (
    CHALLENGER,
    CHAMPION,
    pair_groups,
)
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.vendor_attribution import append_vendors_to_reasons
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.extract.portal_settings_check import zone_or_utc
from icp_sync.runs.snapshot_scoring import OfflineSource, score_snapshot
from icp_sync.runs.vendor_files import load_vendor_frames
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.understood_values import written_columns
from icp_sync.scoring.vendor_values import fill_from_vendors
from icp_sync.state.snapshot import Snapshot
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class JudgedSide:
    """One of the two profiles, the companies with all it reads, and its score frame; `program`: how it reads them."""

    loaded: LoadedProfile
    program: Program
    companies: pl.DataFrame
    scores: pl.DataFrame

    @property
    def profile(self) -> Profile:
        return self.loaded.profile


@dataclass(frozen=True, slots=True)
class ProfileSides:
    """Champion and challenger on the same companies; `groups`: of `pair_groups`, as the profiles stand."""

    champion: JudgedSide
    challenger: JudgedSide
    groups: pl.DataFrame


def score_with_both_profiles(
    offline: OfflineSource, challenger: LoadedProfile, other: StateStore | None
) -> ProfileSides:
    """Score the champion as `plan` would now, and the challenger on the same companies.

    `other`: the challenger's own state on this portal, None where it has none. What only the challenger reads is taken
    from its own last reading; a vendor's file that was brought in for the champion alone counts for both. Raises
    UsageError where both score alike, NothingRead where a property was never read.
    """
    loaded = offline.source.profile_run.loaded
    if challenger.digest == loaded.digest:
        raise UsageError(
            f"{challenger.file} and {loaded.file} score every company alike (digest {loaded.digest}); name a profile "
            "whose criteria, weights or thresholds differ"
        )
    scored = score_snapshot(offline)
    champion = JudgedSide(loaded, offline.source.program, scored.companies, scored.scores.frame)
    # Each with vendors' values of its own, as far as its waterfall lets them count.
    own_texts = restore_old_texts(scored.companies, scored.compared.enriched.counted)
    companies, program = _prepare_challenger(offline, own_texts, challenger, other)
    enriched = fill_from_vendors(companies, _challenger_vendor_frames(offline, challenger.profile, other), program)
    scores = append_vendors_to_reasons(score(enriched.companies, program).frame, enriched.consulted)
    judged = JudgedSide(challenger, program, enriched.companies, scores)
    return ProfileSides(champion, judged, pair_groups(champion.scores, judged.scores))


def list_moved_companies(sides: ProfileSides) -> pl.DataFrame:
    """A row a company that lands in another tier or outcome: id, name, domain, and what each profile says of it."""
    moved = sides.groups.filter(pl.col(CHAMPION) != pl.col(CHALLENGER))
    frame = moved.select(ID).join(company_names(sides.champion), on=ID, how="left", maintain_order="left")
    for side, judged in ((CHAMPION, sides.champion), (CHALLENGER, sides.challenger)):
        own = judged.scores.select(ID, **{f"{side}_score": "score", f"{side}_reasons": "reasons"})
        frame = frame.join(moved.select(ID, side), on=ID, how="left", maintain_order="left")
        frame = frame.join(own, on=ID, how="left", maintain_order="left")
    return frame


def company_names(side: JudgedSide) -> pl.DataFrame:
    """`id`, `name` and `domain` of a side's companies."""
    return with_missing_columns(side.companies, ["name", "domain"]).select(ID, "name", "domain")


def _challenger_vendor_frames(
    offline: OfflineSource, profile: Profile, other: StateStore | None
) -> dict[str, pl.DataFrame]:
    """The files of the challenger's sources: its own, else the champion's of the same source."""
    ours = load_vendor_frames(offline.source.profile_run.store, profile)
    return ours | (load_vendor_frames(other, profile) if other else {})


def _prepare_challenger(
    offline: OfflineSource, companies: pl.DataFrame, challenger: LoadedProfile, other: StateStore | None
) -> tuple[pl.DataFrame, Program]:
    """The champion's companies with all that the challenger reads, and the challenger compiled for this portal.

    `companies`: with HubSpot's own texts, where no input is held.
    """
    profile, snapshot, as_of = challenger.profile, offline.snapshot, offline.source.program.context.as_of
    own = other.snapshot.load() if other else None
    own_portal = other.portal_description.load() if other else None
    # The champion's reading counts where both have one, so that both are judged on the same portal.
    definitions = {**(own_portal.definitions if own_portal else {}), **offline.portal.definitions}
    zone = zone_or_utc(offline.source.profile_run.session.account)
    program = compile_profile(profile, as_of, Conventions.from_definitions(list(definitions.values()), zone))
    needed = _verdict_properties(program)
    absent = {*offline.portal.absent, *(own_portal.absent if own_portal else ())}
    lacking = [name for name in needed if name not in snapshot.companies.columns and name not in absent]
    if lacking:
        if not isinstance(own, Snapshot) or not set(lacking) <= set(own.companies.columns):
            raise NothingToScore(_missing_properties_advice(lacking, challenger, own))
        companies = with_columns_from(companies, own.companies.select(ID, *lacking))
    written = [*needed, *profile.write.properties().values(), *([profile.lock.property_name] if profile.lock else ())]
    filled = [name for enrichment in profile.enrichment for name in enrichment.columns.values()]
    companies = companies.drop(written_columns(offline.source.profile), strict=False)
    return with_ownership(with_missing_columns(companies, [*written, *filled]), profile, adopt=False), program


def _verdict_properties(program: Program) -> list[str]:
    """What decides a verdict: what is asked of companies, and what places are shared by."""
    shared = [tier.capacity.per for tier in program.profile.tiers if tier.capacity and tier.capacity.per]
    return sorted({*program.requirements.source_properties(program.profile), *shared})


def _missing_properties_advice(lacking: list[str], challenger: LoadedProfile, own: object) -> str:
    still = [name for name in lacking if not isinstance(own, Snapshot) or name not in own.companies.columns]
    named = ", ".join(still[:5]) + (f" and {len(still) - 5} more" if len(still) > 5 else "")
    command = f"icp-sync plan --profile {shlex.quote(challenger.file)}"
    return f"the last reading lacks {named}, which {challenger.file} reads; run {command} once, which writes nothing"
