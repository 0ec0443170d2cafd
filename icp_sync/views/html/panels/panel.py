"""What every panel of a page has."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: `finding` is its one sentence; where `empty`, that sentence is all of it."""

    finding: str
    empty: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class BarSegment:
    """A part of a bar: `kind` names its colour in the stylesheet, `start` and `width` are percent of the bar."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class PanelFigure:
    """A picture with the sentence that says what it shows; `narrow` is for small screens, "" where `wide` does."""

    id: str
    caption: str
    wide: str
    narrow: str = ""


def bar_segments(counts: dict[str, int]) -> tuple[BarSegment, ...]:
    """Counts as parts of one whole bar, in order; none where there is nothing to count."""
    whole = sum(counts.values())
    parts, start = [], 0.0
    for kind, count in counts.items():
        width = 100 * count / whole if whole else 0.0
        if count:
            parts.append(BarSegment(kind, round(start, 2), round(width, 2)))
        start += width
    return tuple(parts)


def bar(kind: str, share: float) -> tuple[BarSegment, ...]:
    """A bar of one part; `share` (0-1) beyond the whole fills it."""
    return (BarSegment(kind, 0, round(100 * min(max(share, 0), 1), 2)),)
