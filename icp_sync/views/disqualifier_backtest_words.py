"""What deals say of each disqualifier: whether the companies it leaves out of the tiers are worth less than others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import FEWEST_DEALS, AntiIcpGround, BoughtAnyway
from icp_sync.plan.plurals import count_noun
from icp_sync.views.backtest_words import join_with_and, percent

_TRIED: Final = {
    "wins_less": "win rate",
    "pays_less": "amount",
    "takes_longer": "length of the sale",
    "churns_more": "churn",
}


def bought_anyway_sentences(document: BacktestDocument) -> Iterator[str]:
    """Who was disqualified and has decided deals, by reason, and whether they are worth less than others."""
    for row in document.bought_anyway:
        won = f"{row.won:,} of {count_noun(row.decided, 'deal')} with companies it leaves out of the tiers"
        share = f" ({percent(row.won / row.decided)})" if row.decided >= FEWEST_DEALS else ""
        verb = "was" if row.won == 1 else "were"
        yield f"Your rule '{row.reason}': {won} {verb} won{share}. {_anti_icp_sentence(row)}"


def _anti_icp_sentence(row: BoughtAnyway) -> str:
    """Which grounds of an anti-ICP hold, in words, and what to do about the rule."""
    standing = [ground.ground for ground in row.grounds if ground.holds]
    if standing:
        shown = [_ground(ground) for ground in row.grounds if ground.holds]
        unless = " unless they are worth the wait" if standing == ["takes_longer"] else ""
        return (
            f"They {' and '.join(shown)} than companies that no rule leaves out: leave the rule as it is{unless}, but "
            "do not turn such companies away when they ask."
        )
    tried = [_TRIED[ground.ground] for ground in row.grounds if ground.holds is not None]
    if not tried:
        return "Too few to say whether they are worth less: leave the rule as it is."
    return (
        f"By {join_with_and(tried)} they are not clearly worse than companies that no rule leaves out: ask why the "
        "rule exists before you drop it."
    )


def _ground(ground: AntiIcpGround) -> str:
    value, others = ground.value or 0.0, ground.others or 0.0
    words = {
        "wins_less": f"buy less often ({percent(value)} against {percent(others)})",
        "pays_less": f"pay less (a median of {value:,.0f} against {others:,.0f})",
        "takes_longer": f"take longer (a median of {value:,.0f} days against {others:,.0f})",
        "churns_more": f"leave more often ({percent(value)} against {percent(others)})",
    }
    return words[ground.ground]
