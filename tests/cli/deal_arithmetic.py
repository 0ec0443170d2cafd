"""The numbers of won and lost deals worked out anew in plain Python; it shares no code with icp_sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import exp, log, sqrt
from statistics import NormalDist, mean, median, variance

Z = NormalDist().inv_cdf(0.975)
FEWEST_DEALS, FEWEST_VALUES = 20, 10


@dataclass(frozen=True)
class Deal:
    """A decided deal of a company: how it ended, what it brought, and how many days it took."""

    company: str
    won: bool
    amount: int
    days: int


def deals_of(companies: Sequence[str]) -> list[Deal]:
    """A deal of four companies of five; every second is won, amounts and lengths go up and down."""
    sold = [company for n, company in enumerate(companies) if n % 5 != 4]
    return [Deal(company, n % 2 == 0, 1_000 + 37 * (13 * n % 41), 20 + 7 * n % 31) for n, company in enumerate(sold)]


def cells(deals: Sequence[Deal], everybody: Sequence[Deal], companies: int) -> list[str]:
    """A row of the table by tier, as the page writes it."""
    won = [deal for deal in deals if deal.won]
    rate, all_rate = (share(side) for side in (deals, everybody))
    low, high = wilson(deals)
    enough = len(deals) >= FEWEST_DEALS
    revenue = sum(deal.amount for deal in won) / sum(deal.amount for deal in everybody if deal.won)
    medians = [
        median(values) for values in ([d.amount for d in won], [d.days for d in won]) if len(won) >= FEWEST_VALUES
    ]
    return [
        *(f"{count:,}" for count in (companies, len(deals), len(won))),
        f"{100 * rate:.0f} %" if enough else "–",
        f"{100 * low:.0f} – {100 * high:.0f}" if enough else "too few" if deals else "–",
        f"{rate / all_rate:.1f}×" if enough else "–",
        *(f"{value:,.0f}" for value in medians or ()),
        *(["–", "–"] if not medians else []),
        f"{100 * revenue:.0f} %" if won else "–",
    ]


def share(deals: Sequence[Deal]) -> float:
    return sum(deal.won for deal in deals) / len(deals) if deals else 0.0


def wilson(deals: Sequence[Deal]) -> tuple[float, float]:
    """The two rates from which the one seen lies just 1.96 standard errors away, found by halving."""
    if not deals:
        return 0.0, 0.0
    seen, n = share(deals), len(deals)

    def within(rate: float) -> bool:
        return (seen - rate) ** 2 <= Z * Z * rate * (1 - rate) / n

    return _border(seen, 0.0, within), _border(seen, 1.0, within)


def _border(inside: float, outside: float, within: Callable[[float], bool]) -> float:
    if within(outside):
        return outside
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if within(middle) else (inside, middle)
    return inside


def ranking(scored: Sequence[tuple[float, Deal]]) -> tuple[float, float, float]:
    """Of pairs of a won and a lost deal, the share in which the won one scores higher, and DeLong's bounds by logit."""
    won, lost = ([score for score, deal in scored if deal.won is side] for side in (True, False))
    of_won = [mean(_beats(score, other) for other in lost) for score in won]
    of_lost = [mean(_beats(other, score) for other in won) for score in lost]
    area = mean(of_won)
    error = sqrt(variance(of_won) / len(won) + variance(of_lost) / len(lost)) / (area * (1 - area))
    middle = log(area / (1 - area))
    low, high = (1 / (1 + exp(-(middle + sign * Z * error))) for sign in (-1, 1))
    return area, low, high


def _beats(score: float, other: float) -> float:
    return (score > other) + (score == other) / 2


def gain(scored: Sequence[tuple[float, Deal]]) -> Iterator[tuple[str, str]]:
    """What the best 5, 10 … 100 % hold of wins and won amounts; deals of one score share what they hold."""
    ranked = sorted(scored, key=lambda pair: -pair[0])
    shares: list[tuple[float, float]] = []
    for _, same in groupby(ranked, key=lambda pair: pair[0]):
        deals = [deal for _, deal in same]
        wins, amount = sum(d.won for d in deals), sum(d.amount for d in deals if d.won)
        shares += [(wins / len(deals), amount / len(deals))] * len(deals)
    totals = [sum(pair[side] for pair in shares) for side in (0, 1)]
    for step in range(1, 21):
        places = len(shares) * step / 20
        whole = int(places + 1e-9)
        parts = [
            sum(pair[side] for pair in shares[:whole])
            + (places - whole) * (shares[whole][side] if whole < len(shares) else 0)
            for side in (0, 1)
        ]
        of_wins, of_amount = (f"{100 * part / total:.0f} %" for part, total in zip(parts, totals, strict=True))
        yield of_wins, of_amount
