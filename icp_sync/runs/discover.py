"""Looks for what won companies have in common, by the last reading and known deals, and drafts a profile from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_absent
from icp_sync.errors import TooFewDeals
from icp_sync.evidence.contrast import Sides, lacking, sides_of_deals, sides_of_list
from icp_sync.evidence.deals import deal_history, deal_properties, first_day
from icp_sync.evidence.discover import SEED, Discovery, discover
from icp_sync.evidence.discover_document import DiscoverDocument, Draft, ModelFigures
from icp_sync.evidence.draft import DraftInputs, build_draft
from icp_sync.evidence.draft_criteria import Basis, DraftedCriterion, draft_criteria
from icp_sync.evidence.leaks import find_leaks, without_leaks
from icp_sync.evidence.permutation import PERMUTATIONS
from icp_sync.evidence.trait_model import FOLDS
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.outcomes import DealOutcomes
from icp_sync.runs.offline import OfflineSource, score_offline
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import score
from icp_sync.state.deals import KnownDeals

NOTHING: Final = "No trait sets the companies you won apart from those you lost."
NOTHING_LISTED: Final = "No trait sets the companies you listed apart from the others."
_KEEP: Final = "Keep the profile, ask your people (icp-sync sample), look again in a quarter."


@dataclass(frozen=True, slots=True)
class Compared:
    """The sides and where they come from. `basis`: what evidence is of; `since`, `left_out`: of deals."""

    sides: Sides
    basis: Basis
    since: dt.date | None = None
    left_out: Mapping[str, int] | None = None


def discover_by_deals(offline: OfflineSource, deals: KnownDeals, outcomes: DealOutcomes) -> DiscoverDocument:
    """Won against lost, each company by its first decided deal. Raises TooFewDeals under 20 of either."""
    program = offline.source.program
    scored = score_offline(offline)
    first = outcomes.model_copy(update={"unit": "first"})
    frame = with_absent(deals.frame, deal_properties(first))
    companies, scores = scored.companies, scored.scores.frame
    history = deal_history(frame, companies.join(scores, on=ID, how="semi"), first, program)
    decided = history.decided
    sides = sides_of_deals(decided)
    months = decided.select(pl.col("closed").dt.strftime("%Y-%m").unique().sort()).to_series()
    period = f"first deals {' to '.join(dict.fromkeys([*months.head(1), *months.tail(1)]))}"
    since = first_day(first, program.context.as_of)
    return _document(offline, Compared(sides, Basis("won", period), since, history.left_out), companies, scores)


def discover_by_list(offline: OfflineSource, listed: pl.Series) -> DiscoverDocument:
    """Listed companies (ids) against all others in scope. Raises TooFewDeals under 10 of the list."""
    scored = score_offline(offline)
    sides = sides_of_list(listed, scored.scores.frame[ID], SEED)
    period = f"{sides.tally.won:,.0f} listed companies against {sides.tally.lost:,.0f} others"
    return _document(offline, Compared(sides, Basis("listed", period)), scored.companies, scored.scores.frame)


def _document(
    offline: OfflineSource, compared: Compared, companies: pl.DataFrame, scores: pl.DataFrame
) -> DiscoverDocument:
    sides = compared.sides
    if why := lacking(sides):
        raise TooFewDeals(why)
    source, loaded = offline.source, offline.source.profile_run.loaded
    program = source.program
    inside = companies.join(scores.select(ID), on=ID, how="semi", maintain_order="left")
    fair = _fair_scores(inside, scores, loaded, program, sides)
    discovery = discover(sides, inside, fair, loaded.profile, program.context)
    drafted = _criteria(discovery, compared, loaded)
    draft = _draft(discovery, drafted, compared, offline, companies)
    ids = {one.place: str(one.data["id"]) for one in drafted}
    return DiscoverDocument(
        profile=loaded.profile.name,
        digest=loaded.digest,
        portal_id=source.profile_run.store.portal_id,
        contrast=sides.contrast,
        since=compared.since,
        as_of=program.context.as_of,
        won=int(sides.tally.won),
        lost=int(sides.tally.lost),
        others_sampled=sides.sampled,
        left_out=dict(compared.left_out or {}),
        leaks=discovery.leaks,
        seed=SEED,
        permutations=PERMUTATIONS,
        candidates=len(discovery.matrix.traits),
        found=tuple(
            trait.model_copy(update={"criterion": ids.get(place)}) for place, trait in discovery.traits.items()
        ),
        detectable_lift=discovery.detectable_lift,
        model=_figures(discovery),
        draft=draft,
        sentence=_sentence(discovery, sides, draft),
    )


def _figures(discovery: Discovery) -> ModelFigures | None:
    model = discovery.model
    return None if model is None else ModelFigures(auc=model.auc, profile_auc=model.profile_auc, folds=FOLDS)


def _fair_scores(
    companies: pl.DataFrame, scores: pl.DataFrame, loaded: LoadedProfile, program: Program, sides: Sides
) -> pl.DataFrame:
    """The present fit scores, without criteria that know how deals ended."""
    decided = pl.DataFrame({"company": sides.companies, "won": sides.won})
    leaks = find_leaks(loaded.profile, scores, decided)
    fair = without_leaks(loaded.profile, leaks) if leaks else None
    if fair is None:
        return scores
    other = compile_profile(fair, program.context.as_of, program.context.conventions)
    return score(with_absent(companies, other.requirements.source_properties(fair)), other).frame


def _criteria(discovery: Discovery, compared: Compared, loaded: LoadedProfile) -> tuple[DraftedCriterion, ...]:
    if discovery.model is None:
        return ()
    won, coefficients = compared.sides.won, discovery.model.coefficients
    return draft_criteria(discovery.matrix, coefficients, discovery.traits, won, loaded.profile, compared.basis)


def _draft(
    discovery: Discovery,
    drafted: tuple[DraftedCriterion, ...],
    compared: Compared,
    offline: OfflineSource,
    companies: pl.DataFrame,
) -> Draft | None:
    if not drafted:
        return None
    losing = [
        (discovery.matrix.traits[place], trait)
        for place, trait in discovery.traits.items()
        if trait.distinct and trait.difference < 0
    ]
    context, loaded = offline.source.program.context, offline.source.profile_run.loaded
    wins = int(compared.sides.tally.won)
    inputs = DraftInputs(loaded, drafted, losing, wins, compared.basis, context.as_of)
    return build_draft(inputs, companies, context)


def _sentence(discovery: Discovery, sides: Sides, draft: Draft | None) -> str:
    listed = sides.contrast == "customers"
    rise = [trait.difference > 0 for trait in discovery.traits.values() if trait.distinct]
    if not rise:
        return f"{NOTHING_LISTED if listed else NOTHING} {_seen(discovery.detectable_lift, listed=listed)} {_KEEP}"
    what = "listed companies from all others" if listed else "won from lost companies"
    traits = "One trait tells" if len(rise) == 1 else f"{len(rise):,} traits tell"
    if draft:
        end = _marks(sum(rise), len(rise) - sum(rise), ("listed", "others") if listed else ("won", "lost"))
    else:
        others = "are not listed" if listed else "did not buy"
        end = f"each marks companies that {others}, so there is nothing to draft a profile from"
    return f"{traits} {what} by more than chance, of {len(discovery.matrix.traits):,} looked at; {end}."


def _seen(lift: float | None, *, listed: bool) -> str:
    """What would have been found, had it been there."""
    if lift is None:
        return f"There are too few {'companies' if listed else 'deals'} for even a strong one to show."
    often = f"is listed {lift:.1f} times as often" if listed else f"goes with {lift:.1f} times as many wins"
    return (
        f"One that a quarter of the companies have, and that {often}, would very likely have been found; weaker ones "
        "may exist."
    )


def _marks(won: int, lost: int, names: tuple[str, str]) -> str:
    """Which side the traits mark."""
    if won + lost == 1:
        return f"it marks the {names[0]}" if won else f"it marks the {names[1]} (lift under 1)"
    return f"{won:,} mark the {names[0]}, {lost:,} the {names[1]} (lift under 1)"
