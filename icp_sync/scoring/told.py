"""What companies' texts tell: their pattern, which is the verdicts of all leaves, and what is kept beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from icp_sync.companies.parse.conventions import NO_CONVENTIONS, Conventions
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import dedupe as pattern
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.context import Basis
from icp_sync.scoring.once import once
from icp_sync.scoring.operators.geography import with_city_names
from icp_sync.scoring.predicates import VERDICTS, encoded, verdicts
from icp_sync.scoring.program import Group, groups
from icp_sync.scoring.requirements import normalise
from icp_sync.scoring.unrecognised import flags


def digits(profile: Profile) -> dict[str, int]:
    """The columns that decide all else, and how many different values each has; see `pattern`."""
    asked = dict.fromkeys(verdict_columns(profile), VERDICTS)
    return asked | ({live.RANK: live.RANKS} if live.matters(profile) else {})


def verdict_columns(profile: Profile) -> list[str]:
    """The columns of all verdicts, those of a group side by side."""
    return [leaf.column for group in groups(profile) for leaf in group.leaves]


def told(
    companies: pl.DataFrame, profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS
) -> pl.DataFrame:
    """The company frame with the columns of `pattern` and `live`, the flags of what was unread, and what is kept."""
    basis, companies = Basis.of(profile, as_of, conventions), live.with_live(companies)
    ranked = companies.select(pattern.codes(digits(profile), [live.RANK]))
    # Polars works on one column of text on one core, so several groups are asked at once.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        parts = pool.map(lambda group: _asked_once(companies, group, profile, basis), groups(profile))
        return companies.with_columns(_together([ranked, *parts]))


def _asked_once(companies: pl.DataFrame, group: Group, profile: Profile, basis: Basis) -> pl.DataFrame:
    """A group's part of the columns of `pattern`, its flags, and what it keeps."""
    leaves = [leaf.column for leaf in group.leaves]
    columns = [*encoded(verdicts(group.leaves, basis)), *group.kept]
    codes = pattern.codes(digits(profile), leaves)

    def ask(texts: pl.DataFrame) -> pl.DataFrame:
        normalised = normalise(texts, profile, group.needs, basis.conventions)
        beside = with_city_names(normalised, group.needs.places) if group.kept else normalised
        found = beside.lazy().select(*columns, *flags(group.needs, normalised, profile))
        return found.with_columns(codes).drop(leaves).collect()

    return once(group.needs.texts(companies, profile), ask)


def _together(parts: Iterable[pl.DataFrame]) -> list[pl.Series]:
    """Each company's numbers summed up; all other columns are one group's alone."""
    found: dict[str, pl.Series] = {}
    for column in (column for part in parts for column in part.get_columns()):
        found[column.name] = found[column.name] + column if column.name in found else column
    return list(found.values())
