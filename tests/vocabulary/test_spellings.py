"""The shipped documents of spellings are what their sources make of them."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary.aliases_and_groups import read_shipped_json
from tools import build_spellings

BEHIND = "the shipped spellings are behind their sources: make spellings"


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("country_keys.json", build_spellings.country_keys),
        ("subdivision_keys.json", build_spellings.subdivision_keys),
    ],
)
def test_the_shipped_spellings_are_what_their_sources_make_of_them(file: str, made: build_spellings.Derivation) -> None:
    assert read_shipped_json(file) == made(), BEHIND
