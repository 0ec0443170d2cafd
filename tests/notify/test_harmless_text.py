"""Names of companies in messages: shown, and without any power over the program that shows them."""

from __future__ import annotations

import pytest

from icp_sync.notify.messages import make_harmless


@pytest.mark.parametrize(
    "name", ["Müller & Söhne GmbH", "Acme (Berlin)", "100% Bio!", "株式会社日立製作所", "leaving_tier_1"]
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert make_harmless(name) == name


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("<!channel> Acme", "<"),
        ("@here Acme", "@"),
        ("<http://evil.example|Acme>", "<"),
        ("[Acme](http://evil.example)", "["),
        ("*Acme*", "*"),
        ("_Acme_", "_"),
        ("`Acme`", "`"),
        ("Acme\x00\n\u202eemca", "\u202e"),
        ("Acme\x00", "\x00"),
        ("Acme\n# Heading", "\n"),
        ("see http://evil.example", "://"),
        ("evil.example", ".e"),
    ],
)
def test_marks_that_ping_link_format_or_reorder_are_gone(name: str, mark: str) -> None:
    assert mark in name
    assert mark not in make_harmless(name)


def test_a_long_name_is_cut() -> None:
    assert make_harmless("x" * 200, longest=10) == "x" * 9 + "…"
