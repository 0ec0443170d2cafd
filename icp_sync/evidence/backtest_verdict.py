"""One of four sentences: tier 1 wins more, it wins less, neither is clear, or there are too few deals to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from icp_sync.evidence.document_types import RestComparison, Tests, TrendFigures, Verdict
from icp_sync.evidence.rate_tests import deals_needed, detectable_difference, fisher_p, rank_trend
from icp_sync.evidence.rates import FEWEST, Tally, enough_deals, rate_difference

_RANKS: Final = {"tier_1": 3, "tier_2": 2, "tier_3": 1}
_CONVINCING: Final = 0.05
_EARLY_WINS: Final = 100
FEWEST_WRITTEN: Final = 100


def compare_tiers(tallies: Mapping[str, Tally], design_effect: float) -> Tests:
    """Tier 1 against all other decided deals, and the trend over tiers. `tallies`: by tier or outcome."""
    first, rest = _sides(tallies, design_effect)
    both = first + rest
    decisive = both.won >= FEWEST and both.lost >= FEWEST
    difference = rate_difference(first, rest) if enough_deals(first, rest) else None
    trend = rank_trend(_by_rank(tallies, design_effect)) if decisive else None
    return Tests(
        tier_1_vs_rest=RestComparison(
            difference=difference and difference.value,
            low=difference and difference.low,
            high=difference and difference.high,
            p=fisher_p(first, rest) if decisive else None,
        ),
        trend=TrendFigures(z=trend and trend.z, p=trend and trend.p),
        detectable_difference=detectable_difference(first, rest) if difference else None,
    )


def tier_verdict(tallies: Mapping[str, Tally], tests: Tests, design_effect: float) -> Verdict:
    """The answer, in words for somebody without statistics. Twice convincing: trend and bound must both say so."""
    first, rest = _sides(tallies, design_effect)
    both = first + rest
    more = deals_needed(first, rest)
    if both.won < FEWEST or both.lost < FEWEST or not enough_deals(first, rest):
        return _verdict("too_few", _too_few(first, rest, more, design_effect), more, tallies)
    trend, versus = tests.trend, tests.tier_1_vs_rest
    convincing = trend.p is not None and trend.p < _CONVINCING and trend.z is not None
    if convincing and trend.z is not None and trend.z > 0 and versus.low is not None and versus.low > 0:
        return _verdict("wins_more", f"Tier 1 wins more: {_rates(tallies, versus)}.", more, tallies)
    if convincing and trend.z is not None and trend.z < 0 and versus.high is not None and versus.high < 0:
        return _verdict("wins_less", f"Tier 1 wins less: {_rates(tallies, versus)}.", more, tallies)
    return _verdict("no_difference", _no_difference(tests), more, tallies)


def written_tier_verdict(verdict: Verdict, decided: int) -> Verdict:
    """The verdict about tiers we had written, from as many decided deals on as make it more than an anecdote."""
    if decided >= FEWEST_WRITTEN:
        return verdict
    more = FEWEST_WRITTEN - decided
    sentence = (
        f"Too few deals to say: {decided:,} decided deals opened after a tier was written; {more:,} more are needed. "
        "Until then icp-sync backtest --judged opened is the best test."
    )
    return verdict.model_copy(update={"code": "too_few", "sentence": sentence, "more_deals": more})


def _verdict(code: str, sentence: str, more: int, tallies: Mapping[str, Tally]) -> Verdict:
    won = sum(tally.won for tally in tallies.values())
    return Verdict.model_validate({"code": code, "sentence": sentence, "more_deals": more, "early": won <= _EARLY_WINS})


def _too_few(first: Tally, rest: Tally, more: int, design_effect: float) -> str:
    """What is short: won or lost deals, or those of a side. Counted by what they are worth, as they are judged."""
    both = first + rest
    counts = f"{int(both.won):,} won and {int(both.lost):,} lost"
    worth = ", counted by what they are worth" if design_effect > 1 else ""
    where, side = ("outside", rest) if enough_deals(first) else ("in", first)
    is_lopsided = both.decided > 0 and not enough_deals(side)
    lopsided = f", {int(side.decided) or 'none'} of them {where} tier 1" if is_lopsided else ""
    needs = [f"{FEWEST} of each"] if min(both.won, both.lost) < FEWEST else []
    needs += [f"{FEWEST} {where} tier 1" if needs else f"{FEWEST}"] if is_lopsided else []
    takes = f", and it takes {' and '.join(needs)}" if needs else ""
    surely = f" To be sure of a difference of 10 percentage points takes about {more:,} more." if more else ""
    return f"Too few deals to say: {counts}{worth}{lopsided}{takes}.{surely}"


def _no_difference(tests: Tests) -> str:
    return (
        "Tier 1 neither clearly wins more nor less than the others. A difference of "
        f"{100 * (tests.detectable_difference or 0):.0f} percentage points would very likely have shown; "
        "a smaller one may exist."
    )


def _rates(tallies: Mapping[str, Tally], versus: RestComparison) -> str:
    first, rest = _sides(tallies, 1.0)
    difference = versus.difference or 0
    low, high = sorted(100 * abs(bound or 0) for bound in (versus.low, versus.high))
    more = f"{100 * abs(difference):.0f} percentage points {'more' if difference > 0 else 'less'}"
    return (
        f"{100 * (first.rate or 0):.0f} % of its {first.decided:,.0f} deals were won, against "
        f"{100 * (rest.rate or 0):.0f} % of the {rest.decided:,.0f} of all others: {more}, "
        f"{low:.0f} to {high:.0f} allowing for chance"
    )


def _sides(tallies: Mapping[str, Tally], design_effect: float) -> tuple[Tally, Tally]:
    """Tier 1 and all other decided deals, as many as they are worth."""
    divided = {group: tally.divided(design_effect) for group, tally in tallies.items()}
    first = divided.pop("tier_1", Tally(0, 0))
    return first, sum(divided.values(), Tally(0, 0))


def _by_rank(tallies: Mapping[str, Tally], design_effect: float) -> dict[int, Tally]:
    ranked: dict[int, Tally] = {}
    for group, tally in tallies.items():
        rank = _RANKS.get(group, 0)
        ranked[rank] = ranked.get(rank, Tally(0, 0)) + tally.divided(design_effect)
    return ranked
