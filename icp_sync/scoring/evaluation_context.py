"""Evaluation context shared by all predicates: reference date, vocabulary, location properties, value conventions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.profile.model.profile import Location, Profile
from icp_sync.profile.vocabulary_names import vocabulary_with_own_terms
from icp_sync.vocabulary.vocabulary import Vocabulary

DAY: Final = "judged:day"
"""Date: the day a company is judged by, where each has its own."""


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """The same for all companies and all predicates.

    `as_of` is the calendar day dates are judged by; with `own_days` it is each company's own, from the column `DAY`.
    """

    as_of: dt.date
    location: Location
    vocabulary: Vocabulary
    conventions: Conventions = NO_CONVENTIONS
    own_days: bool = False

    @classmethod
    def for_profile(cls, profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS) -> Self:
        """The context of a profile on a day. Raises ValueError for an own name that cannot be."""
        return cls(as_of, profile.location, vocabulary_with_own_terms(profile), conventions)

    @property
    def today(self) -> pl.Expr:
        """The day dates are judged by, as a column of dates."""
        return pl.col(DAY) if self.own_days else pl.lit(self.as_of)
