"""What the words of pages and tables mean, each in one place; the terminal and the page say the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

GLOSSES: Final = {
    "in scope": "the companies the profile is about; others are neither scored nor written",
    "fit score": "0 to 100 points: what is known of a company and fits",
    "potential": "the fit score it would have if all that is unknown fitted too",
    "undecided": "too little is known of the company: what is missing could still put it into a tier",
    "places": "how many companies a tier may hold at most, where the profile says so",
    "guardrail": "a limit on what one run may change",
    "held": "nothing was written, since a guardrail was passed; somebody looks, and allows it or mends the cause",
    "hit": "the company has what the criterion asks for: all its points",
    "partial": "it has something near it: some of the points",
    "miss": "it has something else: no points",
    "unknown": "the field is empty or cannot be read: no points yet, and nothing held against the company",
    "coverage": "how much is known: of a company, the share of the points whose answer is known",
    "missing": "undecided companies without a value there",
    "would lift up to": "of these, how many would come into it if every value were what the profile asks for",
    "likely lifted": "how many will, if those without a value are like the others",
    "settles": "decided by knowing the value, whatever it is: in a tier, or out of all",
    "piece": "the points that one criterion added or took since the last run, and why",
    "static list": "icp_sync puts its members on it and takes them off",
    "active list": "HubSpot finds its members by the filters that icp_sync keeps",
    "decided": "won or lost",
    "likely range": "where the win rate lies, allowing for chance",
    "times average": "win rate over that of all",
    "about as often": "any gap is under 10 points either way, which is too small to act on",
    "not clear": "the deals can neither tell a gap nor rule one out",
    "11 points less to 8 more": "the gap of two win rates lies between these; only with both on one side is it clear",
    "untouched": "companies without any deal yet",
    "complete": "every decision maker and user that the profile names is among the contacts in HubSpot",
    "persona": "a kind of person the profile looks for at an account",
}
"""Word → what it means."""

PANEL_WORDS: Final = {
    "headline": ("in scope", "undecided"),
    "tiers": ("in scope", "places"),
    "why": ("piece",),
    "guardrails": ("guardrail", "held"),
    "scores": ("fit score", "potential", "undecided"),
    "criteria": ("hit", "partial", "miss", "unknown"),
    "coverage": ("coverage", "undecided", "missing", "would lift up to", "likely lifted", "settles"),
    "lists": ("static list", "active list"),
    "evidence": (
        "decided", "likely range", "times average", "about as often", "not clear", "11 points less to 8 more",
        "untouched",
    ),
    "committees": ("complete", "persona"),
}  # fmt: skip
"""Panel → the words it uses that are not explained where they stand."""


def gloss_line(words: Iterable[str]) -> str:
    """`decided: won or lost · likely range: …`, to stand under a table."""
    return " · ".join(f"{word}: {GLOSSES[word]}" for word in words)
