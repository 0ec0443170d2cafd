"""YAML becomes plain data with lines, or is refused."""

import json

import pytest

from icp_sync.profile.findings import SourceError, dotted_path
from icp_sync.profile.source.yaml_document import parse_yaml


def test_a_document_becomes_plain_data() -> None:
    text = "a: [1, NO, null, '5']\nb:\n  c: |\n    two\n    lines\n"
    assert parse_yaml(text).data == {"a": [1, "NO", None, "5"], "b": {"c": "two\nlines\n"}}


def test_every_key_and_item_has_its_line() -> None:
    lines = parse_yaml("a:\n  - x\n  - y: 1\n    z: 2\n").lines
    assert [lines.line_of_text_path(path) for path in ("a", "a[0]", "a[1].y", "a[1].z")] == [1, 2, 3, 4]


def test_keys_are_text_as_written() -> None:
    assert parse_yaml("on: 1\n2: 2\nnull: 3").data == {"on": 1, "2": 2, "null": 3}


@pytest.mark.parametrize(
    ("text", "line", "path", "message"),
    [
        ("a: &x 1", 1, "a", "anchor &x is not read; remove it"),
        ("a: *x", 1, "a", "alias *x is not read; write the value out"),
        ("a: !!str 1", 1, "a", "tag !!str is not read; remove it"),
        ("a: !own [1]", 1, "a", "tag !own is not read; remove it"),
        ("<<: {a: 1}", 1, "<<", "merge keys are not read; write the keys out"),
        ("[a]: 1", 1, "", "a key is text; this one is a list or a mapping"),
        ("a: 1\n---\nb: 1", 2, "", "a second document starts here; keep one profile in a file"),
        ("a: 1\nb: 2\na: 3", 3, "a", "duplicate key 'a', first in line 1; keep one of them"),
        ('a: "\\x01"', 1, "a", "the text holds a control character; remove it"),
        ('"a\\0": 1', 1, "", "a key holds a control character; remove it"),
    ],
)
def test_what_yaml_allows_and_a_profile_does_not_is_refused(text: str, line: int, path: str, message: str) -> None:
    (flaw,) = parse_yaml(text).findings
    assert (flaw.line, dotted_path(flaw.path), flaw.message) == (line, path, message)


def test_reading_goes_on_after_a_refusal() -> None:
    document = parse_yaml("a: *x\nb: 1\nb: {c: 2}\n? [x, [y]]\n: {z: 1}\nd: 4")
    assert document.data == {"a": None, "b": 1, "d": 4}
    assert len(document.findings) == 3


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: c: d", 2, "not valid YAML at column 5: mapping values are not allowed here"),
        ("a: [1,", 1, "not valid YAML at column 7"),
        ("a:\n\tb: 1", 2, "use spaces, not tabs"),
        ("a: 'x", 1, "not valid YAML"),
        ('a: "\\U00110000"', 1, "not valid YAML"),
        ('a: "\\UFFFFFFFF"', 1, "not valid YAML"),
        ("%YAML 9.9\n--- a", 1, "not valid YAML"),
        ("a: !<%ff> b", 1, "not valid YAML"),
    ],
)
def test_a_syntax_error_says_where(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as refused:
        parse_yaml(text)
    assert refused.value.finding.line == line
    assert message in refused.value.finding.message


@pytest.mark.parametrize("text", ["[" * 40 + "]" * 40, "{a: " * 40 + "1" + "}" * 40])
def test_forty_levels_are_read(text: str) -> None:
    assert parse_yaml(text).data


@pytest.mark.parametrize("text", ["[" * 41 + "]" * 41, "- " * 100_000, "[" * 250_000, "? " * 100_000])
def test_more_levels_are_refused_without_being_built(text: str) -> None:
    with pytest.raises(SourceError, match="deeper than 40 levels"):
        parse_yaml(text)


def test_an_empty_text_is_nothing() -> None:
    assert parse_yaml("# only a comment\n").data is None


def test_json_is_yaml_whose_escapes_may_be_halves_of_a_character() -> None:
    """What a program writes with `json.dumps` escapes 🦄 as two; half of one alone is no text."""
    assert parse_yaml(json.dumps({"🦄 key": ["🦄 corp", "日本"]})).data == {"🦄 key": ["🦄 corp", "日本"]}
    (flaw,) = parse_yaml('{"a": "\\ud83e"}').findings
    assert flaw.message == "the text holds a control character; remove it"
