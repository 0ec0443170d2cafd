"""The sentence a sales rep reads: why a company came out as it did, in at most 1,024 characters.

It depends on the answers alone, never on the values behind them, so a company that grows from 800 to 805
employees is not written again.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

import polars as pl

from icp_sync.profile.model import Profile
from icp_sync.profile.question import Criterion, Question
from icp_sync.scoring import answers
from icp_sync.scoring.answers import HIT, MISS, PARTIAL, UNKNOWN
from icp_sync.scoring.judgement import points
from icp_sync.scoring.phrases import Phrase, joined
from icp_sync.scoring.thresholds import lowest

LONGEST: Final = 1024
NOTE: Final = "note"
"""What beyond the answers decided: a full tier, or a tier set by hand."""
_JOINT: Final = "\x1f"  # stands before every item but the first: where a long sentence may be cut
_MORE: Final = "; …"


def reasons(profile: Profile) -> pl.Expr:
    """The column `reasons` (String), from a judged frame of answers with a `note` to stand in front, or null."""
    parts = [pl.col(NOTE), *_verdicts(profile), _earned(profile), *_short_of(profile)]
    said = pl.concat_str(parts, separator=f"{_JOINT}; ", ignore_nulls=True)
    fits = said.str.len_chars() <= LONGEST
    long = pl.when(~fits).then(said)  # few are, and what is null here costs nothing
    cut = long.str.head(LONGEST - len(_MORE)).str.replace(f"{_JOINT}[^{_JOINT}]*$", "") + _MORE
    whole = pl.when(fits).then(said).otherwise(cut)
    return whole.str.replace_all(_JOINT, "", literal=True).alias("reasons")


def points_text(value: Fraction) -> str:
    """Points as people write them: one decimal, none when it is 0."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_EVEN)}".removesuffix(".0")


def _verdicts(profile: Profile) -> list[pl.Expr]:
    """What decided against a company comes before what speaks for it."""
    met = [_when(disqualifier, HIT, disqualifier.title) for disqualifier in profile.disqualifiers]
    required = [criterion for criterion in profile.criteria if criterion.id in profile.required]
    missed = [_when(criterion, MISS, criterion.title) for criterion in required]
    empty = [_when(criterion, UNKNOWN, criterion.title) for criterion in required if not _may_be_unknown(criterion)]
    unknown = [_when(criterion, UNKNOWN, criterion.title) for criterion in required if _may_be_unknown(criterion)]
    return [
        _list("Ruled out: ", met),
        _list("Required but missed: ", missed),
        _list("Required but not filled in: ", empty),
        _list("Required but not known: ", unknown),
        _out_of_reach(profile),
        _too_little_known(profile),
    ]


def _out_of_reach(profile: Profile) -> pl.Expr:
    needed, most = lowest(profile.tiers), pl.col("potential")
    text = pl.format("Out of reach: at most {} of the {} points a tier needs", _plain(most), _plain(needed))
    return pl.when((pl.col("outcome") == "not_icp") & (most < needed)).then(text)


def _too_little_known(profile: Profile) -> pl.Expr:
    minimum = profile.coverage.minimum
    known = _plain((pl.col("coverage") * 100).round(1))
    text = pl.format(f"Too little known for a tier: {{}}% of the weight, {minimum * 100:g}% needed", known)
    reached = (pl.col("score") >= lowest(profile.tiers)) & (pl.col("coverage") < minimum)
    return pl.when((pl.col("outcome") == "insufficient_data") & reached).then(text)


def _plain(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.strip_suffix(".0")


def _earned(profile: Profile) -> pl.Expr:
    """`+20 500–10,000 employees; +17.5 of 25 Germany, partly`, most points first."""
    items: list[tuple[Fraction, Phrase]] = []
    for criterion, full in _weighted(profile):
        items.append((full, _when(criterion, HIT, f"+{points_text(full)} {criterion.title}")))
        for n, partial in enumerate(criterion.partial):
            part = full * Fraction(str(partial.credit))
            text = f"+{points_text(part)} of {points_text(full)} {criterion.title}, partly"
            items.append((part, _when(criterion, PARTIAL + n, text)))
    items.sort(key=lambda item: item[0], reverse=True)
    return _list("", [item for _, item in items], separator="; ")


def _short_of(profile: Profile) -> list[pl.Expr]:
    """What is unknown, not filled in or missed, the dearest first; what is required has been said."""
    weighted = [item for item in _weighted(profile) if item[0].id not in profile.required]
    weighted.sort(key=lambda item: item[1], reverse=True)
    unknown, empty, missed = [], [], []
    for criterion, full in weighted:
        text = f"{criterion.title} (0 of {points_text(full)})"
        missed.append(_when(criterion, MISS, text))
        if _may_be_unknown(criterion):
            unknown.append(_when(criterion, UNKNOWN, f"{criterion.title} (up to {points_text(full)})"))
        else:
            empty.append(_when(criterion, UNKNOWN, text))
    return [_list("not known: ", unknown), _list("not filled in: ", empty), _list("missed: ", missed)]


def _weighted(profile: Profile) -> list[tuple[Criterion, Fraction]]:
    full = points(profile)
    return [(criterion, full[criterion.id]) for criterion in profile.criteria]


def _may_be_unknown(criterion: Criterion) -> bool:
    return criterion.missing == "unknown"


def _when(question: Question, answer: int, text: str) -> Phrase:
    return Phrase(answers.column(question), answer, text.replace(_JOINT, " "))


def _list(opening: str, items: list[Phrase], separator: str = ", ") -> pl.Expr:
    """`opening` and the items that apply; null when none does."""
    if not items:
        return pl.lit(None, dtype=pl.String)
    found = joined(items, f"{_JOINT}{separator}")
    return pl.when(found != "").then(pl.lit(opening) + found)
