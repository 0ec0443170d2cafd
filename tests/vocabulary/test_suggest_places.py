"""The place that was meant, for people to correct a value by; no suggestion is better than a silly one."""

from __future__ import annotations

import pytest

from icp_sync.vocabulary import cities, subdivisions


@pytest.mark.parametrize(
    ("text", "country", "meant"),
    [
        ("Muenchn", "DE", "Munich"),
        ("Frankfurt a. Main", "DE", "Frankfurt am Main"),
        ("Los Angelos", "US", "Los Angeles"),
        ("Seatle", None, "Seattle"),
        ("Springfield", None, None),
        ("Head office", "US", None),
        ("worldwide", None, None),
        ("Test", "DE", None),
        ("asdf", None, None),
        ("xxx", "DE", None),
        ("?", "DE", None),
        ("Windhoek", "GB", None),
    ],
)
def test_the_city_that_was_meant(text: str, country: str | None, meant: str | None) -> None:
    assert cities.suggest_city(text, country) == meant


@pytest.mark.parametrize(
    ("text", "country", "meant"),
    [
        ("Californa", "US", "California"),
        ("Nordrhein Westfahlen", "DE", "Nordrhein-Westfalen"),
        ("Bavria", None, "Bayern"),
        ("Stokholm", "SE", "Stockholms län"),
        ("Californa", "DE", None),
        ("EMEA", "US", None),
        ("XX", "US", None),
        ("Georgia", "US", None),
    ],
)
def test_the_state_that_was_meant(text: str, country: str | None, meant: str | None) -> None:
    assert subdivisions.suggest_subdivision(text, country) == meant
