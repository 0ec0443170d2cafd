"""Which companies meet what a list asks of their properties (design: "Lists", `where.property`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.options import NO_OPTIONS, Options
from icp_sync.profile.match import Match
from icp_sync.profile.model import Profile
from icp_sync.profile.question import Question
from icp_sync.scoring import answers
from icp_sync.scoring.asked import Asked, leaves, verdicts
from icp_sync.scoring.basis import Basis
from icp_sync.scoring.once import once
from icp_sync.scoring.reading import Needs, normalise


def listed(
    companies: pl.DataFrame,
    where: Mapping[str, Match],
    profile: Profile,
    as_of: dt.date,
    options: Options = NO_OPTIONS,
) -> pl.Series:
    """The ids of the companies that certainly meet every one of these matches, property by property."""
    asked = [(Question(id="listed", property_name=name, match=match), match) for name, match in where.items()]
    basis = Basis.of(profile, as_of, options)
    met = [_verdict(companies, one, profile, basis) for one in asked]
    return companies.filter(pl.all_horizontal(met))[ID]


def _verdict(companies: pl.DataFrame, asked: Asked, profile: Profile, basis: Basis) -> pl.Series:
    question, match = asked
    needs = Needs.of_questions([asked], profile)

    def ask(texts: pl.DataFrame) -> pl.DataFrame:
        normalised = normalise(texts, profile, needs, basis.options)
        told = normalised.with_columns(verdicts(leaves([asked], profile.location), basis))
        return told.select(answers.verdict(match, question, basis).alias(f"{ID}:listed"))

    return once(needs.texts(companies, profile), ask).to_series()
