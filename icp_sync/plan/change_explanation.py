"""Why a company changes, as a value: the cause, what each step added to the fit score, and thresholds that decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

import polars as pl
from pydantic import ConfigDict, Field

from icp_sync.profile.model.criteria import Criterion, Disqualifier
from icp_sync.profile.model.types import TierName

Cause = Literal[
    "left_scope", "adopted", "first", "released", "undo", "put_back", "time", "data", "lost", "profile", "capacity",
    "overridden", "held",
]  # fmt: skip
"""Why a company changes, in the order they are looked for; `time` to `capacity` are steps from the last verdict to
this. The last two are causes where no step changed anything: only what the record says of them is new."""
Step = Literal["first", "adopted", "put_back", "time", "data", "lost", "profile", "rest"]
"""What a piece belongs to; `rest` sums up what is too much to list."""
ProfileEdit = Literal["added", "removed", "reweighted", "reworded"]
_WORDS: Final = {"label", "evidence", "trait", "reason"}
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)

MAX_PIECES: Final = 12
"""Pieces of one company; what is left is summed up in one more, `rest`."""
MAX_TEXT: Final = 120
"""Characters of a property's text in a piece."""
Text = Annotated[str, Field(strict=True, max_length=MAX_TEXT)]
Points = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_CLOSED: Final = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one criterion, or one property put back, adds to the fit score in one step: `points`, in tenths.

    `criterion`: id of a criterion or disqualifier; None where the step is not split. `property`: what changed on the
    record since the last verdict, `was` and `now` its texts ("" is empty). For `profile`, `edit` says how the
    criterion was edited, and `was` and `now` are the points of full credit. What does not apply is None.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    step: Step
    points: Points
    criterion: Text | None = None
    property: Text | None = None
    was: Text | None = None
    now: Text | None = None
    edit: ProfileEdit | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold of the profile that was edited and decided; None where the profile had or has no such tier."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    tier: TierName
    was: Points | None
    now: Points | None


Pieces = Annotated[tuple[Piece, ...], Field(max_length=MAX_PIECES + 1)]
Thresholds = Annotated[tuple[Threshold, ...], Field(max_length=3)]


@dataclass(frozen=True, slots=True)
class Why:
    """Why one company changes. The points of the pieces sum to `score_after` − `score_before` (0 where empty).

    `left_scope` and `undo` have no pieces. Without scores (None) only the cause is known.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    cause: Cause
    score_before: Points | None = None
    score_after: Points | None = None
    pieces: Pieces = ()
    thresholds: Thresholds = ()

    def to_json(self) -> dict[str, Any]:
        """What stands under `why` in plan files, the ledger and `show`; what does not apply is left out."""
        document: dict[str, Any] = {
            "cause": self.cause,
            "score_before": self.score_before,
            "score_after": self.score_after,
            "pieces": [_non_null_fields(piece, _PIECE_FIELDS) for piece in self.pieces],
        }
        thresholds = [{"tier": one.tier, "was": one.was, "now": one.now} for one in self.thresholds]
        return document | {"thresholds": thresholds} if thresholds else document


PIECE: Final = pl.Struct(
    {
        "step": pl.String(),
        "points": pl.Float64(),
        **dict.fromkeys(("criterion", "property", "was", "now", "edit"), pl.String()),
    }
)
THRESHOLD: Final = pl.Struct({"tier": pl.String(), "was": pl.Float64(), "now": pl.Float64()})
WHY: Final = pl.Struct(
    {
        "score_before": pl.Float64(),
        "score_after": pl.Float64(),
        "pieces": pl.List(PIECE),
        "thresholds": pl.List(THRESHOLD),
    }
)
"""The column `why` of a change frame; the cause stands in a column of its own, null is a why not worked out."""
_PIECE_FIELDS: Final = tuple(field.name for field in PIECE.fields)


def why_from_row(cause: Cause, row: Mapping[str, Any] | None) -> Why | None:
    """A value of the column `why` as a value of its own, with the cause beside it."""
    if row is None:
        return None
    return Why(
        cause,
        row["score_before"],
        row["score_after"],
        tuple(Piece(**piece) for piece in row["pieces"]),
        tuple(Threshold(**threshold) for threshold in row["thresholds"]),
    )


def why_to_row(why: Why) -> dict[str, Any] | None:
    """The same the other way: what the column `why` holds of it."""
    if why.score_after is None:
        return None
    return {
        "score_before": why.score_before,
        "score_after": why.score_after,
        "pieces": [{name: getattr(piece, name) for name in _PIECE_FIELDS} for piece in why.pieces],
        "thresholds": [{"tier": one.tier, "was": one.was, "now": one.now} for one in why.thresholds],
    }


def edit_kind(before: Criterion | Disqualifier | None, after: Criterion | Disqualifier | None) -> ProfileEdit | None:
    """How a question was edited apart from its weight; None where what it asks is the same."""
    if before is None:
        return "added"
    if after is None:
        return "removed"
    asks = [one.model_dump(exclude=_WORDS | {"weight"}) for one in (before, after)]
    return "reworded" if asks[0] != asks[1] else None


def _non_null_fields(piece: Piece, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(piece, name)) is not None}
