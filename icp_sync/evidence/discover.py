"""What tells won companies from lost ones: candidates, what of them is more than chance, and how it ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.candidate_traits import CandidateTrait, TraitSource, candidate_traits, parse_for_predicates
from icp_sync.evidence.comparison_sides import ComparedSides, detectable_lift
from icp_sync.evidence.discover_document import FoundTrait
from icp_sync.evidence.document_types import Leak
from icp_sync.evidence.leaks import leaks_by_deal_written_properties, leaks_by_fill_rate
from icp_sync.evidence.permutation_test import CONVINCING, MaxTResult, compare_traits
from icp_sync.evidence.trait_matrix import KNOWN_FROM, TraitMatrix, min_support, trait_matrix
from icp_sync.evidence.trait_model import TrainingOutcomes, TraitModel, fit_traits
from icp_sync.evidence.trait_selection import select_traits
from icp_sync.evidence.trait_tallies import build_found_trait
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.outcome import credit_column
from icp_sync.scoring.predicates import Predicate, predicate_exprs

SEED: Final = 20_261_130


@dataclass(frozen=True, slots=True)
class Discovery:
    """`traits`: place in the matrix → what is found there, the most convincing first; `model`: None without any."""

    matrix: TraitMatrix
    traits: dict[int, FoundTrait]
    model: TraitModel | None
    detectable_lift: float | None
    leaks: tuple[Leak, ...]


def discover(
    sides: ComparedSides,
    companies: pl.DataFrame,
    scores: pl.DataFrame,
    profile: Profile,
    context: EvaluationContext,
    sources: Sequence[TraitSource],
) -> Discovery:
    """Compare both sides trait by trait. `companies`: the company frame; `scores`: id and the present fit score.

    `sources`: what traits may be made of.
    """
    compared = sides.companies.to_frame().join(companies, on=ID, how="left", maintain_order="left")
    leaks = _fill_rate_leaks(sides, compared, profile, context, sources)
    filled = {name for leak in leaks for name in leak.properties}
    listed = sides.contrast == "customers"
    fair = [source for source in sources if listed or filled.isdisjoint(source.inputs(profile))]
    traits = candidate_traits(fair, compared, profile, context, min_support(compared.height))
    if listed:
        traits = _drop_presence_traits(traits, filled, profile)
    matrix = trait_matrix(traits, compared, profile, context)
    comparison = compare_traits(matrix.verdicts, sides.won, sides.strata, SEED)
    places = _significant_traits(matrix, comparison)
    distinct = select_traits(matrix, comparison.statistic, places, sides.won, sides.strata)
    fit = sides.companies.to_frame().join(scores.select(ID, "score"), on=ID, how="left", maintain_order="left")
    outcomes = TrainingOutcomes(sides.won, sides.strata, fit["score"].fill_null(0).to_numpy())
    return Discovery(
        matrix=matrix,
        traits={
            place: build_found_trait(
                matrix.traits[place],
                matrix.verdicts[:, place],
                sides.won,
                float(comparison.p_adjusted[place]),
                distinct=place in distinct,
            )
            for place in places
        },
        model=fit_traits(matrix, distinct, outcomes, comparison.critical, SEED) if distinct else None,
        detectable_lift=detectable_lift(sides.tally, comparison.critical) if matrix.traits else None,
        leaks=(*leaks_by_deal_written_properties(profile), *leaks),
    )


def _significant_traits(matrix: TraitMatrix, comparison: MaxTResult) -> list[int]:
    """The places of traits that stand out, the strongest first; of a trait and its opposite the one that wins."""
    convincing = map(int, np.flatnonzero(comparison.p_adjusted <= CONVINCING))
    ordered = sorted(convincing, key=lambda place: (-round(abs(float(comparison.statistic[place])), 4), place))
    answers = {place: matrix.verdicts[:, place] for place in ordered}
    winning = {answers[place].tobytes() for place in ordered if comparison.statistic[place] > 0}
    return [
        place
        for place in ordered
        if comparison.statistic[place] > 0 or _negate_verdicts(answers[place]).tobytes() not in winning
    ]


def _negate_verdicts(verdicts: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    return np.where(verdicts >= KNOWN_FROM, 1 - verdicts, verdicts).astype(np.int8)


def _drop_presence_traits(
    traits: Sequence[CandidateTrait], filled: set[str], profile: Profile
) -> tuple[CandidateTrait, ...]:
    """All but the questions whether one of these properties is known.

    Records of companies that somebody lists are better kept. What stands there describes them; that it does, does not.
    """
    return tuple(trait for trait in traits if not trait.asks_known or filled.isdisjoint(trait.source.inputs(profile)))


def _fill_rate_leaks(
    sides: ComparedSides,
    companies: pl.DataFrame,
    profile: Profile,
    context: EvaluationContext,
    sources: Sequence[TraitSource],
) -> tuple[Leak, ...]:
    """What is known of the won, or listed, above all: whoever sells fills it in."""
    if not sources:
        return ()
    asked = [Predicate(source.properties, Match(known=True)) for source in sources]
    parsed = parse_for_predicates(asked, companies, profile, context)
    names = [f"source_{number}" for number in range(len(sources))]
    known = parsed.select(
        ID,
        *(
            pl.when(column).then(1.0).alias(credit_column(name))
            for name, column in zip(names, predicate_exprs(asked, context), strict=True)
        ),
    )
    questions = tuple(
        Criterion(id=name, properties=source.properties, match=Match(known=True), weight=1)
        for name, source in zip(names, sources, strict=True)
    )
    decided = pl.DataFrame({"company": sides.companies, "won": sides.won})
    leaks = leaks_by_fill_rate(profile.model_copy(update={"criteria": questions}), known, decided)
    return tuple(leak.model_copy(update={"criterion": leak.properties[0]}) for leak in leaks)
