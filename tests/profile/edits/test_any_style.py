"""Whatever style a profile is written in, a value is placed so that it loads as shown, or refused with its line."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_sync.errors import EditRefused, ProfileInvalid
from icp_sync.profile.edits.edited_profile import apply_edits
from icp_sync.profile.edits.text import edit_text
from icp_sync.profile.load import parse_profile
from tests.generated.profiles import profiles
from tests.profile.edits.any_style import Writer
from tests.profile.edits.random_edits import edits_of

FILE = "any.yaml"
OPTIONAL = {"missing": "unknown", "required": [], "disqualifiers": []}


def _sparse(data: Any, random: Random) -> Any:
    """The data without some of the keys that say what is so anyway."""
    if isinstance(data, dict):
        left_out = {key for key, value in OPTIONAL.items() if data.get(key) == value and random.random() < 0.7}
        return {key: _sparse(value, random) for key, value in data.items() if key not in left_out}
    return [_sparse(value, random) for value in data] if isinstance(data, list) else data


def _save(data: st.DataObject, seen: Counter[str]) -> None:
    written, random = data.draw(profiles()), data.draw(st.randoms(use_true_random=False))
    ids = [criterion["id"] for criterion in written["criteria"]]
    written["tests"] += [
        {"name": "of credits", "company": {}, "expect": {"score": 1, "credits": dict.fromkeys(ids, 0.5)}},
        {"name": "of one credit", "company": {}, "expect": {"credits": {random.choice(ids): None}}},
    ]
    written = _sparse(written, random)
    writer = Writer(random)
    text = writer.document(written)
    text = text.replace("\n", random.choice(["\n", "\n", "\r\n", "\r"]))
    loaded = parse_profile(text, FILE)
    assert loaded.profile == parse_profile(json.dumps(written), FILE).profile
    edits = data.draw(edits_of(loaded.profile))
    try:
        wanted = apply_edits(loaded, edits)
    except ProfileInvalid:
        seen["invalid"] += 1
        return
    try:
        edited = edit_text(text, edits, FILE)
    except EditRefused:
        seen["refused"] += 1
        return
    seen["saved"] += 1
    assert parse_profile(edited, FILE).profile == wanted
    assert [comment for comment in writer.comments if comment not in edited] == []


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_value_is_placed_or_refused_in_any_style(data: st.DataObject) -> None:
    _save(data, Counter())


@pytest.mark.long
@pytest.mark.slow
def test_hardly_any_style_is_refused() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def save(data: st.DataObject) -> None:
        _save(data, seen)

    save()
    assert seen["saved"] > 30
    assert seen["refused"] < 6
