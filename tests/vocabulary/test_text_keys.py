"""The text key of design.md, "Text": spelling, case and accents fall away, meaning stays."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.vocabulary.text_keys import EMPTY_KEYS, contains_phrase, has_content, text_key, text_key_expr, text_keys

KEYS = [
    ("COMPUTER_SOFTWARE", "computer software"),
    ("Computer Software", "computer software"),
    (" computer-software ", "computer software"),
    ("C", "c"),
    ("C++", "c++"),
    ("C#", "c#"),
    ("Node.js", "node.js"),
    ("U.S.A.", "u.s.a"),
    ("Acme Inc.", "acme inc"),
    ("wait ... what?..", "wait what"),
    (".NET", ".net"),
    ("Straße", "strasse"),
    ("STRAẞE", "strasse"),
    ("Köln", "koln"),
    ("Øresund", "oresund"),
    ("Łódź", "lodz"),
    ("Ærø", "aero"),
    ("Cœur", "coeur"),
    ("Đà Nẵng", "da nang"),
    ("İstanbul", "istanbul"),
    ("ﬁnance", "finance"),
    ("line\nbreak\ttab", "line break tab"),
    ("日本", "日本"),
    ("Россия", "россия"),
    ("1,200", "1 200"),
    ("!?", ""),
    ("...", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), KEYS)
def test_key(text: str, expected: str) -> None:
    assert text_key(text) == expected


def test_a_column_has_the_same_keys_and_null_stays_null() -> None:
    column = pl.Series("text", [*(text for text, _ in KEYS), None], dtype=pl.String)

    assert column.to_frame().select(text_key_expr(pl.col("text"))).to_series().to_list() == [
        *(k for _, k in KEYS),
        None,
    ]


@given(st.lists(st.one_of(st.text(), st.text(st.characters(max_codepoint=127)), st.text(" .a-+#Z"))))
def test_one_text_and_a_column_of_texts_agree(texts: list[str]) -> None:
    assert [text_key(text) for text in texts] == text_keys(texts)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert text_key(text_key(text)) == text_key(text)


def says(text: str) -> bool:
    keys: bool = pl.DataFrame({"text": [text]}).select(has_content(pl.col("text"))).item()
    return keys


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "—",
        "N/A",
        "N/A;N/A",
        "NA.",
        " - ; n/a",
        "n.a.",
        "null",
        "None",
        "NaN",
        "Not Provided",
        "unknown",
        "?",
        "#N/A",
        "NULL",
    ],
)
def test_texts_that_say_nothing(text: str) -> None:
    assert says(text) is False


@pytest.mark.parametrize("text", ["NA", "0", "no", "#####", "✓", "N/A;Jira", "Nee.", "C", "Nonesuch Ltd", "false"])
def test_texts_that_say_something(text: str) -> None:
    assert says(text) is True


@given(st.text(max_size=40) | st.sampled_from(sorted(EMPTY_KEYS)).map(lambda word: f" -{word.upper()}. "))
def test_the_short_way_to_tell_an_empty_word_is_the_long_way(text: str) -> None:
    empty = {text_key(part) for part in text.split(";")} <= EMPTY_KEYS or text.strip().lower() == "na."
    assert says(text) is (not empty or any(tick in text for tick in "✓✔☑✅√✗✘❌☐"))


def has_any(text: str | None, *phrases: str) -> bool | None:
    keys: bool | None = pl.select(contains_phrase(pl.lit(text, dtype=pl.String), phrases)).item()
    return keys


@pytest.mark.parametrize(
    ("text", "phrases", "expected"),
    [
        ("We make Software.", ["software"], True),
        ("zero-touch... deployments", ["Zero Touch Deployments"], True),
        ("zero .touch deployments", ["zero touch deployments"], False),
        ("softwares", ["software"], False),
        ("Straßenbau in Köln", ["koln", "x"], True),
        ("a C++ shop", ["c"], False),
        ("ends in .NET.", [".net"], True),
        ("ΟΔΟΣ", ["οδοσ"], False),  # a last sigma is another letter than the one in the middle
        ("plain", ["я"], False),
        ("it is the last", [*(f"phrase number {n}" for n in range(1000)), "the last"], True),
        (None, ["software"], None),
    ],
)
def test_phrases_are_found_word_by_word(text: str | None, phrases: list[str], expected: bool | None) -> None:
    assert has_any(text, *phrases) is expected


PIECES = st.sampled_from([*"abkAK..--+ _\n", *"ßéﬁKſİ日яΣς", "e\u0301", "x.y", "...", "a b"])
WRITTEN = st.lists(PIECES, max_size=12).map("".join)


def found_in(phrase: str, key: str) -> bool:
    """Between other than letters of its own script; `日` is written without blanks."""
    before = "" if phrase.startswith("日") else "(?:^| |日)"
    after = "" if phrase.endswith("日") else "(?: |日|$)"
    return re.search(f"{before}{re.escape(phrase)}{after}", key) is not None


@given(WRITTEN, st.lists(WRITTEN.filter(text_key), min_size=1, max_size=3))
def test_phrases_are_found_exactly_where_the_key_has_them(text: str, phrases: list[str]) -> None:
    expected = any(found_in(phrase, text_key(text)) for phrase in text_keys(phrases))

    assert has_any(text, *phrases) is expected
