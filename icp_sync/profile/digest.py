"""Digests of a profile: of its scoring rules, and of the whole file (design: "Digest")."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from icp_sync.profile.model.profile import Profile
from icp_sync.vocabulary import VERSION

_SCORING: Final = {
    "scope", "location", "criteria", "required", "disqualifiers", "derive", "coverage", "tiers", "vocabulary",
    "enrichment",
}  # fmt: skip
_PARTIAL_WORDS: Final = {"__all__": {"label"}}
_WORDS_ONLY: Final[dict[str, Any]] = {
    "criteria": {"__all__": {"label": True, "evidence": True, "trait": True, "partial": _PARTIAL_WORDS}},
    # How a file is read says nothing of how a company is scored; which values count, and for how long, does.
    "enrichment": {"__all__": {"key", "key_column", "date"}},
}


def scoring_digest(profile: Profile) -> str:
    """Twelve hex digits over the scoring rules and the vocabulary's version; equal digests score every company alike.

    Defaults are left out, so a key that a later version adds does not change the digest.
    """
    scoring = profile.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, include=_SCORING, exclude=_WORDS_ONLY
    )
    if profile.profile.currencies is not None:
        scoring["profile"] = profile.profile.model_dump(mode="json", include={"currency", "currencies"})
    return _sha256({**scoring, "shipped_vocabulary": VERSION})[:12]


def file_digest(profile: Profile) -> str:
    """64 hex digits over every key of the file; comments and layout do not count."""
    return _sha256(profile.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _sha256(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
