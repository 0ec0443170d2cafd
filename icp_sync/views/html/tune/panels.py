"""The panels of the what-if page: an answer in sentences, rows and bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icp_sync.evidence.document_types import FEWEST_DEALS
from icp_sync.plan.whatif_guardrails import foresee_guardrails
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.scoring.verdict_comparison import Mover, TierPlaces
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import BarSegment, bar_segments
from icp_sync.views.html.tune.whatif_answer import WhatIfAnswer

UNDECIDED = "none"


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier before and after; `live`: how many have it on their records, None where HubSpot has no tier to count.

    `places` is None where it has no limit in all, `places_note` says how they are used.

    `won`: what became of its decided deals, "" where none are known.
    """

    tier: str
    live: int | None
    before: int
    after: int
    change: int
    places: TierPlaces | None
    places_note: str
    won: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome before and after, and its share of the companies in scope as a bar."""

    outcome: str
    before: int
    after: int
    change: int
    share: str
    bar: tuple[BarSegment, ...]


@dataclass(frozen=True, slots=True)
class MoverRow:
    """A company that moves, with its tier and fit score before and after, and why."""

    id: str
    name: str
    domain: str
    before: str
    after: str
    score: str
    reasons: str


def tier_rows(answer: WhatIfAnswer) -> list[TierRow]:
    """Every tier of the profile, and no tier."""
    rows = []
    for places in answer.comparison.places:
        before, after = answer.comparison.tier_counts_before_after[places.tier]
        in_all = places if places.limit is not None and not places.per else None
        rows.append(
            TierRow(
                places.tier,
                _live_count(answer, places.tier),
                before,
                after,
                after - before,
                in_all,
                _capacity_note(places),
                _win_rate(answer, places.tier),
            )
        )
    before, after = (sum(n for *pair, n in answer.comparison.moved if pair[side] is None) for side in (0, 1))
    return [
        *rows,
        TierRow(UNDECIDED, _live_count(answer, None), before, after, after - before, None, "", _win_rate(answer, None)),
    ]


def _live_count(answer: WhatIfAnswer, tier: str | None) -> int | None:
    """How many companies have the tier on their records, or none of the profile's tiers."""
    live = answer.snapshot.live_tiers
    # Before the first run nobody has one, and a column of zeros would look like tiers that had emptied.
    if not live or tier is not None:
        return live.get(str(tier), 0) if live else None
    return answer.snapshot.companies - sum(live.get(each.tier, 0) for each in answer.profile.tiers)


def _win_rate(answer: WhatIfAnswer, tier: str | None) -> str:
    """The win rate of a tier, or of all companies without one; counts alone under twenty deals."""
    if answer.wins is None:
        return ""
    own = [tally for group, tally in answer.wins.items() if (group == tier if tier else group not in TIERS)]
    won, decided = sum(tally.won for tally in own), sum(tally.decided for tally in own)
    if decided < FEWEST_DEALS:
        return f"{won:,.0f} of {decided:,.0f}"
    return f"{100 * won / decided:.0f} % of {decided:,.0f}"


def _capacity_note(places: TierPlaces) -> str:
    if places.limit is None:
        return "no limit"
    each = f" each {places.per}" if places.per else ""
    turned = f", {words.companies(places.turned_away)} turned away" if places.turned_away else ""
    return (
        f"{places.used:,} of {places.limit:,}{each}{turned}" if not each else f"at most {places.limit:,}{each}{turned}"
    )


def blocking_guardrail_sentences(answer: WhatIfAnswer) -> list[str]:
    """What the next run would be held by, in the words of a plan."""
    if not answer.edits:
        return []
    return [check.sentence for check in foresee_guardrails(answer.comparison, answer.profile.guardrails)]


def company_outcome_rows(answer: WhatIfAnswer) -> list[OutcomeRow]:
    """The four outcomes of companies in scope."""
    counts = answer.comparison.outcomes
    whole = sum(after for _, after in counts.values())
    bars = {part.kind: part for part in bar_segments({outcome: counts[outcome][1] for outcome in OUTCOMES})}
    return [
        OutcomeRow(
            outcome, before, after, after - before, words.percent(after, whole),
            tuple(BarSegment(part.kind, 0, part.width) for part in (bars.get(outcome),) if part),
        )
        for outcome, (before, after) in counts.items()
    ]  # fmt: skip


def mover_rows(answer: WhatIfAnswer, movers: Iterable[Mover]) -> list[MoverRow]:
    """The companies that move most in one direction."""
    return [_mover(answer, mover) for mover in movers]


def _mover(answer: WhatIfAnswer, mover: Mover) -> MoverRow:
    company = answer.companies[mover.id]
    before, after = ("–" if score is None else words.number(score) for score in (mover.score_before, mover.score))
    return MoverRow(
        str(mover.id),
        company.name.strip() or company.domain.strip() or f"company {mover.id}",
        company.domain if company.name.strip() else "",
        _tier_or_out_of_scope(mover.tier_before, mover.score_before),
        _tier_or_out_of_scope(mover.tier, mover.score),
        f"{before} → {after}",
        company.reasons,
    )


def _tier_or_out_of_scope(tier: str | None, score: float | None) -> str:
    return "out of scope" if score is None else words.tier(tier)
