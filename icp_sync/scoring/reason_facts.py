"""What the reasons are made of: of each company the names of what it meets and lacks, and what would lift it.

They are worked out into columns one after another: as one expression they would be copied into each other until no
optimiser comes to an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

import polars as pl

from icp_sync.profile.model.criteria import Condition, Criterion, Disqualifier
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import answers
from icp_sync.scoring.answers import HIT, MISS, PARTIAL, UNKNOWN
from icp_sync.scoring.applicable_phrases import ConditionalPhrase, count_applicable, join_applicable
from icp_sync.scoring.outcome import (
    KNOWN,
    PROVEN,
    Steps,
    max_criterion_points,
    round_half_even,
    tier_by_enter_threshold,
)

JOINT: Final = "\x1f"
"""Stands before every item but the first: where a long text may be cut."""
TIERED: Final = pl.col("outcome") == "tiered"
NOT_ICP: Final = pl.col("outcome") == "not_icp"
NOT_DECIDED: Final = pl.col("outcome") == "insufficient_data"
FITS, PARTLY, NOT_KNOWN, NOT_FILLED_IN, MISSED, RULED_OUT = (
    pl.col(f"say.{name}") for name in ("fits", "partly", "not known", "not filled in", "missed", "ruled out")
)
"""Names joined; empty where there are none. What is required is left out where the verdict tells it."""
REQUIRED: Final = {name: pl.col(f"say.required {name}") for name in ("missed", "not filled in", "not known")}
"""The same of what is required, joined by "and"; and how many they are."""
REQUIRED_COUNT: Final = {name: pl.col(f"say.{name} count") for name in REQUIRED}
UNKNOWNS: Final = pl.col("say.unknowns")
"""How many names stand in `NOT_KNOWN`."""
REQUIRED_POINTS: Final = pl.col("say.required points")
"""The points that what is required and unknown may bring."""
ALONE, TOGETHER, WITH_REQUIRED = (pl.col(f"say.{name}") for name in ("alone", "together", "with required"))
"""The tier that the dearest unknown, all of them, and what is required and unknown would lift to; null = none."""
_DEAREST, _OPEN = (pl.col(f"say.{name}") for name in ("dearest", "open"))


def fact_columns(profile: Profile) -> list[pl.Expr]:
    """Columns with the names of what a company meets and lacks, and with what is needed to tell what would lift it."""
    between, unknown = _item_separator(profile), list(_unknown_phrases(profile))
    return [
        _alias_as(join_applicable(list(_hit_phrases(profile)), between), FITS),
        _alias_as(join_applicable(_partial_phrases(profile), between), PARTLY),
        _alias_as(join_applicable([one for one, _ in unknown], between), NOT_KNOWN),
        _alias_as(join_applicable(list(_empty_phrases(profile)), between), NOT_FILLED_IN),
        _alias_as(join_applicable(list(_missed_phrases(profile)), between), MISSED),
        _alias_as(
            join_applicable(
                [_answer_phrase(one, HIT, inline_title(one)) for one in profile.disqualifiers], f"{JOINT}; "
            ),
            RULED_OUT,
        ),
        *_required_criteria_columns(profile),
        _alias_as(count_applicable([one for one, _ in unknown]), UNKNOWNS),
        _alias_as(_points_of_phrases(unknown, pl.max_horizontal), _DEAREST),
        _alias_as(_points_of_phrases(unknown, pl.sum_horizontal), _OPEN),
    ]


def reachable_tier_columns(profile: Profile) -> Steps:
    """Columns with the tiers that unknowns would lift a company to; they read the columns of `names`."""
    # Where a requirement is unknown no other unknown can lift the company alone: points are promised of that one first.
    waiting = NOT_DECIDED & (REQUIRED_COUNT["not known"] > 0)
    promised = ((ALONE, _DEAREST, ~waiting), (TOGETHER, _OPEN, ~waiting), (WITH_REQUIRED, REQUIRED_POINTS, waiting))
    return (
        [column for lifted, more, _ in promised for column in _lifted_totals(lifted, more)],
        [_alias_as(pl.when(applies).then(_lifted_tier(profile, lifted)), lifted) for lifted, _, applies in promised],
    )


def inline_title(question: Criterion | Disqualifier) -> str:
    """The words for it within a sentence."""
    return question.title.rstrip(".") or question.title


def points_text(value: Fraction) -> str:
    """Points as people write them: one decimal, none when it is 0."""
    # Half to even, as `outcome.round_half_even` rounds the score that stands in the same sentence.
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_EVEN)}".removesuffix(".0")


def _alias_as(value: pl.Expr, column: pl.Expr) -> pl.Expr:
    return value.alias(column.meta.output_name())


def _answer_phrase(question: Condition, answer: int, text: str, also: pl.Expr | None = None) -> ConditionalPhrase:
    applies = pl.col(answers.answer_column(question)) == answer
    return ConditionalPhrase(applies if also is None else applies & also, text.replace(JOINT, " "))


def _item_separator(profile: Profile) -> str:
    """What parts one item from the next: a comma, unless a comma stands in one of them."""
    # "Berlin, Germany, software" would read as three items; the choice is one a profile, so that texts stay comparable.
    labels = [partial.label or "" for criterion in profile.criteria for partial in criterion.partial]
    commas = any(", " in one for one in [*map(inline_title, profile.criteria), *labels])
    return f"{JOINT}; " if commas else f"{JOINT}, "


def _criteria_by_points(profile: Profile) -> list[tuple[Criterion, Fraction]]:
    full = max_criterion_points(profile)
    weighted = [(criterion, full[criterion.id]) for criterion in profile.criteria]
    return sorted(weighted, key=lambda item: item[1], reverse=True)


def _hit_phrases(profile: Profile) -> Iterator[ConditionalPhrase]:
    return (_answer_phrase(criterion, HIT, inline_title(criterion)) for criterion, _ in _criteria_by_points(profile))


def _partial_phrases(profile: Profile) -> list[ConditionalPhrase]:
    """`200–499 employees (ideal: 500–10,000 employees)`, or by points where the near miss has no words of its own."""
    items: list[tuple[Fraction, ConditionalPhrase]] = []
    for criterion, full in _criteria_by_points(profile):
        for n, partial in enumerate(criterion.partial):
            part = full * Fraction(str(partial.credit))
            text = f"{inline_title(criterion)} ({points_text(part)} of {points_text(full)} points)"
            if partial.label:
                text = f"{partial.label.rstrip('.')} (ideal: {inline_title(criterion)})"
            items.append((part, _answer_phrase(criterion, PARTIAL + n, text)))
    return [one for _, one in sorted(items, key=lambda item: item[0], reverse=True)]


def _unknown_phrases(profile: Profile) -> Iterator[tuple[ConditionalPhrase, Fraction]]:
    """What is unknown, with the points it may bring."""
    for criterion, full in _criteria_by_points(profile):
        if criterion.missing == "unknown":
            text = f"{inline_title(criterion)} (+{points_text(full)})"
            yield _answer_phrase(criterion, UNKNOWN, text, _unless_in_verdict(profile, criterion, ~NOT_DECIDED)), full


def _empty_phrases(profile: Profile) -> Iterator[ConditionalPhrase]:
    for criterion, _ in _criteria_by_points(profile):
        if criterion.missing == "miss":
            yield _answer_phrase(
                criterion, UNKNOWN, inline_title(criterion), _unless_in_verdict(profile, criterion, ~NOT_ICP)
            )


def _missed_phrases(profile: Profile) -> Iterator[ConditionalPhrase]:
    for criterion, _ in _criteria_by_points(profile):
        required = " (required)" if criterion.id in profile.required else ""
        yield _answer_phrase(
            criterion, MISS, f"{inline_title(criterion)}{required}", _unless_in_verdict(profile, criterion, ~NOT_ICP)
        )


def _unless_in_verdict(profile: Profile, criterion: Criterion, elsewhere: pl.Expr) -> pl.Expr | None:
    """What is required decides some verdicts, which have told it then."""
    return elsewhere if criterion.id in profile.required else None


def _required_criteria_columns(profile: Profile) -> Iterator[pl.Expr]:
    asked = [(one, full) for one, full in _criteria_by_points(profile) if one.id in profile.required]
    for name, answer, kinds in (
        ("missed", MISS, {"miss", "unknown"}),
        ("not filled in", UNKNOWN, {"miss"}),
        ("not known", UNKNOWN, {"unknown"}),
    ):
        phrases = [
            (_answer_phrase(criterion, answer, inline_title(criterion)), full)
            for criterion, full in asked
            if criterion.missing in kinds
        ]
        yield _alias_as(join_applicable([phrase for phrase, _ in phrases], f"{JOINT} and "), REQUIRED[name])
        yield _alias_as(count_applicable([one for one, _ in phrases]), REQUIRED_COUNT[name])
        if name == "not known":
            yield _alias_as(_points_of_phrases(phrases, pl.sum_horizontal), REQUIRED_POINTS)


def _points_of_phrases(phrases: Sequence[tuple[ConditionalPhrase, Fraction]], of: Callable[..., pl.Expr]) -> pl.Expr:
    """The points of the phrases that apply, summed up or the most of them; 0 where none does."""
    worth = [one.applies * pl.lit(float(full)) for one, full in phrases]
    return of(pl.lit(0.0), *worth)


def _lifted_totals(lifted: pl.Expr, more: pl.Expr) -> Iterator[pl.Expr]:
    """The score and the coverage that so many of the unknown points would make."""
    yield round_half_even(PROVEN + more, 1).alias(_lifted_column("score", lifted))
    yield round_half_even(KNOWN + more / 100, 3).alias(_lifted_column("coverage", lifted))


def _lifted_tier(profile: Profile, lifted: pl.Expr) -> pl.Expr:
    """The tier that this score and coverage give; null where they lift a company to none.

    What is ruled out or no ICP is not lifted, nor is anybody to the tier already reached.
    """
    # `leave` is for who is in a tier: once tonight's verdict is written, the way back up goes through `enter` alone,
    # and a promise by `leave` would be another sentence the next night.
    tier = tier_by_enter_threshold(profile, pl.col(_lifted_column("score", lifted)))
    enough = pl.col(_lifted_column("coverage", lifted)) >= profile.coverage.minimum
    higher = NOT_DECIDED | (TIERED & (tier < pl.col("reached")))  # tier_1 is the highest
    return pl.when(higher & enough).then(tier)


def _lifted_column(part: str, lifted: pl.Expr) -> str:
    """The column of the score or the coverage that the tier in the column `lifted` would come from."""
    return f"{lifted.meta.output_name()} {part}"
