"""Random edits of every shipped profile: what is saved loads as what was shown, and no other line changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_sync.errors import ProfileInvalid
from icp_sync.profile import templates
from icp_sync.profile.edits.edit_data_changes import data_changes
from icp_sync.profile.edits.edited_profile import apply_edits
from icp_sync.profile.edits.text import edit_text
from icp_sync.profile.findings import Path as Place
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.profile import Profile
from tests.profile.edits.random_edits import (
    Values,
    edits_of,
    expectations_of,
    gone_of,
    the_rest,
    values_of,
    wanted_expectations,
    wanted_values,
)
from tests.profile.edits.untouched import stray_changes

CONFIG: Final = Path(__file__).parents[3] / "config" / "icp.yaml"
TEXTS: Final = {name: templates.template_text(name) for name in templates.template_names()} | {
    "config": CONFIG.read_bytes().decode()
}
ENDS: Final[dict[str, Callable[[str], str]]] = {
    "as shipped": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no final newline": lambda text: text.rstrip("\n"),
    "byte order mark": lambda text: f"\ufeff{text}",
    "CRLF, no final newline, byte order mark": lambda text: "\ufeff" + text.rstrip("\n").replace("\n", "\r\n"),
}


PER_PROFILE: Final = 60  # 420 in all


@cache
def text_of(name: str, ends: str) -> str:
    return ENDS[ends](TEXTS[name])


@cache
def loaded(name: str, ends: str) -> LoadedProfile:
    return parse_profile(text_of(name, ends), f"{name}.yaml")


def check(name: str, ends: str, edits: Values) -> None:
    """Asserts what must hold of edits of a profile; where they make it invalid, that both ways say so alike."""
    before = loaded(name, ends)
    try:
        wanted = apply_edits(before, edits)
    except ProfileInvalid as error:
        invalid = error
    else:
        check_saved(before, text_of(name, ends), edits, wanted)
        return
    with pytest.raises(ProfileInvalid) as refusal:
        edit_text(text_of(name, ends), edits, before.file)
    assert refusal.value.details == invalid.details


def check_saved(before: LoadedProfile, text: str, edits: Values, wanted: Profile) -> None:
    edited = edit_text(text, edits, before.file)
    after = parse_profile(edited, before.file)
    assert after.profile == wanted
    assert values_of(wanted) == wanted_values(before.profile, edits)
    assert expectations_of(after.profile) == wanted_expectations(before.profile, edits)
    assert the_rest(after.profile, set()) == the_rest(before.profile, gone_of(edits))

    changes = data_changes(before, edits)
    gone = [change.path for change in changes if change.action == "take_out"]
    places = [change.path for change in changes if change.action != "take_out"]
    assert edited.startswith("\ufeff") == text.startswith("\ufeff")
    assert stray_changes(before, edited.removeprefix("\ufeff"), [*places, *_emptied(before, gone)], gone) == []

    moved = values_of(wanted) != values_of(before.profile) or any(path[0] != "tests" for path in gone)
    assert (after.digest != before.digest) == moved


def _emptied(before: LoadedProfile, gone: list[Place]) -> list[Place]:
    """The sections all of whose items are gone: their key then says `[]`."""
    counts = {section: sum(path[0] == section for path in gone) for section in ("disqualifiers", "tests")}
    return [(section,) for section, n in counts.items() if n and n == len(getattr(before.profile, section))]


@st.composite
def cases(draw: st.DrawFn, names: tuple[str, ...] = tuple(sorted(TEXTS))) -> tuple[str, str, Values]:
    name, ends = draw(st.sampled_from(names)), draw(st.sampled_from(sorted(ENDS)))
    return name, ends, draw(edits_of(loaded(name, ends).profile))


@settings(max_examples=10)
@given(case=cases())
def test_what_is_saved_loads_as_what_was_shown_and_leaves_every_other_line(case: tuple[str, str, Values]) -> None:
    check(*case)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_hundreds_of_saves(name: str) -> None:
    @settings(max_examples=PER_PROFILE, suppress_health_check=list(HealthCheck))
    @given(case=cases((name,)))
    def save(case: tuple[str, str, Values]) -> None:
        check(*case)

    save()
