"""One of four sentences: tier 1 wins more, it wins less, neither is clear, or there are too few deals to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from icp_sync.evidence.difference_words import chance_clause, excludes_zero, printed_gap
from icp_sync.evidence.document_types import TIERS, BoundedDifference, RestComparison, Tests, TrendFigures, Verdict
from icp_sync.evidence.uncounted_deals import no_counted_deals_sentence
from icp_sync.evidence.win_rate_tests import WORTH_SEEING, deals_needed, detectable_difference, fisher_p, rank_trend
from icp_sync.evidence.win_rates import FEWEST, Tally, enough_deals, rate_difference

_RANKS: Final = {"tier_1": 3, "tier_2": 2, "tier_3": 1}
_CONVINCING: Final = 0.05
_EARLY_WINS: Final = 100
FEWEST_WRITTEN: Final = 100


def compare_tiers(tallies: Mapping[str, Tally], design_effect: float) -> Tests:
    """Tier 1 against all other decided deals, and the trend over tiers. `tallies`: by tier or outcome."""
    first, rest = _tier_1_and_rest(tallies, design_effect)
    both = first + rest
    decisive = both.won >= FEWEST and both.lost >= FEWEST
    versus = _bounded_difference(first, rest)
    trend = rank_trend(_tallies_by_rank(tallies, design_effect)) if decisive else None
    lower = _sum_tallies(tally for group, tally in tallies.items() if group in TIERS[1:])
    # Not the rest less the lower tiers: floating point would leave a win more than there are deals.
    outside = _sum_tallies(tally for group, tally in tallies.items() if group not in TIERS)
    lower, outside = (side.divide_by_design_effect(design_effect) for side in (lower, outside))
    return Tests(
        tier_1_vs_rest=RestComparison(**versus.model_dump(), p=fisher_p(first, rest) if decisive else None),
        tier_1_vs_lower=_bounded_difference(first, lower),
        lower_vs_outside=_bounded_difference(lower, outside),
        trend=TrendFigures(z=trend and trend.z, p=trend and trend.p),
        detectable_difference=detectable_difference(first, rest) if enough_deals(first, rest) else None,
    )


def _bounded_difference(first: Tally, second: Tally) -> BoundedDifference:
    span = rate_difference(first, second) if enough_deals(first, second) else None
    return BoundedDifference(difference=span and span.value, low=span and span.low, high=span and span.high)


def tier_verdict(tallies: Mapping[str, Tally], tests: Tests, design_effect: float) -> Verdict:
    """The answer, in words for somebody without statistics. Twice convincing: trend and bound must both say so."""
    first, rest = _tier_1_and_rest(tallies, design_effect)
    both = first + rest
    more = deals_needed(first, rest, design_effect)
    if both.won < FEWEST or both.lost < FEWEST or not enough_deals(first, rest):
        return _verdict("too_few", _too_few(first, rest, more, design_effect), more, tallies)
    versus = tests.tier_1_vs_rest
    direction, rates = _trend_direction(tests), _rates_phrase(tallies, versus)
    if direction > 0 and versus.low is not None and versus.low > 0:
        return _verdict("wins_more", f"Tier 1 wins more: {rates}.", more, tallies)
    if direction < 0 and versus.high is not None and versus.high < 0:
        return _verdict("wins_less", f"Tier 1 wins less: {rates}.", more, tallies)
    return _verdict("no_difference", _no_difference(direction, versus, rates), more, tallies)


def downgrade_if_too_few(verdict: Verdict, decided: int) -> Verdict:
    """The verdict about tiers we had written, from as many decided deals on as make it more than an anecdote."""
    if decided >= FEWEST_WRITTEN:
        return verdict
    sentence = (
        f"Too few deals to say: {decided or 'no'} decided deal{'s' if decided > 1 else ''} opened after icp_sync had "
        f"written a tier, and it takes {FEWEST_WRITTEN}. Time alone brings them."
    )
    more = FEWEST_WRITTEN - decided
    return verdict.model_copy(update={"code": "too_few", "sentence": sentence, "more_deals": more})


def verdict_without_deals(verdict: Verdict, deals: int, left_out: Mapping[str, int]) -> Verdict:
    """The verdict where no deal counts: it names why, since waiting for more would not help."""
    return verdict.model_copy(update={"sentence": no_counted_deals_sentence(deals, left_out)})


def _verdict(code: str, sentence: str, more: int, tallies: Mapping[str, Tally]) -> Verdict:
    won = sum(tally.won for tally in tallies.values())
    return Verdict.model_validate({"code": code, "sentence": sentence, "more_deals": more, "early": won <= _EARLY_WINS})


def _too_few(first: Tally, rest: Tally, more: int, design_effect: float) -> str:
    """What there is, and what is short of it. Counted by what deals are worth, as they are judged."""
    both = first + rest
    worth = ", counted by what they are worth" if design_effect > 1 else ""
    side = f"{int(first.decided) or 'none'} of them in tier 1"
    counts = f"{int(both.won):,} won and {int(both.lost):,} lost{worth}, {side}"
    more_of = list(_shortage_phrases(first, rest))
    lacking = " and ".join([*([", ".join(more_of[:-1])] if more_of[1:] else []), more_of[-1]])
    rule = f"It takes {lacking}, by a rule of icp_sync."
    return f"Too few deals to say: {counts}. {rule}{_detectable_gap_sentence(first, rest, more)}"


def _shortage_phrases(first: Tally, rest: Tally) -> Iterator[str]:
    """Of what it takes before anything can be said, that of which there is less; how many more would be a target."""
    both = first + rest
    kinds = {
        "won deals": both.won,
        "lost deals": both.lost,
        "deals won or lost in tier 1": first.decided,
        "deals won or lost outside tier 1": rest.decided,
    }
    for kind, count in kinds.items():
        if count < FEWEST:
            yield f"{FEWEST} {kind}"


def _detectable_gap_sentence(first: Tally, rest: Tally, more: int) -> str:
    """Which gap would show with the fewest deals on either side, and how many it takes for one worth seeing.

    Silent where rate or mix are not known yet, and where not a side but wins or losses are lacking: that is most likely
    how deals are closed.
    """
    both = first + rest
    rate = both.rate or 0
    if not (more and first.decided and rest.decided and 0 < rate < 1 and min(first.decided, rest.decided) < FEWEST):
        return ""
    sides = (max(float(FEWEST), side.decided) for side in (first, rest))
    least = detectable_difference(*(Tally(rate * decided, decided) for decided in sides)) or 0
    return (
        f" Even then only a gap of about {100 * least:.0f} points or more would show. A gap of "
        f"{100 * WORTH_SEEING:.0f} points takes about {more:,} more deals in all: do not wait for them, and work your "
        "deals as before."
    )


def _no_difference(direction: int, versus: RestComparison, rates: str) -> str:
    """Which of the two signs is missing, and how large the difference may still be."""
    low, high = versus.low or 0, versus.high or 0
    if excludes_zero(low, high):
        more = "more" if low > 0 else "less"
        return f"Tier 1 was won {more} often, but over all tiers it is not clear that higher ones win {more}: {rates}."
    if direction:
        more = "more" if direction > 0 else "less"
        return f"Higher tiers (1 is highest) win {more}, but for tier 1 alone that is not sure: {rates}."
    if max(-low, high) < WORTH_SEEING:
        return f"Tier 1 was won about as often as the others: {rates}."
    return f"It is not clear whether tier 1 wins more: {rates}."


def _trend_direction(tests: Tests) -> int:
    """1 where win rates rise with the tiers by more than chance, -1 where they fall, 0 where neither is clear."""
    z, p = tests.trend.z, tests.trend.p
    return 0 if z is None or p is None or p >= _CONVINCING else 1 if z > 0 else -1


def _rates_phrase(tallies: Mapping[str, Tally], versus: RestComparison) -> str:
    """Both win rates, and where their difference lies."""
    first, rest = _tier_1_and_rest(tallies, 1.0)
    rates = (
        f"{100 * (first.rate or 0):.0f} % of its {first.decided:,.0f} deals were won, against "
        f"{100 * (rest.rate or 0):.0f} % of the {rest.decided:,.0f} of all others"
    )
    return f"{rates}{_difference_phrase(first.rate or 0, rest.rate or 0, versus)}"


def _difference_phrase(first: float, rest: float, versus: RestComparison) -> str:
    """How far the rates lie apart; that it may be chance, unless it is clear on which side of zero that is."""
    low, high = versus.low or 0, versus.high or 0
    if not excludes_zero(low, high):
        return f"; {chance_clause(first, rest, low, high)}"
    least, most = sorted(100 * abs(bound) for bound in (low, high))
    more = f"{printed_gap(first, rest)} percentage points {'more' if low > 0 else 'less'}"
    return f": {more}, {least:.0f} to {most:.0f} allowing for chance"


def _tier_1_and_rest(tallies: Mapping[str, Tally], design_effect: float) -> tuple[Tally, Tally]:
    """Tier 1 and all other decided deals, as many as they are worth."""
    divided = {group: tally.divide_by_design_effect(design_effect) for group, tally in tallies.items()}
    first = divided.pop("tier_1", Tally(0, 0))
    return first, _sum_tallies(divided.values())


def _sum_tallies(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally(0, 0))


def _tallies_by_rank(tallies: Mapping[str, Tally], design_effect: float) -> dict[int, Tally]:
    ranked: dict[int, Tally] = {}
    for group, tally in tallies.items():
        rank = _RANKS.get(group, 0)
        ranked[rank] = ranked.get(rank, Tally(0, 0)) + tally.divide_by_design_effect(design_effect)
    return ranked
