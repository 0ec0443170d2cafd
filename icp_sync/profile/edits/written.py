"""Edits as pairs of text, for the part of an address behind `?`, and back."""

from __future__ import annotations

from collections.abc import Iterable

from icp_sync.profile.edits.values import Edits


def written_edits(edits: Edits) -> list[tuple[str, str]]:
    """`("criteria", "country", "weight"): 25.0` → `("criteria.country.weight", "25")`; None → "", ids joined by ","."""
    raise NotImplementedError


def read_edits(pairs: Iterable[tuple[str, str]]) -> Edits:
    """The edits of written pairs. Raises EditRefused for a path that is not movable in any profile or a bad number."""
    raise NotImplementedError
