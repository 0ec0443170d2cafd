"""A persona has a role, and is told apart from every other."""

from __future__ import annotations

from tests.profile.example_people import BUYER, DEVELOPER, personas
from tests.profile.lint.example import rules


def test_sound_personas_are_nothing_to_speak_of() -> None:
    assert rules(personas=personas()) == []


def test_a_persona_without_role_is_waited_for_by_nobody() -> None:
    assert rules(personas=personas(BUYER, {key: DEVELOPER[key] for key in ("id", "match")})) == ["persona-role"]


def test_a_copied_persona_is_recognised_by_its_match() -> None:
    assert rules(personas=personas(BUYER, {**DEVELOPER, "match": BUYER["match"]})) == ["copied-persona"]
