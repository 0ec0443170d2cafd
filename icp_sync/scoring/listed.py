"""Which companies meet what a list asks of their properties (design: "Lists", `where.property`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.profile.match import Match
from icp_sync.profile.model import Profile
from icp_sync.profile.question import Question
from icp_sync.scoring import answers
from icp_sync.scoring.asked import leaves, verdicts
from icp_sync.scoring.basis import Basis
from icp_sync.scoring.reading import Needs, normalise


def listed(companies: pl.DataFrame, where: Mapping[str, Match], profile: Profile, as_of: dt.date) -> pl.Series:
    """The ids of the companies that certainly meet every one of these matches, property by property."""
    asked = [(Question(id="listed", property_name=name, match=match), match) for name, match in where.items()]
    basis = Basis.of(profile, as_of)
    found = normalise(companies, profile, Needs.of_questions(asked, profile))
    found = found.with_columns(verdicts(leaves(asked, profile.location), basis))
    return found.filter(pl.all_horizontal(answers.verdict(match, question, basis) for question, match in asked))[ID]
