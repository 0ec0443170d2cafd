"""What companies' texts tell: their pattern, which is the verdicts of all leaves, and what is kept beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.profile.model import Profile
from icp_sync.scoring import live, pattern
from icp_sync.scoring.asked import VERDICTS, encoded, verdicts
from icp_sync.scoring.basis import Basis
from icp_sync.scoring.geography import with_city_names
from icp_sync.scoring.groups import Group, groups
from icp_sync.scoring.once import once
from icp_sync.scoring.reading import normalise
from icp_sync.scoring.unread import flags


def digits(profile: Profile) -> dict[str, int]:
    """The columns that decide all else, and how many different values each has; see `pattern`."""
    asked = dict.fromkeys(verdict_columns(profile), VERDICTS)
    return asked | ({live.RANK: live.RANKS} if live.matters(profile) else {})


def verdict_columns(profile: Profile) -> list[str]:
    """The columns of all verdicts, those of a group side by side."""
    return [leaf.column for group in groups(profile) for leaf in group.leaves]


def told(companies: pl.DataFrame, profile: Profile, as_of: dt.date) -> pl.DataFrame:
    """The company frame with the columns of `pattern` and `live`, the flags of what was unread, and what is kept."""
    basis, companies = Basis.of(profile, as_of), live.with_live(companies)

    def ask(group: Group) -> pl.DataFrame:
        sources = group.needs.sources(profile).intersection(companies.columns)
        texts = companies.select(sorted(sources) or ID)
        return once(texts, lambda part: of_group(normalise(part, profile, group.needs), group, profile, basis))

    # Polars works on one column of text on one core, so several groups are asked at once.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return companies.with_columns(_together(pool.map(ask, groups(profile)), companies, profile))


def of_group(normalised: pl.DataFrame, group: Group, profile: Profile, basis: Basis) -> pl.DataFrame:
    """A group's part of the columns of `pattern`, its flags, and what it keeps."""
    leaves = [leaf.column for leaf in group.leaves]
    beside = with_city_names(normalised, group.needs.places) if group.kept else normalised
    found = beside.lazy().select(
        *encoded(verdicts(group.leaves, basis)), *flags(group.needs, normalised, profile), *group.kept
    )
    return found.with_columns(pattern.codes(digits(profile), leaves)).drop(leaves).collect()


def _together(parts: Iterable[pl.DataFrame], companies: pl.DataFrame, profile: Profile) -> list[pl.Series]:
    """Each company's numbers summed up; all other columns are one group's alone."""
    found: dict[str, pl.Series] = {}
    for part in [*parts, companies.select(pattern.codes(digits(profile), [live.RANK]))]:
        for column in part.get_columns():
            found[column.name] = found[column.name] + column if column.name in found else column
    return list(found.values())
