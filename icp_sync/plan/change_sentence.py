"""Why a company changes, in one sentence: `Tier 1 → Tier 2: industry went from SOFTWARE to empty (−18.0)`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from icp_sync.plan.change_explanation import Cause, Piece, Threshold, Why

SHOWN_PIECES: Final = 3
_WHY: Final = TypeAdapter(Why)
CAUSE_WORDS: Final[Mapping[Cause, str]] = {
    "left_scope": "left scope",
    "adopted": "adopted",
    "first": "first score",
    "released": "override ended",
    "undo": "undone",
    "put_back": "put back",
    "time": "time passed",
    "data": "data changed",
    "lost": "input lost",
    "profile": "profile changed",
    "capacity": "places taken or freed",
    "overridden": "set by others",
    "held": "input held",
}
"""Each cause in two or three words, as counts show it."""
_ALONE: Final[Mapping[Cause, str]] = {
    "left_scope": "it left the scope of the profile",
    "adopted": "it was adopted",
    "first": "it is scored for the first time",
    "released": "an override ended",
    "undo": "an earlier run is undone",
    "put_back": "what somebody else changed is put back",
    "time": "time passed",
    "data": "its data changed",
    "lost": "an input was lost, and its hold ended",
    "profile": "the profile changed",
    "capacity": "places in a tier were taken or freed",
    "overridden": "somebody else set its tier or flag, which stands",
    "held": "an input was lost and is held, so its verdict stands",
}
_IN_NO_PIECE: Final = frozenset({"adopted", "released", "capacity", "overridden", "held"})
_OF_PROPERTY: Final[Mapping[str, str]] = {
    "data": "{property} went from {was} to {now}",
    "lost": "{property} was lost ({was}) and its hold ended",
    "put_back": "{property} was edited from {was} to {now} and is put back",
}


def change_sentence(why: Why, tier_before: str | None = None, tier_after: str | None = None) -> str:
    """Why a company changes, in one line without a full stop; texts of the portal stand in it as they are.

    `tier_before`, `tier_after`: texts of the tier on the record, "" for none; None where the plan does not write it.
    Without a move of the tier the scores stand in front.
    """
    alone = [_ALONE[why.cause]]
    reasons = alone if why.cause in _IN_NO_PIECE else []
    # Where an override ended, what it kept is no edit that anybody puts back.
    pieces_named = [piece for piece in why.pieces if (why.cause, piece.step) != ("released", "put_back")]
    pieces = sorted(pieces_named, key=lambda piece: piece.step != why.cause)
    reasons = [*reasons, *map(_threshold_edit_phrase, why.thresholds), *_piece_phrases(pieces)]
    return _tier_or_points_move(why, tier_before, tier_after) + ", ".join(reasons or alone)


def set_by_sentence(before: str, after: str, by: str) -> str:
    """`Tier 1 → Tier 3: set by user 31, which stands`."""
    return f"{_tier_label(before)} → {_tier_label(after)}: set by {by}, which stands"


def remembered_sentence(
    why: Mapping[str, Any], cause: str, tier_before: str | None = None, tier_after: str | None = None
) -> str:
    """The sentence of what the ledger or a plan file remembers; the cause alone where a later version wrote it."""
    try:
        return change_sentence(_WHY.validate_python(why or {"cause": cause}), tier_before, tier_after)
    except ValidationError:
        return cause


def _tier_or_points_move(why: Why, tier_before: str | None, tier_after: str | None) -> str:
    if tier_before is not None and tier_after is not None and tier_before != tier_after:
        return f"{_tier_label(tier_before)} → {_tier_label(tier_after)}: "
    if why.score_before is None or why.score_after is None or why.score_before == why.score_after:
        return ""
    return f"{why.score_before:.1f} → {why.score_after:.1f} points: "


def _tier_label(text: str) -> str:
    return text.replace("tier_", "Tier ") or "no tier"


def _piece_phrases(pieces: Sequence[Piece]) -> Iterator[str]:
    """The first in words, those of one change together, and how many more there are."""
    points: dict[str, float] = {}
    for piece in pieces:
        words = _piece_phrase(piece)
        points[words] = round(points.get(words, 0.0) + piece.points, 1)
    for words in [*points][:SHOWN_PIECES]:
        yield words + (f" ({_signed_points(points[words])})" if points[words] else "")
    if more := [*points.values()][SHOWN_PIECES:]:
        yield f"{len(more)} more ({_signed_points(sum(more))})"


def _piece_phrase(piece: Piece) -> str:
    if piece.step == "profile" and piece.criterion:
        return _profile_edit_phrase(piece, piece.criterion)
    if piece.step in _OF_PROPERTY and piece.property:
        texts = {"was": piece.was or "empty", "now": piece.now or "empty"}
        return _OF_PROPERTY[piece.step].format(property=piece.property, **texts)
    if piece.step == "rest":
        return "the rest"
    words = _ALONE[piece.step]
    return f"{piece.criterion}, since {words}" if piece.criterion else words


def _profile_edit_phrase(piece: Piece, criterion: str) -> str:
    if piece.edit == "reweighted" or (piece.edit == "reworded" and (piece.was or piece.now)):
        return f"{criterion} was {piece.edit}, {piece.was or 'no'} → {piece.now or 'no'} points"
    return f"{criterion} was {piece.edit}" if piece.edit else f"{criterion}, since {_ALONE['profile']}"


def _threshold_edit_phrase(threshold: Threshold) -> str:
    name = _tier_label(threshold.tier)
    if threshold.now is None:
        return f"the profile has no {name} any more"
    if threshold.was is None:
        return f"the profile has a new {name} from {threshold.now:g}"
    return f"the threshold of {name} went from {threshold.was:g} to {threshold.now:g}"


def _signed_points(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")
