"""Names hold no curly quotes and nothing that nobody sees."""

from __future__ import annotations

import pytest

from tests.profile.lint.example import rules


@pytest.mark.parametrize("name", ["\u201cPROSPECT\u201d", "PROS\u200bPECT", "\ufeffPROSPECT", "PROSPECT\u2019"])
def test_a_name_with_characters_nobody_meant_is_warned_of(name: str) -> None:
    assert "odd-characters" in rules(disqualifiers=[{"id": "x", "property": "type", "match": {"is": name}}])


def test_sentences_for_people_may_have_typographic_quotes() -> None:
    findings = rules(
        disqualifiers=[{"id": "x", "reason": "\u201cours\u201d", "property": "type", "match": {"is": "OTHER"}}]
    )
    assert "odd-characters" not in findings
