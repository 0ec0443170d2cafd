"""A rep reads first that a company is held, since when, and for which value."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from icp_sync.plan.held_input_notes import hold_notes
from icp_sync.plan.held_inputs import HOLDS
from icp_sync.plan.reason_notes import prepend_notes
from tests.plan.nights import FIRST, Nights, companies, profile_of

Lost = tuple[str, str, float]


def holds_of(*lost: Lost) -> pl.DataFrame:
    """Company 1 held for these: property, old text, and the day after the first it was lost."""
    rows = [
        {"id": 1, "property": name, "was": was, "since": FIRST + dt.timedelta(days=day), "state": "held"}
        for name, was, day in lost
    ]
    return pl.DataFrame(rows, schema=HOLDS)


def note(*lost: Lost, zone: str = "UTC") -> str:
    text: str = hold_notes(holds_of(*lost), zone)["note"].item()
    return text


@pytest.mark.parametrize(
    ("lost", "text"),
    [
        ([("industry", "MACHINERY", 0)], "Held since 28 Nov: industry was lost (MACHINERY)."),
        ([("b", "B", 3), ("a", "A", 0)], "Held since 28 Nov: a was lost (A), b was lost (B)."),
        (
            [(name, "x", 0) for name in "abcde"],
            "Held since 28 Nov: a was lost (x), b was lost (x), c was lost (x) and 2 more.",
        ),
        ([("about", "two\n lines ", 0)], "Held since 28 Nov: about was lost (two lines)."),
        ([("about", "x" * 99, 0)], f"Held since 28 Nov: about was lost ({'x' * 59}…)."),
        ([("p", "a", 5)], "Held since 3 Dec: p was lost (a)."),
    ],
)
def test_the_note_names_the_day_of_loss_and_the_old_text(lost: list[Lost], text: str) -> None:
    assert note(*lost) == text


def test_the_day_is_the_portals() -> None:
    assert note(("p", "a", 0), zone="America/Los_Angeles").startswith("Held since 27 Nov:")


def test_reasons_begin_with_it_and_stay_the_same_from_night_to_night() -> None:
    nights = Nights(profile_of(), companies(["MACHINERY", "MACHINERY"]))
    nights.read(0, companies([None, "MACHINERY"]))
    plain = nights.scored().frame["reasons"].to_list()
    first = prepend_notes(nights.scored(), hold_notes(nights.holding.open_holds, "UTC")).frame
    assert first["reasons"].to_list() == [f"Held since 28 Nov: industry was lost (MACHINERY). {plain[0]}", plain[1]]
    nights.settle()
    nights.read(5, companies([None, "MACHINERY"]))
    assert prepend_notes(nights.scored(), hold_notes(nights.holding.open_holds, "UTC")).frame.equals(first)


def test_nothing_held_changes_nothing() -> None:
    nights = Nights(profile_of(), companies(["MACHINERY"]))
    nights.read(0, companies(["MACHINERY"]))
    scored = nights.scored()
    assert prepend_notes(scored, hold_notes(nights.holding.open_holds, "UTC")) is scored


def test_reasons_that_grow_too_long_are_cut_at_a_word() -> None:
    nights = Nights(profile_of(), companies(["MACHINERY"]))
    nights.read(0, companies([None]))
    scored = nights.scored()
    long = scored.frame.with_columns(reasons=pl.lit("word " * 204))
    (text,) = prepend_notes(type(scored)(long, scored.outside, {}), hold_notes(nights.holding.open_holds, "UTC")).frame[
        "reasons"
    ]
    assert len(text) <= 1024
    assert text.endswith("word …")
