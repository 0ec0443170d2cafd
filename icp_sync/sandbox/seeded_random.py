"""Random columns that are the same on every machine: SplitMix64 over the row number, written in Polars."""

import math
from collections.abc import Sequence
from itertools import accumulate
from zlib import crc32

import polars as pl

_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = 2**64 - 1


class SeededRandom:
    """Random columns of `rows` rows; each label is an independent stream, so a new column changes no other."""

    def __init__(self, rows: int, seed: int) -> None:
        self._rows = rows
        self._seed = seed

    def uniform(self, label: str) -> pl.Series:
        """Float64 in [0, 1)."""
        rows = pl.int_range(self._rows, dtype=pl.UInt64, eager=True)
        return (_splitmix64(rows, crc32(label.encode()) * _GOLDEN + self._seed * _SECOND) // 2**11).cast(
            pl.Float64
        ) / 2**53

    def draw_bool(self, label: str, share: float) -> pl.Series:
        return self.uniform(label) < share

    def normal(self, label: str) -> pl.Series:
        """Standard normal, by Box and Muller."""
        radius: pl.Series = (-2 * (1 - self.uniform(f"{label}/radius")).log()).sqrt()
        angle: pl.Series = (self.uniform(f"{label}/angle") * 2 * math.pi).cos()
        return radius * angle

    def weighted_index(self, label: str, weights: Sequence[float]) -> pl.Series:
        """Places in `weights`, each drawn as often as it weighs."""
        sums = pl.Series(list(accumulate(weights)), dtype=pl.Float64)
        places: pl.Series = sums.search_sorted(self.uniform(label) * sums[-1], side="right")
        return places.clip(upper_bound=len(weights) - 1).cast(pl.UInt32)

    def weighted_choice(self, label: str, values: dict[str, float]) -> pl.Series:
        """Texts, each drawn as often as it weighs; an empty text is null."""
        texts = pl.Series([text or None for text in values], dtype=pl.String)
        return texts.gather(self.weighted_index(label, list(values.values())))

    def choice_within_group(self, label: str, groups: Sequence[Sequence[str]], group: pl.Series) -> pl.Series:
        """For each row a text of its group, all equally likely; an empty text is null."""
        flat = pl.Series([text or None for texts in groups for text in texts], dtype=pl.String)
        sizes = pl.Series([len(texts) for texts in groups], dtype=pl.Int64)
        offsets = (sizes.cum_sum() - sizes).gather(group)
        place = (self.uniform(label) * sizes.gather(group)).floor().cast(pl.Int64)
        return flat.gather(offsets + place)


def hash_numbers(numbers: pl.Series, seed: int) -> pl.Series:
    """A UInt64 hash of each number, distinct for distinct numbers, in an unpredictable order."""
    state = _splitmix64(numbers.cast(pl.UInt64), seed * _SECOND + 1)
    return state ^ (state // 2**31)


def _splitmix64(numbers: pl.Series, start: int) -> pl.Series:
    state = numbers * _uint64_scalar(_GOLDEN) + _uint64_scalar(start & _MASK)
    state = (state ^ (state // 2**30)) * _uint64_scalar(_FIRST)
    return (state ^ (state // 2**27)) * _uint64_scalar(_SECOND)


def _uint64_scalar(value: int) -> pl.Series:
    return pl.Series([value], dtype=pl.UInt64)
