"""The values nobody could read, told by columns that stand beside the texts: true = this one was not understood."""

from __future__ import annotations

import polars as pl

from icp_sync.companies import places
from icp_sync.companies.readings import Unrecognised, failed, unrecognised
from icp_sync.profile.model import Profile
from icp_sync.scoring.geography import place
from icp_sync.scoring.reading import Needs


def flags(needs: Needs, normalised: pl.DataFrame, profile: Profile) -> list[pl.Expr]:
    """The columns for what a normalised frame was read for, cities included where one is asked for."""
    city = place(min(needs.places, default=()), "city")
    return [*failed(needs.own(profile)), *places.without_city(_cities(needs, normalised, profile), city)]


def unread(companies: pl.DataFrame, profile: Profile) -> dict[str, Unrecognised]:
    """By property, the values of a company frame with these columns that say something and were not understood."""
    needs = Needs.of(profile)
    found = unrecognised(companies, needs.own(profile))
    found |= places.unrecognised_cities(companies, _cities(needs, companies, profile))
    return dict(sorted(found.items()))


def _cities(needs: Needs, frame: pl.DataFrame, profile: Profile) -> list[str]:
    return [name for name in profile.location.city if needs.cities and name in frame.columns]
