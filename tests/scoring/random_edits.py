"""Edits at random, as somebody at the what-if page makes them, and companies with something on their records."""

from __future__ import annotations

from random import Random

import polars as pl

from icp_sync.companies.frame import with_missing_columns
from icp_sync.errors import EditRefused, ProfileInvalid
from icp_sync.profile.edits.edit_types import Edits, Value
from icp_sync.profile.edits.edited_profile import apply_edits_with_warnings
from icp_sync.profile.edits.movable_values import movable_values
from icp_sync.profile.findings import Path
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.profile.property_reads import property_reads
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.scoring import live_tier as live

ITEMS = ("criteria", "disqualifiers")


def random_edit(loaded: LoadedProfile, random: Random) -> tuple[Edits, Profile]:
    """One to three values moved, such that the profile stays valid."""
    while True:
        values = movable_values(loaded.profile)
        places = random.sample([*values], min(len(values), random.randint(1, 3)))
        edits = {place: _moved(place, values[place], loaded, random) for place in places}
        if random.random() < 0.15:
            edits[random.choice([place[:2] for place in values if place[0] in ITEMS])] = None
        try:
            return edits, apply_edits_with_warnings(loaded, edits)[0]
        except (EditRefused, ProfileInvalid):
            continue


def _moved(place: Path, value: Value, loaded: LoadedProfile, random: Random) -> Value:
    if place == ("required",):
        ids = [criterion.id for criterion in loaded.profile.criteria]
        return tuple(random.sample(ids, random.randint(0, 2)))
    if place[-1] == "missing":
        return "miss" if value == "unknown" else "unknown"
    if place[-1] == "capacity":
        return random.choice([None, random.randint(1, 300)])
    if value is None or isinstance(value, str | tuple):
        return float(random.randint(0, 80)) if place[-1] == "leave" else random.choice([None, random.randint(1, 3)])
    return round(value * random.choice([0.5, 0.8, 0.95, 1.1, 1.5, 2]), 2 if value < 1 else 0)


def generated_companies(profile: Profile, count: int, random: Random) -> pl.DataFrame:
    """Companies of the sandbox, some of which hold a tier already, held fast or not."""
    portal = SandboxPortal()
    generate_companies(portal, count)
    names = list(dict.fromkeys(name for read in property_reads(profile) for name in read.alternatives))
    companies = with_missing_columns(portal.companies_frame(*names), names)
    tiers = [random.choice([None, None, None, *TIERS]) for _ in range(count)]
    fixed = [random.random() < 0.05 for _ in range(count)]
    return companies.with_columns(
        pl.Series(live.STANDS, tiers, dtype=pl.String),
        pl.Series(live.TIER, [None if random.random() < 0.1 else tier for tier in tiers], dtype=pl.String),
        pl.Series(live.FIXED, fixed),
        pl.Series(live.LOCKED, [one and random.random() < 0.5 for one in fixed]),
    )
