"""Lists of phrases, of which each company gets those that its answers call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

_TOGETHER: Final = 8  # 256 texts a table; of nine they would be 512, and each more doubles what is written beforehand


@dataclass(frozen=True, slots=True)
class ConditionalPhrase:
    """What is said of a company to which this condition applies (Boolean, never null)."""

    applies: pl.Expr
    text: str


def join_applicable(phrases: Sequence[ConditionalPhrase], separator: str) -> pl.Expr:
    """The phrases that apply, in this order; an empty text when none does.

    Eight at a time have 256 ways to apply. All of them are written down beforehand and looked up, which is quicker
    by far than to put together each company's own.
    """
    if not phrases:
        return pl.lit("")
    parts = [_look_up_phrases(phrases[n : n + _TOGETHER], separator) for n in range(0, len(phrases), _TOGETHER)]
    return pl.concat_str(parts, separator=separator, ignore_nulls=True)


def count_applicable(phrases: Sequence[ConditionalPhrase]) -> pl.Expr:
    """How many of the phrases apply."""
    return pl.sum_horizontal(pl.lit(0, pl.UInt32), *(phrase.applies.cast(pl.UInt32) for phrase in phrases))


def _look_up_phrases(phrases: Sequence[ConditionalPhrase], separator: str) -> pl.Expr:
    """Those of a few phrases that apply; null when none does."""
    ways = range(2 ** len(phrases))
    texts = [separator.join(phrase.text for n, phrase in enumerate(phrases) if way >> n & 1) or None for way in ways]
    applies = (phrase.applies.cast(pl.UInt32) * 2**n for n, phrase in enumerate(phrases))
    return pl.lit(pl.Series(texts, dtype=pl.String)).gather(pl.sum_horizontal(applies))
